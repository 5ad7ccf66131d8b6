"""A course of one's own with one small assignment of two files."""

import textwrap

NOTEBOOK = '''\
# %% [markdown]
# # Roots of numbers
# Write `root`, then use it.

# %%
import numpy as np

# %%
# BEGIN SOLUTION
def root(a, tol):
    """The square root of a, by bisection."""
    low, high = 0, max(a, 1)
    while high - low > tol:
        middle = (low + high) / 2
        low, high = (middle, high) if middle * middle < a else (low, middle)
    return (low + high) / 2
# END SOLUTION

# %%
print(root(2, 1e-9))

# %% [markdown]
# ## Half-lives

# %%
# BEGIN SOLUTION
# TODO: the rate of a half-life of 3 hours.
rate = np.log(2) / 3
# END SOLUTION
'''
CHECKS = """\
from plumbline import Tolerance, check


@check("rate", visible=True)
def half_life_of_three_hours(student, rng):
    return {"rate": student.rate}


@check("root", points=2, tolerance=Tolerance(((1e-6, 1.0),)))
def root_of_a_large_number(student, rng):
    \"\"\"A number above 1000.\"\"\"
    return {"root": student.root(1000 + 50 * rng.rand(), 1e-9)}
"""


def write_course(folder, files=()):
    """Write the course; `files` are more of them, or others, by their paths; None for none."""
    every = {"course.toml": 'title = "Numerics"\n', "hw1/hw1.py": NOTEBOOK, "hw1/checks.py": CHECKS}
    for name, text in (every | dict(files)).items():
        if text is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else textwrap.dedent(text).encode())
    return folder
