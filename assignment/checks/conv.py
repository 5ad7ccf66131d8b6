"""Checks of the convolution."""

import numpy as np

from plumbline import FLOAT32, StudentError, check


def layers(student):
    """The student's layers, without access to the given ones: students write their own loops."""
    student.withhold("fast_layers", "im2col", "_kernels")
    return student.layers


def gradients_of(student, shapes, conv_param, rng):
    """The three gradients of a convolution; `shapes` are those of x, w and dout."""
    x, w, dout = (rng.randn(*shape) for shape in shapes)
    _, cache = layers(student).conv_forward_naive(x, w, rng.randn(len(w)), conv_param)
    dx, dw, db = layers(student).conv_backward_naive(dout, cache)
    return {"dx": dx, "dw": dw, "db": db}


@check("conv_forward", points=1.5, seed=0, visible=True)
def evenly_spaced_images(student, rng):
    """Two small images, three filters, stride 2, padding 1."""
    x = np.linspace(-0.1, 0.5, num=96).reshape(2, 3, 4, 4)
    w = np.linspace(-0.2, 0.3, num=144).reshape(3, 3, 4, 4)
    b = np.linspace(-0.1, 0.2, num=3)
    out, _ = layers(student).conv_forward_naive(x, w, b, {"stride": 2, "pad": 1})
    return {"out": out}


@check(
    "conv_forward",
    points=1.75,
    seed=171,
    hint="Images and filters need not be square: do not confuse height and width.",
)
def conv_oblong_images_and_filters(student, rng):
    """Stride 3, padding 2; images and filters are not square."""
    x, w, b = rng.randn(2, 3, 7, 12), rng.randn(4, 3, 2, 4), rng.randn(4)
    out, _ = layers(student).conv_forward_naive(x, w, b, {"stride": 3, "pad": 2})
    return {"out": out}


@check(
    "conv_forward",
    points=1.25,
    seed=172,
    hint="The padding may be 0.",
)
def conv_without_padding(student, rng):
    """Stride 1, no padding."""
    x, w, b = rng.randn(2, 2, 5, 5), rng.randn(3, 2, 3, 3), rng.randn(3)
    out, _ = layers(student).conv_forward_naive(x, w, b, {"stride": 1, "pad": 0})
    return {"out": out}


@check(
    "conv_forward",
    points=0.5,
    seed=173,
    when="leftovers",
    hint="Some columns or rows may be left over: a filter moves on only while it fits.",
)
def conv_stops_short_of_the_border(student, rng):
    """Strides after which some columns and rows are left over."""
    x, w, b = rng.randn(2, 2, 8, 8), rng.randn(2, 2, 3, 3), rng.randn(2)
    small, _ = layers(student).conv_forward_naive(x, w, b, {"stride": 2, "pad": 1})
    large, _ = layers(student).conv_forward_naive(x, w, b, {"stride": 4, "pad": 1})
    return {"out, stride 2": small, "out, stride 4": large}


@check(
    "conv_forward",
    points=1,
    seed=174,
    hint="Try one image, one channel, one filter, and a filter as large as the padded image.",
)
def conv_of_a_single_everything(student, rng):
    """One grey image and one filter of 3 x 3, of one pixel, and as large as the padded image."""
    x, b = rng.randn(1, 1, 5, 5), rng.randn(1)
    settings = {"stride": 1, "pad": 1}
    small, _ = layers(student).conv_forward_naive(x, rng.randn(1, 1, 3, 3), b, settings)
    pixel, _ = layers(student).conv_forward_naive(x, rng.randn(1, 1, 1, 1), b, settings)
    whole, _ = layers(student).conv_forward_naive(x, rng.randn(1, 1, 7, 7), b, settings)
    return {"out": small, "out, one pixel": pixel, "out, whole image": whole}


@check(
    "conv_forward",
    points=0.5,
    seed=175,
    hint="Do not change the images, filters or biases that you are given.",
)
def conv_forward_spares_its_inputs(student, rng):
    """No input is changed."""
    x, w, b = (student.put(rng.randn(*shape)) for shape in ((2, 2, 4, 4), (3, 2, 3, 3), (3,)))
    out, _ = layers(student).conv_forward_naive(x, w, b, {"stride": 1, "pad": 1})
    return {
        "out": out,
        "x afterwards": student.get(x),
        "w afterwards": student.get(w),
        "b afterwards": student.get(b),
    }


@check(
    "conv_forward",
    points=0.5,
    seed=176,
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give float32 outputs.",
)
def conv_in_single_precision(student, rng):
    """All inputs are float32."""
    shapes = ((2, 3, 5, 5), (4, 3, 3, 3), (4,))
    x, w, b = (rng.randn(*shape).astype(np.float32) for shape in shapes)
    out, _ = layers(student).conv_forward_naive(x, w, b, {"stride": 1, "pad": 1})
    return {"dtype": str(out.dtype), "out": out}


