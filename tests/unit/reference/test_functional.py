"""The networks that are functions, and the class that trains them."""

import numpy as np
import pytest

from convnet.classifier_trainer import ClassifierTrainer
from convnet.classifiers.convnet import init_two_layer_convnet, two_layer_convnet
from convnet.classifiers.fc_net import TwoLayerNet
from convnet.classifiers.neural_net import init_two_layer_model, two_layer_net
from convnet.data_utils import get_data
from convnet.gradient_check import eval_numerical_gradient, rel_error
from convnet.layers import (
    affine_forward,
    conv_forward_naive,
    max_pool_forward_naive,
    relu_forward,
    softmax_loss,
)

RULES = ("sgd", "momentum", "rmsprop")


def dense(rng, features=5, hidden=8, classes=4):
    """Parameters of which none is zero."""
    shapes = {"W1": (features, hidden), "b1": hidden, "W2": (hidden, classes), "b2": classes}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


def convolutional(**settings):
    """Parameters large enough for scores of both signs; they are drawn with seed 4."""
    np.random.seed(4)
    return init_two_layer_convnet(weight_scale=0.3, bias_scale=0.3, **settings)


def assert_gradients(function, X, model, y, reg, h):
    """Every gradient has its parameter's shape and agrees with a numeric one."""
    _, grads = function(X, model, y, reg)
    assert set(grads) == set(model)
    for name, gradient in grads.items():
        numeric = eval_numerical_gradient(lambda _: function(X, model, y, reg)[0], model[name], h=h)
        assert gradient.shape == model[name].shape
        assert rel_error(gradient, numeric) < 1e-5, name


def test_a_model_begins_near_zero():
    np.random.seed(0)
    model = init_two_layer_model(30, 50, 10)
    shapes = {"W1": (30, 50), "b1": (50,), "W2": (50, 10), "b2": (10,)}
    assert {name: value.shape for name, value in model.items()} == shapes
    assert not model["b1"].any()
    assert not model["b2"].any()
    assert model["W1"].std() == pytest.approx(1e-5, rel=0.1)
    assert model["W2"].std() == pytest.approx(1e-5, rel=0.1)
    loss, _ = two_layer_net(np.random.randn(20, 30), model, np.arange(20) % 10)
    assert loss == pytest.approx(np.log(10), abs=1e-6)


@pytest.mark.parametrize("reg", [0.0, 0.7])
def test_gradients_of_the_function(reg):
    rng = np.random.RandomState(1)
    X, model, y = rng.randn(6, 5), dense(rng), rng.randint(4, size=6)
    assert_gradients(two_layer_net, X, model, y, reg, h=1e-5)


@pytest.mark.parametrize("reg", [0.0, 0.7])
def test_the_function_agrees_with_the_class(reg):
    rng = np.random.RandomState(2)
    X, model, y = rng.randn(7, 5), dense(rng), rng.randint(4, size=7)
    net = TwoLayerNet(input_dim=5, hidden_dim=8, num_classes=4, reg=reg)
    net.params = model
    loss, grads = two_layer_net(X, model, y, reg)
    right_loss, right_grads = net.loss(X, y)
    assert rel_error(two_layer_net(X, model), net.loss(X)) < 1e-12
    assert loss == pytest.approx(right_loss, rel=1e-12)
    for name in model:
        assert rel_error(grads[name], right_grads[name]) < 1e-9, name


def test_huge_scores_overflow_nothing():
    rng = np.random.RandomState(3)
    X, model, y = rng.randn(6, 5), dense(rng), rng.randint(4, size=6)
    model["W2"] *= 1000
    assert np.abs(two_layer_net(X, model)).max() > 1000
    loss, grads = two_layer_net(X, model, y)  # warnings are errors here
    assert np.isfinite(loss)
    assert all(np.isfinite(gradient).all() for gradient in grads.values())


