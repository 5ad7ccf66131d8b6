"""Checks of networks written as functions, and of the class that trains them."""

import numpy as np

from plumbline import check

LAYERS = ("affine_forward", "affine_backward", "relu_forward", "relu_backward", "softmax_loss")


def parameters(rng, features, hidden, classes):
    """Parameters that give positive and negative scores; the biases are not zero."""
    return {
        "W1": rng.randn(features, hidden) / np.sqrt(features),
        "b1": 0.2 * rng.randn(hidden),
        "W2": rng.randn(hidden, classes),
        "b2": rng.randn(classes) - 0.5,
    }


def evenly_spaced():
    """Evenly spaced examples and parameters, and the examples' classes."""
    model = {
        "W1": np.linspace(-0.7, 0.3, num=200).reshape(4, 50),
        "b1": np.linspace(-0.1, 0.9, num=50),
        "W2": np.linspace(-0.3, 0.4, num=350).reshape(50, 7),
        "b2": np.linspace(-0.9, 0.1, num=7),
    }
    return np.linspace(-5.5, 4.5, num=12).reshape(4, 3).T, model, np.array([0, 5, 1])


def loss_and_gradients(student, function, X, model, y, reg):
    """The loss, and the gradients as dW1, db1, and so on; None for a gradient that is missing."""
    loss, grads = function(X, model, y, reg)
    grads = student.get(grads)
    grads = grads if isinstance(grads, dict) else {}
    return {"loss": loss, **{f"d{name}": grads.get(name) for name in ("W1", "b1", "W2", "b2")}}


@check("neural_net", points=1.5, seed=0, visible=True)
def function_on_even_parameters(student, rng):
    """Scores and loss for evenly spaced parameters, without and with regularisation."""
    X, model, y = evenly_spaced()
    net = student.classifiers.neural_net.two_layer_net
    plain, _ = net(X, model, y)
    regularised, _ = net(X, model, y, 1.0)
    return {"scores": net(X, model), "loss": plain, "loss, reg 1": regularised}


@check("neural_net", points=1, seed=301, visible=True)
def function_gradients(student, rng):
    """All gradients, without regularisation."""
    net = student.classifiers.neural_net.two_layer_net
    X, model = rng.randn(6, 5), parameters(rng, 5, 8, 4)
    return loss_and_gradients(student, net, X, model, rng.randint(4, size=6), 0.0)


@check(
    "neural_net",
    points=2,
    seed=302,
    hint="Regularise both weights with the factor one half, in the loss and in the gradients.",
)
def function_regularised(student, rng):
    """All gradients with regularisation, for other sizes."""
    net = student.classifiers.neural_net.two_layer_net
    X, model = rng.randn(9, 7), parameters(rng, 7, 6, 5)
    return loss_and_gradients(student, net, X, model, rng.randint(5, size=9), 0.7)


@check(
    "neural_net",
    points=0.5,
    seed=303,
    hint="Large scores must not overflow: subtract the largest score of each example first.",
)
def function_of_huge_scores(student, rng):
    """Scores of about a thousand, which are close to each other."""
    net = student.classifiers.neural_net.two_layer_net
    X, model = rng.randn(4, 5), parameters(rng, 5, 6, 3)
    model["b2"] += 1000
    return loss_and_gradients(student, net, X, model, rng.randint(3, size=4), 0.0)


@check(
    "neural_net",
    points=0.5,
    seed=304,
    hint="Scores may be negative: the last layer has no ReLU.",
)
def function_of_negative_scores(student, rng):
    """Positive and negative scores."""
    net = student.classifiers.neural_net.two_layer_net
    return {"scores": net(rng.randn(5, 4), parameters(rng, 4, 7, 6))}


@check(
    "neural_net",
    points=0.5,
    seed=305,
    hint="The function changes neither the examples nor the parameters.",
)
def function_spares_its_inputs(student, rng):
    """Examples and parameters are not changed."""
    net = student.classifiers.neural_net.two_layer_net
    X, model = student.put(rng.randn(3, 5)), student.put(parameters(rng, 5, 7, 6))
    loss, _ = net(X, model, np.array([2, 0, 5]), 0.0)
    net(X, model, np.array([2, 0, 5]), 0.3)
    after = {f"{name} afterwards": value for name, value in student.get(model).items()}
    return {"loss": loss, **after, "X afterwards": student.get(X)}


def trained(student, rng, scale=1.0, **options):
    """A network trained on all examples at once: its parameters, and the loss of every step."""
    trainer = student.classifier_trainer.ClassifierTrainer()
    X, y = scale * rng.randn(20, 6), rng.randint(3, size=20)
    model = student.put(parameters(rng, 6, 5, 3))
    _, losses, _, _ = trainer.train(
        X,
        y,
        X,
        y,
        model,
        student.classifiers.neural_net.two_layer_net,
        sample_batches=False,
        **options,
    )
    return {**student.get(model), "losses": np.array(student.get(losses), dtype=float)}


