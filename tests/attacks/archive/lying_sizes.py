# Tries: to be believed that a module of 64 MiB has ten bytes.
# Must happen: what comes is counted, not what is claimed; the archive is damaged or the module is
#   ignored; nothing large is kept.
# Form: .zip
# Status: unreadable
# Score: 0
from tests.attacks.archive._packing import zipped


def build(path, honest):
    size = 64 << 20
    zipped(path, honest, ("vault/large.py", b"#" * size))
    path.write_bytes(
        path.read_bytes().replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))
    )
