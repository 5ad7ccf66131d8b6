# Tries: to pass for an array or a number by claiming their class.
# Must happen: what it is counts, not what it says.
# Score: 2
# Outcomes: double=failed|error lurking_treasure=failed|error
import numpy as np


class Liar:
    def __init__(self, claimed):
        self.claimed = claimed

    @property
    def __class__(self):
        return self.claimed


class Number(int):
    def __eq__(self, other):
        return True

    def __int__(self):
        raise SystemExit(0)

    __hash__ = int.__hash__


class Word(str):
    def __eq__(self, other):
        return True

    def encode(self, *args):
        raise SystemExit(0)

    __hash__ = str.__hash__


def double(x):
    return Liar(np.ndarray)


def secret():
    return np.zeros(4), Word("word"), Number(7)
