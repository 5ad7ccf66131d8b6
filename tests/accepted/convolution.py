"""Convolution and pooling with loops: float64, sizes that must fit, and ties."""

import numpy as np

from tests.mistakes import variant


def pad_images(x, pad):
    """The images in a frame of zeros."""
    return np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), "constant")


def out_size(x, w, conv_param):
    """Height and width of the output, for sizes that fit or not."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    return [1 + (x.shape[k] + 2 * pad - w.shape[k]) // stride for k in (2, 3)]


def assert_that_filters_fit(x, w, conv_param):
    """The last step ends at the border."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    assert (x.shape[2] + 2 * pad - w.shape[2]) % stride == 0, "height does not work"
    assert (x.shape[3] + 2 * pad - w.shape[3]) % stride == 0, "width does not work"


def convolve(x, w, b, conv_param, dtype):
    """A convolution by four loops, in an output of some type."""
    stride, padded = conv_param["stride"], pad_images(x, conv_param["pad"])
    out = np.zeros((x.shape[0], w.shape[0], *out_size(x, w, conv_param)), dtype)
    for n, f, i, j in np.ndindex(*out.shape):
        rows = slice(i * stride, i * stride + w.shape[2])
        cols = slice(j * stride, j * stride + w.shape[3])
        out[n, f, i, j] = np.sum(padded[n, :, rows, cols] * w[f]) + b[f]
    return out, (x, w, conv_param)


def convolve_back(dout, cache, dtype):
    """The gradients by four loops, in arrays of some type."""
    x, w, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = pad_images(x, pad)
    dpadded, dw, db = (np.zeros(shape, dtype) for shape in (padded.shape, w.shape, w.shape[0]))
    for n, f, i, j in np.ndindex(*dout.shape):
        rows = slice(i * stride, i * stride + w.shape[2])
        cols = slice(j * stride, j * stride + w.shape[3])
        dw[f] += padded[n, :, rows, cols] * dout[n, f, i, j]
        dpadded[n, :, rows, cols] += w[f] * dout[n, f, i, j]
        db[f] += dout[n, f, i, j]
    return dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, db


@variant("conv_forward", "conv_backward", target="layers.conv_forward_naive", feature="float32")
def convolution_in_zeros_of_float64(x, w, b, conv_param):
    """out = np.zeros((N, F, H', W')), as nine of ten convolutions begin."""
    return convolve(x, w, b, conv_param, np.float64)


@variant("conv_forward", "conv_backward", target="layers.conv_forward_naive", feature="float32")
def convolution_keeps_images_of_float64(x, w, b, conv_param):
    """np.zeros makes the output and the frame: the cache holds float64 too."""
    out, _ = convolve(x, w, b, conv_param, np.float64)
    return out, (x.astype(np.float64), w, conv_param)


@variant("conv_backward", target="layers.conv_backward_naive", feature="float32")
def convolution_gradients_in_zeros_of_float64(dout, cache):
    """dx = np.zeros(x.shape), and likewise dw and db."""
    return convolve_back(dout, cache, np.float64)


@variant("conv_forward", "conv_backward", target="layers.conv_forward_naive", feature="leftovers")
def convolution_whose_filters_must_fit(x, w, b, conv_param):
    """An assertion that the sizes fit."""
    assert_that_filters_fit(x, w, conv_param)
    return convolve(x, w, b, conv_param, x.dtype)


@variant("conv_backward", target="layers.conv_backward_naive", feature="leftovers")
def convolution_gradients_whose_filters_must_fit(dout, cache):
    """An assertion that the sizes fit, on the way back."""
    assert_that_filters_fit(*cache)
    return convolve_back(dout, cache, dout.dtype)


@variant("conv_backward", target="layers.conv_backward_naive", feature="float32")
def convolution_gradients_without_a_frame(dout, cache):
    """No frame of zeros: what would fall into it is skipped; loops over the filter's pixels."""
    x, w, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for i, j, u, v in np.ndindex(*dout.shape[2:], *w.shape[2:]):
        row, col = i * stride + u - pad, j * stride + v - pad
        if 0 <= row < x.shape[2] and 0 <= col < x.shape[3]:
            dx[:, :, row, col] += dout[:, :, i, j] @ w[:, :, u, v]
            dw[:, :, u, v] += dout[:, :, i, j].T @ x[:, :, row, col]
    return dx, dw, dout.sum((0, 2, 3))


