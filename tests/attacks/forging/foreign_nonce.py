# Tries: to answer another request than the one that was asked, with a right value.
# Must happen: an answer that does not repeat the request's random bytes ends the check.
# Score: 2
# Outcomes: double=error|killed
import os
import sys

from autograder.box.wire import Message, encode


def double(x):
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    os.write(frame.f_locals["pipe"]._writing, encode(Message("value", bytes(16), [x * 2])))
    os._exit(0)
