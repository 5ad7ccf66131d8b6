# %% [markdown]
# # Square roots
# Write `root` in the file `roots/bisection.py`, then run the cells below.

# %%
from roots.bisection import root

# %%
print(root(2.0, 1e-9), "should be about 1.41421356")

# %%
from selfcheck import check

check("root")
