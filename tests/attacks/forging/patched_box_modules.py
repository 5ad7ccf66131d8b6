# Tries: to replace the box modules: what performs calls, what sends answers.
# Must happen: nothing there decides a grade; a wrong answer stays wrong.
# Score: 2
# Outcomes: double=failed|error|killed lurking_treasure=failed|error|killed
import sys
import types

import numpy as np


def double(x):
    objects, wire = sys.modules["autograder.core.objects"], sys.modules["autograder.box.wire"]
    objects.kind = lambda thing: "array"
    objects.Objects.perform = lambda self, op, operands: np.full((2, 3), 7.0)
    wire._DTYPES.clear()
    return x * 0 + 7


def secret():
    for name in list(sys.modules):
        if name.startswith("autograder"):
            sys.modules[name] = types.ModuleType(name)
    sys.settrace(lambda *a: None)
    sys.modules["__main__"].__dict__.clear()
    return np.zeros(4), "word", 1
