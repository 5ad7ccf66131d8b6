# Tries: to keep the grader busy with a zip of 60,000 empty files.
# Must happen: counting stops at the limit: unreadable, with the reason.
# Form: .zip
# Status: unreadable
# Score: 0
import struct


def build(path, honest):
    name = b"vault/e.py"
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0) + name
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0
    )
    count = 60_000
    listed = (entry + name) * count
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(listed), len(local), 0)
    path.write_bytes(local + listed + end)
