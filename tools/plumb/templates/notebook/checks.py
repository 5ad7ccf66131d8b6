from plumbline import ONE, check


@check("rate", visible=True)
def rate_of_three_hours(student, rng):
    """The decay rate."""
    return {"rate": student.rate}


@check("share_left", visible=True)
def one_number_of_hours(student, rng):
    """After 4.5 hours."""
    return {"share": student.share_left(4.5, 0.2)}


@check("share_left", hint="hours may be an array.")
def array_of_hours(student, rng):
    """Five times, another rate."""
    return {"share": student.share_left(rng.rand(5), 0.7)}


@check("after_six_hours", tolerance=ONE)
def a_quarter_is_left(student, rng):
    """The right pick."""
    return {"picks": student.picks("after_six_hours")}
