"""Checks of what is trained: settings that a notebook asks for, and functions that train a model.

Every check numbers the classes anew: a model that was saved somewhere does not know the new
numbers. A model is judged by its scores, set against classes that never leave the grader; in the
last part of the data they are of images that no student has.
"""

import numpy as np

from plumbline import at_least, by_data, check

FIFTY, HUNDRED = 50, 100
UNSEEN = (
    "Train inside the function, on the data that it is given, and choose by the validation images; "
    "images that the network has never seen may come out a little worse."
)
#: Seconds for a check that trains as long as a student finds right.
LONG = 600
BY_HEART = {"accuracy": at_least((0.9, 0.5), (1.0, 1.0))}
NEARLY = {"accuracy": at_least((0.8, 0.5), (0.96, 1.0))}


def own_digits(student, count, rng):
    """The first digits of the student's own data set, which serve for validation too.

    The classes are numbered anew, so that those in the student's files are of no use.
    """
    digits = renumbered(student, rng)
    X, y = digits["X_train"][:count], digits["y_train"][:count]
    return {"X_train": X, "y_train": y, "X_val": X, "y_val": y}


def share_right(model, digits):
    """The share of the training digits that a model has learnt."""
    scores = model.loss(digits["X_train"])
    return {"accuracy": float(np.mean(np.argmax(scores, axis=1) == digits["y_train"]))}


def by_heart(data, first, count):
    """Some digits of the grader's, for training and for validation."""
    given = data.for_student()
    X = given["X_train"][first : first + count]
    y = given["y_train"][first : first + count]
    return {"X_train": X, "y_train": y, "X_val": X, "y_val": y}


def fully_connected(student, answer, hidden_dims, images):
    """A fully-connected network trained by plain descent with two settings of the student's."""
    weight_scale, learning_rate = answer
    model = student.classifiers.fc_net.FullyConnectedNet(
        hidden_dims, input_dim=images["X_train"].shape[1:], weight_scale=weight_scale
    )
    solver = student.solver.Solver(
        model,
        images,
        update_rule="sgd",
        optim_config={"learning_rate": learning_rate},
        num_epochs=20,
        batch_size=25,
        verbose=False,
    )
    solver.train()
    return model


def three(student, images):
    """Three layers, trained with the notebook's settings."""
    answer = student.notebook("FullyConnectedNets").overfit_three_layers()
    return fully_connected(student, answer, [100, 100], images)


def five(student, images):
    """Five layers, trained with the notebook's settings."""
    answer = student.notebook("FullyConnectedNets").overfit_five_layers()
    return fully_connected(student, answer, [100, 100, 100, 100], images)


def hundred(student, images):
    """A convolutional network trained for 15 epochs with the notebook's settings."""
    weight_scale, learning_rate = student.notebook("ConvolutionalNetworks").overfit_convnet()
    model = student.classifiers.cnn.ThreeLayerConvNet(
        input_dim=images["X_train"].shape[1:],
        num_filters=16,
        filter_size=5,
        hidden_dim=100,
        weight_scale=weight_scale,
    )
    solver = student.solver.Solver(
        model,
        images,
        update_rule="adam",
        optim_config={"learning_rate": learning_rate},
        num_epochs=15,
        batch_size=10,
        verbose=False,
    )
    solver.train()
    return model


def for_one_epoch(student, images):
    """A convolutional network trained for one epoch with the notebook's settings.

    What the student returns is a dictionary of weight_scale, reg, learning_rate, batch_size.
    """
    shape = images["X_train"].shape[1:]
    chosen = student.get(student.notebook("ConvolutionalNetworks").one_epoch(shape))
    model = student.classifiers.cnn.ThreeLayerConvNet(
        input_dim=shape,
        filter_size=7 if shape[1] > 8 else 5,
        hidden_dim=500 if shape[1] > 8 else 100,
        weight_scale=chosen["weight_scale"],
        reg=chosen["reg"],
    )
    solver = student.solver.Solver(
        model,
        student.put(images),
        update_rule="adam",
        optim_config={"learning_rate": chosen["learning_rate"]},
        num_epochs=1,
        batch_size=chosen["batch_size"],
        verbose=False,
    )
    solver.train()
    return model


def renumbered(student, rng):
    """The student's own digits, the classes numbered anew: what was trained before is of no use."""
    digits = student.get(student.data_utils.get_data("digits"))
    names = rng.permutation(10)
    kept = ("X_train", "y_train", "X_val", "y_val")
    return {k: names[digits[k]] if k.startswith("y_") else digits[k] for k in kept}


def validated(student, function, digits):
    """The share of the validation digits that a function's model gets right."""
    scores = function(student.put(digits)).loss(digits["X_val"])
    return {"validation accuracy": float(np.mean(np.argmax(scores, axis=1) == digits["y_val"]))}


def twice(data, model):
    """The accuracy on the validation images, and on images that no student has."""
    return {
        "validation accuracy": data.accuracy(lambda X: model.loss(X), "val"),
        "test accuracy": data.accuracy(lambda X: model.loss(X), "test"),
    }


