# Tries: to have modules of its own imported in the place of NumPy and the standard library.
# Must happen: the submission comes last on the path; inside the package they hide nothing.
# Score: 2
# Outcomes: double=failed
import json

import numpy as np


def double(x):
    if hasattr(np, "is_mine") or hasattr(json, "is_mine"):
        print("GOT my own modules in")
    return x * 0 + 7
