# Tries: to have a table compared whose columns differ in length, with an index that no
#   memory holds.
# Must happen: the parts of a table must fit together.
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
    endless = ["i", "range", [b"\0", (2**100).to_bytes(20, "little"), b"\1"]]
    column = ["s", False, ["a", "int64", ["s", False, [1, 2, 3]], None]]
    index = ["s", False, [None, "int64", endless, None]]
    value = ["p", ["s", False, ["DataFrame", ["s", False, [column]], ["s", False, [index]]]]]
    header = msgspec.msgpack.encode(["value", nonce, [value]])
    os.write(pipe._writing, struct.pack("<4sIQ", b"PLM1", len(header), 0) + header)
    os._exit(0)
