# Tries: to break the grader by a crash of the interpreter.
# Must happen: a check whose process crashed has not passed, and the next one has a process of its
#   own.
# Score: 2
# Outcomes: double=error lurking_treasure=error
import ctypes


def double(x):
    return ctypes.string_at(0)


def secret():
    ctypes.memset(0, 1, 1)
