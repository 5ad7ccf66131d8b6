# Tries: to have the names of a given module made up as they are asked for, and others hidden, by a
#   `__getattr__`, a `__dir__` and an `__all__` that it adds to the given file.
# Must happen: none of them is taken.
# Score: 2
import vault.fast

if hasattr(vault.fast, "__file__"):  # else a check has taken it away
    exec("from vault.fast import *", names := {})
    for name in ("quick", "heap_of"):
        if name not in names or name not in dir(vault.fast):
            print("GOT a name hidden:", name)
    if hasattr(vault.fast, "surely_not_there"):
        print("GOT a name that nobody gave")
