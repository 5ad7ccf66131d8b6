"""The checks of week 2: variables, expressions, written files, the grader's own data, picks."""

import numpy as np

from plumbline import SELECT_ALL, NumbersInText, Tolerance, check


@check("cooled", visible=True)
def degrees(student, rng):
    """By how much it has cooled down."""
    return {"cooled": student.cooled}


@check("temperature", visible=True)
def after_ten_minutes(student, rng):
    """After ten minutes."""
    return {"celsius": student.temperature(10.0, 80.0, 0.1)}


@check("temperature", hint="t may be an array, and the coffee may be colder than the room.")
def iced_coffee(student, rng):
    """Iced coffee at several times."""
    return {"celsius": student.temperature(60 * rng.rand(4), 4.0, 0.02 + rng.rand() / 10)}


@check("fit_rate", points=2, hint="Which temperature is it compared with?")
def measurements_without_noise(student, rng):
    """Measurements without noise."""
    rate, minutes = 0.02 + rng.rand() / 10, np.arange(0.0, 20.0, 2.5)
    return {"rate": student.fit_rate(minutes, 21 + 55 * np.exp(-rate * minutes))}


def _share_of_error(seen):
    """All points for less than half a degree of error, none for more than four degrees."""
    return float(np.clip((4 - seen["error"]) / 3.5, 0, 1))


@check("fit_rate", points=2, score=_share_of_error, needs=["temperature"])
def second_cup(student, rng, grader_data):
    """A second cup, which nobody has seen."""
    table = np.loadtxt(grader_data.path("second_cup.csv"), delimiter=",", skiprows=1)
    rate = student.fit_rate(table[:, 0], table[:, 1])
    off = student.temperature(table[:, 0], 79.0, rate) - table[:, 1]
    return {"error": float(np.sqrt(np.mean(off**2)))}


@check("rate", needs=["fit_rate", "temperature"], tolerance=Tolerance(((1e-3, 1.0), (0.05, 0.5))))
def after_an_hour(student, rng):
    """This cup after an hour."""
    return {"celsius": student.eval("temperature(60.0, celsius[0], rate)")}


@check(
    "save_forecast",
    points=2,
    needs=["temperature", "fit_rate", "rate"],
    tolerance=NumbersInText(Tolerance(((1e-3, 1.0),))),
)
def a_file_of_three_lines(student, rng):
    """A file of three lines."""
    student.save_forecast("forecast.csv", [5.0, 12.5], 85.0)
    return {"file": student.file("forecast.csv")}


@check("twice_as_far", tolerance=SELECT_ALL)
def two_hold(student, rng):
    """The right picks."""
    return {"picks": student.picks("twice_as_far")}