@check(
    "overfit_three_layers",
    points=1,
    seed=0,
    visible=True,
    needs=("fully_connected_net",),
    goals=BY_HEART,
)
def three_layers_learn_fifty_digits(student, rng):
    """Three layers, trained with your settings for 20 epochs, know the first 50 digits by heart."""
    digits = own_digits(student, FIFTY, rng)
    return share_right(three(student, digits), digits)


@check(
    "overfit_three_layers",
    points=0.5,
    seed=251,
    needs=("fully_connected_net",),
    goals=NEARLY,
    hint="Good settings do not depend on luck: train from another seed and look again.",
)
def three_layers_from_another_start(student, rng):
    """The same digits from another seed."""
    digits = own_digits(student, FIFTY, rng)
    return share_right(three(student, digits), digits)


@check(
    "overfit_three_layers",
    points=0.5,
    seed=252,
    needs=("fully_connected_net",),
    goals=NEARLY,
    hint="Good settings do not depend on the examples: train on other digits and look again.",
)
def three_layers_on_other_digits(student, rng):
    """Other digits."""
    digits = own_digits(student, 3 * FIFTY, rng)
    digits = {name: array[-FIFTY:] for name, array in digits.items()}
    return share_right(three(student, digits), digits)


@check(
    "overfit_five_layers",
    points=1,
    seed=0,
    visible=True,
    needs=("fully_connected_net",),
    goals=BY_HEART,
)
def five_layers_learn_fifty_digits(student, rng):
    """Five layers, trained with your settings for 20 epochs, know the first 50 digits by heart."""
    digits = own_digits(student, FIFTY, rng)
    return share_right(five(student, digits), digits)


@check(
    "overfit_five_layers",
    points=0.5,
    seed=253,
    needs=("fully_connected_net",),
    goals=NEARLY,
    hint="Good settings do not depend on luck: train from another seed and look again.",
)
def five_layers_from_another_start(student, rng):
    """The same digits from another seed."""
    digits = own_digits(student, FIFTY, rng)
    return share_right(five(student, digits), digits)


@check(
    "overfit_five_layers",
    points=0.5,
    seed=254,
    needs=("fully_connected_net",),
    goals=NEARLY,
    hint="Good settings do not depend on the examples: train on other digits and look again.",
)
def five_layers_on_other_digits(student, rng):
    """Other digits."""
    digits = own_digits(student, 3 * FIFTY, rng)
    digits = {name: array[-FIFTY:] for name, array in digits.items()}
    return share_right(five(student, digits), digits)


@check(
    "best_fc_net",
    points=1,
    seed=31,
    visible=True,
    seconds=LONG,
    needs=("fully_connected_net",),
    goals={"validation accuracy": at_least((0.85, 0.5), (0.92, 1.0))},
)
def best_network_on_the_digits(student, rng):
    """Your function, given the digits, trains a network that knows the validation images."""
    function = student.notebook("FullyConnectedNets").best_fc_net
    return validated(student, function, renumbered(student, rng))


@check(
    "best_fc_net",
    points=3,
    seed=32,
    training=True,
    needs=("fully_connected_net",),
    goals={
        "validation accuracy": by_data(
            cifar10=at_least((0.45, 0.5), (0.5, 1.0)), digits=at_least((0.88, 0.5), (0.93, 1.0))
        ),
        "test accuracy": by_data(
            cifar10=at_least((0.42, 0.5), (0.47, 1.0)), digits=at_least((0.87, 0.5), (0.92, 1.0))
        ),
    },
    hint=UNSEEN,
)
def best_network_on_unknown_images(student, rng, data):
    """Validation images, and images that the network has never seen."""
    given = student.put(data.for_student())
    return twice(data, student.notebook("FullyConnectedNets").best_fc_net(given))


@check(
    "train_two_layer",
    points=1,
    seed=41,
    visible=True,
    seconds=LONG,
    needs=("two_layer_net",),
    goals={"validation accuracy": at_least((0.8, 0.5), (0.88, 1.0))},
)
def two_layers_trained_on_the_digits(student, rng):
    """Your function, given the digits, trains two layers that know the validation images."""
    function = student.notebook("TwoLayerNet").train_two_layer
    return validated(student, function, renumbered(student, rng))


@check(
    "train_two_layer",
    points=1,
    seed=42,
    training=True,
    needs=("two_layer_net",),
    goals={
        "validation accuracy": by_data(
            cifar10=at_least((0.3, 0.5), (0.36, 1.0)), digits=at_least((0.8, 0.5), (0.88, 1.0))
        ),
        "test accuracy": by_data(
            cifar10=at_least((0.28, 0.5), (0.34, 1.0)), digits=at_least((0.78, 0.5), (0.86, 1.0))
        ),
    },
    hint=UNSEEN,
)
def two_layers_on_unknown_images(student, rng, data):
    """Validation images, and images that the network has never seen."""
    given = student.put(data.for_student())
    return twice(data, student.notebook("TwoLayerNet").train_two_layer(given))


