"""Checks call the student's code and return what they saw; they never assert.

Each is run once on the reference, which records the expected outputs. rng is a RandomState that is
the same on every run.
"""

import ast
from datetime import datetime

import numpy as np

from plumbline import ONE, SELECT_ALL, NumbersInText, Tolerance, at_most, check


# Students get visible checks with their expected outputs. Others are hidden.
@check("rate", visible=True)
def rate_of_three_hours(student, rng):
    """The decay rate."""
    # A variable of the notebook is returned by its name.
    return {"rate": student.rate}


# hint is what a student may read if a hidden check fails. points are 1 if nothing is said.
@check("share_left", points=2, hint="hours may be an array.")
def array_of_hours(student, rng):
    """Five times, another rate."""
    # A function of a module is found by the module's name.
    return {"share": student.laws.share_left(rng.rand(5), 0.7)}


# A question has visible checks, hidden ones, or both.
@check("share_left", visible=True)
def one_number_of_hours(student, rng):
    """After 4.5 hours."""
    return {"share": student.laws.share_left(4.5, 0.2)}


# A tolerance has tiers of (largest error, share of the points), here with half of them for a
# rough answer. One dictionary gives each observation its own.
@check("hours_until", tolerance={"hours": Tolerance(((1e-9, 1.0), (1e-2, 0.5)))})
def hours_until_a_tenth(student, rng):
    """Until a tenth is left."""
    return {"hours": student.hours_until(0.1, 0.3 + rng.rand())}


# A goal is a threshold in the place of an expected output.
@check("hours_until", goals={"error": at_most((1e-6, 1.0))})
def there_and_back(student, rng):
    """The share after these hours is the one asked for."""
    share = 0.1 + rng.rand(4) / 2
    hours = [float(student.hours_until(s, 0.2)) for s in share]
    return {"error": max(abs(2.718281828459045 ** (-0.2 * h) - s) for h, s in zip(hours, share))}


# A function can be an argument: the student's code calls it back. It gets and returns plain values.
# student.function makes one that counts how often it was called.
@check("half_life", tolerance=Tolerance(((1e-8, 1.0),)), goals={"calls": at_most(100)})
def half_life_of_another_law(student, rng):
    """A law that is not exponential, with at most 100 calls."""
    pace = 0.3 + rng.rand()
    share = student.function(lambda hours: 1 / (1 + pace * hours))
    return {"hours": student.laws.half_life(share, 10.0), "calls": share.calls}


# An object of the student's stays with their code; its methods and attributes are calls.
# needs names a question that this check builds on: it explains a failure and costs no point.
@check("sample", needs=["share_left"])
def atoms_after_waiting_twice(student, rng):
    """Waiting twice."""
    sample = student.laws.Sample(1000.0, 0.1 + rng.rand())
    return {"first": sample.wait(2.0), "second": sample.wait(3.0), "atoms": sample.atoms}


# put leaves an array with the student's code, get shows what that changed in it.
@check("scale", seconds=5)
def counts_are_changed_in_place(student, rng):
    """An array of counts."""
    counts = student.put(rng.rand(6))
    student.laws.scale(counts, 2.5)
    return {"counts": student.get(counts)}


# What is picked of options is read from the text; no code is run.
@check("after_six_hours", tolerance=ONE)
def a_quarter_is_left(student, rng):
    """The right pick."""
    return {"picks": student.picks("after_six_hours")}


# ONE is for a single pick. With SELECT_ALL a right pick earns a share, and a wrong one costs one.
@check("longer", tolerance=SELECT_ALL)
def two_apply(student, rng):
    """The right picks."""
    return {"picks": student.picks("longer")}


# What a call prints is a text. NumbersInText compares its words, and its numbers by a tolerance.
@check("print_shares", needs=["share_left"], tolerance=NumbersInText(Tolerance(((1e-3, 1.0),))))
def three_lines(student, rng):
    """Three lines."""
    return {"printed": student.printed(student.laws.print_shares, 0.1 + rng.rand())}


# What a call raises is the name of the exception's class; it has .text and .is_a("ValueError").
@check("half_life")
def too_short_a_time(student, rng):
    """A half is left only later."""
    raised = student.raises(student.laws.half_life, lambda hours: 0.75, 10.0)
    return {"raised": raised, "is_value_error": raised.is_a("ValueError")}


