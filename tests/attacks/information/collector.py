# Tries: to find expected values among all objects of its process.
# Must happen: there are none: they never entered it.
# Score: 2
# Outcomes: lurking_treasure=failed|timeout
import gc

import numpy as np


def secret():
    for thing in gc.get_objects():
        name = type(thing).__name__
        if name in ("Expected", "Check", "Harness", "Data", "Report"):
            print("GOT", repr(thing)[:300])
        elif isinstance(thing, dict):
            for key, value in list(thing.items())[:2000]:
                if isinstance(value, np.ndarray) and value.shape == (4,):
                    print(key, value)
    return 0