@pytest.mark.parametrize("shape", [(3, 6, 6), (2, 4, 8)])
@pytest.mark.parametrize("reg", [0.0, 0.7])
def test_gradients_of_the_convolutional_function(shape, reg):
    rng = np.random.RandomState(5)
    model = convolutional(input_shape=shape, num_classes=4, num_filters=3, filter_size=3)
    X, y = rng.randn(2, *shape), np.array([3, 1])
    assert_gradients(two_layer_convnet, X, model, y, reg, h=1e-6)


@pytest.mark.parametrize("size", [1, 3, 5])
def test_the_convolutional_function_is_its_layers_in_a_row(size):
    rng = np.random.RandomState(6)
    model = convolutional(input_shape=(2, 6, 8), num_classes=5, num_filters=3, filter_size=size)
    X, y = rng.randn(3, 2, 6, 8), np.array([0, 4, 2])
    convolution = {"stride": 1, "pad": size // 2}
    out, _ = conv_forward_naive(X, model["W1"], model["b1"], convolution)
    out, _ = relu_forward(out)
    out, _ = max_pool_forward_naive(out, {"pool_height": 2, "pool_width": 2, "stride": 2})
    scores, _ = affine_forward(out, model["W2"], model["b2"])
    assert rel_error(two_layer_convnet(X, model), scores) < 1e-9

    squares = np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2)
    loss, _ = two_layer_convnet(X, model, y, 0.4)
    assert loss == pytest.approx(softmax_loss(scores, y)[0] + 0.2 * squares, rel=1e-12)


def test_the_usual_convolutional_network_begins_at_log_ten():
    np.random.seed(7)
    model = init_two_layer_convnet()
    shapes = {"W1": (32, 3, 5, 5), "b1": (32,), "W2": (32 * 16 * 16, 10), "b2": (10,)}
    assert {name: value.shape for name, value in model.items()} == shapes
    assert not model["b1"].any()
    assert model["W1"].std() == pytest.approx(1e-3, rel=0.1)
    X, y = np.random.randn(5, 3, 32, 32), np.arange(5)
    assert two_layer_convnet(X, model, y)[0] == pytest.approx(np.log(10), abs=1e-2)


def test_filters_of_even_size_are_refused():
    with pytest.raises(ValueError, match="filter_size is 4"):
        init_two_layer_convnet(filter_size=4)


@pytest.mark.parametrize("shape", [(3, 8), (3, 2, 4)])
def test_the_functions_change_nothing_that_they_are_given(shape):
    rng = np.random.RandomState(8)
    if len(shape) == 2:
        function, X, model = two_layer_net, rng.randn(*shape), dense(rng, features=8)
    else:
        function, X = two_layer_convnet, rng.randn(2, *shape)
        model = convolutional(input_shape=shape, num_classes=4, num_filters=2, filter_size=3)
    kept = {"X": X.copy(), **{name: value.copy() for name, value in model.items()}}
    function(X, model, np.arange(len(X)), 0.5)
    for name, value in {"X": X, **model}.items():
        assert np.array_equal(value, kept[name]), name


class Slope:
    """A loss with the gradient that it is told; it remembers what it was called with.

    `accuracy(w)` is the share of examples, all of class 0, that a model with that w gets right.
    """

    def __init__(self, gradient=1.0, accuracy=lambda _w: 1.0):
        self.gradient, self.accuracy = gradient, accuracy
        self.batches, self.scored, self.regs = [], [], []

    def __call__(self, X, model, y=None, reg=0.0):
        if y is None:
            self.scored.append(X)
            right = np.arange(len(X)) < round(self.accuracy(model["w"][0]) * len(X))
            return np.stack([right, ~right], axis=1).astype(float)
        self.batches.append((X, y))
        self.regs.append(reg)
        return 0.5, {"w": np.array([self.gradient])}


def train(slope, count=20, **settings):
    """Where w gets to from 0, and what `train` returned."""
    X = np.arange(count, dtype=float)
    y = np.zeros(count, dtype=int)
    settings = {"sample_batches": False, "learning_rate_decay": 1, **settings}
    model = {"w": np.zeros(1)}
    returned = ClassifierTrainer().train(X, y, X[:10], y[:10], model, slope, **settings)
    return model["w"][0], returned


