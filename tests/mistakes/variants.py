"""Right answers that look unusual: every one of them must earn all points."""

import numpy as np

from convnet.classifiers.cnn import ThreeLayerConvNet
from convnet.classifiers.fc_net import FullyConnectedNet, TwoLayerNet
from convnet.layers import batchnorm_forward, softmax_loss, svm_loss
from tests.mistakes import variant
from tests.mistakes.max_pool import spread
from tests.mistakes.optim import ADAM, MOMENTUM, RMSPROP, corrected, moments, state

NETS = ("two_layer_net", "fully_connected_net", "three_layer_convnet")
OVERFIT = ("overfit_three_layers", "overfit_five_layers")


@variant("affine_forward", "affine_backward", target="layers.affine_forward")
def example_by_example(x, w, b):
    """A loop over the examples."""
    return np.stack([example.ravel().dot(w) + b for example in x]), (x, w)


@variant("relu_forward", "relu_backward", target="layers.relu_forward")
def product_with_the_mask(x):
    """x * (x > 0), which has zeros with a sign."""
    return x * (x > 0), x


@variant("relu_backward", *NETS, target="layers.relu_backward")
def derivative_one_at_zero(dout, cache):
    """The derivative at exactly 0 is 1."""
    return np.where(cache >= 0, dout, 0).astype(dout.dtype)


@variant("max_pool_backward", target="layers.max_pool_backward_naive")
def tied_gradient_shared(dout, cache):
    """All values that are the largest share the gradient."""
    share = spread(dout, cache, lambda mask: mask / mask.sum(axis=(2, 3), keepdims=True))
    return share.astype(dout.dtype)


@variant("max_pool_backward", target="layers.max_pool_backward_naive")
def tied_gradient_to_the_first(dout, cache):
    """The first of several largest values gets the whole gradient."""

    def first(mask):
        flat = mask.reshape(*mask.shape[:2], -1)
        return (flat & (np.cumsum(flat, axis=2) == 1)).reshape(mask.shape)

    return spread(dout, cache, first).astype(dout.dtype)


@variant("softmax_loss", *NETS, target="layers.softmax_loss")
def softmax_as_an_array_without_axes(x, y):
    """The loss is a 0-d array."""
    loss, dx = softmax_loss(x, y)
    return np.asarray(loss), dx


@variant("softmax_loss", *NETS, target="layers.softmax_loss")
def softmax_as_a_float(x, y):
    """The loss is a plain float."""
    loss, dx = softmax_loss(x, y)
    return float(loss), dx


@variant("svm_loss", target="layers.svm_loss")
def svm_as_a_float(x, y):
    """The loss is a plain float."""
    loss, dx = svm_loss(x, y)
    return float(loss), dx


@variant("sgd_momentum", target="optim.sgd_momentum")
def momentum_in_place(w, dw, config=None):
    """Parameter and velocity are updated in place."""
    c = state(w, config, MOMENTUM, "velocity")
    c["velocity"] *= c["momentum"]
    c["velocity"] -= c["learning_rate"] * dw
    w += c["velocity"]
    return w, c


@variant("rmsprop", target="optim.rmsprop")
def rmsprop_in_place(w, dw, config=None):
    """Parameter and average are updated in place."""
    c = state(w, config, RMSPROP, "cache")
    c["cache"] *= c["decay_rate"]
    c["cache"] += (1 - c["decay_rate"]) * dw**2
    w -= c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"])
    return w, c


@variant("adam", target="optim.adam")
def adam_in_place(w, dw, config=None):
    """Parameter and averages are updated in place; the count is a float."""
    c = state(w, config, ADAM, "m", "v")
    c["t"] = float(c["t"]) + 1
    for moment, beta, value in (("m", c["beta1"], dw), ("v", c["beta2"], dw * dw)):
        c[moment] *= beta
        c[moment] += (1 - beta) * value
    m, v = corrected(c, c["t"])
    w -= c["learning_rate"] * m / (np.sqrt(v) + c["epsilon"])
    return w, c


@variant("adam", target="optim.adam")
def epsilon_on_the_uncorrected_root(w, dw, config=None):
    """epsilon is added to the root of the uncorrected average, which is corrected afterwards."""
    c = moments(w, dw, config)
    c["t"] += 1
    rate = c["learning_rate"] * np.sqrt(1 - c["beta2"] ** c["t"]) / (1 - c["beta1"] ** c["t"])
    return w - rate * c["m"] / (np.sqrt(c["v"]) + c["epsilon"]), c


