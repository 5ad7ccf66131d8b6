"""Gradients by finite differences, to check those that you have derived.

A centred difference (f(x + h) - f(x - h)) / 2h is off by a multiple of h squared, and by rounding
errors that grow as h shrinks: 1e-5 is a good compromise for float64. Use float64 here.
"""

import numpy as np


def rel_error(x, y):
    """The largest relative difference of two arrays, or numbers, of one shape."""
    x, y = np.asarray(x), np.asarray(y)
    size = np.abs(x) + np.abs(y)
    return np.max(np.abs(x - y) / np.where(size > 1e-8, size, 1e-8), initial=0.0)


def eval_numerical_gradient(f, x, verbose=False, h=1e-5):
    """The gradient of a function with one number as its result.

    Inputs:
    - f: function of an array that returns a number. It is called with x itself, whose elements are
      changed one at a time and put back, so it may as well ignore its argument and use x.
    - x: float array of any shape, where to take the gradient.
    - verbose: print every element's derivative.
    - h: half the distance of the two points.

    Returns an array shaped like x.
    """
    return _differences(lambda: f(x), x, h, lambda ahead, behind: ahead - behind, verbose)


def eval_numerical_gradient_array(f, x, df, h=1e-5):
    """The gradient of a loss whose gradient with respect to f's result is known.

    Inputs:
    - f: function of an array that returns an array.
    - x: float array of any shape, where to take the gradient.
    - df: array shaped like f(x), the upstream gradient.
    - h: half the distance of the two points.

    Returns an array shaped like x.
    """
    return _differences(
        lambda: np.array(f(x)), x, h, lambda ahead, behind: np.sum((ahead - behind) * df)
    )


def grad_check_sparse(f, x, analytic_grad, num_checks=10, h=1e-5, seed=None):
    """Compare a gradient with numeric ones at a few elements of x, for arrays too large for all.

    Inputs:
    - f: function of an array that returns a number.
    - x: float array.
    - analytic_grad: array shaped like x, the gradient to check.
    - num_checks: how many elements to look at, drawn at random.
    - seed: of the draw.

    Prints a line an element and returns the largest relative error.
    """
    draw = np.random.RandomState(seed)
    worst = 0.0
    for _ in range(num_checks):
        index = tuple(draw.randint(side) for side in x.shape)
        numeric = _difference(lambda: f(x), x, index, h, lambda ahead, behind: ahead - behind)
        error = rel_error(numeric, analytic_grad[index])
        print(
            f"{index}: numeric {numeric:.8f}, analytic {analytic_grad[index]:.8f}, "
            f"relative error {error:.2e}"
        )
        worst = max(worst, error)
    return worst


def _differences(f, x, h, change, verbose=False):
    gradient = np.zeros_like(x)
    for index in np.ndindex(*x.shape):
        gradient[index] = _difference(f, x, index, h, change)
        if verbose:
            print(index, gradient[index])
    return gradient


def _difference(f, x, index, h, change):
    """The centred difference along one element, which is put back whatever f does."""
    if not np.issubdtype(x.dtype, np.floating):
        raise TypeError(f"x holds {x.dtype}; a small step needs floats, such as x.astype(float)")
    before = x[index]
    try:
        x[index] = before + h
        ahead = f()
        x[index] = before - h
        behind = f()
    finally:
        x[index] = before
    return change(ahead, behind) / (2 * h)
