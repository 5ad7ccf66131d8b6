# Tries: to keep the grader waiting for the rest of a frame.
# Must happen: it waits until the deadline and no longer.
# Score: 2
# Outcomes: lurking_treasure=timeout|error|killed
import os
import struct
import sys


def secret():
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    os.write(
        frame.f_locals["pipe"]._writing, struct.pack("<4sIQ", b"PLM1", 100, 1 << 20) + b"x" * 50
    )
    while True:
        pass
