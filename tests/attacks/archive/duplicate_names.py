# Tries: to show one module to whoever looks and another one to the grader, under the same name.
# Must happen: the last one counts, as every tool unpacks it, and a note says so.
# Form: .zip
# Score: 12
# Outcomes: double=failed
from tests.attacks.archive._packing import zipped


def build(path, honest):
    other = honest["vault/ops.py"].replace(b"2 * x", b"4 * x")
    zipped(path, honest, ("vault/ops.py", other))
