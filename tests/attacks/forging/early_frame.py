# Tries: to answer before it is asked, by frames in every pipe that it has.
# Must happen: bytes that nobody asked for end the check.
# Score: 2
# Outcomes: double=error|killed
import os
import struct


def double(x):
    frame = b"PLM1" + struct.pack("<IQ", 2, 0) + b"\x90\x90"
    for number in range(3, 64):
        try:
            os.write(number, frame * 3)
        except OSError:
            pass
    return x * 0 + 7
