# %% [markdown]
# # Roots
# Complete the modules `roots/solvers.py` and `roots/polynomials.py`. Then run the cells below.

# %%
from roots.polynomials import horner
from roots.solvers import bisection, newton, print_halvings

# %%
print(bisection(lambda x: x * x - 2, 0.0, 2.0, 1e-9), "should be about 1.41421356")

# %%
print_halvings(lambda x: x * x - 2, 0.0, 2.0, 4)

# %%
print(newton(lambda x: x * x - 2, lambda x: 2 * x, 2.0, 4))

# %%
print(horner([2.0, 0.0, -1.0], 3.0), "should be 17")

# %%
from selfcheck import check

check("bisection")
