"""Checks of questions with options: which options were picked."""

from plumbline import ONE, SELECT_ALL, check


@check("choice_saturation", points=1, seed=0, tolerance=SELECT_ALL)
def picked_vanishing_activations(student, rng):
    """Which activations were picked."""
    return {"picks": student.picks("choice_saturation")}


@check("choice_initial_loss", points=1, seed=0, tolerance=ONE)
def picked_first_loss(student, rng):
    """Which loss was picked."""
    return {"picks": student.picks("choice_initial_loss")}


@check("choice_gap", points=1, seed=0, tolerance=SELECT_ALL)
def picked_remedies(student, rng):
    """Which remedies were picked."""
    return {"picks": student.picks("choice_gap")}


@check("choice_preprocessing", points=1, seed=0, tolerance=SELECT_ALL)
def picked_preprocessings(student, rng):
    """Which steps were picked."""
    return {"picks": student.picks("choice_preprocessing")}
