# Tries: to have a header of a tar, a long name, read into memory at two gigabytes.
# Must happen: unreadable, with the reason.
# Form: .tar
# Status: unreadable
# Score: 0
import tarfile

from tests.attacks.archive._packing import special


def build(path, honest):
    head = special("././@LongLink", tarfile.GNUTYPE_LONGNAME)
    head.size = 2 << 30
    path.write_bytes(head.tobuf() + b"x" * 4096)
