# Tries: to leave the grader with success, by the exceptions that programs end with.
# Must happen: each is an exception like any other.
# Score: 2
# Outcomes: double=error lurking_treasure=error
import sys


def double(x):
    sys.exit(0)


def secret():
    raise GeneratorExit("21/21")
