"""Checks of the convolutional network: parameters are set, then loss and gradients compared.

The weights may be drawn in any way; only their standard deviation is checked.
"""

import numpy as np

from plumbline import FLOAT32, at_most, check

LAYERS = ("affine_forward", "affine_backward", "relu_forward", "relu_backward", "softmax_loss")
NAMES = ("W1", "b1", "W2", "b2", "W3", "b3")


def deviation(weights, scale):
    """How far the standard deviation of some weights is from `scale`; None if there are none."""
    return abs(np.std(weights) / scale - 1) if isinstance(weights, np.ndarray) else None


def contents(student, thing):
    """The student's dictionary by value; an empty one if the student has something else."""
    values = student.get(thing)
    return values if isinstance(values, dict) else {}


def float64_type(student):
    """NumPy's float64 as a handle in the box: a type cannot be passed by value."""
    return student.gradient_check.np.float64


def random_parameters(rng, channels, filters, size, pooled, hidden, classes):
    """Parameters that give positive and negative scores.

    `pooled` is the number of pixels of each filter after pooling.
    """
    return {
        "W1": 0.1 * rng.randn(filters, channels, size, size),
        "b1": 0.2 * rng.randn(filters),
        "W2": 0.3 * rng.randn(filters * pooled, hidden),
        "b2": 0.2 * rng.randn(hidden),
        "W3": 0.5 * rng.randn(hidden, classes),
        "b3": rng.randn(classes) - 0.5,
    }


def layers_keep_float32(student, rng):
    """Whether the student's layers give float32 for float32, forward and backward."""
    x, w, b = (rng.randn(*shape).astype(np.float32) for shape in ((2, 3), (3, 4), (4,)))
    hidden, affine = student.layers.affine_forward(x, w, b)
    out, bend = student.layers.relu_forward(hidden)
    _, upstream = student.layers.softmax_loss(out, np.array([1, 0]))
    gradients = student.layers.affine_backward(student.layers.relu_backward(upstream, bend), affine)
    return all(getattr(value, "dtype", None) == np.float32 for value in (out, *gradients))


def loss_and_gradients(student, model, X, y):
    """The loss, and for each parameter its gradient; None for a gradient that is missing."""
    loss, grads = model.loss(X, y)
    grads = contents(student, grads)
    return {"loss": loss, **{f"d{name}": grads.get(name) for name in NAMES}}


@check(
    "three_layer_convnet",
    points=0.5,
    seed=231,
    visible=True,
    goals={f"W{layer}, deviation off by": at_most(0.2) for layer in (1, 2)},
)
def initial_filters(student, rng):
    """The parameters of a new network for images of 3 x 8 x 8."""
    model = student.classifiers.cnn.ThreeLayerConvNet(
        input_dim=(3, 8, 8), num_filters=10, filter_size=5, hidden_dim=12, weight_scale=0.01
    )
    params = contents(student, model.params)
    return {
        "names": ", ".join(sorted(params)),
        "shapes": ", ".join(str(np.shape(params[name])) for name in sorted(params)),
        "W1, deviation off by": deviation(params.get("W1"), 0.01),
        "W2, deviation off by": deviation(params.get("W2"), 0.01),
        "b1": params.get("b1"),
        "b2": params.get("b2"),
        "b3": params.get("b3"),
    }


@check("three_layer_convnet", points=1.5, seed=231, visible=True, needs=LAYERS)
def square_images(student, rng):
    """Scores, loss and gradients for square images, without regularisation."""
    model = student.classifiers.cnn.ThreeLayerConvNet(
        input_dim=(3, 8, 8), num_filters=3, filter_size=3, hidden_dim=7, dtype=float64_type(student)
    )
    model.params = random_parameters(rng, 3, 3, 3, pooled=16, hidden=7, classes=10)
    X, y = rng.randn(2, 3, 8, 8), rng.randint(10, size=2)
    return {"scores": model.loss(X), **loss_and_gradients(student, model, X, y)}


