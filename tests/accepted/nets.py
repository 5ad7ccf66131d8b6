"""Networks that take the number of features as an int, and losses that are any kind of number."""

from collections import defaultdict

import numpy as np

from convnet.classifier_trainer import ClassifierTrainer
from convnet.classifiers.cnn import ThreeLayerConvNet
from convnet.classifiers.convnet import two_layer_convnet
from convnet.classifiers.fc_net import FullyConnectedNet, TwoLayerNet
from tests.mistakes import variant


@variant("two_layer_net", target="classifiers.fc_net.TwoLayerNet")
class TwoLayersOfAnInt(TwoLayerNet):
    """input_dim is an int, as in every course's notebook: it is a size for randn."""

    def __init__(
        self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0
    ):
        self.params, self.reg = {}, reg
        self.params["W1"] = np.random.randn(input_dim, hidden_dim) * weight_scale
        self.params["b1"] = np.zeros((hidden_dim,))
        self.params["W2"] = np.random.randn(hidden_dim, num_classes) * weight_scale
        self.params["b2"] = np.zeros((num_classes,))


@variant(
    "fully_connected_net",
    "net_with_normalization",
    "net_with_dropout",
    "overfit_three_layers",
    "overfit_five_layers",
    target="classifiers.fc_net.FullyConnectedNet",
)
class AnyDepthOfAnInt(FullyConnectedNet):
    """input_dim is an int: it is a size for randn."""

    def __init__(self, hidden_dims, input_dim=3 * 32 * 32, **settings):
        np.random.randn(input_dim, hidden_dims[0])
        super().__init__(hidden_dims, input_dim, **settings)


class WithLoss:
    """A network whose loss becomes another kind of number."""

    def loss(self, X, y=None):
        answer = super().loss(X, y)
        return answer if y is None else (self.number(answer[0]), answer[1])


@variant("two_layer_net", target="classifiers.fc_net.TwoLayerNet")
class LossIsAFloat(WithLoss, TwoLayerNet):
    """The loss is a plain float."""

    number = staticmethod(float)


@variant("fully_connected_net", target="classifiers.fc_net.FullyConnectedNet")
class LossHasNoAxes(WithLoss, FullyConnectedNet):
    """The loss is a 0-d array."""

    number = staticmethod(np.array)


@variant("three_layer_convnet", target="classifiers.cnn.ThreeLayerConvNet")
class LossOfImagesIsAScalar(WithLoss, ThreeLayerConvNet):
    """The loss is NumPy's float64 in a network of float32."""

    number = staticmethod(np.float64)


@variant("neural_net", target="classifiers.neural_net.two_layer_net")
def probabilities_first(X, model, y=None, reg=0.0):
    """Probabilities are computed, then their logarithm; the loss is a plain float."""
    hidden = np.maximum(0, X.dot(model["W1"]) + model["b1"])
    scores = hidden.dot(model["W2"]) + model["b2"]
    if y is None:
        return scores
    powers = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    probabilities = powers / np.sum(powers, axis=1, keepdims=True)
    each = range(X.shape[0])
    loss = float(np.mean(-np.log(probabilities[each, y])))
    loss += 0.5 * reg * float(np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2))
    probabilities[each, y] -= 1
    probabilities /= X.shape[0]
    dhidden = probabilities.dot(model["W2"].T)
    dhidden[hidden <= 0] = 0
    return loss, {
        "W1": X.T.dot(dhidden) + reg * model["W1"],
        "b1": np.sum(dhidden, axis=0),
        "W2": hidden.T.dot(probabilities) + reg * model["W2"],
        "b2": np.sum(probabilities, axis=0),
    }


@variant("two_layer_convnet", target="classifiers.convnet.two_layer_convnet")
def convolution_with_a_loss_of_an_array(X, model, y=None, reg=0.0):
    """The loss is a 0-d array."""
    answer = two_layer_convnet(X, model, y, reg)
    return answer if y is None else (np.array(answer[0]), answer[1])


@variant(
    "fully_connected_net", "net_with_normalization", target="classifiers.fc_net.FullyConnectedNet"
)
class GradientsByDefault(FullyConnectedNet):
    """The gradients are a defaultdict."""

    def loss(self, X, y=None):
        answer = super().loss(X, y)
        return answer if y is None else (answer[0], defaultdict(float, answer[1]))


@variant("trainer_momentum", "trainer_rmsprop", target="classifier_trainer.ClassifierTrainer")
class TrainsInPlace(ClassifierTrainer):
    """What is kept of each step is changed in place, and returned."""

    def _momentum_change(self, name, gradient, learning_rate, momentum):
        self.step_cache[name] *= momentum
        self.step_cache[name] -= learning_rate * gradient
        return self.step_cache[name]

    def _rmsprop_change(self, name, gradient, learning_rate):
        self.step_cache[name] *= 0.99
        self.step_cache[name] += 0.01 * np.square(gradient)
        return -learning_rate * gradient * (self.step_cache[name] + 1e-8) ** -0.5
