# Tries: to write to fixed places of the machine by absolute names.
# Must happen: the members are ignored with a note, the honest work is graded.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import zipped


def build(path, honest):
    names = ["/tmp/attack-was-here.py", "//tmp/attack-was-here.py", "/etc/attack-was-here.py"]
    zipped(path, honest, *[(name, b"x = 1") for name in names])
