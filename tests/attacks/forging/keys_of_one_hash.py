# Tries: to keep the grader busy by a dictionary whose keys all have one hash: each is
#   compared with all before it.
# Must happen: the hashes are counted before a dictionary is built.
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
    period = 2**61 - 1  # of the hashes of integers
    keys = [["i", "int", (period * k).to_bytes(20, "little")] for k in range(1, 90_000)]
    value = ["m", keys, [None] * len(keys)]
    header = msgspec.msgpack.encode(["value", nonce, [value]])
    os.write(pipe._writing, struct.pack("<4sIQ", b"PLM1", len(header), 0) + header)
    os._exit(0)
