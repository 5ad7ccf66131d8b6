"""Checks of the normalisation of images: over the batch, and over groups of channels."""

import numpy as np

from plumbline import FLOAT32, check

SPATIAL = ("batchnorm_forward", "batchnorm_backward", "spatial_batchnorm_forward")
#: The dtypes of three gradients of float32.
ALL_FLOAT32 = "float32, float32, float32"


def along_channels(values):
    """An array (C,) as (1, C, 1, 1)."""
    return np.reshape(values, (1, -1, 1, 1))


def float32_arrays(rng, *shapes):
    """Random float32 arrays of these shapes."""
    return [rng.randn(*shape).astype(np.float32) for shape in shapes]


def dtypes_of(arrays):
    """The dtypes of what a function returned; the type's name for anything but an array."""
    arrays = arrays if isinstance(arrays, tuple) else (arrays,)
    return ", ".join(
        str(array.dtype) if isinstance(array, np.ndarray) else type(array).__name__
        for array in arrays
    )


def dtypes_behind(out, gradients):
    """The dtypes of three gradients; float32 if `out` is not, which is paid for there."""
    return dtypes_of(gradients) if dtypes_of(out) == "float32" else ALL_FLOAT32


@check(
    "spatial_batchnorm_forward", points=0.5, seed=231, visible=True, needs=("batchnorm_forward",)
)
def normalised_channels(student, rng):
    """Training mode: first without scale and shift, then with both."""
    x = 4 * rng.randn(2, 3, 4, 5) + 10
    train = {"mode": "train"}
    plain, _ = student.layers.spatial_batchnorm_forward(x, np.ones(3), np.zeros(3), train)
    gamma, beta = np.array([3.0, 4.0, 5.0]), np.array([6.0, 7.0, 8.0])
    scaled, _ = student.layers.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    return {"out": plain, "out, scaled and shifted": scaled}


@check(
    "spatial_batchnorm_forward",
    points=0.75,
    seed=201,
    needs=("batchnorm_forward",),
    hint="Keep running averages for each channel, and use them in test mode.",
)
def spatial_averages_for_every_channel(student, rng):
    """Three batches, then test mode, both without scale and shift."""
    # The variances are so large that the default eps is nothing beside them.
    gamma, beta, bn_param = np.ones(4), np.zeros(4), student.put({"mode": "train"})
    for _ in range(3):
        x = 200 * rng.randn(3, 4, 2, 5) + 100
        student.layers.spatial_batchnorm_forward(x, gamma, beta, bn_param)
    after = student.get(bn_param)
    bn_param["mode"] = "test"
    x = 200 * rng.randn(3, 4, 2, 5) + 100
    out, _ = student.layers.spatial_batchnorm_forward(x, gamma, beta, bn_param)
    return {
        "out": out,
        "running_mean": after.get("running_mean"),
        "running_var": after.get("running_var"),
    }


@check(
    "spatial_batchnorm_forward",
    points=0.25,
    seed=202,
    needs=("batchnorm_forward",),
    hint="Try one image, and one channel.",
)
def spatial_batchnorm_of_one_image(student, rng):
    """One image; then one channel."""
    x, gamma, beta = rng.randn(1, 3, 5, 2), rng.randn(3), rng.randn(3)
    image, _ = student.layers.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    grey, gamma, beta = rng.randn(3, 1, 2, 4), rng.randn(1), rng.randn(1)
    channel, _ = student.layers.spatial_batchnorm_forward(grey, gamma, beta, {"mode": "train"})
    return {"out, one image": image, "out, one channel": channel}


@check(
    "spatial_batchnorm_forward",
    points=0.25,
    seed=371,
    needs=("batchnorm_forward",),
    hint="Do not change the images that you are given.",
)
def spatial_batchnorm_forward_spares_its_input(student, rng):
    """The images are not changed."""
    x, gamma, beta = student.put(rng.randn(2, 3, 5, 2)), rng.randn(3), rng.randn(3)
    out, _ = student.layers.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    return {"out": out, "x afterwards": student.get(x)}


