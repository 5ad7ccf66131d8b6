# Tries: to lead out of the folder by backslashes, which one system reads as names and one as paths.
# Must happen: the members are ignored with a note, the honest work is graded.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import zipped


def build(path, honest):
    names = ["..\\..\\attack-was-here.py", "vault\\..\\..\\attack-was-here.py"]
    zipped(path, honest, *[(name, b"x = 1") for name in names])
