"""Two ways to a root of a function."""

import numpy as np


def bisection(f, low, high, tol):
    """A root of f between low and high, to within tol.

    f is called at both ends, and then once for each halving. Raises ValueError if f has the same
    sign at both ends.
    """
    # BEGIN SOLUTION
    # TODO: keep the half in which f changes its sign.
    at_low, at_high = f(low), f(high)
    if at_low * at_high > 0:
        raise ValueError("f has the same sign at both ends")
    while high - low > tol:
        middle = (low + high) / 2
        at_middle = f(middle)
        if at_low * at_middle <= 0:
            high = middle
        else:
            low, at_low = middle, at_middle
    return (low + high) / 2
    # END SOLUTION


def print_halvings(f, low, high, count):
    """Print a line for each of `count` halvings, such as "1: f(1.5) = 0.25"."""
    # BEGIN SOLUTION
    at_low = f(low)
    for number in range(1, count + 1):
        middle = (low + high) / 2
        at_middle = f(middle)
        print(f"{number}: f({middle:.10g}) = {at_middle:.10g}")
        if at_low * at_middle <= 0:
            high = middle
        else:
            low, at_low = middle, at_middle
    # END SOLUTION


def newton(f, derivative, start, steps):
    """The guesses of Newton's method: an array of steps + 1 numbers, the first of them the start.

    The start may be a complex number.
    """
    # BEGIN SOLUTION
    guesses = [start]
    for _ in range(steps):
        guesses.append(guesses[-1] - f(guesses[-1]) / derivative(guesses[-1]))
    return np.array(guesses)
    # END SOLUTION
