# Tries: to break the grader with names longer than any file system takes.
# Must happen: the members are ignored with a note, the honest work is graded.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import zipped


def build(path, honest):
    names = [f"vault/{'a' * 300}.py", "vault/" + "d/" * 2000 + "x.py"]
    zipped(path, honest, *[(name, b"x = 1") for name in names])