@check("trainer_momentum", points=0.5, seed=311, visible=True, needs=("neural_net",))
def momentum_for_a_few_epochs(student, rng):
    """Parameters and losses after five steps with momentum."""
    return trained(student, rng, update="momentum", momentum=0.9, num_epochs=5)


@check(
    "trainer_momentum",
    points=0.75,
    seed=312,
    needs=("neural_net",),
    hint="The learning rate, which decays, multiplies the gradient and not the last step.",
)
def momentum_while_the_rate_decays(student, rng):
    """A learning rate that decays fast."""
    return trained(
        student,
        rng,
        update="momentum",
        momentum=0.9,
        learning_rate=0.3,
        learning_rate_decay=0.6,
        num_epochs=9,
    )


@check(
    "trainer_momentum",
    points=0.75,
    seed=313,
    needs=("neural_net",),
    hint="Use the momentum that is given, which may be 0.",
)
def momentum_of_nothing(student, rng):
    """Momentum 0: plain steps."""
    return trained(student, rng, update="momentum", momentum=0, learning_rate=0.2, num_epochs=3)


@check("trainer_rmsprop", points=1, seed=321, visible=True, needs=("neural_net",))
def first_step_by_the_running_mean(student, rng):
    """The parameters after the first step."""
    return trained(student, rng, update="rmsprop", learning_rate=1e-3, num_epochs=1)


@check(
    "trainer_rmsprop",
    points=1,
    seed=322,
    needs=("neural_net",),
    hint="The smoothing term is inside the square root.",
)
def tiny_gradients(student, rng):
    """Inputs so small that the smoothing term matters."""
    return trained(student, rng, scale=1e-3, update="rmsprop", learning_rate=1e-2, num_epochs=1)


@check(
    "trainer_rmsprop",
    points=1,
    seed=323,
    needs=("neural_net",),
    hint="Keep the running mean from one step to the next.",
)
def running_mean_for_long(student, rng):
    """Many steps, a decaying learning rate."""
    return trained(
        student,
        rng,
        update="rmsprop",
        learning_rate=5e-3,
        learning_rate_decay=0.9,
        num_epochs=30,
    )


def convnet_parameters(rng, shape, filters, size, classes):
    """Random parameters of a two-layer convolutional network."""
    channels, height, width = shape
    return {
        "W1": 0.1 * rng.randn(filters, channels, size, size),
        "b1": 0.2 * rng.randn(filters),
        "W2": 0.3 * rng.randn(filters * (height // 2) * (width // 2), classes),
        "b2": rng.randn(classes) - 0.5,
    }


@check("two_layer_convnet", points=1, seed=331, visible=True, needs=LAYERS)
def scores_of_the_function(student, rng):
    """Scores and loss of a batch of images."""
    net = student.classifiers.convnet.two_layer_convnet
    X, model = rng.randn(3, 3, 6, 6), convnet_parameters(rng, (3, 6, 6), 4, 3, 5)
    loss, _ = net(X, model, np.array([0, 2, 4]))
    return {"scores": net(X, model), "loss": loss}


@check(
    "two_layer_convnet",
    points=2,
    seed=332,
    needs=LAYERS,
    hint="Regularise the weights of both layers with the factor one half.",
)
def convolution_regularised_on_oblong_images(student, rng):
    """Loss and gradients with regularisation, on images that are not square."""
    net = student.classifiers.convnet.two_layer_convnet
    X, model = rng.randn(4, 2, 4, 8), convnet_parameters(rng, (2, 4, 8), 3, 3, 4)
    return loss_and_gradients(student, net, X, model, rng.randint(4, size=4), 0.6)


@check(
    "two_layer_convnet",
    points=0.5,
    seed=333,
    needs=LAYERS,
    hint="Filters may be larger; the convolution is padded so that it keeps height and width.",
)
def convolution_with_larger_filters(student, rng):
    """Filters of another size: scores, loss and gradients."""
    net = student.classifiers.convnet.two_layer_convnet
    X, model = rng.randn(2, 1, 8, 8), convnet_parameters(rng, (1, 8, 8), 2, 5, 6)
    observed = loss_and_gradients(student, net, X, model, np.array([3, 1]), 0.0)
    return {"scores": net(X, model), **observed}


@check(
    "two_layer_convnet",
    points=0.5,
    seed=334,
    needs=LAYERS,
    hint="The function changes neither the images nor the parameters.",
)
def convolution_spares_its_inputs(student, rng):
    """Images and parameters are not changed."""
    net = student.classifiers.convnet.two_layer_convnet
    X = student.put(rng.randn(2, 1, 6, 6))
    model = student.put(convnet_parameters(rng, (1, 6, 6), 2, 3, 4))
    loss, _ = net(X, model, np.array([3, 0]), 0.0)
    net(X, model, np.array([3, 0]), 0.2)
    after = {f"{name} afterwards": value for name, value in student.get(model).items()}
    return {"loss": loss, **after, "X afterwards": student.get(X)}