def pool_sizes(x, pool_param):
    """Height, width and stride of a window, and height and width of the output."""
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    return (
        height, width, stride,
        1 + (x.shape[2] - height) // stride, 1 + (x.shape[3] - width) // stride,
    )  # fmt: skip


def assert_that_windows_tile(x, pool_param):
    """The last window ends at the border."""
    height, width, stride, _, _ = pool_sizes(x, pool_param)
    assert (x.shape[2] - height) % stride == 0, "height does not work"
    assert (x.shape[3] - width) % stride == 0, "width does not work"


def pool(x, pool_param, dtype):
    """Max pooling by two loops, in an output of some type."""
    height, width, stride, rows, cols = pool_sizes(x, pool_param)
    out = np.zeros((x.shape[0], x.shape[1], rows, cols), dtype)
    for i, j in np.ndindex(rows, cols):
        top, left = i * stride, j * stride
        out[:, :, i, j] = np.max(x[:, :, top : top + height, left : left + width], axis=(2, 3))
    return out, (x, pool_param)


def pool_back(dout, cache, dtype, share):
    """The gradient by four loops; `share` says who of a window gets it, by its values."""
    x, pool_param = cache
    height, width, stride, _, _ = pool_sizes(x, pool_param)
    dx = np.zeros(x.shape, dtype)
    for n, c, i, j in np.ndindex(*dout.shape):
        rows = slice(i * stride, i * stride + height)
        cols = slice(j * stride, j * stride + width)
        dx[n, c, rows, cols] += share(x[n, c, rows, cols]) * dout[n, c, i, j]
    return dx


def to_all(window):
    """All values that are the largest share."""
    winners = window == np.max(window)
    return winners / np.sum(winners)


def to_the_last(window):
    """The last of several largest values gets all."""
    flat = np.zeros(window.size)
    flat[np.nonzero(window.ravel() == window.max())[0][-1]] = 1
    return flat.reshape(window.shape)


def to_the_first(window):
    """The first of several largest values gets all."""
    share = np.zeros(window.shape)
    share[np.unravel_index(np.argmax(window), window.shape)] = 1
    return share


@variant("max_pool_forward", "max_pool_backward", target="layers.max_pool_forward_naive",
         feature="float32")  # fmt: skip
def pooling_in_zeros_of_float64(x, pool_param):
    """out = np.zeros((N, C, H', W'))."""
    return pool(x, pool_param, np.float64)


@variant("max_pool_forward", "max_pool_backward", target="layers.max_pool_forward_naive",
         feature="leftovers")  # fmt: skip
def pooling_whose_windows_must_tile(x, pool_param):
    """An assertion that the windows tile the image."""
    assert_that_windows_tile(x, pool_param)
    return pool(x, pool_param, x.dtype)


@variant("max_pool_backward", target="layers.max_pool_backward_naive", feature="leftovers")
def pooling_gradient_whose_windows_must_tile(dout, cache):
    """An assertion that the windows tile the image, on the way back."""
    assert_that_windows_tile(*cache)
    return pool_back(dout, cache, dout.dtype, to_the_first)


@variant("max_pool_backward", target="layers.max_pool_backward_naive", feature="float32")
def pooling_gradient_shared_in_float64(dout, cache):
    """All values that tie share the gradient; dx is float64."""
    return pool_back(dout, cache, np.float64, to_all)


@variant("max_pool_backward", target="layers.max_pool_backward_naive")
def pooling_gradient_to_the_last(dout, cache):
    """The last of several largest values gets the gradient."""
    return pool_back(dout, cache, dout.dtype, to_the_last)


@variant("max_pool_backward", target="layers.max_pool_backward_naive")
def pooling_gradient_to_the_first(dout, cache):
    """The first of several largest values gets the gradient."""
    return pool_back(dout, cache, dout.dtype, to_the_first)