@check(
    "three_layer_convnet",
    points=1,
    seed=241,
    goals={f"W{layer}, deviation off by": at_most(0.2) for layer in (1, 2, 3)},
    hint="All three layers use the weight scale; images need not be square.",
)
def convnet_begun_at_other_sizes(student, rng):
    """Images of another shape, other sizes, another weight scale."""
    model = student.classifiers.cnn.ThreeLayerConvNet(
        input_dim=(4, 6, 10),
        num_filters=12,
        filter_size=3,
        hidden_dim=25,
        num_classes=20,
        weight_scale=0.2,
    )
    params = contents(student, model.params)
    return {
        "names": ", ".join(sorted(params)),
        "shapes": ", ".join(str(np.shape(params[name])) for name in sorted(params)),
        **{
            f"W{layer}, deviation off by": deviation(params.get(f"W{layer}"), 0.2)
            for layer in (1, 2, 3)
        },
        "b1": params.get("b1"),
        "b3": params.get("b3"),
    }


@check(
    "three_layer_convnet",
    points=1.75,
    seed=242,
    needs=LAYERS,
    hint="Regularise the weights of all three layers, in the loss and in the gradients.",
)
def convnet_regularised_on_oblong_images(student, rng):
    """Images that are not square, larger filters, regularisation."""
    sizes = {"num_filters": 4, "filter_size": 5, "hidden_dim": 6, "num_classes": 5}
    model = student.classifiers.cnn.ThreeLayerConvNet(
        input_dim=(2, 4, 8), reg=0.6, dtype=float64_type(student), **sizes
    )
    model.params = random_parameters(rng, 2, 4, 5, pooled=8, hidden=6, classes=5)
    return loss_and_gradients(student, model, rng.randn(3, 2, 4, 8), np.array([4, 0, 2]))


@check(
    "three_layer_convnet",
    points=1,
    seed=243,
    needs=LAYERS,
    hint="Scores may be negative: the last layer has no ReLU.",
)
def convnet_with_negative_scores(student, rng):
    """Positive and negative scores, the loss and the gradients."""
    model = student.classifiers.cnn.ThreeLayerConvNet(
        input_dim=(1, 4, 4),
        num_filters=2,
        filter_size=1,
        hidden_dim=5,
        num_classes=6,
        dtype=float64_type(student),
    )
    model.params = random_parameters(rng, 1, 2, 1, pooled=4, hidden=5, classes=6)
    X = rng.randn(4, 1, 4, 4)
    scores = model.loss(X)
    return {"scores": scores, **loss_and_gradients(student, model, X, np.array([5, 1, 1, 3]))}


@check(
    "three_layer_convnet",
    points=0.75,
    seed=244,
    needs=LAYERS,
    hint="Try images of odd height or width: the pooling halves them, rounding down.",
)
def convnet_on_images_of_odd_sides(student, rng):
    """A new network for images of odd height and width, and two such images."""
    model = student.classifiers.cnn.ThreeLayerConvNet(
        input_dim=(1, 5, 5),
        num_filters=2,
        filter_size=3,
        hidden_dim=3,
        num_classes=4,
        dtype=float64_type(student),
    )
    new_weights = contents(student, model.params).get("W2")
    model.params = random_parameters(rng, 1, 2, 3, pooled=4, hidden=3, classes=4)
    observed = loss_and_gradients(student, model, rng.randn(2, 1, 5, 5), np.array([1, 3]))
    return {"W2, shape": str(np.shape(new_weights)), **observed}


@check(
    "three_layer_convnet",
    points=0.5,
    seed=245,
    needs=LAYERS,
    when="float32",
    tolerance=FLOAT32,
    hint="Scores and gradients have the network's dtype, which is float32 by default.",
)
def convnet_in_single_precision(student, rng):
    """The dtypes of scores and gradients by default, where the layers keep float32."""
    model = student.classifiers.cnn.ThreeLayerConvNet(
        input_dim=(2, 4, 4), num_filters=3, filter_size=3, hidden_dim=5, num_classes=3
    )
    params = random_parameters(rng, 2, 3, 3, pooled=4, hidden=5, classes=3)
    model.params = {name: value.astype(np.float32) for name, value in params.items()}
    X = rng.randn(3, 2, 4, 4)
    scores = model.loss(X)
    observed = loss_and_gradients(student, model, X, np.array([0, 2, 1]))
    values = (scores, *(observed[f"d{name}"] for name in NAMES))
    dtypes = [str(getattr(value, "dtype", None)) for value in values]
    if not layers_keep_float32(student, rng):
        dtypes = ["float32"] * len(values)  # it is paid for where the layers are asked
    return {"dtypes": ", ".join(dtypes), "scores": scores, **observed}
