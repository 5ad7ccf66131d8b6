# Tries: to have an array of objects made, which would be unpickled in the grader.
# Must happen: only numbers are taken, by a list of their kinds.
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
    header = msgspec.msgpack.encode(["value", nonce, [["a", "|O", [1], False]]])
    os.write(pipe._writing, struct.pack("<4sIQ", b"PLM1", len(header), len(body)) + header + body)
    os._exit(0)
