# Tries: to give two answers to one call, the second for the check that comes next.
# Must happen: more than one answer ends the check.
# Score: 2
# Outcomes: double=error|killed
import os
import sys

from autograder.box.wire import Message, encode


def double(x):
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    pipe, nonce = frame.f_locals["pipe"], frame.f_locals["request"].nonce
    os.write(pipe._writing, encode(Message("value", nonce, [x * 2])) * 2)
    return x * 2
