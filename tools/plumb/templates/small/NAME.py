# %% [markdown]
# # Square roots
# Write `root` below. In a terminal, `python -m selfcheck` checks it.

# %%
def root(a, tol):
    """The square root of a, to within tol, by bisection."""
    # BEGIN SOLUTION
    low, high = 0.0, max(a, 1.0)
    while high - low > tol:
        middle = (low + high) / 2
        low, high = (middle, high) if middle**2 < a else (low, middle)
    return (low + high) / 2
    # END SOLUTION
