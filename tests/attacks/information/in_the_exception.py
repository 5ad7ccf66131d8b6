# Tries: to have the feedback show what a hidden check gives, by an exception that holds all of it.
# Must happen: of a hidden check a student is shown a fixed sentence, nothing of the exception.
# Score: 2
# Outcomes: double=error
import sys


def double(x):
    lines = []
    frame = sys._getframe()
    while frame is not None:
        lines.append(f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_locals!r}"[:500])
        frame = frame.f_back
    raise ValueError("\n".join([repr(x), *lines]))
