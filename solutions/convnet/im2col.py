"""Convolution as one product of matrices: "im2col", easier to understand than the fast layers.

Every patch that a filter is applied to is copied into a column of one large matrix. Patches
overlap, so pixels are copied several times; in exchange the whole convolution becomes a product of
two matrices, which is what processors and their libraries do best. In the backward pass the
gradient of the matrix is added up at the pixels it was copied from, "col2im".

The fast layers work this way if their compiled part was not built.
"""

import numpy as np

#: An image with more pixels, its padding included, does not fit into memory.
_MOST_PIXELS = 2**36


def conv_forward_im2col(x, w, b, conv_param):
    """Convolve images with filters.

    Inputs:
    - x: array (N, C, H, W) of images.
    - w: array (F, C, HH, WW) of filters.
    - b: array (F,) of biases.
    - conv_param: dictionary with ``stride`` (at least 1) and ``pad`` (at least 0), each an integer
      or a pair of them, down and across.

    Returns ``(out, cache)`` with out (N, F, H', W'), H' = 1 + (H + 2 * pad - HH) // stride.

    Raises ValueError for shapes that do not fit together.
    """
    stride, pad = pair(conv_param["stride"], "stride"), pair(conv_param["pad"], "pad")
    places = conv_places(x, w, b, stride, pad)
    columns = im2col(x, w.shape[2:], places, stride, pad)
    rows = w.reshape(len(w), columns.shape[1])
    out = np.matmul(rows, columns) + b[:, np.newaxis]
    return out.reshape(len(x), len(w), *places), (x.shape, w, stride, pad, columns)


def conv_backward_im2col(dout, cache):
    """Send a gradient back through ``conv_forward_im2col``.

    Inputs: dout (N, F, H', W') and the cache.

    Returns ``(dx, dw, db)``, shaped like x, w and b.
    """
    x_shape, w, stride, pad, columns = cache
    upstream = dout.reshape(*dout.shape[:2], dout.shape[2] * dout.shape[3])
    dw = np.matmul(upstream, columns.transpose(0, 2, 1)).sum(axis=0)
    dcolumns = np.matmul(w.reshape(len(w), columns.shape[1]).T, upstream)
    dx = col2im(dcolumns, x_shape, w.shape[2:], dout.shape[2:], stride, pad)
    return dx, dw.reshape(w.shape), upstream.sum(axis=(0, 2))


def im2col(x, window, places, stride, pad):
    """Every patch of every image as a column.

    Inputs: x (N, C, H, W); the other inputs are pairs, down and across: the size of a patch, the
    number of its places, the stride, the number of zeros on each side.

    Returns an array (N, C * HH * WW, H' * W').
    """
    padded = np.pad(x, ((0, 0), (0, 0), (pad[0], pad[0]), (pad[1], pad[1])))
    columns = np.empty((*x.shape[:2], *window, *places), x.dtype)
    for h, w in np.ndindex(*window):
        columns[:, :, h, w] = strided_view(padded, h, w, places, stride)
    return columns.reshape(len(x), x.shape[1] * window[0] * window[1], places[0] * places[1])


def col2im(columns, x_shape, window, places, stride, pad):
    """The reverse of ``im2col`` for gradients: all copies of one pixel are added up at that pixel.

    Takes columns (N, C * HH * WW, H' * W') and returns an array of x_shape, which is (N, C, H, W).
    """
    num, channels, height, width = x_shape
    columns = columns.reshape(num, channels, *window, *places)
    padded = np.zeros((num, channels, height + 2 * pad[0], width + 2 * pad[1]), columns.dtype)
    for h, w in np.ndindex(*window):
        strided_view(padded, h, w, places, stride)[...] += columns[:, :, h, w]
    return padded[:, :, pad[0] : pad[0] + height, pad[1] : pad[1] + width]


def strided_view(images, h, w, places, stride):
    """A view of images (N, C, H, W): the pixel (h, w) of every window, as (N, C, H', W')."""
    down = slice(h, h + stride[0] * (places[0] - 1) + 1, stride[0])
    across = slice(w, w + stride[1] * (places[1] - 1) + 1, stride[1])
    return images[:, :, down, across]


def pair(number, name):
    """A pair of integers, down and across: an integer counts for both, a pair stays as it is.

    Raises ValueError for anything else; `name` names the number in its message.
    """
    both = (number, number) if np.ndim(number) == 0 else tuple(number)
    try:
        integers = len(both) == 2 and all(int(value) == value for value in both)
    except (TypeError, ValueError, OverflowError):
        integers = False
    if not integers:
        raise ValueError(f"{name} is {number!r}; it must be a whole number or a pair of them")
    return int(both[0]), int(both[1])


def conv_places(x, w, b, stride, pad):
    """How many places the filters have, down and across.

    Raises ValueError for shapes that do not fit together.
    """
    if x.ndim != 4 or w.ndim != 4 or x.shape[1] != w.shape[1] or b.shape != w.shape[:1]:
        raise ValueError(
            f"shapes x {x.shape}, w {w.shape}, b {b.shape} do not fit together; "
            "they should be (N, C, H, W), (F, C, HH, WW) and (F,)"
        )
    if min(pad) < 0:
        raise ValueError(f"pad is {_as_text(pad)}; it must be at least 0")
    return places_of(x.shape[2:], w.shape[2:], stride, pad)


def places_of(image, window, stride, pad):
    """How many places a window has in an image, down and across.

    Raises ValueError if there are none.
    """
    if min(stride) < 1:
        raise ValueError(f"stride is {_as_text(stride)}; it must be at least 1")
    padded = image[0] + 2 * pad[0], image[1] + 2 * pad[1]
    if min(window) < 1:
        raise ValueError(f"a window of {window[0]} x {window[1]} pixels is empty")
    if padded[0] * padded[1] > _MOST_PIXELS:
        raise ValueError(f"an image of {padded[0]} x {padded[1]} pixels is too large")
    if window[0] > padded[0] or window[1] > padded[1]:
        raise ValueError(
            f"a window of {window[0]} x {window[1]} pixels does not fit into an "
            f"image of {padded[0]} x {padded[1]}, padding included"
        )
    return tuple((side - length) // step + 1 for side, length, step in zip(padded, window, stride))


def _as_text(numbers):
    return numbers[0] if numbers[0] == numbers[1] else numbers
