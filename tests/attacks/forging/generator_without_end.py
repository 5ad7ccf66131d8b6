# Tries: to be taken item by item without end, in a dictionary and in a set too.
# Must happen: the number of items is limited.
# Score: 2
# Outcomes: double=failed|error|timeout lurking_treasure=failed|error|timeout
import itertools


def double(x):
    return (n for n in itertools.count())


def secret():
    return {"numbers": itertools.repeat(0)}, iter(str, 1), map(abs, itertools.count())
