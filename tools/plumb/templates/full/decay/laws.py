"""The law of decay, and a sample that obeys it."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np


def share_left(hours, rate):
    """The share that is left after some hours: a number, or an array of them."""
    # BEGIN SOLUTION
    # TODO: use NumPy, so that hours may be an array.
    return np.exp(-rate * np.asarray(hours))
    # END SOLUTION


def half_life(share, longest):
    """The hours, to 1e-9, until a half is left, if share(hours) is left after some hours.

    It is less than the longest: raises ValueError if share(longest) is more than a half.
    """
    # BEGIN SOLUTION
    if share(longest) > 0.5:
        raise ValueError("more than a half is left in the end")
    shortest = 0.0
    while longest - shortest > 1e-9:
        middle = (shortest + longest) / 2
        if share(middle) > 0.5:
            shortest = middle
        else:
            longest = middle
    return (shortest + longest) / 2
    # END SOLUTION


class Sample:
    """A number of atoms that decay."""

    def __init__(self, atoms, rate):
        self.atoms = atoms
        self.rate = rate

    # The id of a region in a method is class and method: sample.wait, of the question sample.
    def wait(self, hours):
        """Let hours go by; returns how many atoms are left."""
        # BEGIN SOLUTION
        self.atoms = self.atoms * share_left(hours, self.rate)
        return self.atoms
        # END SOLUTION


def scale(counts, factor):
    """Multiply an array of counts by a factor, in place."""
    # BEGIN SOLUTION
    counts *= factor
    # END SOLUTION


def print_shares(rate):
    """Print the share after 1, 2 and 3 hours, a line each, such as "1 h: 0.8187"."""
    # BEGIN SOLUTION
    for hours in range(1, 4):
        print(f"{hours} h: {share_left(hours, rate):.4f}")
    # END SOLUTION


def report(name, counts):
    """A dictionary of the sample's name, the counts as a list, and what share is left at last.

    The share is a Fraction, or None if there are no counts.
    """
    # BEGIN SOLUTION
    share = Fraction(counts[-1], counts[0]) if counts else None
    return {"name": name, "counts": list(counts), "share": share}
    # END SOLUTION


def label(name, start, days):
    """What is written on a sample that is counted from a start, a datetime, for so many days.

    Returns the name in ASCII, bytes; its small letters, a set; the day and the time of the start,
    and how long, a tuple of date, time and timedelta; the end, a datetime; the numbers of the days
    with a count, every third one from 0, a range; and the dose, a Decimal of 0.05 a day.
    """
    # BEGIN SOLUTION
    letters = {letter for letter in name if letter.islower()}
    long = timedelta(days=days)
    when = (start.date(), start.time(), long)
    counts, dose = range(0, days, 3), days * Decimal("0.05")
    return name.encode("ascii"), letters, when, start + long, counts, dose
    # END SOLUTION


def calendar(first, days):
    """The days from a first one on, an array of datetime64, and as texts such as "2026-01-31"."""
    # BEGIN SOLUTION
    dates = np.datetime64(first, "D") + np.arange(days)
    return dates, np.datetime_as_string(dates)
    # END SOLUTION


def generations(atoms):
    """Generate the numbers of atoms after each half-life, rounded down, until none is left."""
    # BEGIN SOLUTION
    while atoms:
        yield atoms
        atoms //= 2
    # END SOLUTION


def damped(t, frequency, rate):
    """A decaying oscillation as a complex number, which turns `frequency` rad an hour."""
    # BEGIN SOLUTION
    return np.exp((1j * frequency - rate) * t)
    # END SOLUTION
