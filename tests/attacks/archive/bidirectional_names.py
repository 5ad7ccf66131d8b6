# Tries: to look like another file to whoever reads the report, by marks that turn the direction.
# Must happen: none counts for the name alone while more is written there; a note escapes the marks.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import zipped


def build(path, honest):
    names = ["vault/\u202eyp.spo.py", "vault/\u2066ops\u2069.py", "vault/\u200fops.py"]
    zipped(path, honest, *[(name, b"x = 1") for name in names])