@check(
    "spatial_batchnorm_forward",
    points=0.25,
    seed=372,
    needs=("batchnorm_forward",),
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give a float32 output.",
)
def spatial_batchnorm_in_single_precision(student, rng):
    """All inputs are float32; what batchnorm_forward does not keep is paid for there."""
    images = float32_arrays(rng, (2, 3, 2, 2), (3,), (3,))
    out, _ = student.layers.spatial_batchnorm_forward(*images, {"mode": "train"})
    flat = float32_arrays(rng, (8, 3), (3,), (3,))
    plain, _ = student.layers.batchnorm_forward(*flat, {"mode": "train"})
    return {"float32": dtypes_of(out) in ("float32", dtypes_of(plain)), "out": out}


@check(
    "spatial_batchnorm_backward",
    points=0.5,
    seed=231,
    visible=True,
    needs=SPATIAL,
)
def gradients_of_channels(student, rng):
    """The three gradients for two small images."""
    x, gamma, beta = 5 * rng.randn(2, 3, 4, 5) + 12, rng.randn(3), rng.randn(3)
    _, cache = student.layers.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    dx, dgamma, dbeta = student.layers.spatial_batchnorm_backward(rng.randn(2, 3, 4, 5), cache)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


@check(
    "spatial_batchnorm_backward",
    points=0.25,
    seed=373,
    needs=SPATIAL,
    hint="Try one image, and one channel.",
)
def spatial_batchnorm_gradients_of_one_image(student, rng):
    """One image; then one channel."""
    inputs = rng.randn(1, 4, 3, 5), rng.randn(4), rng.randn(4)
    _, cache = student.layers.spatial_batchnorm_forward(*inputs, {"mode": "train"})
    dx, dgamma, dbeta = student.layers.spatial_batchnorm_backward(rng.randn(1, 4, 3, 5), cache)
    inputs = rng.randn(3, 1, 4, 2), rng.randn(1), rng.randn(1)
    _, cache = student.layers.spatial_batchnorm_forward(*inputs, {"mode": "train"})
    grey_dx, grey_dgamma, grey_dbeta = student.layers.spatial_batchnorm_backward(
        rng.randn(3, 1, 4, 2), cache
    )
    return {
        "dx": dx,
        "dgamma": dgamma,
        "dbeta": dbeta,
        "dx, one channel": grey_dx,
        "dgamma, one channel": grey_dgamma,
        "dbeta, one channel": grey_dbeta,
    }


@check(
    "spatial_batchnorm_backward",
    points=0.5,
    seed=204,
    needs=SPATIAL,
    hint="Do not change the upstream gradient or the cache: both may be used again.",
)
def spatial_batchnorm_backward_spares_its_inputs(student, rng):
    """No input is changed, and a second call gives the same result."""
    shape = (2, 3, 3, 2)
    x, dout = student.put(rng.randn(*shape)), student.put(rng.randn(*shape))
    gamma, beta = rng.randn(3), rng.randn(3)
    _, cache = student.layers.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    before = student.get(x)
    student.layers.spatial_batchnorm_backward(dout, cache)
    dx, dgamma, dbeta = student.layers.spatial_batchnorm_backward(dout, cache)
    return {
        "dx, second call": dx,
        "dgamma, second call": dgamma,
        "dbeta, second call": dbeta,
        "dout afterwards": student.get(dout),
        "x is unchanged": bool(np.array_equal(student.get(x), before)),
    }


