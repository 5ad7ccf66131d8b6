"""Fast convolution and max pooling: the same functions as the naive ones, given to you.

Their loops are compiled for your processor; ``_kernels_conv.h`` begins with the idea. If they were
not built, NumPy does the work with ``im2col``, more slowly, and a warning says so once. All shapes,
strides and paddings work, in float32 and float64. The functions use one thread unless you call
``convnet.threads.set_num_threads``. If a filter contains infinities or NaN, the results do too, but
not always in the same places: the zeros around an image are skipped here.
"""

import sys
import warnings

import numpy as np

from convnet.im2col import (
    conv_backward_im2col,
    conv_forward_im2col,
    conv_places,
    pair,
    places_of,
    strided_view,
)
from convnet.threads import share

try:
    from convnet import _kernels
except ImportError:  # not compiled: pip install -e . would do it
    _kernels = None

#: The gradients of filters are summed in this many groups of images, for any number of threads: the
#: last bits of a sum depend on its order.
_GROUPS = 8

_warned = False


def conv_forward_fast(x, w, b, conv_param, relu=False):
    """Convolve images with filters.

    Inputs:
    - x: array (N, C, H, W) of images.
    - w: array (F, C, HH, WW) of filters.
    - b: array (F,) of biases.
    - conv_param: dictionary with ``stride`` (at least 1) and ``pad`` (at least 0), each an integer
      or a pair of them, down and across.
    - relu: set negative outputs to zero.

    Returns ``(out, cache)`` with out (N, F, H', W'), H' = 1 + (H + 2 * pad - HH) // stride.

    Raises ValueError for shapes that do not fit together.
    """
    stride, pad = pair(conv_param["stride"], "stride"), pair(conv_param["pad"], "pad")
    places = conv_places(x, w, b, stride, pad)
    stride = _shortened(stride, x.shape[2:], w.shape[2:], pad)
    x, w, b = _same_type(x, w, b)
    if not _compiled():
        out, cache = conv_forward_im2col(x, w, b, conv_param)
        return (np.maximum(out, 0, out=out) if relu else out), (x, w, stride, pad, cache)
    out = np.empty((len(x), len(w), *places), x.dtype)
    share(
        len(x),
        lambda part: _kernels.conv_forward(x[part], w, b, stride, pad, relu, out[part]),
    )
    return out, (x, w, stride, pad, None)


