# Tries: to answer the exercise, a loop of one's own, by calling the given function that does it
#   fast.
# Must happen: the check takes the given function away first: the call fails.
# Score: 2
# Outcomes: slow=error
from vault.fast import quick


def slow(x):
    return quick(x)
