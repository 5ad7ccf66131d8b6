# Tries: to answer a check by what an earlier one showed, kept in variables and on functions.
# Must happen: every check has a process of its own: nothing is there any more.
# Score: 4
# Outcomes: looks=passed lurking_look=passed lurking_recall=error
import builtins
import functools
import sys


@functools.cache
def kept():
    return []


def look(values):
    kept().append(values)
    look.values = builtins.values = sys.values = values
    return float(sum(values))


def recall():
    for place in (look, builtins, sys):
        if hasattr(place, "values"):
            return place.values
    return kept()[-1]
