import sys
import types

import numpy as np


class Mine(types.ModuleType):
    heap_of = property(
        lambda module: lambda count: np.zeros(count, int), lambda module, value: None
    )


sys.modules["vault.fast"].__class__ = Mine


def wait():
    pass