@check(
    "best_two_layer_net",
    points=1,
    seed=43,
    visible=True,
    seconds=LONG,
    needs=("two_layer_net",),
    goals={"validation accuracy": at_least((0.88, 0.5), (0.93, 1.0))},
)
def searched_on_the_digits(student, rng):
    """Your search, given the digits, finds a network that knows the validation images."""
    function = student.notebook("TwoLayerNet").best_two_layer_net
    return validated(student, function, renumbered(student, rng))


@check(
    "best_two_layer_net",
    points=3,
    seed=44,
    training=True,
    needs=("two_layer_net",),
    goals={
        "validation accuracy": by_data(
            cifar10=at_least((0.44, 0.5), (0.48, 1.0)), digits=at_least((0.88, 0.5), (0.93, 1.0))
        ),
        "test accuracy": by_data(
            cifar10=at_least((0.44, 0.5), (0.48, 1.0)), digits=at_least((0.87, 0.5), (0.92, 1.0))
        ),
    },
    hint="Choose by the validation images, and train inside the function.",
)
def searched_and_judged_twice(student, rng, data):
    """Validation images, and images that the network has never seen."""
    given = student.put(data.for_student())
    return twice(data, student.notebook("TwoLayerNet").best_two_layer_net(given))


@check(
    "overfit_convnet",
    points=1,
    seed=0,
    visible=True,
    needs=("three_layer_convnet",),
    goals=BY_HEART,
)
def convnet_learns_a_hundred_digits(student, rng):
    """The network, trained with your settings for 15 epochs, knows 100 digits by heart."""
    digits = own_digits(student, HUNDRED, rng)
    return share_right(hundred(student, digits), digits)


@check(
    "overfit_convnet",
    points=0.5,
    seed=255,
    needs=("three_layer_convnet",),
    goals=NEARLY,
    hint="Good settings do not depend on luck: train from another seed and look again.",
)
def hundred_from_another_start(student, rng):
    """The same digits from another seed."""
    digits = own_digits(student, HUNDRED, rng)
    return share_right(hundred(student, digits), digits)


@check(
    "overfit_convnet",
    points=0.5,
    seed=256,
    training=True,
    needs=("three_layer_convnet",),
    goals={
        "accuracy": by_data(
            cifar10=at_least((0.7, 0.5), (0.9, 1.0)), digits=at_least((0.8, 0.5), (0.96, 1.0))
        )
    },
    hint="Good settings do not depend on the examples: train on other images and look again.",
)
def hundred_other_images(student, rng, data):
    """Other images."""
    images = by_heart(data, first=200, count=HUNDRED)
    model = hundred(student, images)
    scores = model.loss(images["X_train"])
    return {"accuracy": float(np.mean(np.argmax(scores, axis=1) == images["y_train"]))}


@check(
    "train_three_layer",
    points=1,
    seed=51,
    visible=True,
    seconds=LONG,
    needs=("three_layer_convnet",),
    goals={"accuracy": at_least((0.75, 0.5), (0.85, 1.0))},
)
def one_epoch_on_the_digits(student, rng):
    """One epoch with your settings: the share of the training digits that come out right."""
    digits = renumbered(student, rng)
    return share_right(for_one_epoch(student, digits), digits)


@check(
    "train_three_layer",
    points=2,
    seed=52,
    training=True,
    needs=("three_layer_convnet",),
    goals={
        "accuracy": by_data(
            cifar10=at_least((0.35, 0.5), (0.4, 1.0)), digits=at_least((0.75, 0.5), (0.85, 1.0))
        )
    },
    hint="Good settings do not depend on luck: train from another seed and look again.",
)
def one_epoch_from_another_start(student, rng, data):
    """One epoch, from another start."""
    model = for_one_epoch(student, data.for_student())
    return {"accuracy": data.accuracy(lambda X: model.loss(X), "train", 1000)}


@check(
    "best_convnet",
    points=1,
    seed=61,
    visible=True,
    seconds=LONG,
    needs=("three_layer_convnet",),
    goals={"validation accuracy": at_least((0.88, 0.5), (0.94, 1.0))},
)
def best_convnet_on_the_digits(student, rng):
    """Your function, given the digits, trains a network that knows the validation images."""
    function = student.notebook("ConvolutionalNetworks").best_convnet
    return validated(student, function, renumbered(student, rng))


@check(
    "best_convnet",
    points=5,
    seed=62,
    training=True,
    needs=("three_layer_convnet",),
    goals={
        "validation accuracy": by_data(
            cifar10=at_least((0.5, 0.4), (0.55, 0.7), (0.6, 1.0)),
            digits=at_least((0.88, 0.4), (0.91, 0.7), (0.94, 1.0)),
        ),
        "test accuracy": by_data(
            cifar10=at_least((0.47, 0.4), (0.52, 0.7), (0.57, 1.0)),
            digits=at_least((0.87, 0.4), (0.9, 0.7), (0.93, 1.0)),
        ),
    },
    hint=UNSEEN,
)
def best_convnet_on_unknown_images(student, rng, data):
    """Validation images, and images that the network has never seen."""
    given = student.put(data.for_student())
    return twice(data, student.notebook("ConvolutionalNetworks").best_convnet(given))
