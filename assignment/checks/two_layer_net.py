"""Checks of the two-layer network: its parameters are set, then its loss and gradients compared.

The weights may be drawn in any way; only their standard deviation is checked.
"""

import numpy as np

from plumbline import at_most, check

LAYERS = ("affine_forward", "affine_backward", "relu_forward", "relu_backward", "softmax_loss")


def named(values, *names):
    """Some entries of a dictionary by name; None for an entry that is missing."""
    entries = values if isinstance(values, dict) else {}
    return {name: entries.get(name) for name in names}


def deviation(weights, scale):
    """How far the standard deviation of some weights is from `scale`; None if there are none."""
    return abs(np.std(weights) / scale - 1) if isinstance(weights, np.ndarray) else None


def loss_and_gradients(student, model, X, y):
    """The loss, and the gradients as dW1, db1, and so on."""
    loss, grads = model.loss(X, y)
    grads = named(student.get(grads), "W1", "b1", "W2", "b2")
    return {"loss": loss, **{f"d{name}": gradient for name, gradient in grads.items()}}


def random_parameters(rng, inputs, hidden, classes):
    """Parameters that give positive and negative scores; the biases are not zero."""
    return {
        "W1": rng.randn(inputs, hidden) / np.sqrt(inputs),
        "b1": 0.3 * rng.randn(hidden),
        "W2": rng.randn(hidden, classes),
        "b2": rng.randn(classes) - 1,
    }


@check(
    "two_layer_net",
    points=0.5,
    seed=231,
    visible=True,
    goals={"W1, deviation off by": at_most(0.15), "W2, deviation off by": at_most(0.15)},
)
def initial_parameters(student, rng):
    """New parameters: shapes, zero biases, and weights with the standard deviation asked for."""
    model = student.classifiers.fc_net.TwoLayerNet(
        input_dim=30, hidden_dim=40, num_classes=35, weight_scale=0.01
    )
    params = named(student.get(model.params), "W1", "b1", "W2", "b2")
    return {
        "W1, shape": str(np.shape(params["W1"])),
        "W2, shape": str(np.shape(params["W2"])),
        "W1, deviation off by": deviation(params["W1"], 0.01),
        "W2, deviation off by": deviation(params["W2"], 0.01),
        "b1": params["b1"],
        "b2": params["b2"],
    }


@check("two_layer_net", points=1.5, seed=0, visible=True, needs=LAYERS)
def evenly_spaced_parameters(student, rng):
    """Scores, and the loss without and with regularisation, for given parameters."""
    model = student.classifiers.fc_net.TwoLayerNet(input_dim=4, hidden_dim=50, num_classes=7)
    model.params = {
        "W1": np.linspace(-0.7, 0.3, num=200).reshape(4, 50),
        "b1": np.linspace(-0.1, 0.9, num=50),
        "W2": np.linspace(-0.3, 0.4, num=350).reshape(50, 7),
        "b2": np.linspace(-0.9, 0.1, num=7),
    }
    X, y = np.linspace(-5.5, 4.5, num=12).reshape(4, 3).T, np.array([0, 5, 1])
    scores = model.loss(X)
    plain, _ = model.loss(X, y)
    model.reg = 1.0
    regularised, _ = model.loss(X, y)
    return {"scores": scores, "loss": plain, "loss, reg 1": regularised}


@check(
    "two_layer_net",
    points=0.75,
    seed=211,
    goals={"W1, deviation off by": at_most(0.15), "W2, deviation off by": at_most(0.15)},
    hint="Both layers use the weight scale, for all sizes.",
)
def two_layers_begun_at_other_sizes(student, rng):
    """Another weight scale, and other sizes."""
    model = student.classifiers.fc_net.TwoLayerNet(
        input_dim=60, hidden_dim=45, num_classes=20, weight_scale=0.3
    )
    params = named(student.get(model.params), "W1", "b1", "W2", "b2")
    return {
        "W1, shape": str(np.shape(params["W1"])),
        "W2, shape": str(np.shape(params["W2"])),
        "W1, deviation off by": deviation(params["W1"], 0.3),
        "W2, deviation off by": deviation(params["W2"], 0.3),
        "b1": params["b1"],
        "b2": params["b2"],
    }


@check(
    "two_layer_net",
    points=1.75,
    seed=212,
    needs=LAYERS,
    hint="Regularise the weights of both layers, in the loss and in the gradients.",
)
def two_layers_regularised_on_images(student, rng):
    """Loss and gradients for a batch of images, with regularisation."""
    model = student.classifiers.fc_net.TwoLayerNet(input_dim=12, hidden_dim=8, num_classes=5)
    model.params = random_parameters(rng, 12, 8, 5)
    model.reg = 0.7
    return loss_and_gradients(student, model, rng.randn(6, 3, 2, 2), rng.randint(5, size=6))


@check(
    "two_layer_net",
    points=1,
    seed=213,
    needs=LAYERS,
    hint="Scores may be negative; the last layer has no ReLU.",
)
def two_layers_with_negative_scores(student, rng):
    """Positive and negative scores, the loss and the gradients."""
    model = student.classifiers.fc_net.TwoLayerNet(input_dim=6, hidden_dim=7, num_classes=4)
    model.params = random_parameters(rng, 6, 7, 4)
    X = rng.randn(5, 6)
    scores = model.loss(X)
    return {"scores": scores, **loss_and_gradients(student, model, X, rng.randint(4, size=5))}


@check(
    "two_layer_net",
    points=0.5,
    seed=214,
    needs=LAYERS,
    hint="The loss changes neither the parameters nor the examples.",
)
def two_layers_spare_their_inputs(student, rng):
    """Neither the parameters nor the examples are changed."""
    model = student.classifiers.fc_net.TwoLayerNet(input_dim=5, hidden_dim=6, num_classes=3)
    params = student.put(random_parameters(rng, 5, 6, 3))
    model.params = params
    X = student.put(rng.randn(3, 5))
    loss, _ = model.loss(X, np.array([2, 0, 1]))
    model.reg = 0.4
    model.loss(X, np.array([2, 0, 1]))
    after = {f"{name} afterwards": value for name, value in student.get(params).items()}
    return {"loss": loss, **after, "X afterwards": student.get(X)}
