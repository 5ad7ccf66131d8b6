# Tries: to name files that stand for devices on Windows.
# Must happen: the members are ignored with a note, the honest work is graded.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import zipped


def build(path, honest):
    names = ["vault/con.py", "vault/NUL.py", "vault/lpt1.py", "aux/x.py"]
    zipped(path, honest, *[(name, b"x = 1") for name in names])
