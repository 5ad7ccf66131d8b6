# Tries: to overrun the grader's stack by lists in lists.
# Must happen: the depth is limited.
# Score: 2
# Outcomes: double=error|killed
import os
import struct
import sys

import msgspec


def double(x):
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    pipe, nonce = frame.f_locals["pipe"], frame.f_locals["request"].nonce
    body = (x * 2).tobytes()
    header = msgspec.msgpack.encode(
        ["value", nonce, [msgspec.Raw(b"\x93\xa1s\xc3\x91" * 5000 + b"\x00")]]
    )
    os.write(pipe._writing, struct.pack("<4sIQ", b"PLM1", len(header), len(body)) + header + body)
    os._exit(0)
