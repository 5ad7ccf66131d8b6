"""Checks of the network of any depth: parameters are set, then loss and gradients compared.

Three questions: the plain network, the network with normalisation, the network with dropout. The
weights may be drawn in any way; only their standard deviation is checked.
"""

import numpy as np

from plumbline import FLOAT32, Tolerance, at_most, check, rel_error

LAYERS = ("affine_forward", "affine_backward", "relu_forward", "relu_backward", "softmax_loss")
PLAIN = (*LAYERS, "fully_connected_net")
BATCH_NORM = (*PLAIN, "batchnorm_forward", "batchnorm_backward_alt")
LAYER_NORM = (*PLAIN, "layernorm_forward", "layernorm_backward")
DROPOUT = (*PLAIN, "dropout_forward", "dropout_backward")


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


def random_parameters(rng, sizes, normalised=False):
    """Random parameters of a network with these layer sizes, from the input to the classes."""
    params = {}
    for layer in range(1, len(sizes)):
        fan_in, fan_out = sizes[layer - 1 : layer + 1]
        params[f"W{layer}"] = rng.randn(fan_in, fan_out) * np.sqrt(2 / fan_in)
        params[f"b{layer}"] = 0.2 * rng.randn(fan_out)
        if normalised and layer < len(sizes) - 1:
            params[f"gamma{layer}"] = 1 + 0.3 * rng.randn(fan_out)
            params[f"beta{layer}"] = 0.3 * rng.randn(fan_out)
    return params


def layers_keep_float32(student, rng):
    """Whether the student's layers give float32 for float32, forward and backward."""
    x, w, b = (rng.randn(*shape).astype(np.float32) for shape in ((2, 3), (3, 4), (4,)))
    hidden, affine = student.layers.affine_forward(x, w, b)
    out, bend = student.layers.relu_forward(hidden)
    _, upstream = student.layers.softmax_loss(out, np.array([1, 0]))
    gradients = student.layers.affine_backward(student.layers.relu_backward(upstream, bend), affine)
    return all(getattr(value, "dtype", None) == np.float32 for value in (out, *gradients))


def loss_and_gradients(student, model, params, X, y):
    """The loss, and for each parameter its gradient; None for a gradient that is missing."""
    loss, grads = model.loss(X, y)
    grads = contents(student, grads)
    return {"loss": loss, **{f"d{name}": grads.get(name) for name in params}}


@check(
    "fully_connected_net",
    points=0.5,
    seed=231,
    visible=True,
    goals={"W1, deviation off by": at_most(0.15), "W2, deviation off by": at_most(0.15)},
)
def initial_layers(student, rng):
    """The parameters of a new network of three layers."""
    model = student.classifiers.fc_net.FullyConnectedNet(
        [30, 40], input_dim=50, num_classes=10, weight_scale=0.05
    )
    params = contents(student, model.params)
    return {
        "names": ", ".join(sorted(params)),
        "shapes": ", ".join(str(np.shape(params[name])) for name in sorted(params)),
        "W1, deviation off by": deviation(params.get("W1"), 0.05),
        "W2, deviation off by": deviation(params.get("W2"), 0.05),
        "b1": params.get("b1"),
        "b3": params.get("b3"),
    }


@check("fully_connected_net", points=1.5, seed=231, visible=True, needs=LAYERS)
def three_layers(student, rng):
    """Scores, loss and gradients of a network of three layers without regularisation."""
    model = student.classifiers.fc_net.FullyConnectedNet(
        [20, 30], input_dim=15, num_classes=10, dtype=float64_type(student)
    )
    X, y = rng.randn(2, 15), rng.randint(10, size=2)
    model.params = params = random_parameters(rng, [15, 20, 30, 10])
    return {"scores": model.loss(X), **loss_and_gradients(student, model, params, X, y)}


