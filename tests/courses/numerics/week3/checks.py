"""The checks of week 3: tables, which go to the student's code and come back, and a figure."""

import pandas as pd

from plumbline import check


def _rain(rng):
    """Measurements at two stations, in no order, some of which are missing."""
    rain = (20 * rng.rand(10)).round(1)
    rain[[2, 5]] = float("nan")
    days = [*range(1, 6), *range(1, 6)]
    return pd.DataFrame({"station": ["Holm"] * 5 + ["Esk"] * 5, "day": days, "rain": rain})


@check("without_gaps", visible=True)
def first_days(student, rng):
    """Four measurements, one of which is missing."""
    table = pd.DataFrame({"day": [1, 2, 3, 4], "rain": [0.5, float("nan"), 2.0, 0.0]})
    return {"table": student.without_gaps(table)}


@check("without_gaps", hint="No rain is a measurement. Other columns may have gaps.")
def gaps_elsewhere(student, rng):
    """A table with a gap in another column."""
    table = _rain(rng)
    table["remark"] = [None, "hail", *[None] * 8]
    return {"table": student.without_gaps(table)}


@check("by_station", points=3, hint="Look at the order of the stations, and at the columns' names.")
def two_stations(student, rng):
    """Two other stations."""
    return {"table": student.by_station(_rain(rng))}


@check("wettest", visible=True, needs=["by_station"])
def its_name(student, rng):
    """The station with the most rain."""
    return {"station": student.wettest}


@check("plot_rain", points=2, hint="The data of each line, in the order of the stations.")
def lines(student, rng):
    """A line for each station."""
    drawn = _rain(rng).dropna()
    (axes,) = student.figure(student.plot_rain, drawn).axes
    return {"x": [line.x for line in axes.lines], "y": [line.y for line in axes.lines]}


@check("plot_rain", hint="What are the axes called? What is in the legend?")
def words(student, rng):
    """Names of the axes, and the legend."""
    (axes,) = student.figure(student.plot_rain, _rain(rng).dropna()).axes
    return {"x": axes.xlabel, "y": axes.ylabel, "legend": list(axes.legend)}
