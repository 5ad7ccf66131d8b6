# Tries: to have the grader read devices, one of which never ends.
# Must happen: they are ignored with a note, the honest work is graded.
# Form: .tar
# Score: 15
import tarfile

from tests.attacks.archive._packing import special, tarred


def build(path, honest):
    devices = [special("vault/zero.py", tarfile.CHRTYPE), special("vault/disk.py", tarfile.BLKTYPE)]
    tarred(path, honest, *devices)