@check(
    "fully_connected_net",
    points=0.5,
    seed=228,
    goals={f"W{layer}, deviation off by": at_most(0.2) for layer in (1, 2, 3, 4)},
    hint="Every layer uses the weight scale, also the last one.",
)
def deep_layers_begun_at_another_scale(student, rng):
    """The parameters of a new network of four layers, with a large weight scale."""
    model = student.classifiers.fc_net.FullyConnectedNet(
        [20, 25, 30], input_dim=40, num_classes=20, weight_scale=0.4
    )
    params = contents(student, model.params)
    return {
        "names": ", ".join(sorted(params)),
        "shapes": ", ".join(str(np.shape(params[name])) for name in sorted(params)),
        **{
            f"W{layer}, deviation off by": deviation(params.get(f"W{layer}"), 0.4)
            for layer in (1, 2, 3, 4)
        },
        "b2": params.get("b2"),
        "b4": params.get("b4"),
    }


@check(
    "fully_connected_net",
    points=1.25,
    seed=222,
    needs=LAYERS,
    hint="There may be any number of layers; regularise the weights of all, and no biases.",
)
def deep_layers_regularised(student, rng):
    """Five layers with regularisation."""
    model = student.classifiers.fc_net.FullyConnectedNet(
        [7, 5, 8, 6], input_dim=9, num_classes=4, reg=0.8, dtype=float64_type(student)
    )
    model.params = params = random_parameters(rng, [9, 7, 5, 8, 6, 4])
    return loss_and_gradients(student, model, params, rng.randn(6, 9), rng.randint(4, size=6))


@check(
    "fully_connected_net",
    points=0.25,
    seed=223,
    needs=LAYERS,
    hint="A network may have a single hidden layer.",
)
def one_hidden_layer(student, rng):
    """One hidden layer."""
    model = student.classifiers.fc_net.FullyConnectedNet(
        [8], input_dim=12, num_classes=6, dtype=float64_type(student)
    )
    model.params = params = random_parameters(rng, [12, 8, 6])
    X, y = rng.randn(3, 12), np.array([4, 0, 5])
    return {"scores": model.loss(X), **loss_and_gradients(student, model, params, X, y)}


@check(
    "fully_connected_net",
    points=0.5,
    seed=233,
    needs=LAYERS,
    hint="The examples may be images, which have several axes.",
)
def layers_on_images(student, rng):
    """A batch of images."""
    model = student.classifiers.fc_net.FullyConnectedNet(
        [8, 7], input_dim=12, num_classes=6, dtype=float64_type(student)
    )
    model.params = params = random_parameters(rng, [12, 8, 7, 6])
    X, y = rng.randn(4, 2, 3, 2), np.array([4, 0, 5, 1])
    return {"scores": model.loss(X), **loss_and_gradients(student, model, params, X, y)}


@check(
    "fully_connected_net",
    points=0.5,
    seed=227,
    needs=LAYERS,
    when="float32",
    tolerance=FLOAT32,
    hint="Scores and gradients have the network's dtype, which is float32 by default.",
)
def layers_in_single_precision(student, rng):
    """The dtypes of scores and gradients by default, where the layers keep float32."""
    model = student.classifiers.fc_net.FullyConnectedNet([6, 5], input_dim=7, num_classes=3)
    params = random_parameters(rng, [7, 6, 5, 3])
    model.params = params = {name: value.astype(np.float32) for name, value in params.items()}
    X = rng.randn(4, 7)
    scores = model.loss(X)
    observed = loss_and_gradients(student, model, params, X, np.array([0, 2, 2, 1]))
    values = (scores, *(observed[f"d{name}"] for name in params))
    dtypes = [str(getattr(value, "dtype", None)) for value in values]
    if not layers_keep_float32(student, rng):
        dtypes = ["float32"] * len(values)  # it is paid for where the layers are asked
    return {"dtypes": ", ".join(dtypes), "scores": scores, **observed}


@check("net_with_normalization", points=0.5, seed=229, visible=True, needs=BATCH_NORM)
def a_layer_with_batch_norm(student, rng):
    """The names of the parameters, the loss and the gradients of a hidden layer with batch norm."""
    model = student.classifiers.fc_net.FullyConnectedNet(
        [6], input_dim=5, num_classes=4, normalization="batchnorm", dtype=float64_type(student)
    )
    names = ", ".join(sorted(contents(student, model.params)))
    model.params = params = random_parameters(rng, [5, 6, 4], normalised=True)
    X, y = rng.randn(7, 5), rng.randint(4, size=7)
    return {"names": names, **loss_and_gradients(student, model, params, X, y)}


