# %% [markdown]
# # Decay
# Each kind of question stands here once. Students get this notebook without the solutions.
# Write the functions of `decay/laws.py` first.

# %%
# Cells that import, define and assign are set-up: grading runs them.
import matplotlib.pyplot as plt
import numpy as np
from decay.laws import share_left

# What lies in data/ students get too, and grading has it at the same place.
hours, counts = np.loadtxt("data/counts.csv", delimiter=",", skiprows=1, unpack=True)

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
def fitted_rate(hours, counts):
    """The rate of some counts, by a straight line through their logarithms"""
    # BEGIN SOLUTION
    return -np.polyfit(hours, np.log(counts), 1)[0]
    # END SOLUTION

# %%
def save_shares(path, rate):
    """Write a line for each hour from 0 to 3: the hour, a comma, the share with three digits"""
    # BEGIN SOLUTION
    with open(path, "w") as file:
        for hour in range(4):
            file.write(f"{hour},{share_left(hour, rate):.3f}\n")
    # END SOLUTION

# %%
def plot_shares(hours, rate):
    """Draw the share by hour as a line, with "hours" and "share" at the axes"""
    # BEGIN SOLUTION
    figure, axes = plt.subplots()
    axes.plot(hours, share_left(hours, rate))
    axes.set(xlabel="hours", ylabel="share")
    return figure
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
# **Select all that apply.** The half-life is longer ...
#
# 1. for a smaller rate;
# 2. for a larger sample;
# 3. for a slower decay.
#
# <!-- BEGIN SOLUTION longer -->
# <!-- TODO: Write the numbers of your picks behind "Answer:". -->
# Answer: 1, 3
# <!-- END SOLUTION longer -->

# %% [markdown]
# ## A question in words
# Why does the rate not depend on the size of the sample? Points and rubric of an answer that a
# person grades stand in assignment.toml.
#
# <!-- BEGIN SOLUTION why -->
# Every atom decays by itself, whatever the others do.
# <!-- END SOLUTION why -->
