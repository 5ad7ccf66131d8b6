# Tries: to hide one module behind another, on systems that do not tell capitals.
# Must happen: the one in which more is written counts, and a note names the other one.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import zipped


def build(path, honest):
    zipped(path, honest, ("vault/OPS.py", b"def double(x): return x"))
