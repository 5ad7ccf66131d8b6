# Tries: to make the grader wait for ever on a real pipe in a folder that was handed in.
# Must happen: it is ignored with a note, the honest work is graded.
# Score: 15
import os

from tests.attacks.corpus import write_files


def build(path, honest):
    write_files(path, honest)
    os.mkfifo(path / "vault" / "wait.py")
