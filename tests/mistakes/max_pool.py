"""Mistakes in max pooling."""

import numpy as np

from convnet.layers import max_pool_backward_naive, max_pool_forward_naive
from tests.mistakes import mistake

FORWARD, BACKWARD = "layers.max_pool_forward_naive", "layers.max_pool_backward_naive"


def swapped(pool_param):
    """The same with height and width of the window exchanged."""
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    return {**pool_param, "pool_height": width, "pool_width": height}


def must_tile(x, pool_param):
    """An assertion that the windows tile the image."""
    assert (x.shape[2] - pool_param["pool_height"]) % pool_param["stride"] == 0
    assert (x.shape[3] - pool_param["pool_width"]) % pool_param["stride"] == 0


def spread(dout, cache, share):
    """The backward pass; `share` gives the share of the gradient that each pixel of a window gets.

    It takes the window and a mask of its maxima, both (N, C, HH, WW).
    """
    x, pool_param = cache
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(*dout.shape[2:]):
        top, left = i * pool_param["stride"], j * pool_param["stride"]
        bottom, right = top + pool_param["pool_height"], left + pool_param["pool_width"]
        window = x[:, :, top:bottom, left:right]
        mask = window == window.max(axis=(2, 3), keepdims=True)
        dx[:, :, top:bottom, left:right] += share(mask) * dout[:, :, i, j][..., None, None]
    return dx


@mistake("max_pool_forward", FORWARD)
def window_turned_on_its_side(x, pool_param):
    """Height and width of the window are swapped."""
    return max_pool_forward_naive(x, swapped(pool_param))


@mistake("max_pool_forward", FORWARD)
def pooled_as_wide_as_high(x, pool_param):
    """The width of the output is computed from the height."""
    out, cache = max_pool_forward_naive(x, pool_param)
    return out[..., : out.shape[2]], cache


@mistake("max_pool_forward", FORWARD, seen=True)
def never_below_zero(x, pool_param):
    """The search for the maximum begins at 0."""
    out, cache = max_pool_forward_naive(x, pool_param)
    return np.maximum(out, 0), cache


@mistake("max_pool_forward", FORWARD)
def pool_must_tile(x, pool_param):
    """An assertion refuses images that the windows do not tile."""
    must_tile(x, pool_param)
    return max_pool_forward_naive(x, pool_param)


@mistake("max_pool_forward", FORWARD)
def windows_side_by_side(x, pool_param):
    """The image is reshaped into windows, whatever the stride."""
    num, channels, height, width = x.shape
    pool_h, pool_w = pool_param["pool_height"], pool_param["pool_width"]
    blocks = x[:, :, : height // pool_h * pool_h, : width // pool_w * pool_w]
    blocks = blocks.reshape(num, channels, height // pool_h, pool_h, width // pool_w, pool_w)
    return blocks.max(axis=(3, 5)), (x, pool_param)


@mistake("max_pool_forward", FORWARD)
def pooled_in_double_precision(x, pool_param):
    """The output is allocated in float64."""
    out, cache = max_pool_forward_naive(x, pool_param)
    return out.astype(np.float64), cache


@mistake("max_pool_forward", FORWARD)
def one_channel_squeezed(x, pool_param):
    """Axes of length one are dropped."""
    out, cache = max_pool_forward_naive(x, pool_param)
    return np.squeeze(out), cache


@mistake("max_pool_backward", BACKWARD)
def overlapping_windows_overwritten(dout, cache):
    """`=` where `+=` is needed: a pixel that wins twice keeps only one gradient."""
    x, pool_param = cache
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * pool_param["stride"], j * pool_param["stride"]
        bottom, right = top + pool_param["pool_height"], left + pool_param["pool_width"]
        window = x[n, c, top:bottom, left:right]
        down, across = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, top + down, left + across] = dout[n, c, i, j]
    return dx


@mistake("max_pool_backward", BACKWARD)
def window_turned_on_the_way_back(dout, cache):
    """Height and width of the window are swapped."""
    x, pool_param = cache
    return max_pool_backward_naive(dout, (x, swapped(pool_param)))


@mistake("max_pool_backward", BACKWARD)
def position_decoded_by_the_height(dout, cache):
    """The flat index of the winner is divided by the window's height."""
    x, pool_param = cache
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        top, left = i * pool_param["stride"], j * pool_param["stride"]
        bottom, right = top + pool_param["pool_height"], left + pool_param["pool_width"]
        down, across = divmod(np.argmax(x[n, c, top:bottom, left:right]), bottom - top)
        dx[n, c, top + down, left + across] += dout[n, c, i, j]
    return dx


@mistake("max_pool_backward", BACKWARD)
def pool_must_tile_on_the_way_back(dout, cache):
    """An assertion refuses images that the windows do not tile."""
    must_tile(*cache)
    return max_pool_backward_naive(dout, cache)


@mistake("max_pool_backward", BACKWARD)
def borders_cut_off(dout, cache):
    """dx ends with the last window."""
    _, pool_param = cache
    rows = (dout.shape[2] - 1) * pool_param["stride"] + pool_param["pool_height"]
    cols = (dout.shape[3] - 1) * pool_param["stride"] + pool_param["pool_width"]
    return max_pool_backward_naive(dout, cache)[:, :, :rows, :cols]


@mistake("max_pool_backward", BACKWARD)
def gradient_as_wide_as_high(dout, cache):
    """dx is made for square images."""
    x, _ = cache
    square = np.zeros((*x.shape[:2], x.shape[2], max(x.shape[2:])))
    square[..., : x.shape[3]] = max_pool_backward_naive(dout, cache)
    return square[..., : x.shape[2]].astype(dout.dtype)


@mistake("max_pool_backward", BACKWARD)
def ties_lose_the_gradient(dout, cache):
    """Where two values tie, neither gets the gradient."""
    return spread(dout, cache, lambda mask: mask * (mask.sum(axis=(2, 3), keepdims=True) == 1))


@mistake("max_pool_backward", BACKWARD)
def ties_multiply_the_gradient(dout, cache):
    """Where values tie, each gets the whole gradient."""
    return spread(dout, cache, lambda mask: mask)


@mistake("max_pool_backward", BACKWARD)
def zeros_win(dout, cache):
    """The gradient goes wherever window times mask is not 0, so that a maximum of 0 gets none."""
    x, _ = cache
    return np.where(x == 0, 0, max_pool_backward_naive(dout, cache))


@mistake("max_pool_backward", BACKWARD)
def pool_gradient_in_double_precision(dout, cache):
    """dx is allocated in float64."""
    return max_pool_backward_naive(dout, cache).astype(np.float64)


@mistake("max_pool_backward", BACKWARD)
def pool_changes_dout(dout, cache):
    """The upstream gradient is changed in place."""
    dx = max_pool_backward_naive(dout, cache)
    dout[...] = 0
    return dx


@mistake("max_pool_backward", BACKWARD)
def losers_set_to_zero_in_x(dout, cache):
    """The cached input is overwritten with the mask."""
    x, _ = cache
    dx = max_pool_backward_naive(dout, cache)
    x[dx == 0] = 0
    return dx
