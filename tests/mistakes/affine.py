"""Mistakes in the affine layer and the ReLU."""

import numpy as np

from tests.mistakes import mistake


@mistake("affine_forward", "layers.affine_forward")
def images_only(x, w, b):
    """An example must have exactly three axes."""
    num, channels, height, width = x.shape
    return x.reshape(num, channels * height * width) @ w + b, (x, w)


@mistake("affine_forward", "layers.affine_forward")
def axes_of_length_one_vanish(x, w, b):
    """The result is squeezed: a batch of one loses its first axis."""
    return np.squeeze(x.reshape(len(x), -1) @ w + b), (x, w)


@mistake("affine_forward", "layers.affine_forward")
def one_example_is_refused(x, w, b):
    """An assertion that a batch has several examples."""
    assert len(x) > 1
    return x.reshape(len(x), -1) @ w + b, (x, w)


@mistake("affine_forward", "layers.affine_forward")
def x_is_flattened_in_place(x, w, b):
    """The caller's x gets another shape."""
    cached = x.copy()
    x.shape = len(x), -1
    return x @ w + b, (cached, w)


@mistake("affine_backward", "layers.affine_backward", seen=True)
def dx_stays_flat(dout, cache):
    """dx has one row for each example instead of the shape of x."""
    x, w = cache
    return dout @ w.T, x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)


@mistake("affine_backward", "layers.affine_backward", seen=True)
def db_keeps_an_axis(dout, cache):
    """db of shape (1, M), which broadcasting hides."""
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    return dx, x.reshape(len(x), -1).T @ dout, dout.sum(axis=0, keepdims=True)


@mistake("affine_backward", "layers.affine_backward")
def dx_with_two_axes_an_example(dout, cache):
    """An example must have exactly two axes."""
    x, w = cache
    num, height, width = x.shape
    dx = (dout @ w.T).reshape(num, height, width)
    return dx, x.reshape(num, -1).T @ dout, dout.sum(axis=0)


@mistake("affine_backward", "layers.affine_backward")
def sums_up_in_dout(dout, cache):
    """The sum for db is accumulated in dout itself."""
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    for row in range(1, len(dout)):
        dout[row] += dout[row - 1]
    return dx, dw, dout[-1].copy()


@mistake("affine_backward", "layers.affine_backward")
def one_output_has_no_axis(dout, cache):
    """The gradients of w and b are squeezed."""
    x, w = cache
    dx = (dout @ w.T).reshape(x.shape)
    return dx, np.squeeze(x.reshape(len(x), -1).T @ dout), np.squeeze(dout.sum(axis=0))


@mistake("relu_forward", "layers.relu_forward")
def negative_values_erased_in_x(x):
    """The zeros are written into the input."""
    x[x < 0] = 0
    return x.copy(), x


@mistake("relu_forward", "layers.relu_forward")
def ceiling_at_one(x):
    """Large values are clipped."""
    return np.clip(x, 0, 1), x


@mistake("relu_backward", "layers.relu_backward")
def zeros_written_into_dout(dout, cache):
    """The upstream gradient is changed in place."""
    dout[cache <= 0] = 0
    return dout.copy()


@mistake(
    "relu_backward",
    "layers.relu_backward",
    also={"layers.relu_forward": lambda x: (x * (x > 0), (x,))},
)
def mask_written_into_x(dout, cache):
    """The cached input is overwritten with the mask."""
    (x,) = cache
    x[x > 0] = 1
    x[x < 0] = 0
    return dout * x


@mistake("relu_backward", "layers.relu_backward", seen=True)
def masks_by_the_gradient(dout, cache):
    """The mask is where the gradient is positive, not where the input is."""
    return dout * (dout > 0)


@mistake("relu_backward", "layers.relu_backward")
def small_inputs_count_as_zero(dout, cache):
    """A threshold other than 0."""
    return dout * (cache > 1e-3)
