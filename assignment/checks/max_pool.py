"""Checks of max pooling."""

import numpy as np

from plumbline import FLOAT32, StudentError, check


def layers(student):
    """The student's layers, without access to the given ones: students write their own loops."""
    student.withhold("fast_layers", "im2col", "_kernels")
    return student.layers


def pool_param(height, width, stride):
    """The settings of a pooling."""
    return {"pool_height": height, "pool_width": width, "stride": stride}


def gradient_of(student, x, dout, param):
    """The gradient of max pooling with respect to x."""
    _, cache = layers(student).max_pool_forward_naive(x, param)
    return layers(student).max_pool_backward_naive(dout, cache)


@check("max_pool_forward", points=1, seed=0, visible=True)
def evenly_spaced_pixels(student, rng):
    """Windows of 2 x 2 that tile two small images."""
    x = np.linspace(-0.3, 0.4, num=96).reshape(2, 3, 4, 4)
    out, _ = layers(student).max_pool_forward_naive(x, pool_param(2, 2, stride=2))
    return {"out": out}


@check(
    "max_pool_forward",
    points=1,
    seed=191,
    hint="Images and windows need not be square: do not confuse height and width.",
)
def pool_oblong_windows(student, rng):
    """Windows wider than high, then higher than wide, on images that are not square."""
    wide, _ = layers(student).max_pool_forward_naive(
        rng.randn(2, 3, 6, 12), pool_param(2, 4, stride=4)
    )
    high, _ = layers(student).max_pool_forward_naive(
        rng.randn(2, 3, 8, 14), pool_param(4, 2, stride=4)
    )
    return {"wide": wide, "high": high}


@check(
    "max_pool_forward",
    points=0.75,
    seed=192,
    hint="Windows may overlap, and there may be gaps between them.",
)
def pool_windows_that_overlap(student, rng):
    """A stride smaller than the window, then one larger than it; all values negative."""
    x = -1 - rng.rand(2, 2, 7, 7)
    overlapping, _ = layers(student).max_pool_forward_naive(x, pool_param(3, 3, stride=1))
    gaping, _ = layers(student).max_pool_forward_naive(x, pool_param(1, 1, stride=3))
    return {"overlapping": overlapping, "with gaps": gaping}


@check(
    "max_pool_forward",
    points=0.5,
    seed=193,
    when="leftovers",
    hint="Some columns or rows may be left over: a window moves on only while it fits.",
)
def pool_windows_that_do_not_tile(student, rng):
    """Some rows and columns are left over at the border."""
    out, _ = layers(student).max_pool_forward_naive(
        rng.randn(2, 3, 8, 8), pool_param(3, 3, stride=3)
    )
    return {"out": out}


@check(
    "max_pool_forward",
    points=0.25,
    seed=194,
    hint="Try one image of one channel.",
)
def pool_of_one_grey_image(student, rng):
    """One image of one channel."""
    x = rng.randn(1, 1, 4, 4)
    out, _ = layers(student).max_pool_forward_naive(x, pool_param(2, 2, stride=2))
    return {"out": out}


@check(
    "max_pool_forward",
    points=0.25,
    seed=351,
    hint="Do not change the images that you are given.",
)
def pool_forward_spares_its_input(student, rng):
    """The images are not changed."""
    x = student.put(rng.randn(2, 3, 4, 4))
    out, _ = layers(student).max_pool_forward_naive(x, pool_param(2, 2, stride=2))
    return {"out": out, "x afterwards": student.get(x)}


@check(
    "max_pool_forward",
    points=0.25,
    seed=352,
    when="float32",
    tolerance=FLOAT32,
    hint="float32 images give a float32 output.",
)
def pool_in_single_precision(student, rng):
    """The images are float32."""
    x = rng.randn(2, 3, 4, 4).astype(np.float32)
    out, _ = layers(student).max_pool_forward_naive(x, pool_param(2, 2, stride=2))
    return {"dtype": str(out.dtype), "out": out}


@check("max_pool_backward", points=1, seed=231, visible=True, needs=("max_pool_forward",))
def gradient_of_tiled_images(student, rng):
    """The gradient for windows of 2 x 2 that tile the images."""
    dx = gradient_of(
        student, rng.randn(3, 2, 8, 8), rng.randn(3, 2, 4, 4), pool_param(2, 2, stride=2)
    )
    return {"dx": dx}


