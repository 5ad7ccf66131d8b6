# %% [markdown]
# # Rain
# Three stations measured the rain of eight days, in millimetres. Some measurements are missing.

# %%
import matplotlib.pyplot as plt
import pandas as pd

measured = pd.read_csv("data/rain.csv")

# %%
def without_gaps(table):
    """The rows with a measurement, numbered from 0 anew"""
    # BEGIN SOLUTION
    return table.dropna(subset=["rain"]).reset_index(drop=True)
    # END SOLUTION

# %%
def by_station(table):
    """A table with a row for each station, in the order of their names

    Its index is the station. The columns are days, how many measurements there are; and mean, the
    mean rain of these days.
    """
    # BEGIN SOLUTION
    rain = table.groupby("station")["rain"]
    return pd.DataFrame({"days": rain.count(), "mean": rain.mean()})
    # END SOLUTION

# %%
by_station(measured)

# %%
# BEGIN SOLUTION
# TODO: the name of the station with the most rain on a day, on the average.
# PROMPT wettest = ...
wettest = by_station(measured)["mean"].idxmax()
# END SOLUTION

# %%
def plot_rain(table):
    """Draw the rain by day: a line for each station, in the order of their names, and a legend

    The axes are called "day" and "rain (mm)".
    """
    # BEGIN SOLUTION
    figure, axes = plt.subplots()
    for station, rows in table.groupby("station"):
        axes.plot(rows["day"], rows["rain"], "o-", label=station)
    axes.set(xlabel="day", ylabel="rain (mm)")
    axes.legend()
    return figure
    # END SOLUTION

# %%
plot_rain(measured)
