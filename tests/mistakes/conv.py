"""Mistakes in the convolution."""

import numpy as np

from convnet.layers import conv_backward_naive, conv_forward_naive
from tests.mistakes import mistake

FORWARD, BACKWARD = "layers.conv_forward_naive", "layers.conv_backward_naive"


def padded_images(x, before, after):
    """Images with zeros added on the upper left and on the lower right."""
    return np.pad(x, ((0, 0), (0, 0), (before, after), (before, after)))


def slide(padded, w, b, strides, shape):
    """The forward pass with a stride for each direction, for an output of the given shape."""
    out = np.zeros((len(padded), len(w), *shape))
    for i, j in np.ndindex(*shape):
        top, left = i * strides[0], j * strides[1]
        patch = padded[:, :, top : top + w.shape[2], left : left + w.shape[3]]
        out[:, :, i, j] = np.einsum("nchw,fchw->nf", patch, w) + b
    return out


def slide_back(padded, w, dout, strides):
    """The gradients of padded images and filters, with a stride for each direction."""
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i, j in np.ndindex(*dout.shape[2:]):
        top, left = i * strides[0], j * strides[1]
        window = np.s_[:, :, top : top + w.shape[2], left : left + w.shape[3]]
        dpadded[window] += np.einsum("nf,fchw->nchw", dout[:, :, i, j], w)
        dw += np.einsum("nf,nchw->fchw", dout[:, :, i, j], padded[window])
    return dpadded, dw


def out_shape(x, w, conv_param):
    """Height and width of the output."""
    pad, stride = conv_param["pad"], conv_param["stride"]
    return tuple(1 + (x.shape[k] + 2 * pad - w.shape[k]) // stride for k in (2, 3))


@mistake("conv_forward", FORWARD)
def output_as_wide_as_high(x, w, b, conv_param):
    """The output's width is computed from the height of image and filter."""
    height = out_shape(x, w, conv_param)[0]
    padded, stride = padded_images(x, conv_param["pad"], conv_param["pad"]), conv_param["stride"]
    return slide(padded, w, b, (stride, stride), (height, height)), None


@mistake("conv_forward", FORWARD)
def height_and_width_of_the_filter_swapped(x, w, b, conv_param):
    """The patch is as high as the filter is wide."""
    filters, channels, height, width = w.shape
    return conv_forward_naive(x, w.reshape(filters, channels, width, height), b, conv_param)


@mistake("conv_forward", FORWARD, seen=True)
def stride_in_one_direction_alone(x, w, b, conv_param):
    """The stride along the width is 1, whatever it should be."""
    padded = padded_images(x, conv_param["pad"], conv_param["pad"])
    return slide(padded, w, b, (conv_param["stride"], 1), out_shape(x, w, conv_param)), None


@mistake("conv_forward", FORWARD, seen=True)
def padded_on_one_side(x, w, b, conv_param):
    """All padding is put above and to the left."""
    padded, stride = padded_images(x, 2 * conv_param["pad"], 0), conv_param["stride"]
    return slide(padded, w, b, (stride, stride), out_shape(x, w, conv_param)), None


@mistake("conv_forward", FORWARD)
def frame_filled_by_a_slice(x, w, b, conv_param):
    """The image is written into [pad:-pad], which is empty without padding."""
    pad, stride = conv_param["pad"], conv_param["stride"]
    num, channels, height, width = x.shape
    padded = np.zeros((num, channels, height + 2 * pad, width + 2 * pad))
    inside = padded[:, :, pad:-pad, pad:-pad]
    if inside.size:
        inside[...] = x
    return slide(padded, w, b, (stride, stride), out_shape(x, w, conv_param)), None


@mistake("conv_forward", FORWARD)
def filters_must_fit_exactly(x, w, b, conv_param):
    """An assertion that the last step ends at the border."""
    for axis in (2, 3):
        assert (x.shape[axis] + 2 * conv_param["pad"] - w.shape[axis]) % conv_param["stride"] == 0
    return conv_forward_naive(x, w, b, conv_param)


@mistake("conv_forward", FORWARD)
def output_size_rounded_up(x, w, b, conv_param):
    """One step too many, where the filter no longer fits."""
    pad, stride = conv_param["pad"], conv_param["stride"]
    rows, cols = (-(-(x.shape[k] + 2 * pad - w.shape[k]) // stride) + 1 for k in (2, 3))
    padded = padded_images(x, pad, pad + stride)
    return slide(padded, w, b, (stride, stride), (rows, cols)), None


@mistake("conv_forward", FORWARD)
def a_single_image_is_squeezed(x, w, b, conv_param):
    """Axes of length one are dropped."""
    out, cache = conv_forward_naive(x, w, b, conv_param)
    return np.squeeze(out), cache


@mistake("conv_forward", FORWARD)
def output_always_double(x, w, b, conv_param):
    """The output is allocated in float64."""
    out, cache = conv_forward_naive(x, w, b, conv_param)
    return out.astype(np.float64), cache


@mistake("conv_forward", FORWARD)
def filters_centred_in_place(x, w, b, conv_param):
    """The caller's filters are changed."""
    answer = conv_forward_naive(x, w, b, conv_param)
    w -= w.mean()
    return answer


@mistake("conv_backward", BACKWARD)
def empty_slice_without_padding(dout, cache):
    """The padding is removed by [pad:-pad], which is empty without padding."""
    x, w, conv_param = cache
    pad, stride = conv_param["pad"], conv_param["stride"]
    dpadded, dw = slide_back(padded_images(x, pad, pad), w, dout, (stride, stride))
    return dpadded[:, :, pad:-pad, pad:-pad], dw, dout.sum(axis=(0, 2, 3))


@mistake("conv_backward", BACKWARD)
def stride_back_in_one_direction_alone(dout, cache):
    """The stride along the width is ignored."""
    x, w, conv_param = cache
    pad, stride = conv_param["pad"], conv_param["stride"]
    padded = padded_images(x, pad, pad + stride * w.shape[3])
    dpadded, dw = slide_back(padded, w, dout, (stride, 1))
    dx = dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]
    return dx, dw, dout.sum(axis=(0, 2, 3))


@mistake("conv_backward", BACKWARD)
def no_stride_on_the_way_back(dout, cache):
    """The stride is ignored."""
    x, w, conv_param = cache
    pad = conv_param["pad"]
    dpadded, dw = slide_back(padded_images(x, pad, pad), w, dout, (1, 1))
    dx = dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]]
    return dx, dw, dout.sum(axis=(0, 2, 3))


