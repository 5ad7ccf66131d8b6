"""A two-layer convolutional network without a class: a dictionary of parameters and a function."""

import numpy as np

from convnet import layers
from convnet.layer_utils import conv_relu_pool_backward, conv_relu_pool_forward


def init_two_layer_convnet(
    weight_scale=1e-3,
    bias_scale=0,
    input_shape=(3, 32, 32),
    num_classes=10,
    num_filters=32,
    filter_size=5,
):
    """Random parameters for `two_layer_convnet`.

    Inputs:
    - weight_scale, bias_scale: standard deviations of the random weights and biases.
    - input_shape: tuple (C, H, W), the shape of an image; H and W are even.
    - num_classes: the number of classes.
    - num_filters: the number F of filters.
    - filter_size: their height and width, an odd number.

    Returns a dictionary of arrays: W1 (F, C, filter_size, filter_size), b1 (F,),
    W2 (F * H / 2 * W / 2, num_classes), b2 (num_classes,).

    Raises ValueError for a filter_size that is even.
    """
    if filter_size % 2 == 0:
        raise ValueError(f"filter_size is {filter_size}; it must be odd to keep the image size")
    channels, height, width = input_shape
    pooled = num_filters * (height // 2) * (width // 2)
    return {
        "W1": weight_scale * np.random.randn(num_filters, channels, filter_size, filter_size),
        "b1": bias_scale * np.random.randn(num_filters),
        "W2": weight_scale * np.random.randn(pooled, num_classes),
        "b2": bias_scale * np.random.randn(num_classes),
    }


def two_layer_convnet(X, model, y=None, reg=0.0):
    """Scores of a batch of images, or its loss and the gradients.

    The network is conv - relu - 2x2 max pool - affine - softmax. The convolution has stride 1 and
    is padded so that it keeps height and width. The loss is the softmax loss plus 0.5 * reg times
    the sum of the squares of W1 and W2. Neither X nor the parameters are changed.

    Inputs:
    - X: array (N, C, H, W) of images.
    - model: dictionary of the parameters, as `init_two_layer_convnet` returns it.
    - y: array (N,) of the images' classes, or None.
    - reg: the strength of the L2 regularisation.

    Returns the scores, an array (N, num_classes), if y is None. Otherwise ``(loss, grads)``:
    - loss: a number.
    - grads: dictionary with the keys of `model`; the gradient of the loss with respect to each
      parameter, of the parameter's shape.
    """
    W1, b1, W2, b2 = (model[name] for name in ("W1", "b1", "W2", "b2"))
    conv_param = {"stride": 1, "pad": (W1.shape[2] - 1) // 2}
    pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}

    # BEGIN SOLUTION two_layer_convnet
    # TODO: The first three layers are one pair of functions of layer_utils. Return the scores if
    # there is no y; otherwise add the regularisation, go back, and fill the dictionary grads.
    features, first = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)
    scores, second = layers.affine_forward(features, W2, b2)
    if y is None:
        return scores

    loss, upstream = layers.softmax_loss(scores, y)
    loss += 0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))
    grads = {}
    dfeatures, grads["W2"], grads["b2"] = layers.affine_backward(upstream, second)
    _, grads["W1"], grads["b1"] = conv_relu_pool_backward(dfeatures, first)
    grads["W1"] += reg * W1
    grads["W2"] += reg * W2
    # END SOLUTION two_layer_convnet
    return loss, grads
