"""A small convolutional classifier."""

import numpy as np

from convnet import layers
from convnet.layer_utils import (
    affine_relu_backward,
    affine_relu_forward,
    conv_relu_pool_backward,
    conv_relu_pool_forward,
)


class ThreeLayerConvNet:
    """A convolutional network: conv - relu - 2x2 max pool - affine - relu - affine - softmax.

    It works on batches of images (N, C, H, W). The convolution has stride 1 and is padded so that
    filters of an odd size keep height and width; the pooling halves them, rounding down. The
    parameters are in ``self.params``, a dictionary of arrays; a Solver updates them there.
    """

    def __init__(
        self,
        input_dim=(3, 32, 32),
        num_filters=32,
        filter_size=7,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
        dtype=np.float32,
    ):
        """Set up the network with random weights and zero biases.

        Inputs:
        - input_dim: tuple (C, H, W), the shape of an image.
        - num_filters: the number F of filters.
        - filter_size: their height and width, an odd number.
        - hidden_dim: the number of units of the hidden affine layer.
        - num_classes: the number of classes.
        - weight_scale: the standard deviation of the random weights.
        - reg: the strength of the L2 regularisation.
        - dtype: the type to compute in; float64 for gradient checks.

        The arrays of ``self.params``: W1 (F, C, filter_size, filter_size) and b1 (F,) of the
        convolution, W2 and b2 (hidden_dim,) of the hidden affine layer, W3 (hidden_dim,
        num_classes) and b3 (num_classes,) of the last one.

        Raises ValueError for a filter_size that is even.
        """
        if filter_size % 2 == 0:
            raise ValueError(f"filter_size is {filter_size}; it must be odd to keep the image size")
        self.params = {}
        self.reg = reg
        self.dtype = dtype

        # BEGIN SOLUTION three_layer_convnet.init
        # TODO: Fill self.params: the weights, in the order W1, W2, W3, from a normal distribution
        # with mean 0 and deviation weight_scale; the biases zero. How many numbers of an image
        # are left after the pooling, for W2 to take in?
        channels, height, width = input_dim
        pooled = num_filters * (height // 2) * (width // 2)
        shapes = {
            "1": (num_filters, channels, filter_size, filter_size),
            "2": (pooled, hidden_dim),
            "3": (hidden_dim, num_classes),
        }
        for layer, shape in shapes.items():
            self.params["W" + layer] = weight_scale * np.random.randn(*shape)
        self.params.update(
            b1=np.zeros(num_filters), b2=np.zeros(hidden_dim), b3=np.zeros(num_classes)
        )
        # END SOLUTION three_layer_convnet.init

        for name, value in self.params.items():
            self.params[name] = value.astype(dtype)

    def loss(self, X, y=None):
        """Scores of a batch, or its loss and the gradients.

        The loss is the softmax loss plus 0.5 * reg times the sum of the squares of W1, W2 and W3;
        biases are not regularised.

        Inputs:
        - X: array (N, C, H, W) of images.
        - y: array (N,) of their classes, or None.

        Returns the scores, an array (N, num_classes), if y is None. Otherwise ``(loss, grads)``:
        - loss: a number.
        - grads: dictionary with the keys of ``self.params``; the gradient of the loss with respect
          to each parameter, of the parameter's shape.
        """
        X = X.astype(self.dtype)
        W1, W2, W3 = (self.params[name] for name in ("W1", "W2", "W3"))
        b1, b2, b3 = (self.params[name] for name in ("b1", "b2", "b3"))
        conv_param = {"stride": 1, "pad": (W1.shape[2] - 1) // 2}
        pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}

        # BEGIN SOLUTION three_layer_convnet.loss
        # TODO: The functions of layer_utils save you most of the work: look there for a
        # combination that fits each part of the network. Return the scores if there is no y; then
        # go back through the same parts in reverse and add the regularisation, to the loss and to
        # the gradients.
        maps, conv_cache = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)
        hidden, hidden_cache = affine_relu_forward(maps, W2, b2)
        scores, score_cache = layers.affine_forward(hidden, W3, b3)
        if y is None:
            return scores

        loss, dscores = layers.softmax_loss(scores, y)
        dhidden, dW3, db3 = layers.affine_backward(dscores, score_cache)
        dmaps, dW2, db2 = affine_relu_backward(dhidden, hidden_cache)
        _, dW1, db1 = conv_relu_pool_backward(dmaps, conv_cache, need_dx=False)
        loss += 0.5 * self.reg * sum(np.vdot(W, W) for W in (W1, W2, W3))
        grads = {
            "W1": dW1 + self.reg * W1,
            "b1": db1,
            "W2": dW2 + self.reg * W2,
            "b2": db2,
            "W3": dW3 + self.reg * W3,
            "b3": db3,
        }
        # END SOLUTION three_layer_convnet.loss
        return loss, grads
