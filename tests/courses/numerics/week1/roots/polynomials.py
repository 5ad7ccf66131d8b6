"""Polynomials, given by their coefficients; that of the highest power comes first."""

import numpy as np


def horner(coefficients, x):
    """The polynomial at x by Horner's rule, without any power.

    Args:
        x: a number, or an array of them.
    """
    # BEGIN SOLUTION
    # TODO: one multiplication and one addition for each coefficient.
    value = np.zeros_like(x)
    for coefficient in coefficients:
        value = value * x + coefficient
    return value
    # END SOLUTION
