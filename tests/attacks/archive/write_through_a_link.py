# Tries: to make a folder that is a link to /tmp, and then to write a file into that folder.
# Must happen: the link is ignored, the file is an ordinary one of the submission's, nothing is
#   written to /tmp, the honest work is graded.
# Form: .tar.bz2
# Score: 15
import tarfile

from tests.attacks.archive._packing import plain, special, tarred


def build(path, honest):
    data = b"x = 1"
    through = plain("vault/out/attack-was-here.py", len(data))
    tarred(
        path, honest, special("vault/out", tarfile.SYMTYPE, "/tmp"), (through, data), mode="w:bz2"
    )