def conv_backward_fast(dout, cache, need_dx=True):
    """Send a gradient back through ``conv_forward_fast``, without its ReLU.

    Inputs:
    - dout: array (N, F, H', W').
    - cache: as ``conv_forward_fast`` returned it.
    - need_dx: whether to compute dx. The first layer of a network does not need it.

    Returns ``(dx, dw, db)``, shaped like x, w and b; dx is None if it is not needed.

    Raises ValueError if dout has not the shape of the output.
    """
    x, w, stride, pad, columns = cache
    places = places_of(x.shape[2:], w.shape[2:], stride, pad)
    _check_shape(dout, (len(x), len(w), *places))
    (dout,) = _same_type(dout)
    dout = dout.astype(w.dtype, copy=False)
    if columns is not None:
        dx, dw, db = conv_backward_im2col(dout, columns)
        return (dx if need_dx else None), dw, db
    dx = np.empty_like(x) if need_dx else None
    if need_dx:
        share(
            len(x),
            lambda part: _kernels.conv_backward_x(dout[part], w, stride, pad, dx[part]),
        )
    # Each group sums the gradients of its images; then the sums of the groups are added in order.
    groups = min(_GROUPS, len(x))
    dw, db = np.empty((groups, *w.shape), w.dtype), np.empty((groups, len(w)), w.dtype)

    def sum_up(part):
        for group in range(part.start, part.stop):
            images = slice(group * len(x) // groups, (group + 1) * len(x) // groups)
            _kernels.conv_backward_w(dout[images], x[images], stride, pad, dw[group], db[group])

    share(groups, sum_up)
    return dx, dw.sum(axis=0), db.sum(axis=0)


def conv_relu_backward_fast(dout, out, cache, need_dx=True):
    """Send a gradient back through ``conv_forward_fast`` with its ReLU.

    Inputs:
    - dout: array (N, F, H', W').
    - out, cache: as ``conv_forward_fast`` returned them.
    - need_dx: as for ``conv_backward_fast``.

    Returns ``(dx, dw, db)``, shaped like x, w and b; dx is None if it is not needed.

    Raises ValueError if dout has not the shape of the output.
    """
    _check_shape(dout, out.shape)
    if not _compiled():
        return conv_backward_fast(dout * (out > 0), cache, need_dx)
    da = _same_type(dout)[0].astype(out.dtype, copy=False)
    masked = np.empty_like(out)
    share(
        len(out),
        lambda part: _kernels.relu_backward(
            da[part].reshape(-1), out[part].reshape(-1), masked[part].reshape(-1)
        ),
    )
    return conv_backward_fast(masked, cache, need_dx)


def max_pool_forward_fast(x, pool_param):
    """The largest value of every window.

    Inputs:
    - x: array (N, C, H, W).
    - pool_param: dictionary with the integers ``pool_height`` and ``pool_width``, and ``stride``,
      an integer or a pair of them, down and across.

    Returns ``(out, cache)`` with out (N, C, H', W'), H' = 1 + (H - pool_height) // stride.

    Raises ValueError for a window that does not fit.
    """
    if x.ndim != 4:
        raise ValueError(f"x has the shape {x.shape}; images are (N, C, H, W)")
    window = pair((pool_param["pool_height"], pool_param["pool_width"]), "the window")
    stride = pair(pool_param["stride"], "stride")
    places = places_of(x.shape[2:], window, stride, (0, 0))
    stride = _shortened(stride, x.shape[2:], window, (0, 0))
    (x,) = _same_type(x)
    out = np.empty((*x.shape[:2], *places), x.dtype)
    # The position of the largest pixel in its window: a byte is enough unless windows are large.
    winners = np.empty(out.shape, np.uint8 if window[0] * window[1] <= 256 else np.int32)
    if _compiled():
        share(
            len(x),
            lambda part: _kernels.pool_forward(x[part], window, stride, out[part], winners[part]),
        )
    else:
        _pool_with_numpy(x, out, winners, window, stride)
    return out, (x.shape, window, stride, winners)


def max_pool_backward_fast(dout, cache):
    """Send a gradient back through ``max_pool_forward_fast``.

    Inputs: dout (N, C, H', W') and the cache.

    Returns dx (N, C, H, W). If several values of a window are the largest, the first one gets the
    whole gradient.

    Raises ValueError if dout has not the shape of the output.
    """
    x_shape, window, stride, winners = cache
    _check_shape(dout, winners.shape)
    (dout,) = _same_type(dout)
    if _compiled():
        dx = np.empty(x_shape, dout.dtype)
        share(
            len(dx),
            lambda part: _kernels.pool_backward(
                dout[part], winners[part], window, stride, dx[part]
            ),
        )
        return dx
    dx = np.zeros(x_shape, dout.dtype)
    for number, (h, w) in enumerate(np.ndindex(*window)):
        view = strided_view(dx, h, w, dout.shape[2:], stride)
        view += np.where(winners == number, dout, 0)
    return dx


def _check_shape(dout, expected):
    """Raise ValueError if dout has another shape: the extension would access memory outside it."""
    if dout.shape != expected:
        raise ValueError(f"dout has the shape {dout.shape}, the output had {expected}")


def _shortened(stride, image, window, pad):
    """The stride, shortened so that one step just leaves the image: a longer one wastes memory."""
    sides = (side + 2 * zeros for side, zeros in zip(image, pad))
    return tuple(min(s, side - w + 1) for s, side, w in zip(stride, sides, window))


def _same_type(*arrays):
    """The arrays, contiguous and of one type: float32, or float64 for any other real numbers.

    Raises ValueError for arrays of other things than real numbers.
    """
    dtype = np.result_type(*arrays)
    if dtype.kind not in "biuf":
        raise ValueError(f"arrays of {dtype} are not supported; give real numbers")
    if dtype not in (np.float32, np.float64):
        dtype = np.float64
    return tuple(np.ascontiguousarray(array, dtype=dtype) for array in arrays)


def _pool_with_numpy(x, out, winners, window, stride):
    """Fill out and winners, comparing the pixels of the window one after the other."""
    out[...] = strided_view(x, 0, 0, out.shape[2:], stride)
    winners[...] = 0
    for number, (h, w) in enumerate(np.ndindex(*window)):
        values = strided_view(x, h, w, out.shape[2:], stride)
        better = (values > out) | (np.isnan(values) & ~np.isnan(out))
        np.copyto(out, values, where=better)
        winners[better] = number


def _compiler():
    """What to install on this system for a C compiler."""
    if sys.platform == "win32":
        return 'the "Build Tools for Visual Studio", with "Desktop development with C++"'
    if sys.platform == "darwin":
        return "`xcode-select --install`"
    return "on Debian or Ubuntu `sudo apt install gcc python3-dev`"


def _compiled():
    """Whether the extension was built; if not, warn once."""
    global _warned
    if _kernels is None and not _warned:
        _warned = True
        warnings.warn(
            "the compiled part of the fast layers is not built, so NumPy does its work, slower. To "
            f"build it, install a C compiler ({_compiler()}), then run `pip install -e .` in the "
            "assignment's folder and restart Python",
            RuntimeWarning,
            stacklevel=3,
        )
    return _kernels is not None
