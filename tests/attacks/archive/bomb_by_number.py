# Tries: to fill the grader's memory with 200 modules of just less than the limit for one.
# Must happen: the limit for all of them together ends it: unreadable, with the reason.
# Form: .zip
# Status: unreadable
# Score: 0
from tests.attacks.archive._packing import zipped


def build(path, honest):
    module = b"#" * (1 << 20)
    zipped(path, honest, *[(f"vault/part_{n}.py", module) for n in range(200)])