@check(
    "net_with_normalization",
    points=0.5,
    seed=221,
    needs=("fully_connected_net",),
    hint="Each hidden layer has a gamma of ones and a beta of zeros; the last layer has neither.",
)
def deep_layers_begun_with_normalisation(student, rng):
    """The parameters of a new network of four layers, with each normalisation."""
    nets = {
        kind: student.classifiers.fc_net.FullyConnectedNet(
            [20, 25, 30],
            input_dim=40,
            num_classes=20,
            normalization=kind,
        )
        for kind in ("batchnorm", "layernorm")
    }
    params, others = (contents(student, net.params) for net in nets.values())
    scales_and_shifts = {
        f"{name}{layer}": params.get(f"{name}{layer}")
        for name in ("gamma", "beta")
        for layer in (1, 2, 3)
    }
    return {
        "names": ", ".join(sorted(params)),
        "names, layer norm": ", ".join(sorted(others)),
        "shapes": ", ".join(str(np.shape(params[name])) for name in sorted(params)),
        **scales_and_shifts,
        "b2": params.get("b2"),
        "b4": params.get("b4"),
    }


@check(
    "net_with_normalization",
    points=0.6,
    seed=224,
    needs=BATCH_NORM,
    # eps in test mode is paid for in the layer; here it changes the scores by 2e-4 at most.
    tolerance={"scores": Tolerance(((1e-3, 1.0),), normwise=True)},
    hint="Batch normalisation comes before every ReLU; without y it is in test mode.",
)
def deep_layers_with_batch_norm(student, rng):
    """Loss and gradients, then scores with the running averages."""
    model = student.classifiers.fc_net.FullyConnectedNet(
        [6, 7], input_dim=5, num_classes=4, normalization="batchnorm", dtype=float64_type(student)
    )
    model.params = params = random_parameters(rng, [5, 6, 7, 4], normalised=True)
    X, y = rng.randn(9, 5), rng.randint(4, size=9)
    observed = loss_and_gradients(student, model, params, X, y)
    # Scales and shifts in test mode are paid for in the layer.
    ones = {name: np.ones_like(value) for name, value in params.items() if "gamma" in name}
    zeros = {name: np.zeros_like(value) for name, value in params.items() if "beta" in name}
    model.params = {**params, **ones, **zeros}
    scores = model.loss(rng.randn(3, 5))
    model.params = params
    # Regularised weights are paid for in the plain network: here only scales and shifts count.
    model.reg = 0.3
    regularised = loss_and_gradients(student, model, params, X, y)
    scales_and_shifts = {
        f"{name}, reg 0.3": value
        for name, value in regularised.items()
        if name.startswith(("dgamma", "dbeta"))
    }
    return {**observed, "scores": scores, **scales_and_shifts}


@check(
    "net_with_normalization",
    points=0.4,
    seed=225,
    needs=LAYER_NORM,
    hint="Layer normalisation comes before every ReLU, in training and in test mode.",
)
def deep_layers_with_layer_norm(student, rng):
    """Loss and gradients, then scores."""
    model = student.classifiers.fc_net.FullyConnectedNet(
        [6, 7], input_dim=5, num_classes=4, normalization="layernorm", dtype=float64_type(student)
    )
    model.params = params = random_parameters(rng, [5, 6, 7, 4], normalised=True)
    X, y = rng.randn(4, 5), rng.randint(4, size=4)
    observed = loss_and_gradients(student, model, params, X, y)
    return {**observed, "scores": model.loss(X)}


