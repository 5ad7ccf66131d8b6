"""Fully-connected classifiers, put together from the layers."""

import numpy as np

from convnet import layers


class TwoLayerNet:
    """A fully-connected network with one hidden layer: affine - relu - affine - softmax.

    The parameters are in ``self.params``, a dictionary of arrays; a Solver updates them there.
    """

    def __init__(
        self,
        input_dim=3 * 32 * 32,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
    ):
        """Set up the network with random weights and zero biases.

        Inputs:
        - input_dim: the number of features of an example, or its shape as a tuple.
        - hidden_dim: the number H of hidden units.
        - num_classes: the number C of classes.
        - weight_scale: the standard deviation of the random weights.
        - reg: the strength of the L2 regularisation.

        The arrays of ``self.params``: W1 (D, H), b1 (H,), W2 (H, C), b2 (C,).
        """
        self.params = {}
        self.reg = reg
        input_dim = int(np.prod(input_dim))

        # BEGIN SOLUTION two_layer_net.init
        # TODO: Fill self.params under the names given above: the weights drawn from a normal
        # distribution with mean 0 and deviation weight_scale, W1 before W2; the biases zero.
        self.params["W1"] = weight_scale * np.random.randn(input_dim, hidden_dim)
        self.params["b1"] = np.zeros(hidden_dim)
        self.params["W2"] = weight_scale * np.random.randn(hidden_dim, num_classes)
        self.params["b2"] = np.zeros(num_classes)
        # END SOLUTION two_layer_net.init

    def loss(self, X, y=None):
        """Scores of a batch, or its loss and the gradients.

        The loss is the softmax loss plus 0.5 * reg times the sum of the squares of all weights;
        biases are not regularised. Neither X nor the parameters are changed.

        Inputs:
        - X: array (N, d_1, ..., d_k) of examples.
        - y: array (N,) of their classes, or None.

        Returns the scores, an array (N, C), if y is None. Otherwise ``(loss, grads)``:
        - loss: a number.
        - grads: dictionary with the keys of ``self.params``; the gradient of the loss with respect
          to each parameter, of the parameter's shape.
        """
        # BEGIN SOLUTION two_layer_net.loss
        # TODO: Go forward through the layers, keeping their caches, and return the scores if
        # there is no y. Then go backward from the gradient of the loss. The regularisation enters
        # the loss and the gradients of the weights.
        W1, W2 = self.params["W1"], self.params["W2"]
        hidden, first = layers.affine_forward(X, W1, self.params["b1"])
        active, bend = layers.relu_forward(hidden)
        scores, second = layers.affine_forward(active, W2, self.params["b2"])
        if y is None:
            return scores

        grads = {}
        loss, dscores = layers.softmax_loss(scores, y)
        loss += 0.5 * self.reg * (np.sum(W1**2) + np.sum(W2**2))
        dactive, grads["W2"], grads["b2"] = layers.affine_backward(dscores, second)
        dhidden = layers.relu_backward(dactive, bend)
        _, grads["W1"], grads["b1"] = layers.affine_backward(dhidden, first)
        grads["W1"] += self.reg * W1
        grads["W2"] += self.reg * W2
        # END SOLUTION two_layer_net.loss
        return loss, grads


