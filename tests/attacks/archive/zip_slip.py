# Tries: to write beside the grader's folders, by names with .. in them.
# Must happen: the members are ignored with a note, the honest work beside them is graded.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import zipped


def build(path, honest):
    names = ["../attack-was-here.py", "vault/../../../../tmp/attack-was-here.py", ".."]
    zipped(path, honest, *[(name, b"x = 1") for name in names])
