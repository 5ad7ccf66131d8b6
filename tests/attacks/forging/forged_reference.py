# Tries: to have the grader hold a thing by a number that was never given out.
# Must happen: a reference is only ever sent back; its calls fail.
# Score: 2
# Outcomes: double=failed|error|killed
import os
import struct
import sys

import msgspec


def double(x):
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    pipe, nonce = frame.f_locals["pipe"], frame.f_locals["request"].nonce
    body = b""
    header = msgspec.msgpack.encode(["value", nonce, [["r", 10**9, "ndarray"]]])
    os.write(pipe._writing, struct.pack("<4sIQ", b"PLM1", len(header), len(body)) + header + body)
    os._exit(0)
