"""Mistakes in the three networks, each a subclass of the reference's with one thing wrong."""

import numpy as np

from convnet.classifiers.cnn import ThreeLayerConvNet
from convnet.classifiers.fc_net import FullyConnectedNet, TwoLayerNet
from convnet.layers import softmax_loss
from tests.mistakes import mistake

TWO, DEEP = "classifiers.fc_net.TwoLayerNet", "classifiers.fc_net.FullyConnectedNet"
CONV = "classifiers.cnn.ThreeLayerConvNet"


def weights(net):
    """The regularised parameters, the last layer's last."""
    return sorted(name for name in net.params if name.startswith("W"))


class Amended:
    """A network whose loss and gradients are changed afterwards, in the names of `amend`."""

    def loss(self, X, y=None):
        answer = super().loss(X, y)
        return answer if y is None else self.amend(*answer)


class LastLayerFree(Amended):
    """The last layer's weights are not regularised."""

    def amend(self, loss, grads):
        last = weights(self)[-1]
        grads[last] = grads[last] - self.reg * self.params[last]
        return loss - 0.5 * self.reg * np.sum(self.params[last] ** 2), grads


class GradientNotRegularised(Amended):
    """The regularisation is in the loss and forgotten in the gradients."""

    def amend(self, loss, grads):
        for name in weights(self):
            grads[name] = grads[name] - self.reg * self.params[name]
        return loss, grads


class HalfMissing(Amended):
    """No factor 1/2 in loss and gradient, so that a numeric gradient agrees with itself."""

    def amend(self, loss, grads):
        for name in weights(self):
            loss = loss + 0.5 * self.reg * np.sum(self.params[name] ** 2)
            grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads


class SquareOfTheSum(Amended):
    """The sum of the weights is squared, where their squares should be summed."""

    def amend(self, loss, grads):
        for name in weights(self):
            value = self.params[name]
            loss = loss + 0.5 * self.reg * (np.sum(value) ** 2 - np.sum(value**2))
        return loss, grads


class BiasesRegularised(Amended):
    """The biases are regularised as well."""

    def amend(self, loss, grads):
        for name in self.params:
            if name.startswith("b") and not name.startswith("beta"):
                loss = loss + 0.5 * self.reg * np.sum(self.params[name] ** 2)
                grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads


class ReluOnScores:
    """The last layer is followed by a ReLU."""

    def loss(self, X, y=None):
        answer = super().loss(X, y)
        return np.maximum(answer, 0) if y is None else answer


class OtherNames(Amended):
    """The gradients are called dW1, db1, and so on."""

    def amend(self, loss, grads):
        return loss, {f"d{name}": value for name, value in grads.items()}


class LossAlone(Amended):
    """The gradients are not returned."""

    def amend(self, loss, grads):
        return loss


class LastWeightsUnscaled:
    """The last layer's weights are drawn without the weight scale."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        last = weights(self)[-1]
        self.params[last] = np.random.randn(*self.params[last].shape)


class ScaleIsAConstant:
    """The weight scale that is given is ignored; it is that of the example."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **{**settings, "weight_scale": 0.01})


#: Which of these the visible checks of a network see.
SEEN = {
    TWO: (LastLayerFree, HalfMissing, SquareOfTheSum, BiasesRegularised, LossAlone),
    DEEP: (OtherNames, LossAlone, ReluOnScores, ScaleIsAConstant),
    CONV: (OtherNames, LossAlone, ReluOnScores),
}
SEEN[TWO] += (LastWeightsUnscaled,)

for question, target, net in (
    ("two_layer_net", TWO, TwoLayerNet),
    ("fully_connected_net", DEEP, FullyConnectedNet),
    ("three_layer_convnet", CONV, ThreeLayerConvNet),
):
    for fault in (
        LastLayerFree,
        GradientNotRegularised,
        HalfMissing,
        SquareOfTheSum,
        BiasesRegularised,
        ReluOnScores,
        OtherNames,
        LossAlone,
        LastWeightsUnscaled,
        ScaleIsAConstant,
    ):
        wrong = type(f"{fault.__name__}{net.__name__}", (fault, net), {"__doc__": fault.__doc__})
        mistake(question, target, seen=fault in SEEN[target])(wrong)


@mistake("two_layer_net", TWO)
class WeightsDecayInPlace(TwoLayerNet):
    """The gradient of the regularisation is subtracted from the parameters themselves."""

    def loss(self, X, y=None):
        answer = super().loss(X, y)
        if y is not None and self.reg < 1:
            self.params["W1"] -= 0.1 * self.reg * self.params["W1"]
        return answer


@mistake("two_layer_net", TWO)
class InputsScaledInPlace(TwoLayerNet):
    """The mean is subtracted from the caller's examples."""

    def loss(self, X, y=None):
        answer = super().loss(X.copy(), y)
        X -= X.mean()
        return answer


