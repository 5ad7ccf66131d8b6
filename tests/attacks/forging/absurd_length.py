# Tries: to have memory set aside for a frame of 16 exabytes.
# Must happen: nothing is set aside for what was only claimed; the check fails.
# Score: 2
# Outcomes: lurking_treasure=error|killed
import os
import struct
import sys


def secret():
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    os.write(frame.f_locals["pipe"]._writing, struct.pack("<4sIQ", b"PLM1", 2**32 - 1, 2**64 - 1))
    while True:
        pass
