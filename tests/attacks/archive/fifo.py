# Tries: to make the grader wait for ever on a pipe that nobody writes to.
# Must happen: it is ignored with a note, the honest work is graded.
# Form: .tar
# Score: 15
import tarfile

from tests.attacks.archive._packing import special, tarred


def build(path, honest):
    tarred(path, honest, special("vault/wait.py", tarfile.FIFOTYPE))
