# Tries: to say in the runner's name that the check is over and went well.
# Must happen: the runner's own pipe is closed to it; on the others nothing of the kind is
#   listened for.
# Score: 2
# Outcomes: double=error|killed
import os

from autograder.box.wire import Message, encode


def double(x):
    frames = [encode(Message(kind, b"", ["passed", False])) for kind in ("ended", "begun", "ready")]
    for number in range(3, 64):
        for frame in frames:
            try:
                os.write(number, frame)
            except OSError:
                pass
    os._exit(0)
