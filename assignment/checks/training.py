"""Checks of training: settings that a notebook asks for, and functions that train a model.

Every check gives the classes new numbers, which a model that was trained before does not know. A
model is graded by its scores, which are compared with labels that never leave the grader. The test
images are known to no student.
"""

import hashlib

import numpy as np

from plumbline import StudentError, at_least, by_data, check

#: How many images each kind of network must learn by heart.
FULLY_CONNECTED_COUNT, CONVNET_COUNT = 50, 100
TRAIN_INSIDE = (
    "Train inside the function, on the data that it is given, and choose by the validation images; "
    "the accuracy on other images may be a little lower."
)
#: For a check that trains as long as the student's function takes.
TRAINING_TIMEOUT_S = 600
#: What is used of the digits, and its digest.
USED = ("X_train", "y_train", "X_val", "y_val")
DIGITS = "2138201d7db0f7fbf1b691c801742c2d4847d7ffbe83f4fb3ad436ee8aabddb0"
MEMORISED = {"accuracy": at_least((0.9, 0.5), (1.0, 1.0))}
NEARLY_MEMORISED = {"accuracy": at_least((0.8, 0.5), (0.96, 1.0))}


def first_digits(student, count, rng):
    """The first digits of the student's data set, for training and for validation.

    The classes have new numbers, so that labels in the student's files are of no use.
    """
    digits = digits_with_new_labels(student, rng)
    X, y = digits["X_train"][:count], digits["y_train"][:count]
    return {"X_train": X, "y_train": y, "X_val": X, "y_val": y}


def training_accuracy(model, digits):
    """The share of the training digits that a model classifies correctly."""
    scores = model.loss(digits["X_train"])
    return {"accuracy": float(np.mean(np.argmax(scores, axis=1) == digits["y_train"]))}


def grader_images(data, first, count):
    """Some of the grader's images, for training and for validation."""
    given = data.for_student()
    X = given["X_train"][first : first + count]
    y = given["y_train"][first : first + count]
    return {"X_train": X, "y_train": y, "X_val": X, "y_val": y}