class FullyConnectedNet:
    """A fully-connected network of any depth, with normalisation and dropout if wanted.

    For L layers: {affine - [batch or layer norm] - relu - [dropout]} x (L - 1) - affine - softmax.
    The parameters are in ``self.params``, a dictionary of arrays; a Solver updates them there.
    """

    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        dropout_keep_ratio=1,
        normalization=None,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
    ):
        """Set up the network with random weights and zero biases.

        Inputs:
        - hidden_dims: list with the number of units of each hidden layer.
        - input_dim: the number of features of an example, or its shape as a tuple.
        - num_classes: the number of classes.
        - dropout_keep_ratio: the probability to keep a hidden unit; 1 means no dropout.
        - normalization: "batchnorm", "layernorm" or None.
        - reg: the strength of the L2 regularisation.
        - weight_scale: the standard deviation of the random weights.
        - dtype: the type to compute in; float64 for gradient checks.
        - seed: if given, dropout drops the same units in every call, for gradient checks.

        Raises ValueError for any other normalization.
        """
        if normalization not in (None, "batchnorm", "layernorm"):
            raise ValueError(
                f'normalization is {normalization!r}; it must be "batchnorm", "layernorm" or None'
            )
        self.normalization = normalization
        self.use_dropout = dropout_keep_ratio != 1
        self.reg = reg
        self.num_layers = 1 + len(hidden_dims)
        self.dtype = dtype
        self.params = {}
        input_dim = int(np.prod(input_dim))

        # BEGIN SOLUTION fully_connected_net.init
        # TODO: Fill self.params for the layers 1 to num_layers, in this order: W1 and b1 for the
        # first layer, and so on. The weights come from a normal distribution with mean 0 and
        # deviation weight_scale, those of the last layer too; the biases are zero. With a
        # normalization, each hidden layer also has gamma1, beta1, ...: scale one and shift zero.
        sizes = [input_dim, *hidden_dims, num_classes]
        for layer, (fan_in, fan_out) in enumerate(zip(sizes[:-1], sizes[1:]), start=1):
            self.params[f"W{layer}"] = weight_scale * np.random.randn(fan_in, fan_out)
            self.params[f"b{layer}"] = np.zeros(fan_out)
            if normalization is not None and layer < self.num_layers:
                self.params[f"gamma{layer}"] = np.ones(fan_out)
                self.params[f"beta{layer}"] = np.zeros(fan_out)
        # END SOLUTION fully_connected_net.init

        # Every dropout layer gets this dictionary; loss() sets its mode.
        self.dropout_param = {}
        if self.use_dropout:
            self.dropout_param = {"mode": "train", "p": dropout_keep_ratio}
            if seed is not None:
                self.dropout_param["seed"] = seed

        # Batch normalisation keeps running averages, so each hidden layer has a dictionary of its
        # own: self.bn_params[0] is that of the first one. Layer normalisation keeps nothing.
        self.bn_params = []
        if normalization == "batchnorm":
            self.bn_params = [{"mode": "train"} for _ in hidden_dims]
        elif normalization == "layernorm":
            self.bn_params = [{} for _ in hidden_dims]

        for name, value in self.params.items():
            self.params[name] = value.astype(dtype)

    def loss(self, X, y=None):
        """Scores of a batch, or its loss and the gradients.

        Without y the network runs in test mode, with y in training mode. The loss is the softmax
        loss plus 0.5 * reg times the sum of the squares of all weights W1, W2, ...; biases, scales
        and shifts are not regularised.

        Inputs:
        - X: array (N, d_1, ..., d_k) of examples.
        - y: array (N,) of their classes, or None.

        Returns the scores, an array (N, C), if y is None. Otherwise ``(loss, grads)``:
        - loss: a number.
        - grads: dictionary with the keys of ``self.params``; the gradient of the loss with respect
          to each parameter, of the parameter's shape.
        """
        X = X.astype(self.dtype)
        mode = "test" if y is None else "train"
        if self.use_dropout:
            self.dropout_param["mode"] = mode
        if self.normalization == "batchnorm":
            for bn_param in self.bn_params:
                bn_param["mode"] = mode

        # BEGIN SOLUTION fully_connected_net.loss
        # TODO: As in TwoLayerNet, with a loop over the hidden layers. Begin without normalisation
        # and dropout, check the gradients, and add them afterwards. The last layer has neither,
        # and no ReLU. Return the scores if there is no y; then walk back through the layers in
        # reverse, and let the weights of every one of them enter the regularisation.
        out = X
        caches = []
        for layer in range(1, self.num_layers):
            scale, shift = self.params.get(f"gamma{layer}"), self.params.get(f"beta{layer}")
            norm = drop = None
            out, affine = layers.affine_forward(
                out, self.params[f"W{layer}"], self.params[f"b{layer}"]
            )
            if self.normalization == "batchnorm":
                out, norm = layers.batchnorm_forward(out, scale, shift, self.bn_params[layer - 1])
            elif self.normalization == "layernorm":
                out, norm = layers.layernorm_forward(out, scale, shift, self.bn_params[layer - 1])
            out, bend = layers.relu_forward(out)
            if self.use_dropout:
                out, drop = layers.dropout_forward(out, self.dropout_param)
            caches.append((affine, norm, bend, drop))
        last = self.num_layers
        scores, top = layers.affine_forward(out, self.params[f"W{last}"], self.params[f"b{last}"])
        if y is None:
            return scores

        loss, dscores = layers.softmax_loss(scores, y)
        grads = {}
        dout, grads[f"W{last}"], grads[f"b{last}"] = layers.affine_backward(dscores, top)
        for layer in reversed(range(1, last)):
            affine, norm, bend, drop = caches[layer - 1]
            if self.use_dropout:
                dout = layers.dropout_backward(dout, drop)
            dout = layers.relu_backward(dout, bend)
            if norm is not None:
                norm_backward = (
                    layers.batchnorm_backward_alt
                    if self.normalization == "batchnorm"
                    else layers.layernorm_backward
                )
                dout, grads[f"gamma{layer}"], grads[f"beta{layer}"] = norm_backward(dout, norm)
            dout, grads[f"W{layer}"], grads[f"b{layer}"] = layers.affine_backward(dout, affine)
        for layer in range(1, last + 1):
            weights = self.params[f"W{layer}"]
            loss += 0.5 * self.reg * np.sum(weights**2)
            grads[f"W{layer}"] += self.reg * weights
        # END SOLUTION fully_connected_net.loss
        return loss, grads
