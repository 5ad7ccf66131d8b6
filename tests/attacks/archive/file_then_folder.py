# Tries: to break the unpacking by a file and a folder of the same name.
# Must happen: nothing is unpacked to the disk; the honest work is graded.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import zipped


def build(path, honest):
    zipped(
        path, honest, ("vault/ops.py/inner.py", b"x = 1"), ("vault.py", b"x = 1"), ("vault/", b"")
    )
