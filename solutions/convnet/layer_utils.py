"""Layers that are often used together, as one forward and one backward function each.

The cache of such a group of layers is a tuple of the caches of its layers, in forward order; the
backward function uses them from the last to the first. The convolutions and the pooling are the
fast ones. A convolution followed directly by a ReLU computes the ReLU itself.
"""

# A module that imports everything from this one gets the layers, too.
from convnet.layers import *

# The functions below look a layer up when they call it, so one that is not there yet breaks
# nothing else.
from convnet import layers
from convnet.fast_layers import (
    conv_backward_fast,
    conv_forward_fast,
    conv_relu_backward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)


def affine_relu_forward(x, w, b):
    """An affine layer, then a ReLU.

    Inputs: x (N, d_1, ..., d_k), w (D, M), b (M,), as for ``affine_forward``.

    Returns ``(out, cache)`` with out (N, M).
    """
    a, fc_cache = layers.affine_forward(x, w, b)
    out, relu_cache = layers.relu_forward(a)
    return out, (fc_cache, relu_cache)


def affine_relu_backward(dout, cache):
    """Back through ``affine_relu_forward``.

    Inputs: dout (N, M) and the cache.

    Returns ``(dx, dw, db)``, shaped like x, w and b.
    """
    fc_cache, relu_cache = cache
    da = layers.relu_backward(dout, relu_cache)
    return layers.affine_backward(da, fc_cache)


def affine_bn_relu_forward(x, w, b, gamma, beta, bn_param):
    """An affine layer, then batch normalisation, then a ReLU.

    Inputs: x (N, d_1, ..., d_k), w (D, M), b (M,), gamma (M,), beta (M,) and the dictionary
    bn_param, as for ``affine_forward`` and ``batchnorm_forward``.

    Returns ``(out, cache)`` with out (N, M).
    """
    a, fc_cache = layers.affine_forward(x, w, b)
    n, bn_cache = layers.batchnorm_forward(a, gamma, beta, bn_param)
    out, relu_cache = layers.relu_forward(n)
    return out, (fc_cache, bn_cache, relu_cache)


def affine_bn_relu_backward(dout, cache):
    """Back through ``affine_bn_relu_forward``.

    Inputs: dout (N, M) and the cache.

    Returns ``(dx, dw, db, dgamma, dbeta)``, shaped like x, w, b, gamma and beta.
    """
    fc_cache, bn_cache, relu_cache = cache
    dn = layers.relu_backward(dout, relu_cache)
    da, dgamma, dbeta = layers.batchnorm_backward(dn, bn_cache)
    return (*layers.affine_backward(da, fc_cache), dgamma, dbeta)


def conv_relu_forward(x, w, b, conv_param):
    """A convolution, then a ReLU.

    Inputs: x (N, C, H, W), w (F, C, HH, WW), b (F,) and the dictionary conv_param, as for
    ``conv_forward_fast``.

    Returns ``(out, cache)`` with out (N, F, H', W').
    """
    out, conv_cache = conv_forward_fast(x, w, b, conv_param, relu=True)
    return out, (conv_cache, out)


def conv_relu_backward(dout, cache, need_dx=True):
    """Back through ``conv_relu_forward``.

    Inputs: dout (N, F, H', W') and the cache; need_dx as for ``conv_backward_fast``.

    Returns ``(dx, dw, db)``, shaped like x, w and b; dx is None if it is not needed.
    """
    conv_cache, out = cache
    return conv_relu_backward_fast(dout, out, conv_cache, need_dx)


def conv_bn_relu_forward(x, w, b, gamma, beta, conv_param, bn_param):
    """A convolution, then spatial batch normalisation, then a ReLU.

    Inputs: x (N, C, H, W), w (F, C, HH, WW), b (F,), gamma (F,), beta (F,) and the dictionaries
    conv_param and bn_param, as for ``conv_forward_fast`` and ``spatial_batchnorm_forward``.

    Returns ``(out, cache)`` with out (N, F, H', W').
    """
    a, conv_cache = conv_forward_fast(x, w, b, conv_param)
    n, bn_cache = layers.spatial_batchnorm_forward(a, gamma, beta, bn_param)
    out, relu_cache = layers.relu_forward(n)
    return out, (conv_cache, bn_cache, relu_cache)


def conv_bn_relu_backward(dout, cache):
    """Back through ``conv_bn_relu_forward``.

    Inputs: dout (N, F, H', W') and the cache.

    Returns ``(dx, dw, db, dgamma, dbeta)``, shaped like x, w, b, gamma and beta.
    """
    conv_cache, bn_cache, relu_cache = cache
    dn = layers.relu_backward(dout, relu_cache)
    da, dgamma, dbeta = layers.spatial_batchnorm_backward(dn, bn_cache)
    return (*conv_backward_fast(da, conv_cache), dgamma, dbeta)


def conv_relu_pool_forward(x, w, b, conv_param, pool_param):
    """A convolution, then a ReLU, then max pooling.

    Inputs: x (N, C, H, W), w (F, C, HH, WW), b (F,) and the dictionaries conv_param and pool_param,
    as for ``conv_forward_fast`` and ``max_pool_forward_fast``.

    Returns ``(out, cache)`` with out (N, F, H'', W''), the size after convolution and pooling.
    """
    a, conv_cache = conv_forward_fast(x, w, b, conv_param)
    # Pool before the ReLU: the result is the same, and the ReLU has fewer numbers to look at.
    p, pool_cache = max_pool_forward_fast(a, pool_param)
    out, relu_cache = layers.relu_forward(p)
    return out, (conv_cache, pool_cache, relu_cache)


def conv_relu_pool_backward(dout, cache, need_dx=True):
    """Back through ``conv_relu_pool_forward``.

    Inputs: dout (N, F, H'', W'') and the cache; need_dx as for ``conv_backward_fast``.

    Returns ``(dx, dw, db)``, shaped like x, w and b; dx is None if it is not needed.
    """
    conv_cache, pool_cache, relu_cache = cache
    dp = layers.relu_backward(dout, relu_cache)
    da = max_pool_backward_fast(dp, pool_cache)
    return conv_backward_fast(da, conv_cache, need_dx)
