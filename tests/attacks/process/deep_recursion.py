# Tries: to overrun the stack of the interpreter.
# Must happen: the check fails with an error or a crash, and the next one passes.
# Score: 2
# Outcomes: double=error|killed lurking_treasure=error|killed
import sys


def double(x):
    return double(x)


def secret():
    sys.setrecursionlimit(10**9)
    value = []
    for _ in range(10**6):
        value = [value]
    return repr(value)
