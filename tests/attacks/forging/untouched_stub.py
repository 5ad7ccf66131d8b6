# Tries: to be taken for an untouched stub or for a question that is skipped, which some count as
#   right.
# Must happen: what is not written earns nothing.
# Score: 2
# Outcomes: double=missing lurking_treasure=missing|skipped unlocks=missing|skipped
#   lurking_lock=missing|skipped
def double(x):
    raise NotImplementedError("TODO: double")


def secret():
    raise NotImplementedError("TODO: half")


def unlocked(x, lock):
    raise NotImplementedError("TODO: best")