@check(
    "max_pool_backward",
    points=1.25,
    seed=195,
    needs=("max_pool_forward",),
    hint="A pixel can be the largest of several windows: add up its gradients.",
)
def pool_gradients_add_up(student, rng):
    """Windows that overlap, on square images."""
    x, dout = rng.randn(2, 2, 6, 6), rng.randn(2, 2, 4, 4)
    return {"dx": gradient_of(student, x, dout, pool_param(3, 3, stride=1))}


@check(
    "max_pool_backward",
    points=1,
    seed=196,
    needs=("max_pool_forward",),
    hint="Images and windows need not be square: do not confuse height and width.",
)
def pool_gradients_of_oblong_windows(student, rng):
    """Windows wider than high, then higher than wide, on images that are not square."""
    x, dout = rng.randn(2, 3, 6, 12), rng.randn(2, 3, 2, 3)
    wide = gradient_of(student, x, dout, pool_param(2, 4, stride=4))
    x, dout = rng.randn(2, 3, 8, 14), rng.randn(2, 3, 2, 4)
    high = gradient_of(student, x, dout, pool_param(4, 2, stride=4))
    return {"dx, wide": wide, "dx, high": high}


@check(
    "max_pool_backward",
    points=0.5,
    seed=197,
    needs=("max_pool_forward",),
    when="leftovers",
    hint="Pixels that no window covers get a gradient of zero; dx has the shape of x.",
)
def pool_gradients_short_of_the_border(student, rng):
    """Some rows and columns are left over at the border.

    Where the forward pass refuses such sizes, which is paid for there, it gets what the windows
    cover.
    """
    x, dout, param = rng.randn(2, 2, 8, 8), rng.randn(2, 2, 2, 2), pool_param(3, 3, stride=3)
    try:
        _, cache = layers(student).max_pool_forward_naive(x, param)
    except StudentError:
        dcovered = gradient_of(student, x[:, :, :6, :6], dout, param)
        return {"dx": np.pad(dcovered, ((0, 0), (0, 0), (0, 2), (0, 2)))}
    return {"dx": layers(student).max_pool_backward_naive(dout, cache)}


@check(
    "max_pool_backward",
    points=0.5,
    seed=198,
    needs=("max_pool_forward",),
    hint="If several values of a window are the largest, one of them gets its gradient or they "
    "share it: what they get adds up to it, and is neither lost nor doubled.",
)
def pool_gradients_of_a_tie(student, rng):
    """Windows in which the largest value occurs twice or everywhere."""
    x = np.array([[[[1, 3, 0, 0], [3, 2, 0, 0], [5, 4, 7, 6], [5, 1, 2, 7]]]], dtype=float)
    dx = gradient_of(student, x, rng.randn(1, 1, 2, 2), pool_param(2, 2, stride=2))
    beaten = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0, 1], [0, 1, 1, 0]], dtype=bool)
    return {
        "shape": str(dx.shape),
        "gradient of a window": dx.reshape(2, 2, 2, 2).sum(axis=(1, 3)),
        "gradient of what lost": dx[0, 0][beaten],
    }


@check(
    "max_pool_backward",
    points=0.25,
    seed=199,
    needs=("max_pool_forward",),
    hint="Try one image of one channel.",
)
def pool_gradient_of_one_grey_image(student, rng):
    """One image of one channel."""
    x, dout = rng.randn(1, 1, 4, 4), rng.randn(1, 1, 2, 2)
    return {"dx": gradient_of(student, x, dout, pool_param(2, 2, stride=2))}


@check(
    "max_pool_backward",
    points=0.25,
    seed=353,
    needs=("max_pool_forward",),
    hint="Do not change the upstream gradient or the images.",
)
def pool_backward_spares_its_inputs(student, rng):
    """No input is changed."""
    x, dout = student.put(rng.randn(2, 3, 4, 4)), student.put(rng.randn(2, 3, 2, 2))
    _, cache = layers(student).max_pool_forward_naive(x, pool_param(2, 2, stride=2))
    before = student.get(x)
    dx = layers(student).max_pool_backward_naive(dout, cache)
    return {
        "dx": dx,
        "dout afterwards": student.get(dout),
        "x is unchanged": bool(np.array_equal(student.get(x), before)),
    }


@check(
    "max_pool_backward",
    points=0.25,
    seed=354,
    needs=("max_pool_forward",),
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give a float32 gradient.",
)
def pool_gradient_in_single_precision(student, rng):
    """Images and upstream gradient are float32."""
    x, dout = rng.randn(2, 3, 4, 4).astype(np.float32), rng.randn(2, 3, 2, 2).astype(np.float32)
    dx = gradient_of(student, x, dout, pool_param(2, 2, stride=2))
    return {"dtype": str(dx.dtype), "dx": dx}
