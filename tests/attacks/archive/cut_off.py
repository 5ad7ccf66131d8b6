# Tries: to break the grader by an archive whose second half is missing.
# Must happen: unreadable, with the reason, and what to do.
# Form: .tar.gz
# Status: unreadable
# Score: 0
from tests.attacks.archive._packing import tarred


def build(path, honest):
    tarred(path, honest, mode="w:gz")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
