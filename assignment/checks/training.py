"""Checks of the settings that the notebook asks for: networks trained with them on real digits."""

import numpy as np

from autograder.core import at_least, check


def train_accuracy(student, answer, hidden_dims, first):
    """The share of fifty digits, from `first` on, that a network trained on them gets right.

    The fifty serve for validation too, so that the solver keeps the parameters that suit them best.
    """
    weight_scale, learning_rate = answer
    data = student.data_utils.get_data("digits")
    X, y = (data[name][first : first + 50] for name in ("X_train", "y_train"))
    model = student.classifiers.fc_net.FullyConnectedNet(
        hidden_dims, input_dim=X.shape[1:], weight_scale=weight_scale
    )
    solver = student.solver.Solver(
        model,
        {"X_train": X, "y_train": y, "X_val": X, "y_val": y},
        update_rule="sgd",
        optim_config={"learning_rate": learning_rate},
        num_epochs=20,
        batch_size=25,
        verbose=False,
    )
    solver.train()
    return {"accuracy": np.mean(np.argmax(model.loss(X), axis=1) == y)}


def three(student, first):
    """The accuracy of three layers, trained with the notebook's settings."""
    answer = student.notebook("FullyConnectedNets").overfit_three_layers()
    return train_accuracy(student, answer, [100, 100], first)


def five(student, first):
    """The accuracy of five layers, trained with the notebook's settings."""
    answer = student.notebook("FullyConnectedNets").overfit_five_layers()
    return train_accuracy(student, answer, [100, 100, 100, 100], first)


@check(
    "overfit_three_layers",
    points=1,
    seed=0,
    visible=True,
    needs=("fully_connected_net",),
    goals={"accuracy": at_least((0.9, 0.5), (1.0, 1.0))},
)
def three_layers_learn_fifty_digits(student, rng):
    """Three layers, trained with your settings for 20 epochs, know the first 50 digits by heart."""
    return three(student, first=0)


@check(
    "overfit_three_layers",
    points=0.5,
    seed=251,
    needs=("fully_connected_net",),
    goals={"accuracy": at_least((0.8, 0.5), (0.96, 1.0))},
    hint="Good settings do not depend on luck: train from another seed and look again.",
)
def three_layers_from_another_start(student, rng):
    """The same digits from another seed."""
    return three(student, first=0)


@check(
    "overfit_three_layers",
    points=0.5,
    seed=252,
    needs=("fully_connected_net",),
    goals={"accuracy": at_least((0.8, 0.5), (0.96, 1.0))},
    hint="Good settings do not depend on the examples: train on other digits and look again.",
)
def three_layers_on_other_digits(student, rng):
    """Other digits."""
    return three(student, first=100)


@check(
    "overfit_five_layers",
    points=1,
    seed=0,
    visible=True,
    needs=("fully_connected_net",),
    goals={"accuracy": at_least((0.9, 0.5), (1.0, 1.0))},
)
def five_layers_learn_fifty_digits(student, rng):
    """Five layers, trained with your settings for 20 epochs, know the first 50 digits by heart."""
    return five(student, first=0)


@check(
    "overfit_five_layers",
    points=0.5,
    seed=253,
    needs=("fully_connected_net",),
    goals={"accuracy": at_least((0.8, 0.5), (0.96, 1.0))},
    hint="Good settings do not depend on luck: train from another seed and look again.",
)
def five_layers_from_another_start(student, rng):
    """The same digits from another seed."""
    return five(student, first=0)


@check(
    "overfit_five_layers",
    points=0.5,
    seed=254,
    needs=("fully_connected_net",),
    goals={"accuracy": at_least((0.8, 0.5), (0.96, 1.0))},
    hint="Good settings do not depend on the examples: train on other digits and look again.",
)
def five_layers_on_other_digits(student, rng):
    """Other digits."""
    return five(student, first=100)
