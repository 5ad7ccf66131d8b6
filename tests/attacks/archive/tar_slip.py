# Tries: to write outside by .. in a tar, also into the grader's own package.
# Must happen: the members are ignored with a note, the honest work is graded.
# Form: .tar.gz
# Score: 15
from tests.attacks.archive._packing import plain, tarred


def build(path, honest):
    data = b"raise SystemExit"
    names = ["../../attack-was-here.py", "vault/../../autograder/box/wire.py"]
    tarred(path, honest, *[(plain(name, len(data)), data) for name in names], mode="w:gz")
