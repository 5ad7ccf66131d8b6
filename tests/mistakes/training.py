"""Settings with which a network does not learn fifty digits in twenty epochs."""

from tests.mistakes import mistake


@mistake("overfit_three_layers", "notebook.overfit_three_layers", seen=True)
def weights_too_small():
    """Weights so small that three layers hardly move."""
    return 1e-3, 0.1


@mistake("overfit_three_layers", "notebook.overfit_three_layers", seen=True)
def steps_too_small():
    """A learning rate at which nothing is learned in time."""
    return 0.2, 1e-4


@mistake("overfit_three_layers", "notebook.overfit_three_layers", seen=True)
def one_setting_alone():
    """A number where two are asked for."""
    return 0.2


@mistake("overfit_five_layers", "notebook.overfit_five_layers", seen=True)
def signal_fades():
    """Settings good for three layers, too small for five."""
    return 0.02, 0.3


@mistake("overfit_five_layers", "notebook.overfit_five_layers", seen=True)
def steps_too_large():
    """A learning rate at which five layers diverge."""
    return 0.3, 1.0
