"""Checks of max pooling."""

import numpy as np

from plumbline import FLOAT32, check


def layers(student):
    """The student's layers, the given ones out of their reach: the loops are to be their own."""
    student.withhold("fast_layers", "im2col", "_kernels")
    return student.layers


def pool(height, width, stride):
    """A pool_param."""
    return {"pool_height": height, "pool_width": width, "stride": stride}


def back_through(student, x, dout, pool_param):
    """The gradient of max pooling with respect to x."""
    _, cache = layers(student).max_pool_forward_naive(x, pool_param)
    return layers(student).max_pool_backward_naive(dout, cache)


@check("max_pool_forward", points=1, seed=0, visible=True)
def evenly_spaced_pixels(student, rng):
    """Windows of 2 x 2 that tile two small images."""
    x = np.linspace(-0.3, 0.4, num=96).reshape(2, 3, 4, 4)
    out, _ = layers(student).max_pool_forward_naive(x, pool(2, 2, stride=2))
    return {"out": out}


@check(
    "max_pool_forward",
    points=1,
    seed=191,
    hint="Neither images nor windows need be square; keep height and width apart.",
)
def pool_oblong_windows(student, rng):
    """Windows wider than high, then higher than wide, on images that are not square."""
    x = rng.randn(2, 3, 6, 8)
    wide, _ = layers(student).max_pool_forward_naive(x, pool(2, 4, stride=2))
    high, _ = layers(student).max_pool_forward_naive(x, pool(4, 2, stride=2))
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
    overlapping, _ = layers(student).max_pool_forward_naive(x, pool(3, 3, stride=1))
    gaping, _ = layers(student).max_pool_forward_naive(x, pool(1, 1, stride=3))
    return {"overlapping": overlapping, "with gaps": gaping}


@check(
    "max_pool_forward",
    points=0.75,
    seed=193,
    hint="Windows need not tile the image: they move on as long as they fit.",
)
def pool_windows_that_do_not_tile(student, rng):
    """Rows and columns left over at the border."""
    out, _ = layers(student).max_pool_forward_naive(rng.randn(2, 3, 7, 8), pool(3, 3, stride=3))
    return {"out": out}


@check(
    "max_pool_forward",
    points=0.5,
    seed=194,
    tolerance=FLOAT32,
    hint="Think of one image of one channel, of what the caller still needs, and of float32.",
)
def pool_of_one_grey_image_spares_it(student, rng):
    """One image of one channel in single precision, which stays what it was."""
    x = student.put(rng.randn(1, 1, 4, 6).astype(np.float32))
    out, _ = layers(student).max_pool_forward_naive(x, pool(2, 2, stride=2))
    return {"out": out, "dtype": str(out.dtype), "x afterwards": student.get(x)}


@check("max_pool_backward", points=1, seed=231, visible=True, needs=("max_pool_forward",))
def gradient_of_tiled_images(student, rng):
    """The gradient for windows of 2 x 2 that tile the images."""
    dx = back_through(student, rng.randn(3, 2, 8, 8), rng.randn(3, 2, 4, 4), pool(2, 2, stride=2))
    return {"dx": dx}


@check(
    "max_pool_backward",
    points=1.25,
    seed=195,
    needs=("max_pool_forward",),
    hint="A pixel can win in several windows.",
)
def pool_gradients_add_up(student, rng):
    """Windows that overlap, on square images."""
    x, dout = rng.randn(2, 2, 6, 6), rng.randn(2, 2, 4, 4)
    return {"dx": back_through(student, x, dout, pool(3, 3, stride=1))}


@check(
    "max_pool_backward",
    points=1,
    seed=196,
    needs=("max_pool_forward",),
    hint="Neither images nor windows need be square; keep height and width apart.",
)
def pool_gradients_of_oblong_windows(student, rng):
    """Windows wider than high, then higher than wide, on images that are not square."""
    x = rng.randn(2, 3, 6, 8)
    wide = back_through(student, x, rng.randn(2, 3, 3, 3), pool(2, 4, stride=2))
    high = back_through(student, x, rng.randn(2, 3, 2, 4), pool(4, 2, stride=2))
    return {"dx, wide": wide, "dx, high": high}


@check(
    "max_pool_backward",
    points=0.5,
    seed=197,
    needs=("max_pool_forward",),
    hint="Pixels that no window reached get no gradient, and dx is as large as x all the same.",
)
def pool_gradients_short_of_the_border(student, rng):
    """Rows and columns left over at the border."""
    x, dout = rng.randn(2, 2, 7, 8), rng.randn(2, 2, 2, 2)
    return {"dx": back_through(student, x, dout, pool(3, 3, stride=3))}


@check(
    "max_pool_backward",
    points=0.5,
    seed=198,
    needs=("max_pool_forward",),
    hint="Where values tie for the maximum, the gradient goes to one or is shared: none is lost.",
)
def pool_gradients_of_a_tie(student, rng):
    """Windows whose maximum stands twice, or everywhere."""
    x = np.array([[[[1, 3, 0, 0], [3, 2, 0, 0], [5, 4, 7, 6], [5, 1, 2, 7]]]], dtype=float)
    dx = back_through(student, x, rng.randn(1, 1, 2, 2), pool(2, 2, stride=2))
    beaten = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0, 1], [0, 1, 1, 0]], dtype=bool)
    return {
        "shape": str(dx.shape),
        "gradient of a window": dx.reshape(2, 2, 2, 2).sum(axis=(1, 3)),
        "gradient of what lost": dx[0, 0][beaten],
    }


@check(
    "max_pool_backward",
    points=0.75,
    seed=199,
    needs=("max_pool_forward",),
    tolerance=FLOAT32,
    hint="Think of one image of one channel, of what the caller still needs, and of float32.",
)
def pool_gradient_of_one_grey_image(student, rng):
    """One image of one channel in single precision; nothing that was given is changed."""
    x = student.put(rng.randn(1, 1, 4, 6).astype(np.float32))
    dout = student.put(rng.randn(1, 1, 2, 3).astype(np.float32))
    dx = back_through(student, x, dout, pool(2, 2, stride=2))
    return {
        "dx": dx,
        "dtype": str(dx.dtype),
        "x afterwards": student.get(x),
        "dout afterwards": student.get(dout),
    }
