# Tries: to keep the grader busy by Decimals with huge exponents, and by integers without end.
# Must happen: digits and exponents are bounded before anything is computed with them.
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
    value = ["s", False, [["d", "1E+999999999"], ["i", "int", [b"\x7f" * 3_000_000]]]]
    header = msgspec.msgpack.encode(["value", nonce, [value]])
    os.write(pipe._writing, struct.pack("<4sIQ", b"PLM1", len(header), 0) + header)
    os._exit(0)
