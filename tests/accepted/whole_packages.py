"""Right packages that students rebuilt: under another name, with helpers in a given file."""

#: What students add to ``layer_utils.py``: layers that they need together, and imports.
ADDED_TO_LAYER_UTILS = """\
from {package}.layers import *
import numpy as np


def affine_norm_relu_forward(x, w, b, gamma, beta, bn_param, normalization):
    a, fc_cache = affine_forward(x, w, b)
    if normalization == "batchnorm":
        a, norm_cache = batchnorm_forward(a, gamma, beta, bn_param)
    else:
        a, norm_cache = layernorm_forward(a, gamma, beta, bn_param)
    out, relu_cache = relu_forward(a)
    return out, (fc_cache, norm_cache, relu_cache)


def affine_norm_relu_backward(dout, cache, normalization):
    fc_cache, norm_cache, relu_cache = cache
    da = relu_backward(dout, relu_cache)
    back = batchnorm_backward if normalization == "batchnorm" else layernorm_backward
    da, dgamma, dbeta = back(da, norm_cache)
    dx, dw, db = affine_backward(da, fc_cache)
    return dx, dw, db, dgamma, dbeta
"""

#: ``classifiers/fc_net.py`` by way of these, with every name from the one import.
FC_NET = """\
from {package}.layer_utils import *


class TwoLayerNet:
    def __init__(
        self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0
    ):
        self.params, self.reg = dict(), reg
        self.params["W1"] = np.random.normal(0, weight_scale, (input_dim, hidden_dim))
        self.params["b1"] = np.zeros(hidden_dim)
        self.params["W2"] = np.random.normal(0, weight_scale, (hidden_dim, num_classes))
        self.params["b2"] = np.zeros(num_classes)

    def loss(self, X, y=None):
        p = self.params
        hidden, first = affine_relu_forward(X, p["W1"], p["b1"])
        scores, second = affine_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(p["W1"] ** 2) + np.sum(p["W2"] ** 2))
        dhidden, dW2, db2 = affine_backward(dscores, second)
        dX, dW1, db1 = affine_relu_backward(dhidden, first)
        grads = dict(W1=dW1 + self.reg * p["W1"], b1=db1, W2=dW2 + self.reg * p["W2"], b2=db2)
        return loss, grads


class FullyConnectedNet:
    def __init__(
        self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, dropout_keep_ratio=1,
        normalization=None, reg=0.0, weight_scale=1e-2, dtype=np.float32, seed=None,
    ):
        self.normalization, self.reg, self.dtype = normalization, reg, dtype
        self.use_dropout = dropout_keep_ratio != 1
        self.num_layers = 1 + len(hidden_dims)
        self.params = dict()
        sizes = [input_dim] + list(hidden_dims) + [num_classes]
        for i in range(self.num_layers):
            n = str(i + 1)
            self.params["W" + n] = weight_scale * np.random.randn(sizes[i], sizes[i + 1])
            self.params["b" + n] = np.zeros(sizes[i + 1])
            if normalization and i < self.num_layers - 1:
                self.params["gamma" + n] = np.ones(sizes[i + 1])
                self.params["beta" + n] = np.zeros(sizes[i + 1])
        self.dropout_param = dict()
        if self.use_dropout:
            self.dropout_param = dict(mode="train", p=dropout_keep_ratio)
            if seed is not None:
                self.dropout_param["seed"] = seed
        self.bn_params = [dict(mode="train") for _ in hidden_dims]
        for k in self.params:
            self.params[k] = self.params[k].astype(dtype)

    def loss(self, X, y=None):
        X, mode = X.astype(self.dtype), "test" if y is None else "train"
        for param in [self.dropout_param] + self.bn_params:
            param["mode"] = mode
        p, caches, drops = self.params, [], []
        for i in range(self.num_layers - 1):
            n = str(i + 1)
            if self.normalization:
                X, cache = affine_norm_relu_forward(
                    X, p["W" + n], p["b" + n], p["gamma" + n], p["beta" + n], self.bn_params[i],
                    self.normalization,
                )
            else:
                X, cache = affine_relu_forward(X, p["W" + n], p["b" + n])
            caches.append(cache)
            if self.use_dropout:
                X, cache = dropout_forward(X, self.dropout_param)
                drops.append(cache)
        n = str(self.num_layers)
        scores, cache = affine_forward(X, p["W" + n], p["b" + n])
        if y is None:
            return scores
        loss, dout = softmax_loss(scores, y)
        grads = dict()
        dout, grads["W" + n], grads["b" + n] = affine_backward(dout, cache)
        for i in reversed(range(self.num_layers - 1)):
            n = str(i + 1)
            if self.use_dropout:
                dout = dropout_backward(dout, drops[i])
            if self.normalization:
                dout, grads["W" + n], grads["b" + n], grads["gamma" + n], grads["beta" + n] = (
                    affine_norm_relu_backward(dout, caches[i], self.normalization)
                )
            else:
                dout, grads["W" + n], grads["b" + n] = affine_relu_backward(dout, caches[i])
        for k in self.params:
            if k.startswith("W"):
                loss += 0.5 * self.reg * np.sum(self.params[k] ** 2)
                grads[k] += self.reg * self.params[k]
        return loss, grads
"""
