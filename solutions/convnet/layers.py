"""The layers of a neural network, each as a forward and a backward function.

A forward function takes its inputs and parameters and returns ``(out, cache)``: the result, and
whatever its backward function will need. A backward function takes ``dout``, the gradient of the
loss with respect to ``out`` and of the same shape, and that cache; it returns the gradient of the
loss with respect to each input, in the order in which the forward function took them.

No function changes an array that it was given.

Letters in the shapes: N examples in a batch, D features of an input, M features of an output,
C channels (for the losses: classes), F filters, H and W height and width of an image, HH and WW
those of a filter, H' and W' those of an output. ``d_1, ..., d_k`` is any number of axes.
"""

import numpy as np

# --- fully-connected layers -----------------------------------------------------------------------


def affine_forward(x, w, b):
    """Multiply every example by a matrix of weights and add a bias.

    Inputs:
    - x: array (N, d_1, ..., d_k); an example of any shape counts as one vector of length
      D = d_1 * ... * d_k.
    - w: array (D, M) of weights.
    - b: array (M,) of biases.

    Returns ``(out, cache)``:
    - out: array (N, M).
    - cache: what ``affine_backward`` needs.
    """
    # BEGIN SOLUTION affine_forward
    # TODO: Lay every example out as one row, whatever its shape, so that a single matrix
    # product serves the whole batch. Keep what the backward pass will ask for, x in its own shape.
    rows = x.reshape(x.shape[0], w.shape[0])
    out = rows @ w + b
    cache = (x, w)
    # END SOLUTION affine_forward
    return out, cache


def affine_backward(dout, cache):
    """Send a gradient back through an affine layer.

    Inputs:
    - dout: array (N, M), the upstream gradient.
    - cache: as ``affine_forward`` returned it.

    Returns ``(dx, dw, db)``:
    - dx: array (N, d_1, ..., d_k), shaped like x.
    - dw: array (D, M).
    - db: array (M,).
    """
    # BEGIN SOLUTION affine_backward
    # TODO: Each of the three gradients has the shape of what it belongs to; let the shapes
    # tell you which matrix to transpose. Every example has used the same bias: what follows for db?
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], w.shape[0]).T @ dout
    db = dout.sum(axis=0)
    # END SOLUTION affine_backward
    return dx, dw, db


def relu_forward(x):
    """Keep what is positive and set the rest to zero (rectified linear unit).

    Input:
    - x: array of any shape.

    Returns ``(out, cache)``:
    - out: array shaped like x.
    - cache: what ``relu_backward`` needs.
    """
    # BEGIN SOLUTION relu_forward
    # TODO: Work on all elements at once, without a loop, and leave x as it is.
    out = np.maximum(x, 0)
    cache = x
    # END SOLUTION relu_forward
    return out, cache


def relu_backward(dout, cache):
    """Send a gradient back through a ReLU.

    Inputs:
    - dout: array of any shape, the upstream gradient.
    - cache: as ``relu_forward`` returned it.

    Returns:
    - dx: array shaped like dout.
    """
    # BEGIN SOLUTION relu_backward
    # TODO: Where did the input influence the output, and where did it not? Build a new array:
    # the caller may still need dout.
    dx = dout * (cache > 0)
    # END SOLUTION relu_backward
    return dx


# --- losses ---------------------------------------------------------------------------------------


def softmax_loss(x, y):
    """Cross-entropy loss of softmax probabilities, averaged over the batch.

    Inputs:
    - x: array (N, C) of scores, of any size: 1000 must not overflow, nor -1000 give log(0).
    - y: array (N,) of the right classes, integers with 0 <= y[i] < C.

    Returns ``(loss, dx)``:
    - loss: a number.
    - dx: array (N, C), the gradient of the loss with respect to x.
    """
    # BEGIN SOLUTION softmax_loss
    # TODO: Adding one number to all scores of an example changes no probability: use that to
    # keep the exponentials in range. Work with the logarithm of the probabilities as long as you
    # can. The loss is a mean over the batch, and so is what its gradient comes from.
    each = np.arange(len(y))
    shifted = x - x.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_probs[each, y].mean()
    dx = np.exp(log_probs)
    dx[each, y] -= 1
    dx /= len(y)
    # END SOLUTION softmax_loss
    return loss, dx