# A dictionary comes by value with what it holds: here a text, a list, and a Fraction or None.
@check("report")
def a_report_and_an_empty_one(student, rng):
    """A report, and one without counts."""
    counts = [90, 30, int(rng.randint(5, 25))]
    full, empty = student.laws.report("Po", counts), student.laws.report("Po", [])
    return {"full": full, "empty": empty}


# So do bytes, a set, a tuple, dates and times, a range and a Decimal. Each must be of its kind.
@check("label")
def written_on_a_sample(student, rng):
    """Some days from a night in winter."""
    start, days = datetime(2026, 1, 30, 22, 15), int(rng.randint(8, 20))
    name, letters, when, end, counts, dose = student.laws.label("Radon", start, days)
    return {
        "name": name, "letters": letters, "when": when, "end": end, "counts": counts, "dose": dose,
    }


# The elements of an array may be numbers, flags, texts, bytes or dates.
@check("calendar")
def over_the_end_of_a_month(student, rng):
    """Some days from the 25th on."""
    dates, texts = student.laws.calendar("2026-02-25", int(rng.randint(5, 9)))
    return {"dates": dates, "texts": texts}


# Of a generator the items are compared.
@check("generations")
def of_a_large_sample(student, rng):
    """A large sample."""
    return {"atoms": student.laws.generations(int(rng.randint(500, 900)))}


# A complex number is a number.
@check("damped")
def complex_numbers(student, rng):
    """At four times."""
    return {"z": student.laws.damped(rng.rand(4), 2.0, 0.3)}


# eval takes an expression in the names of a notebook or module. needs may name several questions.
@check("rate", needs=["hours_until"])
def expression(student, rng):
    """The hours until a tenth is left, at this rate."""
    return {"hours": student.eval("hours_until(0.1, rate)")}


# A file that the code wrote. student.file_bytes is for files that are no text.
@check("save_shares", needs=["share_left"])
def four_hours(student, rng):
    """A file of four lines."""
    student.save_shares("shares.csv", 0.25)
    return {"file": student.file("shares.csv")}


# A figure has .axes, each with .lines, .scatters, .bars, .legend, .title and so on.
@check("plot_shares", needs=["share_left"])
def a_line_with_names(student, rng):
    """The line, and the names of the axes."""
    (axes,) = student.figure(student.plot_shares, np.arange(5.0), 0.1 + rng.rand()).axes
    (line,) = axes.lines
    return {"x": line.x, "y": line.y, "names": [axes.xlabel, axes.ylabel]}


# The text as it is written, with its syntax tree. What it is good for comes beside the values.
@check("share_left")
def without_a_loop(student, rng):
    """NumPy instead of a loop."""
    tree = student.source(student.laws.share_left).tree
    loops = sum(isinstance(node, (ast.For, ast.While)) for node in ast.walk(tree))
    return {"loops": loops, "share": student.laws.share_left(rng.rand(3), 0.4)}


def score_of_error(seen):
    """All points up to an error of a tenth, none from a half on."""
    return float(np.clip((0.5 - seen["error"]) / 0.4, 0, 1))


# score= is a function for partial credit: observations in, 0 to 1 out; of the reference it is 1.
# grader_data has the files of grader_data/, which neither students nor their code get.
@check("fitted_rate", score=score_of_error)
def later_counts(student, rng, grader_data):
    """Counts that nobody has seen."""
    table = np.loadtxt(grader_data.path("later.csv"), delimiter=",", skiprows=1)
    rate = student.fitted_rate(table[:, 0], table[:, 1])
    return {"error": abs(rate - 0.23) / 0.23}


# A pandas DataFrame, Series or Index can be an argument, and comes back by value as well: names,
# order, kinds of element, index and cells are compared. Name pandas in assignment.toml for it.
#
# @check("by_sample")
# def mean_counts(student, rng):
#     """The mean of each sample."""
#     frame = pd.DataFrame({"sample": ["Po", "Rn", "Po"], "counts": [3.0, 4.0, 5.0]})
#     return {"table": student.by_sample(frame)}

# Further: student.withhold("laws") makes it an error to call anything of a given module, where the
# answer is to do without it. student.notebook("hw1") has the names of one of several notebooks.
# training=True is for a check that trains a model: its third argument, data, is the data set that
# assignment.toml names, grader_data/NAME.npz. when="NAME" is for variants that ask for NAME.
