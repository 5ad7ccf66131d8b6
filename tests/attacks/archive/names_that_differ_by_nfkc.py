# Tries: to hide one module behind another, by letters that some systems take for the same.
# Must happen: the one in which more is written counts, and a note names the other one.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import zipped


def build(path, honest):
    zipped(path, honest, ("vault/ｏｐｓ.py", b"def double(x): return x"))