@check("net_with_dropout", points=0.25, seed=230, visible=True, needs=DROPOUT)
def a_layer_with_dropout(student, rng):
    """Training drops other units in every call; test scores have no dropout."""
    model = student.classifiers.fc_net.FullyConnectedNet(
        [20], input_dim=6, num_classes=4, dropout_keep_ratio=0.5, dtype=float64_type(student)
    )
    X, y = rng.randn(5, 6), rng.randint(4, size=5)
    model.params = params = random_parameters(rng, [6, 20, 4])
    scores = model.loss(X)
    first, second = (loss_and_gradients(student, model, params, X, y)["loss"] for _ in range(2))
    # A layer that drops the same units without a seed is paid for there.
    ones, param = np.ones((9, 9)), {"mode": "train", "p": 0.5}
    same = np.array_equal(*(student.layers.dropout_forward(ones, param)[0] for _ in range(2)))
    return {
        "scores": scores,
        "scores after training": model.loss(X),
        "training drops units": bool(abs(first - plain_loss(scores, y)) > 1e-9),
        "other units every time": bool(same or abs(first - second) > 1e-9),
    }


@check(
    "net_with_dropout",
    points=0.5,
    seed=226,
    needs=DROPOUT,
    goals={"slope, off by": at_most(1e-5)},
    hint="In training dropout comes after every ReLU, in the forward and in the backward pass; "
    "without y there is no dropout.",
)
def deep_layers_with_dropout(student, rng):
    """The gradient agrees with the slope of a loss with dropout; test scores have none."""
    model = student.classifiers.fc_net.FullyConnectedNet(
        [20, 30],
        input_dim=8,
        num_classes=5,
        dropout_keep_ratio=0.6,
        dtype=float64_type(student),
        seed=11,
    )
    X, y = rng.randn(5, 8), rng.randint(5, size=5)
    params = random_parameters(rng, [8, 20, 30, 5])
    error, loss = slope_error(student, model, params, X, y, rng)
    scores = model.loss(X)
    return {
        "slope, off by": error,
        "training drops units": bool(abs(loss - plain_loss(scores, y)) > 1e-6),
        "scores": scores,
        "scores again": model.loss(X),
    }


@check(
    "net_with_dropout",
    points=0.25,
    seed=232,
    needs=(*DROPOUT, *LAYER_NORM),
    goals={"slope, off by": at_most(1e-5)},
    hint="Dropout works with and without normalisation, and only on hidden layers.",
)
def dropout_beside_layer_norm(student, rng):
    """Both kinds of layers in one network; then a loss that depends on no hidden unit."""
    model = student.classifiers.fc_net.FullyConnectedNet(
        [15, 20],
        input_dim=7,
        num_classes=4,
        dropout_keep_ratio=0.7,
        normalization="layernorm",
        dtype=float64_type(student),
        seed=12,
    )
    X, y = rng.randn(4, 7), rng.randint(4, size=4)
    params = random_parameters(rng, [7, 15, 20, 4], normalised=True)
    error, loss = slope_error(student, model, params, X, y, rng)
    scores = model.loss(X)
    model.params = {**params, "W3": np.zeros_like(params["W3"])}
    disconnected, _ = model.loss(X, y)
    return {
        "slope, off by": error,
        "training drops units": bool(abs(loss - plain_loss(scores, y)) > 1e-6),
        "scores": scores,
        "loss, no unit connected": disconnected,
    }


def slope_error(student, model, params, X, y, rng):
    """The error of the gradients against the loss's slope in a random direction; and the loss.

    Every call draws the same mask: NumPy's generator is seeded before it, for a dropout layer that
    does not use the network's seed, which is paid for where that layer is asked.
    """
    direction = {name: rng.randn(*value.shape) for name, value in params.items()}
    step = 1e-6

    def loss_at(distance):
        model.params = {name: params[name] + distance * direction[name] for name in params}
        student.gradient_check.np.random.seed(0)
        loss, _ = model.loss(X, y)
        return loss

    slope = (loss_at(step) - loss_at(-step)) / (2 * step)
    model.params = params
    student.gradient_check.np.random.seed(0)
    observed = loss_and_gradients(student, model, params, X, y)
    gradients = {name: observed[f"d{name}"] for name in params}
    if not all(np.shape(gradients[name]) == direction[name].shape for name in params):
        return 1.0, observed["loss"]
    predicted = sum(np.sum(direction[name] * gradients[name]) for name in params)
    error = rel_error(slope, predicted) if np.isfinite(predicted) else 1.0
    return error, observed["loss"]


def plain_loss(scores, y):
    """The softmax loss of these scores."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(y.size), y])