def svm_loss(x, y):
    """Multi-class hinge loss with a margin of 1, averaged over the batch.

    A class costs an example as much as its score comes closer than 1 to the score of the right
    class, or passes it. The right class itself costs nothing.

    Inputs:
    - x: array (N, C) of scores.
    - y: array (N,) of the right classes, integers with 0 <= y[i] < C.

    Returns ``(loss, dx)``:
    - loss: a number.
    - dx: array (N, C), the gradient of the loss with respect to x.
    """
    # BEGIN SOLUTION svm_loss
    # TODO: Find by how much every class violates the margin, and let the right class count for
    # nothing. In the gradient, every violated margin pulls at two scores: its own, and another.
    each = np.arange(len(y))
    margins = np.maximum(x - x[each, y][:, np.newaxis] + 1, 0)
    margins[each, y] = 0
    loss = margins.sum() / len(y)
    dx = (margins > 0).astype(x.dtype)
    dx[each, y] = -dx.sum(axis=1)
    dx /= len(y)
    # END SOLUTION svm_loss
    return loss, dx


# --- normalisation --------------------------------------------------------------------------------


def batchnorm_forward(x, gamma, beta, bn_param):
    """Normalise every feature over the batch, then scale and shift it.

    In training, each column of x is brought to mean 0 and variance 1 by its own mean and (biased)
    variance in this batch; ``eps`` is added to the variance before the root is taken. Meanwhile a
    running average of the means and one of the variances are kept in ``bn_param``: a new average
    consists of ``momentum`` parts of the old one and ``1 - momentum`` parts of this batch's value.
    At test time these averages normalise x, and nothing is updated.

    Inputs:
    - x: array (N, D).
    - gamma: array (D,), the scale.
    - beta: array (D,), the shift.
    - bn_param: dictionary, changed in place in training:
      - mode: "train" or "test"; required.
      - eps: small number; 1e-5 if not given.
      - momentum: number between 0 and 1; 0.9 if not given.
      - running_mean, running_var: arrays (D,); zeros if not given.

    Returns ``(out, cache)``:
    - out: array (N, D).
    - cache: what the backward functions need; None in test mode.

    Raises ValueError for any other mode.
    """
    mode = bn_param["mode"]
    if mode not in ("train", "test"):
        raise ValueError(f'bn_param["mode"] is {mode!r}; it must be "train" or "test"')
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    running_mean = bn_param.get("running_mean", np.zeros(x.shape[1], dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(x.shape[1], dtype=x.dtype))

    # BEGIN SOLUTION batchnorm_forward
    # TODO: In training, normalise with the statistics of this batch, and store both updated
    # averages in bn_param, under the keys they were read from. At test time, normalise with the
    # averages. Scale and shift in both modes. Cache what you would not like to compute again.
    if mode == "train":
        mean = x.mean(axis=0)
        var = x.var(axis=0)
        bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
        bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    else:
        mean, var = running_mean, running_var
    std = np.sqrt(var + eps)
    normed = (x - mean) / std
    out = gamma * normed + beta
    cache = (normed, std, gamma) if mode == "train" else None
    # END SOLUTION batchnorm_forward
    return out, cache


def batchnorm_backward(dout, cache):
    """Send a gradient back through batch normalisation, one step of its graph at a time.

    Inputs:
    - dout: array (N, D), the upstream gradient.
    - cache: as ``batchnorm_forward`` returned it in training.

    Returns ``(dx, dgamma, dbeta)``:
    - dx: array (N, D).
    - dgamma: array (D,).
    - dbeta: array (D,).
    """
    # BEGIN SOLUTION batchnorm_backward
    # TODO: Draw the graph of the forward pass on paper, from x through the mean, the centred
    # values, the variance and the deviation to out, and walk it backwards. Where a value was used
    # twice, the gradients of both uses add up.
    normed, std, gamma = cache
    dgamma = (dout * normed).sum(axis=0)
    dbeta = dout.sum(axis=0)
    dnormed = dout * gamma
    # normed = centred / std: the centred values are used here and, below, in the variance.
    dcentred = dnormed / std
    dstd = -(dnormed * normed).sum(axis=0) / std
    # std is the root of var + eps; var is the mean of the squares; centred / std is normed.
    dvar = dstd / (2 * std)
    dcentred = dcentred + dvar * 2 * normed * std / dout.shape[0]
    # The mean was taken from every value of the column.
    dx = dcentred - dcentred.mean(axis=0)
    # END SOLUTION batchnorm_backward
    return dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    """Send a gradient back through batch normalisation, by one formula worked out on paper.

    Takes and returns exactly what ``batchnorm_backward`` does, and from the same cache.

    Inputs:
    - dout: array (N, D), the upstream gradient.
    - cache: as ``batchnorm_forward`` returned it in training.

    Returns ``(dx, dgamma, dbeta)``:
    - dx: array (N, D).
    - dgamma: array (D,).
    - dbeta: array (D,).
    """
    # BEGIN SOLUTION batchnorm_backward_alt
    # TODO: Put the steps of batchnorm_backward into one expression for dx and simplify it: much
    # cancels. Two of the sums that remain are gradients which you have already computed.
    normed, std, gamma = cache
    dgamma = (dout * normed).sum(axis=0)
    dbeta = dout.sum(axis=0)
    dx = gamma / std * (dout - (dbeta + normed * dgamma) / len(dout))
    # END SOLUTION batchnorm_backward_alt
    return dx, dgamma, dbeta


def layernorm_forward(x, gamma, beta, ln_param):
    """Normalise every example over its features, then scale and shift each feature.

    Each row of x is brought to mean 0 and variance 1 by its own mean and (biased) variance, to
    which ``eps`` is added. An example never sees the others, so that training and test are the
    same and no running averages are kept.

    Inputs:
    - x: array (N, D).
    - gamma: array (D,), the scale.
    - beta: array (D,), the shift.
    - ln_param: dictionary:
      - eps: small number; 1e-5 if not given.

    Returns ``(out, cache)``:
    - out: array (N, D).
    - cache: what ``layernorm_backward`` needs.
    """
    eps = ln_param.get("eps", 1e-5)

    # BEGIN SOLUTION layernorm_forward
    # TODO: Much like batch normalisation in training: think about which axis the statistics
    # are taken over, and how to keep it for broadcasting.
    centred = x - x.mean(axis=1, keepdims=True)
    std = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    normed = centred / std
    out = gamma * normed + beta
    cache = (normed, std, gamma)
    # END SOLUTION layernorm_forward
    return out, cache


def layernorm_backward(dout, cache):
    """Send a gradient back through layer normalisation.

    Inputs:
    - dout: array (N, D), the upstream gradient.
    - cache: as ``layernorm_forward`` returned it.

    Returns ``(dx, dgamma, dbeta)``:
    - dx: array (N, D).
    - dgamma: array (D,).
    - dbeta: array (D,).
    """
    # BEGIN SOLUTION layernorm_backward
    # TODO: The formula of batch normalisation serves here as well, along the other axis. The
    # scale and the shift still belong to the features: over which axis are their gradients summed?
    normed, std, gamma = cache
    dgamma = (dout * normed).sum(axis=0)
    dbeta = dout.sum(axis=0)
    dnormed = dout * gamma
    along_mean = dnormed.mean(axis=1, keepdims=True)
    along_std = (dnormed * normed).mean(axis=1, keepdims=True)
    dx = (dnormed - along_mean - normed * along_std) / std
    # END SOLUTION layernorm_backward
    return dx, dgamma, dbeta


def dropout_forward(x, dropout_param):
    """Drop units at random in training (inverted dropout).

    Every element is kept with probability p and set to zero otherwise, each by a draw of its own.
    The expected value of the output is the input already in training, so that at test time x
    passes unchanged.

    Inputs:
    - x: array of any shape.
    - dropout_param: dictionary:
      - mode: "train" or "test"; required.
      - p: the probability to KEEP an element, 0 < p <= 1; required.
      - seed: if given, the same elements are dropped in every call, as gradient checks need.

    Returns ``(out, cache)``:
    - out: array shaped like x, of the same dtype.
    - cache: what ``dropout_backward`` needs.

    Raises ValueError for any other mode or probability.
    """
    mode, p = dropout_param["mode"], dropout_param["p"]
    if mode not in ("train", "test"):
        raise ValueError(f'dropout_param["mode"] is {mode!r}; it must be "train" or "test"')
    if not 0 < p <= 1:
        raise ValueError(f'dropout_param["p"] is {p!r}; it must be above 0 and at most 1')
    seed = dropout_param.get("seed")
    # A generator of its own, so that a seed given here does not disturb other random numbers.
    rng = np.random if seed is None else np.random.RandomState(seed)

    # BEGIN SOLUTION dropout_forward
    # TODO: In training, draw with rng a mask shaped like x that drops and scales in one
    # multiplication; by how much must the survivors grow? See that float32 stays float32.
    mask = None
    if mode == "train":
        kept = rng.random_sample(x.shape) < p
        mask = kept.astype(x.dtype) / x.dtype.type(p)
    out = x if mask is None else x * mask
    cache = mask
    # END SOLUTION dropout_forward
    return out, cache


def dropout_backward(dout, cache):
    """Send a gradient back through dropout.

    Inputs:
    - dout: array of any shape, the upstream gradient.
    - cache: as ``dropout_forward`` returned it, in either mode.

    Returns:
    - dx: array shaped like dout.
    """
    # BEGIN SOLUTION dropout_backward
    # TODO: What did the forward pass multiply each element by, in training and at test time?
    dx = dout if cache is None else dout * cache
    # END SOLUTION dropout_backward
    return dx


# --- convolution and pooling ----------------------------------------------------------------------


def conv_forward_naive(x, w, b, conv_param):
    """Slide filters over images: clear rather than fast.

    Every filter spans all C channels. The images are padded with zeros, ``pad`` pixels wide on
    each of the four sides; then the filters move over them in steps of ``stride`` pixels:
    H' = 1 + (H + 2 * pad - HH) / stride, and W' likewise.

    Inputs:
    - x: array (N, C, H, W) of images.
    - w: array (F, C, HH, WW) of filters.
    - b: array (F,) of biases, one for each filter.
    - conv_param: dictionary:
      - stride: pixels between neighbouring positions, at least 1.
      - pad: pixels of zeros on each side, at least 0.

    Returns ``(out, cache)``:
    - out: array (N, F, H', W').
    - cache: what ``conv_backward_naive`` needs.
    """
    # BEGIN SOLUTION conv_forward
    # TODO: Frame the images with np.pad. Then go through the positions of the output: which
    # patch of the padded images does a position see, and how do all filters meet it at once?
    # Leave x itself unpadded, and keep height and width apart.
    stride, pad = conv_param["stride"], conv_param["pad"]
    num_filters, _, field_h, field_w = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows = 1 + (padded.shape[2] - field_h) // stride
    cols = 1 + (padded.shape[3] - field_w) // stride
    out = np.zeros((x.shape[0], num_filters, rows, cols), dtype=np.result_type(x, w, b))
    for i in range(rows):
        for j in range(cols):
            top, left = i * stride, j * stride
            patch = padded[:, :, top : top + field_h, left : left + field_w]
            out[:, :, i, j] = np.tensordot(patch, w, axes=([1, 2, 3], [1, 2, 3])) + b
    cache = (x, w, conv_param)
    # END SOLUTION conv_forward
    return out, cache


def conv_backward_naive(dout, cache):
    """Send a gradient back through a convolution: clear rather than fast.

    Inputs:
    - dout: array (N, F, H', W'), the upstream gradient.
    - cache: as ``conv_forward_naive`` returned it.

    Returns ``(dx, dw, db)``:
    - dx: array (N, C, H, W), without the frame.
    - dw: array (F, C, HH, WW).
    - db: array (F,).
    """
    # BEGIN SOLUTION conv_backward
    # TODO: Visit the positions of the output as in the forward pass. A patch made its output by
    # a product with the filters: which way does the gradient go to each of the two? Patches
    # overlap, so gradients add up. At the end take the frame off again; try it with a pad of 0.
    x, w, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    field_h, field_w = w.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dtype = np.result_type(x, w, dout)
    dpadded = np.zeros(padded.shape, dtype=dtype)
    dw = np.zeros(w.shape, dtype=dtype)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            top, left = i * stride, j * stride
            patch = padded[:, :, top : top + field_h, left : left + field_w]
            dpatch = dpadded[:, :, top : top + field_h, left : left + field_w]
            dw += np.tensordot(dout[:, :, i, j], patch, axes=(0, 0))
            dpatch += np.tensordot(dout[:, :, i, j], w, axes=(1, 0))
    height, width = x.shape[2:]
    dx = dpadded[:, :, pad : pad + height, pad : pad + width]
    db = dout.sum(axis=(0, 2, 3))
    # END SOLUTION conv_backward
    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    """Keep the largest value of each window of each channel: clear rather than fast.

    The windows move in steps of ``stride`` pixels: H' = 1 + (H - pool_height) / stride, and W'
    likewise. They may overlap, and there may be gaps between them.

    Inputs:
    - x: array (N, C, H, W).
    - pool_param: dictionary:
      - pool_height, pool_width: the size of a window.
      - stride: pixels between neighbouring windows, at least 1.

    Returns ``(out, cache)``:
    - out: array (N, C, H', W').
    - cache: what ``max_pool_backward_naive`` needs.
    """
    # BEGIN SOLUTION max_pool_forward
    # TODO: Go through the positions of the output and reduce the window of each, for all images
    # and channels together. A window need not be square, nor the image.
    stride = pool_param["stride"]
    pool_h, pool_w = pool_param["pool_height"], pool_param["pool_width"]
    rows = 1 + (x.shape[2] - pool_h) // stride
    cols = 1 + (x.shape[3] - pool_w) // stride
    out = np.zeros((*x.shape[:2], rows, cols), dtype=x.dtype)
    for i in range(rows):
        for j in range(cols):
            top, left = i * stride, j * stride
            out[:, :, i, j] = x[:, :, top : top + pool_h, left : left + pool_w].max(axis=(2, 3))
    cache = (x, pool_param)
    # END SOLUTION max_pool_forward
    return out, cache


def max_pool_backward_naive(dout, cache):
    """Send a gradient back through max pooling: clear rather than fast.

    Where several values of a window share the maximum, the gradient goes to the first of them.

    Inputs:
    - dout: array (N, C, H', W'), the upstream gradient.
    - cache: as ``max_pool_forward_naive`` returned it.

    Returns:
    - dx: array (N, C, H, W).
    """
    # BEGIN SOLUTION max_pool_backward
    # TODO: Only the winner of a window has influenced the output. Find where it stands, and
    # remember that one pixel can win in several windows. A tie must not lose the gradient.
    x, pool_param = cache
    stride = pool_param["stride"]
    pool_h, pool_w = pool_param["pool_height"], pool_param["pool_width"]
    dx = np.zeros(x.shape, dtype=dout.dtype)
    image, channel = np.ogrid[: x.shape[0], : x.shape[1]]
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            top, left = i * stride, j * stride
            window = x[:, :, top : top + pool_h, left : left + pool_w]
            winner = window.reshape(*x.shape[:2], pool_h * pool_w).argmax(axis=2)
            down, right = np.divmod(winner, pool_w)
            dx[image, channel, top + down, left + right] += dout[:, :, i, j]
    # END SOLUTION max_pool_backward
    return dx


# --- normalisation of images ----------------------------------------------------------------------


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Batch normalisation of images: statistics of each channel, over the batch and all positions.

    Inputs:
    - x: array (N, C, H, W).
    - gamma: array (C,), the scale.
    - beta: array (C,), the shift.
    - bn_param: dictionary as for ``batchnorm_forward``; the running averages have shape (C,).

    Returns ``(out, cache)``:
    - out: array (N, C, H, W).
    - cache: what ``spatial_batchnorm_backward`` needs.
    """
    # BEGIN SOLUTION spatial_batchnorm_forward
    # TODO: Arrange the pixels so that each channel becomes one feature of batchnorm_forward, let
    # that function do the work, and undo the arrangement. A reshape alone mixes the channels up.
    num, channels, height, width = x.shape
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, channels)
    flat, cache = batchnorm_forward(pixels, gamma, beta, bn_param)
    out = flat.reshape(num, height, width, channels).transpose(0, 3, 1, 2)
    # END SOLUTION spatial_batchnorm_forward
    return out, cache


def spatial_batchnorm_backward(dout, cache):
    """Send a gradient back through spatial batch normalisation.

    Inputs:
    - dout: array (N, C, H, W), the upstream gradient.
    - cache: as ``spatial_batchnorm_forward`` returned it in training.

    Returns ``(dx, dgamma, dbeta)``:
    - dx: array (N, C, H, W).
    - dgamma: array (C,).
    - dbeta: array (C,).
    """
    # BEGIN SOLUTION spatial_batchnorm_backward
    # TODO: The same arrangement as in the forward pass, with a backward function you have.
    num, channels, height, width = dout.shape
    dpixels = dout.transpose(0, 2, 3, 1).reshape(-1, channels)
    dflat, dgamma, dbeta = batchnorm_backward(dpixels, cache)
    dx = dflat.reshape(num, height, width, channels).transpose(0, 3, 1, 2)
    # END SOLUTION spatial_batchnorm_backward
    return dx, dgamma, dbeta


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """Normalise every image over groups of its channels, then scale and shift each channel.

    The C channels are divided, in their order, into G groups of C / G neighbours. Each group of
    each image is normalised by its own mean and (biased) variance over its channels and positions;
    ``eps`` is added to the variance. No image sees another, so training and test are the same.

    Inputs:
    - x: array (N, C, H, W).
    - gamma: array (1, C, 1, 1), the scale.
    - beta: array (1, C, 1, 1), the shift.
    - G: the number of groups, a divisor of C.
    - gn_param: dictionary:
      - eps: small number; 1e-5 if not given.

    Returns ``(out, cache)``:
    - out: array (N, C, H, W).
    - cache: what ``spatial_groupnorm_backward`` needs.

    Raises ValueError if G does not divide C.
    """
    eps = gn_param.get("eps", 1e-5)
    if x.shape[1] % G:
        raise ValueError(f"{x.shape[1]} channels cannot be divided into {G} equal groups")

    # BEGIN SOLUTION spatial_groupnorm_forward
    # TODO: Bring x into a shape in which everything that is normalised together lies along one
    # axis, normalise as in layer normalisation, and go back to (N, C, H, W) before you scale.
    num, channels, height, width = x.shape
    grouped = x.reshape(num, G, channels // G * height * width)
    std = np.sqrt(grouped.var(axis=2, keepdims=True) + eps)
    normed = (grouped - grouped.mean(axis=2, keepdims=True)) / std
    normed = normed.reshape(x.shape)
    out = gamma * normed + beta
    cache = (normed, std, gamma)
    # END SOLUTION spatial_groupnorm_forward
    return out, cache


def spatial_groupnorm_backward(dout, cache):
    """Send a gradient back through spatial group normalisation.

    Inputs:
    - dout: array (N, C, H, W), the upstream gradient.
    - cache: as ``spatial_groupnorm_forward`` returned it.

    Returns ``(dx, dgamma, dbeta)``:
    - dx: array (N, C, H, W).
    - dgamma: array (1, C, 1, 1), shaped like gamma.
    - dbeta: array (1, C, 1, 1), shaped like beta.
    """
    # BEGIN SOLUTION spatial_groupnorm_backward
    # TODO: First the gradients of scale and shift: sum over what shares them, and keep the
    # shape. Then the gradient of layer normalisation, within the groups.
    normed, std, gamma = cache
    dgamma = (dout * normed).sum(axis=(0, 2, 3), keepdims=True)
    dbeta = dout.sum(axis=(0, 2, 3), keepdims=True)
    groups = (dout.shape[0], std.shape[1], -1)
    dgrouped = (dout * gamma).reshape(groups)
    unit = normed.reshape(groups)
    spread = (dgrouped * unit).mean(axis=2, keepdims=True)
    dgrouped = (dgrouped - dgrouped.mean(axis=2, keepdims=True) - unit * spread) / std
    dx = dgrouped.reshape(dout.shape)
    # END SOLUTION spatial_groupnorm_backward
    return dx, dgamma, dbeta
