"""Convolution as one product of matrices: "im2col", the way to understand before the fast one.

Every patch that a filter will see is copied into a column of one large matrix. Patches overlap, so
pixels are copied several times; in exchange the whole convolution becomes a product of two
matrices, which is what processors and their libraries do best. Going back, the gradient of the
matrix is added up at the pixels it was copied from, "col2im".

The fast layers do their work this way where their compiled part was not built.
"""

import numpy as np

#: A larger image, its frame included, has no place in any memory.
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
    number of its places, the stride, the zeros around.

    Returns an array (N, C * HH * WW, H' * W').
    """
    framed = np.pad(x, ((0, 0), (0, 0), (pad[0], pad[0]), (pad[1], pad[1])))
    columns = np.empty((*x.shape[:2], *window, *places), x.dtype)
    for h, w in np.ndindex(*window):
        columns[:, :, h, w] = framed[every(h, w, places, stride)]
    return columns.reshape(len(x), x.shape[1] * window[0] * window[1], places[0] * places[1])


def col2im(columns, x_shape, window, places, stride, pad):
    """The reverse of ``im2col`` for gradients: what was copied from one pixel is added up there.

    Takes columns (N, C * HH * WW, H' * W') and returns an array of x_shape, which is (N, C, H, W).
    """
    num, channels, height, width = x_shape
    columns = columns.reshape(num, channels, *window, *places)
    framed = np.zeros((num, channels, height + 2 * pad[0], width + 2 * pad[1]), columns.dtype)
    for h, w in np.ndindex(*window):
        framed[every(h, w, places, stride)] += columns[:, :, h, w]
    return framed[:, :, pad[0] : pad[0] + height, pad[1] : pad[1] + width]


def every(h, w, places, stride):
    """The index of the pixel (h, w) of every window of images."""
    down = slice(h, h + stride[0] * (places[0] - 1) + 1, stride[0])
    across = slice(w, w + stride[1] * (places[1] - 1) + 1, stride[1])
    return slice(None), slice(None), down, across


def pair(number, what):
    """An integer twice; a pair of integers, down and across, as it is.

    Raises ValueError, with what it is, for anything else.
    """
    both = (number, number) if np.ndim(number) == 0 else tuple(number)
    try:
        whole = len(both) == 2 and all(int(one) == one for one in both)
    except (TypeError, ValueError, OverflowError):
        whole = False
    if not whole:
        raise ValueError(f"{what} is {number!r}; it must be a whole number or a pair of them")
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
        raise ValueError(f"pad is {_said(pad)}; it must be at least 0")
    return places_of(x.shape[2:], w.shape[2:], stride, pad)


def places_of(image, window, stride, pad):
    """How many places a window has in an image, down and across.

    Raises ValueError if there are none.
    """
    if min(stride) < 1:
        raise ValueError(f"stride is {_said(stride)}; it must be at least 1")
    framed = image[0] + 2 * pad[0], image[1] + 2 * pad[1]
    if min(window) < 1:
        raise ValueError(f"a window of {window[0]} x {window[1]} pixels holds none")
    if framed[0] * framed[1] > _MOST_PIXELS:
        raise ValueError(f"an image of {framed[0]} x {framed[1]} pixels is too large")
    if window[0] > framed[0] or window[1] > framed[1]:
        raise ValueError(
            f"a window of {window[0]} x {window[1]} pixels does not fit into an "
            f"image of {framed[0]} x {framed[1]}, padding included"
        )
    return tuple((side - length) // step + 1 for side, length, step in zip(framed, window, stride))


def _said(numbers):
    return numbers[0] if numbers[0] == numbers[1] else numbers
