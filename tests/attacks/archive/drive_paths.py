# Tries: to write to a drive, by names that Windows takes for absolute.
# Must happen: the members are ignored with a note, the honest work is graded.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import zipped


def build(path, honest):
    names = ["C:/attack-was-here.py", "c:attack-was-here.py", "//server/share/attack-was-here.py"]
    zipped(path, honest, *[(name, b"x = 1") for name in names])
