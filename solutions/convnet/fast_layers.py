"""Convolution and max pooling, fast: the same functions as the naive ones, given to you.

The trick is to copy every patch that a filter will see into a column of one large matrix, "im2col".
Patches overlap, so pixels are copied several times; in exchange the whole convolution becomes a
product of two matrices, which is what processors and their libraries do best. Going back, a
gradient with respect to the matrix is added up at the pixels it was copied from, "col2im".

The copying is done by a compiled extension. Where that was not built, NumPy does it, and a warning
says so once. All shapes, strides and paddings are welcome, in float32 and float64.
"""

import warnings

import numpy as np

try:
    from convnet import _kernels
except ImportError:  # not compiled: pip install -e . would do it
    _kernels = None

_told = False


def conv_forward_fast(x, w, b, conv_param):
    """Convolve images with filters.

    Inputs:
    - x: array (N, C, H, W) of images.
    - w: array (F, C, HH, WW) of filters.
    - b: array (F,) of biases.
    - conv_param: dictionary with the integers ``stride`` (at least 1) and ``pad`` (at least 0).

    Returns ``(out, cache)`` with out (N, F, H', W'), H' = 1 + (H + 2 * pad - HH) // stride.

    Raises ValueError for shapes that do not fit together.
    """
    pad = int(conv_param["pad"])
    stride = int(conv_param["stride"])
    if x.ndim != 4 or w.ndim != 4 or x.shape[1] != w.shape[1] or b.shape != w.shape[:1]:
        raise ValueError(f"shapes x {x.shape}, w {w.shape}, b {b.shape} do not fit together")
    if pad < 0:
        raise ValueError(f"pad is {pad}; it must be at least 0")
    places = _places(x.shape[2:], w.shape[2:], stride, pad)
    x, w, b = _same_type(x, w, b)
    columns = _columns(x, w.shape[2:], places, stride, pad)
    flat = columns.reshape(len(x), w[0].size, places[0] * places[1])
    out = np.matmul(w.reshape(len(w), -1), flat)
    out += b[:, None]
    return out.reshape(len(x), len(w), *places), (x.shape, w, stride, pad, flat)


def conv_backward_fast(dout, cache):
    """Send a gradient back through ``conv_forward_fast``.

    Inputs: dout (N, F, H', W') and the cache.

    Returns ``(dx, dw, db)``, shaped like x, w and b.

    Raises ValueError if dout has not the shape of the output.
    """
    x_shape, w, stride, pad, flat = cache
    _check_shape(dout, (x_shape[0], len(w), *_places(x_shape[2:], w.shape[2:], stride, pad)))
    num, num_filters, *places = dout.shape
    upstream = dout.reshape(num, num_filters, places[0] * places[1]).astype(w.dtype, copy=False)
    dw = np.matmul(upstream, flat.transpose(0, 2, 1)).sum(axis=0, dtype=w.dtype)
    dflat = np.matmul(w.reshape(num_filters, -1).T, upstream)
    dcolumns = dflat.reshape(num, *w.shape[1:], *places)
    dx = _add_up(dcolumns, x_shape, stride, pad)
    return dx, dw.reshape(w.shape), upstream.sum(axis=(0, 2))


def max_pool_forward_fast(x, pool_param):
    """The largest value of every window.

    Inputs:
    - x: array (N, C, H, W).
    - pool_param: dictionary with the integers ``pool_height``, ``pool_width`` and ``stride``.

    Returns ``(out, cache)`` with out (N, C, H', W'), H' = 1 + (H - pool_height) // stride.

    Raises ValueError for a window that does not fit.
    """
    if x.ndim != 4:
        raise ValueError(f"x has the shape {x.shape}; images are (N, C, H, W)")
    window = int(pool_param["pool_height"]), int(pool_param["pool_width"])
    stride = int(pool_param["stride"])
    places = _places(x.shape[2:], window, stride, 0)
    (x,) = _same_type(x)
    out = np.empty((*x.shape[:2], *places), x.dtype)
    winners = np.empty(out.shape, np.intc)
    if _compiled():
        _kernels.pool_forward(x, out, winners, *window, stride)
    else:
        _pool_with_numpy(x, out, winners, window, stride)
    return out, (x.shape, winners)