def train_fully_connected(student, answer, hidden_dims, images):
    """A fully-connected network, trained by SGD with the student's weight scale and rate."""
    weight_scale, learning_rate = answer
    model = student.classifiers.fc_net.FullyConnectedNet(
        hidden_dims, input_dim=images["X_train"][0].size, weight_scale=weight_scale
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


def train_three_layers(student, images):
    """A network of three layers, trained with the notebook's settings."""
    answer = student.notebook("FullyConnectedNets").overfit_three_layers()
    return train_fully_connected(student, answer, [100, 100], images)


def train_five_layers(student, images):
    """A network of five layers, trained with the notebook's settings."""
    answer = student.notebook("FullyConnectedNets").overfit_five_layers()
    return train_fully_connected(student, answer, [100, 100, 100, 100], images)


def train_convnet(student, images):
    """A convolutional network, trained for 15 epochs with the notebook's settings."""
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


def train_convnet_for_one_epoch(student, images):
    """A convolutional network, trained for one epoch with the notebook's settings.

    The student returns a dictionary with weight_scale, reg, learning_rate and batch_size.
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


def digits_with_new_labels(student, rng):
    """The student's digits with new numbers for the classes: older models are of no use.

    Call it before any of the student's code runs, which could put other digits in their place. What
    a student adds to data_utils.py runs before, so the digits are compared with the given ones.
    """
    digits = student.get(student.data_utils.get_data("digits"))
    if digest_of_digits(digits) != DIGITS:
        raise StudentError("ValueError", 'get_data("digits") gives other digits than at first')
    new_labels = rng.permutation(10)
    return {k: new_labels[digits[k]] if k.startswith("y_") else digits[k] for k in USED}


def digest_of_digits(digits):
    """The SHA-256 of the images, as whole numbers of 1/16000, and of their classes."""
    scale = {"X": 16000, "y": 1}  # a sixteenth, and the mean of a thousand images off it
    parts = [np.rint(np.asarray(digits[k]) * scale[k[0]]).astype("<i4") for k in USED]
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


def validation_accuracy(student, function, digits):
    """The share of the validation digits that the model of a function classifies correctly."""
    scores = function(student.put(digits)).loss(digits["X_val"])
    return {"validation accuracy": float(np.mean(np.argmax(scores, axis=1) == digits["y_val"]))}


def both_accuracies(data, model):
    """The accuracy on the validation images, and on test images that no student has."""
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
    goals=MEMORISED,
)
def three_layers_learn_fifty_digits(student, rng):
    """Three layers, trained with your settings for 20 epochs, learn 50 digits by heart."""
    digits = first_digits(student, FULLY_CONNECTED_COUNT, rng)
    return training_accuracy(train_three_layers(student, digits), digits)


@check(
    "overfit_three_layers",
    points=0.5,
    seed=251,
    needs=("fully_connected_net",),
    goals=NEARLY_MEMORISED,
    hint="Good settings work with any seed: train again with another seed.",
)
def three_layers_from_another_start(student, rng):
    """The same digits from another seed."""
    digits = first_digits(student, FULLY_CONNECTED_COUNT, rng)
    return training_accuracy(train_three_layers(student, digits), digits)


@check(
    "overfit_three_layers",
    points=0.5,
    seed=252,
    needs=("fully_connected_net",),
    goals=NEARLY_MEMORISED,
    hint="Good settings work with any examples: train again on other digits.",
)
def three_layers_on_other_digits(student, rng):
    """Other digits."""
    digits = first_digits(student, 3 * FULLY_CONNECTED_COUNT, rng)
    digits = {name: array[-FULLY_CONNECTED_COUNT:] for name, array in digits.items()}
    return training_accuracy(train_three_layers(student, digits), digits)


@check(
    "overfit_five_layers",
    points=1,
    seed=0,
    visible=True,
    needs=("fully_connected_net",),
    goals=MEMORISED,
)
def five_layers_learn_fifty_digits(student, rng):
    """Five layers, trained with your settings for 20 epochs, learn 50 digits by heart."""
    digits = first_digits(student, FULLY_CONNECTED_COUNT, rng)
    return training_accuracy(train_five_layers(student, digits), digits)


@check(
    "overfit_five_layers",
    points=0.5,
    seed=253,
    needs=("fully_connected_net",),
    goals=NEARLY_MEMORISED,
    hint="Good settings work with any seed: train again with another seed.",
)
def five_layers_from_another_start(student, rng):
    """The same digits from another seed."""
    digits = first_digits(student, FULLY_CONNECTED_COUNT, rng)
    return training_accuracy(train_five_layers(student, digits), digits)


@check(
    "overfit_five_layers",
    points=0.5,
    seed=254,
    needs=("fully_connected_net",),
    goals=NEARLY_MEMORISED,
    hint="Good settings work with any examples: train again on other digits.",
)
def five_layers_on_other_digits(student, rng):
    """Other digits."""
    digits = first_digits(student, 3 * FULLY_CONNECTED_COUNT, rng)
    digits = {name: array[-FULLY_CONNECTED_COUNT:] for name, array in digits.items()}
    return training_accuracy(train_five_layers(student, digits), digits)


@check(
    "best_fc_net",
    points=1,
    seed=31,
    visible=True,
    seconds=TRAINING_TIMEOUT_S,
    needs=("fully_connected_net",),
    goals={"validation accuracy": at_least((0.85, 0.5), (0.92, 1.0))},
)
def best_network_on_the_digits(student, rng):
    """Your function, given the digits, trains a network that classifies the validation images."""
    digits = digits_with_new_labels(student, rng)
    function = student.notebook("FullyConnectedNets").best_fc_net
    return validation_accuracy(student, function, digits)


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
    hint=TRAIN_INSIDE,
)
def best_network_on_unknown_images(student, rng, data):
    """Validation images, and test images that no student has."""
    given = student.put(data.for_student())
    return both_accuracies(data, student.notebook("FullyConnectedNets").best_fc_net(given))


@check(
    "train_two_layer",
    points=1,
    seed=41,
    visible=True,
    seconds=TRAINING_TIMEOUT_S,
    needs=("two_layer_net",),
    goals={"validation accuracy": at_least((0.8, 0.5), (0.88, 1.0))},
)
def two_layers_trained_on_the_digits(student, rng):
    """Your function, given the digits, trains two layers that classify the validation images."""
    digits = digits_with_new_labels(student, rng)
    function = student.notebook("TwoLayerNet").train_two_layer
    return validation_accuracy(student, function, digits)


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
    hint=TRAIN_INSIDE,
)
def two_layers_on_unknown_images(student, rng, data):
    """Validation images, and test images that no student has."""
    given = student.put(data.for_student())
    return both_accuracies(data, student.notebook("TwoLayerNet").train_two_layer(given))


@check(
    "best_two_layer_net",
    points=1,
    seed=43,
    visible=True,
    seconds=TRAINING_TIMEOUT_S,
    needs=("two_layer_net",),
    goals={"validation accuracy": at_least((0.88, 0.5), (0.93, 1.0))},
)
def searched_on_the_digits(student, rng):
    """Your search, given the digits, finds a network that classifies the validation images."""
    digits = digits_with_new_labels(student, rng)
    function = student.notebook("TwoLayerNet").best_two_layer_net
    return validation_accuracy(student, function, digits)


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
def searched_on_unknown_images(student, rng, data):
    """Validation images, and test images that no student has."""
    given = student.put(data.for_student())
    return both_accuracies(data, student.notebook("TwoLayerNet").best_two_layer_net(given))


@check(
    "overfit_convnet",
    points=1,
    seed=0,
    visible=True,
    needs=("three_layer_convnet", "adam"),
    goals=MEMORISED,
)
def convnet_learns_a_hundred_digits(student, rng):
    """The network, trained with your settings for 15 epochs, learns 100 digits by heart."""
    digits = first_digits(student, CONVNET_COUNT, rng)
    return training_accuracy(train_convnet(student, digits), digits)


@check(
    "overfit_convnet",
    points=0.5,
    seed=255,
    needs=("three_layer_convnet", "adam"),
    goals=NEARLY_MEMORISED,
    hint="Good settings work with any seed: train again with another seed.",
)
def convnet_from_another_start(student, rng):
    """The same digits from another seed."""
    digits = first_digits(student, CONVNET_COUNT, rng)
    return training_accuracy(train_convnet(student, digits), digits)


@check(
    "overfit_convnet",
    points=0.5,
    seed=256,
    training=True,
    needs=("three_layer_convnet", "adam"),
    goals={
        "accuracy": by_data(
            cifar10=at_least((0.7, 0.5), (0.9, 1.0)), digits=at_least((0.8, 0.5), (0.96, 1.0))
        )
    },
    hint="Good settings work with any examples: train again on other images.",
)
def convnet_on_other_images(student, rng, data):
    """Other images."""
    images = grader_images(data, first=200, count=CONVNET_COUNT)
    model = train_convnet(student, images)
    scores = model.loss(images["X_train"])
    return {"accuracy": float(np.mean(np.argmax(scores, axis=1) == images["y_train"]))}


@check(
    "train_three_layer",
    points=1,
    seed=51,
    visible=True,
    seconds=TRAINING_TIMEOUT_S,
    needs=("three_layer_convnet", "adam"),
    goals={"accuracy": at_least((0.75, 0.5), (0.85, 1.0))},
)
def one_epoch_on_the_digits(student, rng):
    """One epoch with your settings: the share of training digits classified correctly."""
    digits = digits_with_new_labels(student, rng)
    return training_accuracy(train_convnet_for_one_epoch(student, digits), digits)


@check(
    "train_three_layer",
    points=2,
    seed=52,
    training=True,
    needs=("three_layer_convnet", "adam"),
    goals={
        "accuracy": by_data(
            cifar10=at_least((0.35, 0.5), (0.4, 1.0)), digits=at_least((0.75, 0.5), (0.85, 1.0))
        )
    },
    hint="Good settings work with any seed: train again with another seed.",
)
def one_epoch_from_another_start(student, rng, data):
    """One epoch, from another seed."""
    model = train_convnet_for_one_epoch(student, data.for_student())
    return {"accuracy": data.accuracy(lambda X: model.loss(X), "train", 1000)}


@check(
    "best_convnet",
    points=1,
    seed=61,
    visible=True,
    seconds=TRAINING_TIMEOUT_S,
    needs=("three_layer_convnet", "adam"),
    goals={"validation accuracy": at_least((0.88, 0.5), (0.94, 1.0))},
)
def best_convnet_on_the_digits(student, rng):
    """Your function, given the digits, trains a network that classifies the validation images."""
    digits = digits_with_new_labels(student, rng)
    function = student.notebook("ConvolutionalNetworks").best_convnet
    return validation_accuracy(student, function, digits)


@check(
    "best_convnet",
    points=5,
    seed=62,
    training=True,
    needs=("three_layer_convnet", "adam"),
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
    hint=TRAIN_INSIDE,
)
def best_convnet_on_unknown_images(student, rng, data):
    """Validation images, and test images that no student has."""
    given = student.put(data.for_student())
    return both_accuracies(data, student.notebook("ConvolutionalNetworks").best_convnet(given))