@mistake("conv_backward", BACKWARD, seen=True)
def frame_taken_off_on_one_side(dout, cache):
    """The gradient keeps the lower and the right border of the padding."""
    x, w, conv_param = cache
    pad, stride = conv_param["pad"], conv_param["stride"]
    dpadded, dw = slide_back(padded_images(x, pad, pad), w, dout, (stride, stride))
    return dpadded[:, :, pad:, pad:], dw, dout.sum(axis=(0, 2, 3))


@mistake("conv_backward", BACKWARD)
def square_images_only(dout, cache):
    """The height of the image is used as its width."""
    x, _, _ = cache
    dx, dw, db = conv_backward_naive(dout, cache)
    return dx[:, :, :, : x.shape[2]], dw, db


@mistake("conv_backward", BACKWARD)
def filter_as_wide_as_high(dout, cache):
    """The patch is a square with the filter's height."""
    x, w, conv_param = cache
    dx, dw, db = conv_backward_naive(dout, (x, w[..., : w.shape[2]], conv_param))
    return dx, np.pad(dw, [(0, 0)] * 3 + [(0, w.shape[3] - dw.shape[3])]), db


@mistake("conv_backward", BACKWARD)
def image_rebuilt_from_the_patches(dout, cache):
    """dx ends where the last filter ended, short of the border."""
    _, w, conv_param = cache
    pad, stride = conv_param["pad"], conv_param["stride"]
    dx, dw, db = conv_backward_naive(dout, cache)
    rows = (dout.shape[2] - 1) * stride + w.shape[2] - 2 * pad
    cols = (dout.shape[3] - 1) * stride + w.shape[3] - 2 * pad
    return dx[:, :, :rows, :cols], dw, db


@mistake("conv_backward", BACKWARD, seen=True)
def overlapping_patches_overwritten(dout, cache):
    """`=` where `+=` is needed."""
    x, w, conv_param = cache
    pad, stride = conv_param["pad"], conv_param["stride"]
    _, dw, db = conv_backward_naive(dout, cache)
    dpadded = np.zeros_like(padded_images(x, pad, pad))
    for i, j in np.ndindex(*dout.shape[2:]):
        top, left = i * stride, j * stride
        window = np.s_[:, :, top : top + w.shape[2], left : left + w.shape[3]]
        dpadded[window] = np.einsum("nf,fchw->nchw", dout[:, :, i, j], w)
    return dpadded[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]], dw, db


@mistake("conv_backward", BACKWARD, seen=True)
def db_of_two_axes(dout, cache):
    """db of shape (1, F), which broadcasting hides."""
    dx, dw, db = conv_backward_naive(dout, cache)
    return dx, dw, db[None]


@mistake("conv_backward", BACKWARD)
def gradients_of_one_filter_squeezed(dout, cache):
    """Axes of length one are dropped."""
    return tuple(np.squeeze(gradient) for gradient in conv_backward_naive(dout, cache))


@mistake("conv_backward", BACKWARD)
def dout_summed_in_place(dout, cache):
    """The sum for db is accumulated in dout."""
    answer = conv_backward_naive(dout, cache)
    np.cumsum(dout, axis=0, out=dout)
    return answer


@mistake("conv_backward", BACKWARD)
def gradients_always_double(dout, cache):
    """The gradients are allocated in float64."""
    return tuple(gradient.astype(np.float64) for gradient in conv_backward_naive(dout, cache))
