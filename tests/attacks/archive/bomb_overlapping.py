# Tries: to have one packed megabyte unpacked 2,000 times, by entries that all point to it.
# Must happen: what is read is counted and limited: unreadable, with the reason.
# Form: .zip
# Status: unreadable
# Score: 0
import struct
import zlib


def build(path, honest):
    name, data = b"vault/part.py", b"#" * (1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    sizes = (zlib.crc32(data), len(packed), len(data))
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, *sizes, len(name), 0) + name
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 33, *sizes, len(name), 0, 0, 0, 0, 0, 0
    )
    listed = (entry + name) * 2000
    start = len(local) + len(packed)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 2000, 2000, len(listed), start, 0)
    path.write_bytes(local + packed + listed + end)
