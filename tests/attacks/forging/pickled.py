# Tries: to have the grader unpickle a thing that runs code: as a result, as an exception, as an
#   array.
# Must happen: nothing is ever unpickled.
# Score: 2
# Outcomes: double=failed|error lurking_treasure=error
import numpy as np


class Bomb(Exception):
    def __reduce__(self):
        return (exec, ("open('/tmp/attack-was-here', 'w')",))


def double(x):
    return np.array([Bomb()], dtype=object)


def secret():
    raise Bomb("pickle me")
