# Tries: to break the grader by a million random bytes in place of a frame.
# Must happen: what is no frame ends the check.
# Score: 2
# Outcomes: lurking_treasure=error|killed
import os
import sys


def secret():
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    os.write(frame.f_locals["pipe"]._writing, os.urandom(1 << 20))
    while True:
        pass
