"""Fully-connected layers and losses: arrays of float64, and losses of any kind of number."""

import numpy as np

from tests.mistakes import variant

DEEP = ("fully_connected_net", "net_with_normalization", "net_with_dropout")
NETS = ("two_layer_net", *DEEP, "three_layer_convnet", "two_layer_convnet")


@variant(
    "affine_forward", "affine_backward", *NETS, target="layers.affine_forward", feature="float32"
)
def affine_filled_row_by_row(x, w, b):
    """The output is an array of zeros, which NumPy makes in float64, filled in a loop."""
    out = np.zeros((x.shape[0], w.shape[1]))
    for row, example in enumerate(x):
        out[row] = np.dot(example.flatten(), w) + b
    return out, (x, w)


@variant("affine_backward", *NETS, target="layers.affine_backward", feature="float32")
def affine_gradients_added_up(dout, cache):
    """All gradients begin as zeros of float64 and are added up over the examples."""
    x, w = cache
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(w.shape[1])
    for row, upstream in enumerate(dout):
        dx[row] = w.dot(upstream).reshape(x.shape[1:])
        dw += np.outer(x[row].ravel(), upstream)
        db += upstream
    return dx, dw, db


@variant("relu_forward", "relu_backward", *NETS, target="layers.relu_forward")
def relu_on_a_copy(x):
    """A copy is taken, and its negative elements are set to zero."""
    out = np.copy(x)
    out[out < 0] = 0
    return out, x


@variant("relu_backward", *NETS, target="layers.relu_backward", feature="float32")
def relu_gradient_by_a_mask_of_ones(dout, cache):
    """The mask is an array of float64."""
    mask = np.zeros(cache.shape)
    mask[cache > 0] = 1
    return dout * mask


@variant("softmax_loss", *NETS, target="layers.softmax_loss", feature="float32")
def softmax_with_a_mask_of_the_right_classes(x, y):
    """The right classes are a matrix of float64; the loss is a 0-d array."""
    right = np.zeros(x.shape)
    right[np.arange(x.shape[0]), y] = 1
    shifted = x - np.max(x, axis=1, keepdims=True)
    logs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    loss = np.array(-np.sum(right * logs) / x.shape[0])
    return loss, (np.exp(logs) - right) / x.shape[0]


@variant("softmax_loss", *NETS, target="layers.softmax_loss")
def softmax_example_by_example(x, y):
    """A loop over the examples; the loss is a plain float."""
    loss, dx = 0.0, np.zeros_like(x)
    for row, right in enumerate(y):
        shifted = x[row] - max(x[row])
        log_sum = np.log(np.exp(shifted).sum())
        loss += float(log_sum - shifted[right])
        dx[row] = np.exp(shifted - log_sum)
        dx[row, right] -= 1
    return loss / len(y), dx / len(y)


@variant("svm_loss", target="layers.svm_loss", feature="float32")
def svm_with_two_loops(x, y):
    """Two loops; the gradient is float64, and the loss a plain float."""
    loss, dx = 0.0, np.zeros(x.shape)
    for row, right in enumerate(y):
        for other in range(x.shape[1]):
            margin = x[row, other] - x[row, right] + 1
            if other != right and margin > 0:
                loss += float(margin)
                dx[row, other] += 1
                dx[row, right] -= 1
    return loss / len(y), dx / len(y)


@variant("svm_loss", target="layers.svm_loss")
def svm_as_an_array_without_axes(x, y):
    """The loss is a 0-d array."""
    each = np.arange(x.shape[0])
    margins = np.maximum(0, x - x[each, y][:, np.newaxis] + 1.0)
    margins[each, y] = 0
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[each, y] -= np.sum(margins > 0, axis=1)
    return np.array(np.sum(margins) / x.shape[0]), dx / x.shape[0]


@variant("dropout_forward", "dropout_backward", target="layers.dropout_forward", feature="float32")
def dropped_by_a_mask_of_float64(x, dropout_param):
    """The mask is float64, and so is the output in training."""
    p, seed = dropout_param["p"], dropout_param.get("seed")
    if dropout_param["mode"] == "test":
        return x, None
    generator = np.random if seed is None else np.random.RandomState(seed)
    mask = (generator.rand(*x.shape) < p) / p
    return x * mask, mask


def back_by_the_mode(dout, cache):
    """Dropout's gradient, for a cache that holds the settings too."""
    param, mask = cache
    return dout * mask if param["mode"] == "train" else dout


@variant(
    "dropout_forward",
    "dropout_backward",
    "net_with_dropout",
    target="layers.dropout_forward",
    also={"layers.dropout_backward": back_by_the_mode},
)
def dropout_that_seeds_numpy(x, dropout_param):
    """np.random.seed is called with the seed; settings and mask are kept together."""
    p, mask = dropout_param["p"], None
    if dropout_param.get("seed") is not None:
        np.random.seed(dropout_param["seed"])
    out = x
    if dropout_param["mode"] == "train":
        mask = (np.random.rand(*x.shape) < p) / p
        out = (x * mask).astype(x.dtype, copy=False)
    return out, (dict(dropout_param), mask)
