# Tries: to hide one module behind another, on systems that do not tell capitals.
# Must happen: unreadable: it says which two and asks for one of them.
# Form: .zip
# Status: unreadable
# Score: 0
from tests.attacks.archive._packing import zipped


def build(path, honest):
    zipped(path, honest, ("vault/OPS.py", b"def double(x): return x"))
