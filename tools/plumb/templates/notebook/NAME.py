# %% [markdown]
# # Decay
# A sample loses half of its atoms in three hours.

# %%
import numpy as np

# %%
# BEGIN SOLUTION
# TODO: the decay rate per hour.
# PROMPT rate = ...
rate = np.log(2) / 3
# END SOLUTION

# %%
def share_left(hours, rate):
    """The share of the atoms that is left"""
    # BEGIN SOLUTION
    # TODO: for one number of hours, or an array of them.
    return np.exp(-rate * np.asarray(hours))
    # END SOLUTION

# %%
print(share_left(3, rate), "should be 0.5")

# %% [markdown]
# **Question (select one).** After six hours there is left ...
#
# 1. nothing;
# 2. a quarter.
#
# <!-- BEGIN SOLUTION after_six_hours -->
# <!-- TODO: Write the number of your pick behind "Answer:". -->
# Answer: 2
# <!-- END SOLUTION after_six_hours -->

# %% [markdown]
# Why does the rate not depend on the size of the sample?
#
# <!-- BEGIN SOLUTION why -->
# Every atom decays by itself, whatever the others do.
# <!-- END SOLUTION why -->