@check(
    "spatial_batchnorm_backward",
    points=0.25,
    seed=374,
    needs=SPATIAL,
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give float32 gradients.",
)
def spatial_batchnorm_gradients_in_single_precision(student, rng):
    """All inputs are float32; what batchnorm_backward does not keep is paid for there."""
    shape = (2, 3, 3, 2)
    images = float32_arrays(rng, shape, (3,), (3,))
    out, cache = student.layers.spatial_batchnorm_forward(*images, {"mode": "train"})
    dout = float32_arrays(rng, shape)
    dx, dgamma, dbeta = student.layers.spatial_batchnorm_backward(*dout, cache)
    _, cache = student.layers.batchnorm_forward(
        *float32_arrays(rng, (8, 3), (3,), (3,)), {"mode": "train"}
    )
    plain = student.layers.batchnorm_backward(*float32_arrays(rng, (8, 3)), cache)
    dtypes = dtypes_behind(out, (dx, dgamma, dbeta))
    kept = dtypes in (ALL_FLOAT32, dtypes_of(tuple(plain)))
    return {"float32": kept, "dx": dx, "dgamma": dgamma, "dbeta": dbeta}


@check("spatial_groupnorm_forward", points=1, seed=231, visible=True)
def normalised_groups(student, rng):
    """Six channels in two groups: first without scale and shift, then with both."""
    x = 4 * rng.randn(2, 6, 4, 5) + 10
    one, zero = along_channels(np.ones(6)), along_channels(np.zeros(6))
    plain, _ = student.layers.spatial_groupnorm_forward(x, one, zero, 2, {})
    gamma, beta = along_channels(np.linspace(1, 6, 6)), along_channels(np.linspace(0, 5, 6))
    scaled, _ = student.layers.spatial_groupnorm_forward(x, gamma, beta, 2, {})
    return {"out": plain, "out, scaled and shifted": scaled}


@check(
    "spatial_groupnorm_forward",
    points=0.75,
    seed=205,
    hint="Try one group of all channels, and one group for each channel.",
)
def groupnorm_with_few_and_many_groups(student, rng):
    """One group, three groups, and as many groups as channels."""
    x = rng.randn(3, 6, 2, 3) + rng.randn(3, 6, 1, 1)
    gamma, beta = along_channels(rng.randn(6)), along_channels(rng.randn(6))
    outs = {
        f"out, {groups} groups": student.layers.spatial_groupnorm_forward(
            x, gamma, beta, groups, {}
        )
        for groups in (1, 3, 6)
    }
    return {name: out for name, (out, _) in outs.items()}


@check(
    "spatial_groupnorm_forward",
    points=0.5,
    seed=206,
    hint="The output of an image does not depend on the other images in its batch.",
)
def groupnorm_of_an_image_alone(student, rng):
    """One image in a batch and alone."""
    x = 0.7 * rng.randn(3, 4, 3, 2)
    gamma, beta = along_channels(rng.randn(4)), along_channels(rng.randn(4))
    batch, _ = student.layers.spatial_groupnorm_forward(x, gamma, beta, 2, {})
    alone, _ = student.layers.spatial_groupnorm_forward(x[1:2], gamma, beta, 2, {})
    return {"batch": batch, "alone": alone}


@check(
    "spatial_groupnorm_forward",
    points=0.25,
    seed=375,
    hint="Add the eps that is given to the variance, before the square root.",
)
def groupnorm_with_given_eps(student, rng):
    """An eps as large as the variance."""
    x = 0.6 * rng.randn(2, 4, 3, 2)
    gamma, beta = along_channels(rng.randn(4)), along_channels(rng.randn(4))
    out, _ = student.layers.spatial_groupnorm_forward(x, gamma, beta, 2, {"eps": 0.25})
    return {"out": out}


@check(
    "spatial_groupnorm_forward",
    points=0.25,
    seed=207,
    hint="Do not change the input: centre a copy of it.",
)
def groupnorm_forward_spares_its_inputs(student, rng):
    """Images, scale and shift are not changed."""
    shapes = ((2, 4, 2, 2), (1, 4, 1, 1), (1, 4, 1, 1))
    x, gamma, beta = (student.put(rng.randn(*shape)) for shape in shapes)
    out, _ = student.layers.spatial_groupnorm_forward(x, gamma, beta, 2, {})
    return {
        "out": out,
        "x afterwards": student.get(x),
        "gamma afterwards": student.get(gamma),
        "beta afterwards": student.get(beta),
    }


