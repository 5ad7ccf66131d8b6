"""Checks call the student's code and return what they saw; they never assert.

Each is run once on the reference, which records the expected outputs. rng is a RandomState that is
the same on every run.
"""

from plumbline import ONE, Tolerance, at_most, check


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


@check("after_six_hours", tolerance=ONE)
def a_quarter_is_left(student, rng):
    """The right pick."""
    return {"picks": student.picks("after_six_hours")}
