"""A two-layer network without a class: its parameters in a dictionary, its loss a function."""

import numpy as np


def init_two_layer_model(input_size, hidden_size, output_size):
    """Random weights and zero biases for a network with one hidden layer.

    Inputs:
    - input_size: the number D of features of an example.
    - hidden_size: the number H of hidden units.
    - output_size: the number C of classes.

    Returns a dictionary of arrays: W1 (D, H), b1 (H,), W2 (H, C), b2 (C,). The weights are normally
    distributed with deviation 1e-5, so that all scores begin near zero.
    """
    return {
        "W1": 1e-5 * np.random.randn(input_size, hidden_size),
        "b1": np.zeros(hidden_size),
        "W2": 1e-5 * np.random.randn(hidden_size, output_size),
        "b2": np.zeros(output_size),
    }


def two_layer_net(X, model, y=None, reg=0.0):
    """Scores of a batch, or its loss and the gradients: affine - relu - affine - softmax.

    The loss is the softmax loss plus 0.5 * reg times the sum of the squares of W1 and W2; biases
    are not regularised. Neither X nor the parameters are changed. This module uses none of the
    layers: all of it is written out here.

    Inputs:
    - X: array (N, D) of examples.
    - model: dictionary of the parameters, as `init_two_layer_model` returns it.
    - y: array (N,) of the examples' classes, or None.
    - reg: the strength of the L2 regularisation.

    Returns the scores, an array (N, C), if y is None. Otherwise ``(loss, grads)``:
    - loss: a number.
    - grads: dictionary with the keys of `model`; the gradient of the loss with respect to each
      parameter, of the parameter's shape.
    """
    W1, b1, W2, b2 = (model[name] for name in ("W1", "b1", "W2", "b2"))

    # BEGIN SOLUTION neural_net.forward
    # TODO: Compute the hidden units and, from them, the scores. The ReLU stands between the two
    # affine maps, and not after the second. Keep in ``hidden`` what the way back will need.
    hidden = np.maximum(X @ W1 + b1, 0)
    scores = hidden @ W2 + b2
    # END SOLUTION neural_net.forward

    if y is None:
        return scores

    # BEGIN SOLUTION neural_net.loss
    # TODO: Turn the scores into probabilities and compute the loss, regularisation included.
    # Scores of a thousand must not overflow: what can be taken off all scores of an example?
    relative = scores - scores.max(axis=1, keepdims=True)
    log_total = np.log(np.exp(relative).sum(axis=1, keepdims=True))
    log_probabilities = relative - log_total
    rows = np.arange(len(X))
    loss = -log_probabilities[rows, y].mean()
    loss += 0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))
    # END SOLUTION neural_net.loss

    # BEGIN SOLUTION neural_net.gradients
    # TODO: Walk back: from the scores to W2 and b2, through the ReLU, to W1 and b1. The mean over
    # the batch and the regularisation leave their traces. Fill the dictionary grads.
    dscores = np.exp(log_probabilities)
    dscores[rows, y] -= 1
    dscores /= len(X)
    dhidden = (dscores @ W2.T) * (hidden > 0)
    grads = {
        "W1": X.T @ dhidden + reg * W1,
        "b1": dhidden.sum(axis=0),
        "W2": hidden.T @ dscores + reg * W2,
        "b2": dscores.sum(axis=0),
    }
    # END SOLUTION neural_net.gradients
    return loss, grads