@check(
    "spatial_groupnorm_forward",
    points=0.25,
    seed=376,
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give a float32 output.",
)
def groupnorm_in_single_precision(student, rng):
    """All inputs are float32."""
    images = float32_arrays(rng, (2, 4, 2, 2), (1, 4, 1, 1), (1, 4, 1, 1))
    out, _ = student.layers.spatial_groupnorm_forward(*images, 2, {})
    return {"dtype": dtypes_of(out), "out": out}


@check(
    "spatial_groupnorm_backward",
    points=0.5,
    seed=231,
    visible=True,
    needs=("spatial_groupnorm_forward",),
)
def gradients_of_groups(student, rng):
    """The three gradients for six channels in two groups."""
    x = 5 * rng.randn(2, 6, 4, 5) + 12
    gamma, beta = along_channels(rng.randn(6)), along_channels(rng.randn(6))
    _, cache = student.layers.spatial_groupnorm_forward(x, gamma, beta, 2, {})
    dx, dgamma, dbeta = student.layers.spatial_groupnorm_backward(rng.randn(2, 6, 4, 5), cache)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


@check(
    "spatial_groupnorm_backward",
    points=0.5,
    seed=208,
    needs=("spatial_groupnorm_forward",),
    hint="Try one group of all channels, and one group for each channel.",
)
def groupnorm_gradients_of_few_and_many_groups(student, rng):
    """One group, three groups, and as many groups as channels."""
    x, gamma, beta = rng.randn(2, 6, 2, 3), rng.randn(6), rng.randn(6)
    dout, observed = rng.randn(2, 6, 2, 3), {}
    for groups in (1, 3, 6):
        _, cache = student.layers.spatial_groupnorm_forward(
            x, along_channels(gamma), along_channels(beta), groups, {}
        )
        dx, dgamma, dbeta = student.layers.spatial_groupnorm_backward(dout, cache)
        observed |= {
            f"dx, {groups} groups": dx,
            f"dgamma, {groups} groups": dgamma,
            f"dbeta, {groups} groups": dbeta,
        }
    return observed


@check(
    "spatial_groupnorm_backward",
    points=0.25,
    seed=209,
    needs=("spatial_groupnorm_forward",),
    hint="Do not change the upstream gradient or the cache: both may be used again.",
)
def groupnorm_backward_spares_its_inputs(student, rng):
    """No input is changed, and a second call gives the same result."""
    x, dout = student.put(rng.randn(2, 4, 3, 3)), student.put(rng.randn(2, 4, 3, 3))
    gamma, beta = along_channels(rng.randn(4)), along_channels(rng.randn(4))
    _, cache = student.layers.spatial_groupnorm_forward(x, gamma, beta, 2, {})
    before = student.get(x)
    student.layers.spatial_groupnorm_backward(dout, cache)
    dx, dgamma, dbeta = student.layers.spatial_groupnorm_backward(dout, cache)
    return {
        "dx, second call": dx,
        "dgamma, second call": dgamma,
        "dbeta, second call": dbeta,
        "dout afterwards": student.get(dout),
        "x is unchanged": bool(np.array_equal(student.get(x), before)),
    }


@check(
    "spatial_groupnorm_backward",
    points=0.25,
    seed=378,
    needs=("spatial_groupnorm_forward",),
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give float32 gradients.",
)
def groupnorm_gradients_in_single_precision(student, rng):
    """All inputs are float32."""
    images = float32_arrays(rng, (2, 4, 3, 3), (1, 4, 1, 1), (1, 4, 1, 1))
    out, cache = student.layers.spatial_groupnorm_forward(*images, 2, {})
    dout = float32_arrays(rng, (2, 4, 3, 3))
    dx, dgamma, dbeta = student.layers.spatial_groupnorm_backward(*dout, cache)
    dtypes = dtypes_behind(out, (dx, dgamma, dbeta))
    return {"dtypes": dtypes, "dx": dx, "dgamma": dgamma, "dbeta": dbeta}