@pytest.mark.parametrize(
    ("update", "steps"),
    [
        ("sgd", [-0.2, -0.2, -0.2]),
        ("momentum", [-0.2, -0.2 * 1.5, -0.2 * 1.75]),
        ("rmsprop", [-0.2 / np.sqrt(part) for part in (0.01, 0.0199, 0.029701)]),
    ],
)
def test_steps_of_every_rule(update, steps):
    """Against steps worked out by hand, for a gradient of 2 where nothing else is said."""
    for count in (1, 2, 3):
        w, _ = train(
            Slope(2.0), update=update, learning_rate=0.1 if update != "rmsprop" else 0.2,
            momentum=0.5, num_epochs=count,
        )  # fmt: skip
        assert w == pytest.approx(sum(steps[:count]), rel=1e-6)


def test_the_smoothing_stands_inside_the_root():
    """For a gradient of 1e-4 the mean of the squares is 1e-10, a hundredth of the smoothing."""
    w, _ = train(Slope(1e-4), update="rmsprop", learning_rate=1.0, num_epochs=1)
    assert w == pytest.approx(-1e-4 / np.sqrt(1.01e-8), rel=1e-9)
    assert abs(w) < 0.2 * 1e-4 / (np.sqrt(1e-10) + 1e-8)  # what it would be outside


def test_a_gradient_of_zero_moves_nothing():
    assert [train(Slope(0.0), update=rule, num_epochs=3)[0] for rule in RULES] == [0, 0, 0]


def test_without_momentum_steps_are_plain():
    plain, _ = train(Slope(), update="sgd", num_epochs=4)
    assert train(Slope(), update="momentum", num_epochs=4)[0] == plain
    assert train(Slope(), update="momentum", momentum=0.9, num_epochs=4)[0] < plain


def test_each_parameter_has_a_cache_of_its_own():
    trainer = ClassifierTrainer()
    assert trainer.step_cache == {}
    rng = np.random.RandomState(9)
    X, y, model = rng.randn(10, 5), rng.randint(4, size=10), dense(rng)
    trainer.train(X, y, X, y, model, two_layer_net, sample_batches=False, num_epochs=2)
    shapes = {name: value.shape for name, value in model.items()}
    assert {name: value.shape for name, value in trainer.step_cache.items()} == shapes


def test_the_learning_rate_decays_after_every_epoch():
    settings = {"update": "sgd", "learning_rate": 1.0, "learning_rate_decay": 0.5}
    w, _ = train(Slope(), num_epochs=3, **settings)
    assert w == -(1 + 0.5 + 0.25)
    w, _ = train(Slope(), num_epochs=2, sample_batches=True, batch_size=5, **settings)
    assert w == -(4 * 1 + 4 * 0.5)


@pytest.mark.parametrize(
    ("settings", "steps", "accuracies"),
    [
        ({"sample_batches": False}, 3, 3),  # the first step ends an epoch and counts once
        ({"batch_size": 5}, 12, 1 + 3),
        ({"batch_size": 5, "acc_frequency": 3}, 12, 4 + 3),  # 0, 3, 6, 9; 3 again, 7, 11
        ({"batch_size": 6}, 9, 1 + 3),  # two examples are left over
        ({"batch_size": 50}, 3, 3),  # larger than the training set
    ],
)
def test_lengths_of_the_histories(settings, steps, accuracies):
    if settings.get("acc_frequency"):
        accuracies -= 1  # step 3 is asked for twice
    slope = Slope()
    settings = {"sample_batches": True, **settings}
    _, (_, losses, train_acc, val_acc) = train(slope, num_epochs=3, **settings)
    assert losses == [0.5] * steps
    assert len(train_acc) == len(val_acc) == accuracies


