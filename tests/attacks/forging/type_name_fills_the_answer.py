# Tries: to make our encoding fail: the answer is a handle whose type has a name that just fits into
#     a frame, so that no request about the handle fits into one.
# Must happen: the name is cut, and the check goes on with the handle; it is never "not graded".
# Score: 2
# Outcomes: train=error
from autograder.box.wire import MAX_HEADER


def train(data):
    return type("x" * (MAX_HEADER - 40), (), {})()
