"""Normalisation in float64, and with what the batch keeps in other places."""

import numpy as np

from convnet.layers import batchnorm_backward, spatial_groupnorm_backward
from tests.mistakes import variant


def normalise(x, axis, eps):
    """Normalised values and their deviation."""
    std = np.sqrt(np.var(x, axis=axis, keepdims=True) + eps)
    return (x - np.mean(x, axis=axis, keepdims=True)) / std, std


@variant("batchnorm_forward", "batchnorm_backward", "batchnorm_backward_alt",
         target="layers.batchnorm_forward", feature="float32")  # fmt: skip
def batchnorm_with_averages_of_float64(x, gamma, beta, bn_param):
    """The running averages begin as zeros of float64, and all is computed in it."""
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    mean = np.array(bn_param.get("running_mean", np.zeros(x.shape[1])), np.float64)
    var = np.array(bn_param.get("running_var", np.zeros(x.shape[1])), np.float64)
    if bn_param["mode"] == "test":
        return gamma * (x - mean) / np.sqrt(var + eps) + beta, None
    x = x.astype(np.float64)
    bn_param["running_mean"] = momentum * mean + (1 - momentum) * x.mean(axis=0)
    bn_param["running_var"] = momentum * var + (1 - momentum) * x.var(axis=0)
    normed, std = normalise(x, 0, eps)
    return gamma * normed + beta, (normed, std[0], gamma)


@variant("batchnorm_backward", "spatial_batchnorm_backward", target="layers.batchnorm_backward",
         feature="float32")  # fmt: skip
def batchnorm_gradients_in_float64(dout, cache):
    """The gradients of scale and shift are added up in float64."""
    normed, _, gamma = cache
    dx, _, _ = batchnorm_backward(dout, cache)
    dgamma, dbeta = np.zeros(gamma.shape), np.zeros(gamma.shape)
    for row, upstream in enumerate(dout):
        dgamma += upstream * normed[row]
        dbeta += upstream
    return dx, dgamma, dbeta


@variant("layernorm_forward", "layernorm_backward", target="layers.layernorm_forward",
         feature="float32")  # fmt: skip
def layernorm_in_zeros_of_float64(x, gamma, beta, ln_param):
    """The output is filled example by example."""
    eps = ln_param.get("eps", 1e-5)
    out = np.zeros(x.shape)
    for row, example in enumerate(x):
        out[row] = gamma * (example - example.mean()) / np.sqrt(example.var() + eps) + beta
    normed, std = normalise(x, 1, eps)
    return out, (normed, std, gamma)


@variant("spatial_batchnorm_forward", target="layers.spatial_batchnorm_forward", feature="float32")
def spatial_batchnorm_in_zeros_of_float64(x, gamma, beta, bn_param):
    """The output is filled channel by channel."""
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    mean, var = (
        bn_param.setdefault(f"running_{name}", np.zeros(x.shape[1])) for name in ("mean", "var")
    )
    out = np.zeros(x.shape)
    for channel in range(x.shape[1]):
        pixels = x[:, channel]
        if bn_param["mode"] == "train":
            mean[channel] = momentum * mean[channel] + (1 - momentum) * pixels.mean()
            var[channel] = momentum * var[channel] + (1 - momentum) * pixels.var()
            centre, spread = pixels.mean(), pixels.var()
        else:
            centre, spread = mean[channel], var[channel]
        normed = (pixels - centre) / np.sqrt(spread + eps)
        out[:, channel] = gamma[channel] * normed + beta[channel]
    return out, None


@variant("spatial_groupnorm_forward", target="layers.spatial_groupnorm_forward", feature="float32")
def groupnorm_in_zeros_of_float64(x, gamma, beta, G, gn_param):
    """The output is filled group by group."""
    out, size = np.zeros(x.shape), x.shape[1] // G
    for n in range(x.shape[0]):
        for first in range(0, x.shape[1], size):
            group = x[n, first : first + size]
            std = np.sqrt(group.var() + gn_param.get("eps", 1e-5))
            out[n, first : first + size] = (group - group.mean()) / std
    return gamma * out + beta, None


@variant("spatial_groupnorm_backward", target="layers.spatial_groupnorm_backward",
         feature="float32")  # fmt: skip
def groupnorm_gradients_in_float64(dout, cache):
    """The gradients of scale and shift are written into zeros of float64."""
    dx, dgamma, dbeta = spatial_groupnorm_backward(dout, cache)
    whole = np.zeros(dgamma.shape), np.zeros(dbeta.shape)
    whole[0][...], whole[1][...] = dgamma, dbeta
    return dx, *whole


def back_through_the_graph(dout, cache):
    """The gradients of batch norm, one step of its graph after another."""
    normed, gamma, centred, std = cache
    num = dout.shape[0]
    dnormed = dout * gamma
    dstd = np.sum(dnormed * centred, axis=0) * -1.0 / std**2
    dvar = 0.5 / std * dstd
    dcentred = dnormed / std + 2 * centred * (np.ones(dout.shape) / num * dvar)
    dmean = -np.sum(dcentred, axis=0)
    dx = dcentred + np.ones(dout.shape) / num * dmean
    return dx, np.sum(dout * normed, axis=0), np.sum(dout, axis=0)


def back_by_one_formula(dout, cache):
    """The gradients of batch norm from the same cache, by one formula."""
    normed, gamma, _, std = cache
    dgamma, dbeta = np.sum(dout * normed, axis=0), np.sum(dout, axis=0)
    num = dout.shape[0]
    return gamma / std / num * (num * dout - dbeta - normed * dgamma), dgamma, dbeta


@variant(
    "batchnorm_forward",
    "batchnorm_backward",
    "batchnorm_backward_alt",
    "net_with_normalization",
    "spatial_batchnorm_forward",
    "spatial_batchnorm_backward",
    target="layers.batchnorm_forward",
    feature="float32",
    also={
        "layers.batchnorm_backward": back_through_the_graph,
        "layers.batchnorm_backward_alt": back_by_one_formula,
    },
)
def batchnorm_as_a_graph(x, gamma, beta, bn_param):
    """A cache of the graph's own; the averages are written back in test mode as well."""
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    mean = bn_param.get("running_mean", np.zeros(x.shape[1], x.dtype))
    var = bn_param.get("running_var", np.zeros(x.shape[1], x.dtype))
    if bn_param["mode"] == "train":
        centre = np.sum(x, axis=0) / x.shape[0]
        centred = x - centre
        spread = np.sum(centred**2, axis=0) / x.shape[0]
        std = np.sqrt(spread + eps)
        normed = centred / std
        mean = momentum * mean + (1 - momentum) * centre
        var = momentum * var + (1 - momentum) * spread
        answer = gamma * normed + beta, (normed, gamma, centred, std)
    else:
        answer = gamma * (x - mean) / np.sqrt(var + eps) + beta, None
    bn_param["running_mean"], bn_param["running_var"] = mean, var
    return answer