def test_batches_are_drawn_with_their_classes():
    rng = np.random.RandomState(10)
    X = np.arange(40, dtype=float)
    y, slope = rng.randint(2, size=40), Slope()
    np.random.seed(0)
    ClassifierTrainer().train(
        X, y, X, y, {"w": np.zeros(1)}, slope, reg=0.3, num_epochs=5, batch_size=8
    )
    assert len(slope.batches) == 25
    assert all(batch.shape == (8,) for batch, _ in slope.batches)
    assert all(np.array_equal(y[batch.astype(int)], own) for batch, own in slope.batches)
    assert len({tuple(batch) for batch, _ in slope.batches}) == 25
    assert set(slope.regs) == {0.3}


def test_without_batches_every_step_uses_all_examples():
    slope = Slope()
    train(slope, num_epochs=3, batch_size=5)
    assert [batch.tolist() for batch, _ in slope.batches] == [list(range(20))] * 3


@pytest.mark.parametrize(("count", "used"), [(900, 900), (1000, 1000), (1500, 1000)])
def test_training_accuracy_is_of_a_thousand_at_most(count, used):
    slope = Slope()
    np.random.seed(0)
    train(slope, count, num_epochs=1)
    assert [len(X) for X in slope.scored] == [used, 10]
    if count > used:
        assert slope.scored[0].max() >= used  # drawn from all of them


def test_the_best_model_is_a_copy_of_the_first_that_was_best():
    """After the steps 1 to 4 w is -1 to -4, and the second and the third are equally good."""
    accuracies = {-1: 0.2, -2: 0.6, -3: 0.6, -4: 0.4}
    slope = Slope(accuracy=lambda w: accuracies[round(w)])
    w, (best, _, train_acc, val_acc) = train(slope, update="sgd", learning_rate=1.0, num_epochs=4)
    assert w == -4
    assert best["w"] == -2
    assert train_acc == val_acc == [0.2, 0.6, 0.6, 0.4]


def test_any_other_update_is_refused_before_a_step():
    slope = Slope()
    with pytest.raises(ValueError, match="update is 'adam'"):
        train(slope, update="adam")
    assert slope.batches == []


def test_lines_are_printed_on_demand_only(capsys):
    train(Slope(), num_epochs=2)
    assert capsys.readouterr().out == ""
    train(Slope(), num_epochs=2, verbose=True)
    lines = capsys.readouterr().out.splitlines()
    assert [line[:12] for line in lines] == ["epoch 1 of 2", "epoch 2 of 2"]


@pytest.mark.parametrize("update", RULES)
def test_every_rule_learns_digits(update):
    data = {
        name: value.reshape(len(value), -1) if name.startswith("X") else value
        for name, value in get_data("digits").items()
    }
    np.random.seed(0)
    model = init_two_layer_model(64, 50, 10)
    model["W1"] *= 1e4
    model["W2"] *= 1e4
    best, losses, _, val_acc = ClassifierTrainer().train(
        data["X_train"], data["y_train"], data["X_val"], data["y_val"], model, two_layer_net,
        learning_rate={"sgd": 0.5, "momentum": 0.1, "rmsprop": 3e-3}[update],
        momentum=0.9, update=update, num_epochs=15, batch_size=50,
    )  # fmt: skip
    assert losses[-1] < 0.5 * losses[0]
    assert max(val_acc) > 0.9
    predicted = two_layer_net(data["X_val"], best).argmax(axis=1)
    assert np.mean(predicted == data["y_val"]) == max(val_acc)


def test_a_convolutional_function_is_trained_alike():
    data = get_data("digits")
    np.random.seed(0)
    model = init_two_layer_convnet(0.05, input_shape=(1, 8, 8), num_filters=8, filter_size=3)
    _, _, _, val_acc = ClassifierTrainer().train(
        data["X_train"], data["y_train"], data["X_val"], data["y_val"], model, two_layer_convnet,
        learning_rate=0.03, momentum=0.9, num_epochs=4, batch_size=50,
    )  # fmt: skip
    assert max(val_acc) > 0.85
