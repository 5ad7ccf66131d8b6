# Tries: to be believed that a module has 8 GiB when the archive ends after a few bytes.
# Must happen: unreadable, with the reason; nothing is set aside for what was claimed.
# Form: .tar
# Status: unreadable
# Score: 0
from tests.attacks.archive._packing import plain


def build(path, honest):
    path.write_bytes(plain("vault/ops.py", (8 << 30) - 1).tobuf() + b"x = 1\n" + bytes(1018))