@check("conv_backward", points=1.5, seed=231, visible=True, needs=("conv_forward",))
def gradients_of_padded_images(student, rng):
    """The three gradients for stride 1, padding 1 and square filters."""
    shapes = ((4, 3, 5, 5), (2, 3, 3, 3), (4, 2, 5, 5))
    return gradients_of(student, shapes, {"stride": 1, "pad": 1}, rng)


@check(
    "conv_backward",
    points=1.5,
    seed=181,
    needs=("conv_forward",),
    hint="Does removing the padding from dx work if the padding is 0?",
)
def conv_gradients_without_padding(student, rng):
    """No padding."""
    shapes = ((2, 2, 5, 5), (3, 2, 3, 3), (2, 3, 3, 3))
    return gradients_of(student, shapes, {"stride": 1, "pad": 0}, rng)


@check(
    "conv_backward",
    points=2.25,
    seed=182,
    needs=("conv_forward",),
    hint="The stride is used in both directions; images and filters need not be square.",
)
def conv_gradients_of_oblong_images(student, rng):
    """Stride 2, padding 2; images and filters are not square."""
    shapes = ((2, 3, 5, 8), (2, 3, 3, 4), (2, 2, 4, 5))
    return gradients_of(student, shapes, {"stride": 2, "pad": 2}, rng)


@check(
    "conv_backward",
    points=0.5,
    seed=183,
    needs=("conv_forward",),
    when="leftovers",
    hint="Pixels that no filter covers get a gradient of zero; dx has the shape of x.",
)
def conv_gradients_short_of_the_border(student, rng):
    """A stride larger than the filter; some rows and columns are left over.

    Where the forward pass refuses such sizes, which is paid for there, it gets what the filters
    cover.
    """
    x, w, b, dout = (
        rng.randn(2, 2, 7, 7),
        rng.randn(3, 2, 2, 2),
        rng.randn(3),
        rng.randn(2, 3, 3, 3),
    )
    try:
        _, cache = layers(student).conv_forward_naive(x, w, b, {"stride": 3, "pad": 1})
    except StudentError:
        around = ((0, 0), (0, 0), (1, 1), (1, 1))
        covered = np.pad(x, around)[:, :, :8, :8]
        _, cache = layers(student).conv_forward_naive(covered, w, b, {"stride": 3, "pad": 0})
        dcovered, dw, db = layers(student).conv_backward_naive(dout, cache)
        return {"dx": dcovered[:, :, 1:, 1:], "dw": dw, "db": db}
    dx, dw, db = layers(student).conv_backward_naive(dout, cache)
    return {"dx": dx, "dw": dw, "db": db}


@check(
    "conv_backward",
    points=1,
    seed=184,
    needs=("conv_forward",),
    hint="Try one image, one channel and one filter.",
)
def conv_gradients_of_a_single_everything(student, rng):
    """One grey image and one filter."""
    shapes = ((1, 1, 5, 5), (1, 1, 3, 3), (1, 1, 5, 5))
    return gradients_of(student, shapes, {"stride": 1, "pad": 1}, rng)


@check(
    "conv_backward",
    points=0.75,
    seed=185,
    needs=("conv_forward",),
    hint="Do not change the upstream gradient or the inputs.",
)
def conv_backward_spares_its_inputs(student, rng):
    """No input is changed, and a second call gives the same result."""
    shapes = ((2, 2, 4, 4), (2, 2, 3, 3), (2, 2, 4, 4))
    x, w, dout = (student.put(rng.randn(*shape)) for shape in shapes)
    _, cache = layers(student).conv_forward_naive(x, w, rng.randn(2), {"stride": 1, "pad": 1})
    before = student.get(x), student.get(w)
    layers(student).conv_backward_naive(dout, cache)
    dx, dw, db = layers(student).conv_backward_naive(dout, cache)
    return {
        "dx, second call": dx,
        "dw, second call": dw,
        "db, second call": db,
        "dout afterwards": student.get(dout),
        "x is unchanged": bool(np.array_equal(student.get(x), before[0])),
        "w is unchanged": bool(np.array_equal(student.get(w), before[1])),
    }


@check(
    "conv_backward",
    points=0.5,
    seed=186,
    needs=("conv_forward",),
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give float32 outputs.",
)
def conv_gradients_in_single_precision(student, rng):
    """All inputs are float32."""
    shapes = ((2, 2, 5, 5), (3, 2, 3, 3), (3,), (2, 3, 5, 5))
    x, w, b, dout = (rng.randn(*shape).astype(np.float32) for shape in shapes)
    out, cache = layers(student).conv_forward_naive(x, w, b, {"stride": 1, "pad": 1})
    dx, dw, db = layers(student).conv_backward_naive(dout, cache)
    dtypes = f"{dx.dtype}, {dw.dtype}, {db.dtype}"
    if out.dtype != np.float32:
        dtypes = "float32, float32, float32"  # it is paid for there; the cache may hold float64
    return {"dtypes": dtypes, "dx": dx, "dw": dw, "db": db}