def max_pool_backward_fast(dout, cache):
    """Send a gradient back through ``max_pool_forward_fast``.

    Inputs: dout (N, C, H', W') and the cache.

    Returns dx (N, C, H, W); where several values of a window were largest, the first has it all.

    Raises ValueError if dout has not the shape of the output.
    """
    x_shape, winners = cache
    _check_shape(dout, winners.shape)
    (dout,) = _same_type(dout)
    num, channels, height, width = x_shape
    dx = np.zeros((num, channels, height * width), dout.dtype)
    if _compiled():
        _kernels.pool_backward(dout, winners, dx)
    else:
        n, c = np.ogrid[:num, :channels]
        np.add.at(dx, (n[..., None, None], c[..., None, None], winners), dout)
    return dx.reshape(x_shape)


def _places(image, window, stride, pad):
    """How many places a window has in an image, down and across."""
    if stride < 1:
        raise ValueError(f"stride is {stride}; it must be at least 1")
    framed = image[0] + 2 * pad, image[1] + 2 * pad
    if min(window) < 1 or window[0] > framed[0] or window[1] > framed[1]:
        raise ValueError(
            f"a window of {window[0]} x {window[1]} pixels does not fit into an "
            f"image of {framed[0]} x {framed[1]}, padding included"
        )
    return tuple((side - length) // stride + 1 for side, length in zip(framed, window))


def _check_shape(dout, expected):
    """The extension trusts the shapes it is given: another one would reach outside the arrays."""
    if dout.shape != expected:
        raise ValueError(f"dout has the shape {dout.shape}, the output had {expected}")


def _same_type(*arrays):
    """The arrays contiguous and of one type, float32 or float64."""
    dtype = np.result_type(*arrays)
    if dtype not in (np.float32, np.float64):
        dtype = np.float64
    return tuple(np.ascontiguousarray(array, dtype=dtype) for array in arrays)


def _columns(x, window, places, stride, pad):
    """Every patch: array (N, C, HH, WW, H', W')."""
    columns = np.empty((*x.shape[:2], *window, *places), x.dtype)
    if _compiled():
        _kernels.image_to_columns(x, columns, stride, pad)
    else:
        padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        for h, w in np.ndindex(*window):
            columns[:, :, h, w] = padded[_every(h, w, places, stride)]
    return columns


def _add_up(dcolumns, x_shape, stride, pad):
    """The reverse of `_columns` for gradients: array (N, C, H, W)."""
    num, channels, height, width = x_shape
    if _compiled():
        dx = np.zeros(x_shape, dcolumns.dtype)
        _kernels.columns_to_image(np.ascontiguousarray(dcolumns), dx, stride, pad)
        return dx
    padded = np.zeros((num, channels, height + 2 * pad, width + 2 * pad), dcolumns.dtype)
    for h, w in np.ndindex(*dcolumns.shape[2:4]):
        padded[_every(h, w, dcolumns.shape[4:], stride)] += dcolumns[:, :, h, w]
    return padded[:, :, pad : height + pad, pad : width + pad]


def _pool_with_numpy(x, out, winners, window, stride):
    """Fill out and winners, one pixel of the window after the other."""
    out[...] = -np.inf
    winners[...] = 0
    rows, cols = np.ogrid[: out.shape[2], : out.shape[3]]
    for h, w in np.ndindex(*window):
        values = x[_every(h, w, out.shape[2:], stride)]
        first = h == 0 and w == 0
        better = (values > out) | (np.isnan(values) & ~np.isnan(out)) | first
        place = (rows * stride + h) * x.shape[3] + cols * stride + w
        np.copyto(out, values, where=better)
        np.copyto(winners, place.astype(np.intc), where=better)


def _every(h, w, places, stride):
    """The index of the pixel (h, w) of every window of padded images."""
    down = slice(h, h + stride * (places[0] - 1) + 1, stride)
    across = slice(w, w + stride * (places[1] - 1) + 1, stride)
    return slice(None), slice(None), down, across


def _compiled():
    """Whether the extension is there; if not, say so once."""
    global _told
    if _kernels is None and not _told:
        _told = True
        warnings.warn(
            "the compiled part of the fast layers is not built, NumPy does its work; "
            "`pip install -e .` in the assignment's folder builds it",
            RuntimeWarning,
            stacklevel=3,
        )
    return _kernels is not None
