# %% [markdown]
# # Decay
# Each kind of question stands here once. Students get this notebook without the solutions.
# Write the functions of `decay/laws.py` first.

# %%
# Cells that import, define and assign are set-up: grading runs them.
import numpy as np
from decay.laws import share_left

# %%
# BEGIN SOLUTION
# TODO: the decay rate per hour, if half of a sample is left after three hours.
# PROMPT rate = ...
# An answer is a variable here. Students see the TODO and, in the place of the answer, the code of
# the PROMPT line. Without that, the stub raises NotImplementedError.
rate = np.log(2) / 3
# END SOLUTION

# %%
def hours_until(share, rate):
    """The hours until this share is left"""
    # BEGIN SOLUTION
    # The region's id is the function's name. Without a TODO the student gets a plain one.
    return -np.log(share) / rate
    # END SOLUTION

# %%
# Cells that print, plot or call what students write are examples: grading never runs them.
print(hours_until(0.25, rate), "should be 6")
print(share_left(3.0, rate), "should be 0.5")

# %%
from selfcheck import check

check("share_left")

# %% [markdown]
# ## A question with options
# **Select one.** After six hours there is left ...
#
# 1. nothing;
# 2. a quarter.
#
# <!-- BEGIN SOLUTION after_six_hours -->
# <!-- TODO: Write the number of your pick behind "Answer:". -->
# Answer: 2
# <!-- END SOLUTION after_six_hours -->

# %% [markdown]
# ## A question in words
# Why does the rate not depend on the size of the sample? Points and rubric of an answer that a
# person grades stand in assignment.toml.
#
# <!-- BEGIN SOLUTION why -->
# Every atom decays by itself, whatever the others do.
# <!-- END SOLUTION why -->
