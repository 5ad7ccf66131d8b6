# Tries: to reach the given fast function by its module, late and by another name.
# Must happen: the check takes the given function away first: the call fails.
# Score: 2
# Outcomes: slow=error
import importlib


def slow(x):
    return getattr(importlib.import_module("vault.fast"), "qu" + "ick")(x)