@mistake("fully_connected_net", DEEP)
class AlwaysThreeLayers(FullyConnectedNet):
    """The loop over the layers always ends at the third layer."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        self.num_layers = 3


@mistake("fully_connected_net", DEEP)
class FlatExamplesOnly(FullyConnectedNet):
    """An example must be a vector."""

    def loss(self, X, y=None):
        _, _ = X.shape
        return super().loss(X, y)


@mistake("net_with_normalization", DEEP, seen=True)
class ScaleUnderAnotherName(FullyConnectedNet):
    """The parameters are named scale1 instead of gamma1."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        for layer in range(1, self.num_layers):
            if f"gamma{layer}" in self.params:
                self.params[f"scale{layer}"] = self.params.pop(f"gamma{layer}")


@mistake("net_with_normalization", DEEP)
class ScaleBeginsAtZero(FullyConnectedNet):
    """gamma is set to zeros like beta."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        for name in self.params:
            if name.startswith("gamma"):
                self.params[name] = np.zeros_like(self.params[name])


@mistake("net_with_normalization", DEEP, seen=True)
class LastLayerNormalised(FullyConnectedNet):
    """The last layer gets a scale and a shift as well."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        if self.normalization:
            last = self.num_layers
            size = self.params[f"b{last}"].size
            self.params[f"gamma{last}"] = np.ones(size, self.dtype)
            self.params[f"beta{last}"] = np.zeros(size, self.dtype)


@mistake("net_with_normalization", DEEP, seen=True)
class NormalisationNotUsed(FullyConnectedNet):
    """Scale and shift exist, but the layers do not use them."""

    def loss(self, X, y=None):
        kept, self.normalization = self.normalization, None
        answer = super().loss(X, y)
        self.normalization = kept
        return answer


@mistake("net_with_normalization", DEEP)
class OneSetOfAverages(FullyConnectedNet):
    """All layers share one dictionary of running averages."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings)
        self.bn_params = self.bn_params[:1] * len(self.bn_params)


@mistake("net_with_normalization", DEEP)
class ScaleRegularised(FullyConnectedNet):
    """gamma and beta enter the regularisation."""

    def loss(self, X, y=None):
        answer = super().loss(X, y)
        if y is None:
            return answer
        loss, grads = answer
        for name in self.params:
            if name.startswith(("gamma", "beta")):
                loss = loss + 0.5 * self.reg * np.sum(self.params[name] ** 2)
                grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads


@mistake("net_with_dropout", DEEP, seen=True)
class DropoutNotUsed(FullyConnectedNet):
    """The network never drops anything."""

    def loss(self, X, y=None):
        self.use_dropout = False
        return super().loss(X, y)


@mistake("net_with_dropout", "layers.dropout_backward")
def dropout_forgotten_on_the_way_back(dout, cache):
    """The backward pass ignores the dropout layers."""
    return dout


@mistake("net_with_dropout", "layers.dropout_forward", seen=True)
def network_drops_without_y(x, dropout_param):
    """The network stays in training mode when it is asked for scores."""
    generator = np.random.RandomState(dropout_param.get("seed"))
    mask = (generator.rand(*x.shape) < dropout_param["p"]) / dropout_param["p"]
    return x * mask, mask


@mistake("net_with_dropout", "layers.softmax_loss")
def dropout_on_the_scores(x, y):
    """The last layer is followed by dropout too, in both passes."""
    mask = (np.random.RandomState(7).rand(*x.shape) < 0.6) / 0.6
    loss, dx = softmax_loss(x * mask, y)
    return loss, dx * mask


@mistake("net_with_dropout", DEEP)
class NoDropoutBesideNormalisation(FullyConnectedNet):
    """Normalisation and dropout are two branches of one condition."""

    def loss(self, X, y=None):
        self.use_dropout = self.use_dropout and not self.normalization
        return super().loss(X, y)


@mistake("net_with_normalization", DEEP)
class NoLayerNorm(FullyConnectedNet):
    """The layers use batch normalisation only; layer normalisation is ignored."""

    def loss(self, X, y=None):
        kept = self.normalization
        self.normalization = None if kept == "layernorm" else kept
        answer = super().loss(X, y)
        self.normalization = kept
        return answer


@mistake("fully_connected_net", DEEP)
class ComputesInDouble(FullyConnectedNet):
    """The dtype is ignored: everything is float64."""

    def loss(self, X, y=None):
        self.dtype = np.float64
        return super().loss(X, y)


@mistake("three_layer_convnet", CONV)
class SquareImagesAssumed(ThreeLayerConvNet):
    """W2 is made for square images."""

    def __init__(self, input_dim=(3, 32, 32), **settings):
        channels, height, _ = input_dim
        super().__init__((channels, height, height), **settings)


@mistake("three_layer_convnet", CONV)
class QuarterOfThePixels(ThreeLayerConvNet):
    """W2 is made for H * W // 4 pixels, which is too many for odd sides."""

    def __init__(self, input_dim=(3, 32, 32), num_filters=32, hidden_dim=100, **settings):
        super().__init__(input_dim, num_filters, hidden_dim=hidden_dim, **settings)
        rows = num_filters * (input_dim[1] * input_dim[2] // 4)
        self.params["W2"] = np.resize(self.params["W2"], (rows, hidden_dim))


@mistake("three_layer_convnet", CONV)
class ConvnetInDouble(ThreeLayerConvNet):
    """The dtype is ignored: everything is float64."""

    def loss(self, X, y=None):
        self.dtype = np.float64
        return super().loss(X, y)
