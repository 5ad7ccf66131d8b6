# Tries: to pass as another kind of numbers: complex ones, flags, bytes, texts of the right numbers.
# Must happen: only the very kind is right.
# Score: 2
# Outcomes: double=failed
def double(x):
    return (2 * x).astype(complex) if x.ndim == 2 else str(list(2 * x))