@variant("batchnorm_forward", target="layers.batchnorm_forward")
def averages_updated_in_place(x, gamma, beta, bn_param):
    """The arrays of running averages are changed in place; a cache is returned in either mode."""
    mean = bn_param.setdefault("running_mean", np.zeros(x.shape[1], x.dtype))
    var = bn_param.setdefault("running_var", np.zeros(x.shape[1], x.dtype))
    if bn_param["mode"] == "train":
        for average, value in ((mean, x.mean(axis=0)), (var, x.var(axis=0))):
            momentum = bn_param.get("momentum", 0.9)
            average *= momentum
            average += (1 - momentum) * value
        mean, var = x.mean(axis=0), x.var(axis=0)
    normed = (x - mean) * (var + bn_param.get("eps", 1e-5)) ** -0.5
    return normed * gamma + beta, {"normed": normed}


@variant("batchnorm_backward", target="layers.batchnorm_backward")
def batchnorm_by_the_jacobian(dout, cache):
    """The matrix of all derivatives of a column, times its gradient."""
    normed, std, gamma = cache
    num = len(dout)
    dx = np.empty_like(dout)
    for k in range(dout.shape[1]):
        jacobian = np.eye(num) - 1 / num - np.outer(normed[:, k], normed[:, k]) / num
        dx[:, k] = jacobian @ dout[:, k] * gamma[k] / std[k]
    return dx, (dout * normed).sum(axis=0), dout.sum(axis=0)


@variant("layernorm_forward", target="layers.layernorm_forward")
def layer_norm_by_batch_norm(x, gamma, beta, ln_param):
    """Batch normalisation of the transposed batch, with scale and shift afterwards."""
    one, zero = np.ones(len(x), x.dtype), np.zeros(len(x), x.dtype)
    turned, cache = batchnorm_forward(x.T, one, zero, {**ln_param, "mode": "train"})
    return gamma * turned.T + beta, cache


@variant("dropout_forward", "dropout_backward", "net_with_dropout", target="layers.dropout_forward")
def drawn_by_binomial(x, dropout_param):
    """Another generator, another function, another order; the mask is kept as booleans."""
    p, seed = dropout_param["p"], dropout_param.get("seed")
    if dropout_param["mode"] == "test":
        return x.copy(), None
    generator = np.random if seed is None else np.random.RandomState(seed)
    mask = generator.binomial(1, p, size=x.shape[::-1]).T.astype(x.dtype) / x.dtype.type(p)
    return x * mask, mask


@variant("conv_forward", "conv_backward", target="layers.conv_forward_naive")
def one_image_and_filter_at_a_time(x, w, b, conv_param):
    """Four loops, float64 inside and the input's type outside."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows, cols = (1 + int((padded.shape[k] - w.shape[k]) / stride) for k in (2, 3))
    out = np.zeros((len(x), len(w), rows, cols))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        patch = padded[n, :, top : top + w.shape[2], left : left + w.shape[3]]
        out[n, f, i, j] = (patch * w[f]).sum() + b[f]
    return out.astype(x.dtype), (x, w, conv_param)


@variant("two_layer_net", target="classifiers.fc_net.TwoLayerNet")
class DrawnBackwards(TwoLayerNet):
    """The last layer is drawn first, by another function and in single precision."""

    def __init__(
        self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0
    ):
        rows = int(np.prod(input_dim))
        self.reg = reg
        self.params = {
            "W2": np.random.normal(0, weight_scale, (hidden_dim, num_classes)).astype(np.float32),
            "W1": np.random.normal(0, weight_scale, (rows, hidden_dim)).astype(np.float32),
            "b1": np.zeros(hidden_dim, np.float32),
            "b2": np.zeros(num_classes, np.float32),
        }


class Redrawn:
    """All weights are drawn again, in another order, by a new generator."""

    def __init__(self, *args, weight_scale=0.01, **settings):
        super().__init__(*args, weight_scale=weight_scale, **settings)
        generator = np.random.default_rng(np.random.randint(2**31))
        for name in sorted(self.params, reverse=True):
            if name.startswith("W"):
                drawn = weight_scale * generator.standard_normal(self.params[name].shape)
                self.params[name] = drawn.astype(self.params[name].dtype)


@variant(
    "fully_connected_net",
    "net_with_normalization",
    "net_with_dropout",
    *OVERFIT,
    target="classifiers.fc_net.FullyConnectedNet",
)
class DeepRedrawn(Redrawn, FullyConnectedNet):
    """All weights are drawn in another order, by a new generator."""


@variant("three_layer_convnet", target="classifiers.cnn.ThreeLayerConvNet")
class ConvRedrawn(Redrawn, ThreeLayerConvNet):
    """All weights are drawn in another order, by a new generator."""


@variant("overfit_three_layers", target="notebook.overfit_three_layers")
def bold_settings():
    """Larger weights, larger steps."""
    return 0.3, 1.0


@variant("overfit_three_layers", target="notebook.overfit_three_layers")
def cautious_settings():
    """Larger weights, smaller steps; NumPy's numbers."""
    return np.float32(0.3), np.float64(0.1)


@variant("overfit_five_layers", target="notebook.overfit_five_layers")
def cautious_settings_for_five():
    """Larger weights, smaller steps."""
    return 0.3, 0.05
