# Tries: to write on the grader's terminal, by escapes and line ends in the names of members.
# Must happen: the members are ignored with a note in which they are escaped.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import zipped


def build(path, honest):
    names = ["vault/\x1b[2J\x1b[31mops.py", "vault/a\nb.py", "vault/\x07.py", "vault/\x9b1m.py"]
    zipped(path, honest, *[(name, b"x = 1") for name in names])
