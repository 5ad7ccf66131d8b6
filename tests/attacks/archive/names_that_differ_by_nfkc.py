# Tries: to hide one module behind another, by letters that some systems take for the same.
# Must happen: unreadable: it says which two and asks for one of them.
# Form: .zip
# Status: unreadable
# Score: 0
from tests.attacks.archive._packing import zipped


def build(path, honest):
    zipped(path, honest, ("vault/ｏｐｓ.py", b"def double(x): return x"))
