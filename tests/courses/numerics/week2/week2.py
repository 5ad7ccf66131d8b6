# %% [markdown]
# # A cup of coffee
# Its temperature was measured in a room of 21 °C. By Newton's law its distance from the room's
# temperature decays exponentially.

# %%
import numpy as np

ROOM = 21.0
minutes, celsius = np.loadtxt("data/coffee.csv", delimiter=",", skiprows=1, unpack=True)

# %%
# BEGIN SOLUTION
# TODO: by how much has it cooled down in all these minutes?
# PROMPT cooled = ...
cooled = celsius[0] - celsius[-1]
# END SOLUTION

# %%
def temperature(t, start, rate):
    """The temperature after t minutes, a number or an array of them"""
    # BEGIN SOLUTION
    # TODO: it is `start` in the beginning, and ROOM in the end.
    return ROOM + (start - ROOM) * np.exp(-rate * np.asarray(t))
    # END SOLUTION

# %%
print(temperature(0.0, 90.0, 0.05), "should be 90")

# %% [markdown]
# ## The rate
# The logarithm of the distance from the room's temperature is a straight line. Fit it by least
# squares.

# %%
def fit_rate(minutes, celsius):
    """The rate per minute that fits some measurements"""
    # BEGIN SOLUTION
    distance = np.log(celsius - ROOM)
    centred = minutes - minutes.mean()
    return -np.sum(centred * distance) / np.sum(centred**2)
    # END SOLUTION

# %%
# BEGIN SOLUTION
# TODO: the rate of this cup.
rate = fit_rate(minutes, celsius)
# END SOLUTION

# %%
def save_forecast(path, times, start):
    """Write a file with a line for each time, such as "5.0,74.25"; the first line is a header."""
    # BEGIN SOLUTION
    with open(path, "w") as file:
        file.write("minutes,celsius\n")
        for t in times:
            file.write(f"{t:.1f},{temperature(t, start, rate):.2f}\n")
    # END SOLUTION

# %% [markdown]
# ## What the law says
# **Select all that hold.** If the coffee is twice as far from the room's temperature,
#
# 1. it loses twice as many degrees in a short time;
# 2. the rate doubles;
# 3. it needs the same time until half of the distance is gone.
#
# <!-- BEGIN SOLUTION twice_as_far -->
# <!-- TODO: Write the numbers of your picks behind "Answer:". -->
# Answer: 1, 3
# <!-- END SOLUTION twice_as_far -->

# %% [markdown]
# ## A lid
# What would a lid change in the model, and in the data?
#
# <!-- BEGIN SOLUTION lid -->
# It slows evaporation, so that the rate is smaller and the measured line is less steep.
# <!-- END SOLUTION lid -->
