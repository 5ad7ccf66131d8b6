"""Checks of the normalisation of images: by batch, and by groups of channels."""

import numpy as np

from plumbline import check


def along_channels(values):
    """An array (C,) as (1, C, 1, 1)."""
    return np.reshape(values, (1, -1, 1, 1))


def single(rng, *shapes):
    """Arrays in single precision."""
    return [rng.randn(*shape).astype(np.float32) for shape in shapes]


def kinds(arrays):
    """The dtypes of what came back, or what it was instead."""
    arrays = arrays if isinstance(arrays, tuple) else (arrays,)
    return ", ".join(
        str(array.dtype) if isinstance(array, np.ndarray) else type(array).__name__
        for array in arrays
    )


@check("spatial_batchnorm_forward", points=0.5, seed=231, visible=True)
def normalised_channels(student, rng):
    """Training mode: plain first, then with a scale and a shift."""
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
    hint="The running averages are kept for each channel, and they serve at test time.",
)
def spatial_averages_for_every_channel(student, rng):
    """Three batches with a momentum and an eps of its own, then test mode."""
    gamma, beta = rng.randn(4), rng.randn(4)
    bn_param = student.put({"mode": "train", "momentum": 0.7, "eps": 0.2})
    for _ in range(3):
        x = 2 * rng.randn(3, 4, 2, 5) + 1
        student.layers.spatial_batchnorm_forward(x, gamma, beta, bn_param)
    bn_param["mode"] = "test"
    x = 2 * rng.randn(3, 4, 2, 5) + 1
    out, _ = student.layers.spatial_batchnorm_forward(x, gamma, beta, bn_param)
    after = student.get(bn_param)
    return {
        "out": out,
        "running_mean": after.get("running_mean"),
        "running_var": after.get("running_var"),
    }


@check(
    "spatial_batchnorm_forward",
    points=0.75,
    seed=202,
    hint="Think of a single image and of a single channel; the input belongs to the caller. "
    "float32 stays float32.",
)
def spatial_batchnorm_of_one_image_spares_it(student, rng):
    """One image; then one channel; the images stay what they were."""
    x, gamma, beta = student.put(rng.randn(1, 3, 5, 2)), rng.randn(3), rng.randn(3)
    image, _ = student.layers.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    grey, gamma, beta = rng.randn(3, 1, 2, 4), rng.randn(1), rng.randn(1)
    channel, _ = student.layers.spatial_batchnorm_forward(grey, gamma, beta, {"mode": "train"})
    images = single(rng, (2, 3, 2, 2), (3,), (3,))
    quick, _ = student.layers.spatial_batchnorm_forward(*images, {"mode": "train"})
    return {
        "out, one image": image,
        "out, one channel": channel,
        "x afterwards": student.get(x),
        "in single precision": kinds(quick),
    }


@check(
    "spatial_batchnorm_backward",
    points=0.5,
    seed=231,
    visible=True,
    needs=("spatial_batchnorm_forward",),
)
def gradients_of_channels(student, rng):
    """The three gradients for two small images."""
    x, gamma, beta = 5 * rng.randn(2, 3, 4, 5) + 12, rng.randn(3), rng.randn(3)
    _, cache = student.layers.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    dx, dgamma, dbeta = student.layers.spatial_batchnorm_backward(rng.randn(2, 3, 4, 5), cache)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


@check(
    "spatial_batchnorm_backward",
    points=0.75,
    seed=203,
    needs=("spatial_batchnorm_forward",),
    hint="Try another eps, a single image, and a single channel.",
)
def spatial_batchnorm_gradients_with_given_eps(student, rng):
    """One image with an eps that is not small; then one channel."""
    bn_param = {"mode": "train", "eps": 0.6}
    inputs = rng.randn(1, 4, 3, 5), rng.randn(4), rng.randn(4)
    _, cache = student.layers.spatial_batchnorm_forward(*inputs, bn_param)
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
    points=0.75,
    seed=204,
    needs=("spatial_batchnorm_forward",),
    hint="The upstream gradient belongs to the caller, and the cache may be used again. "
    "float32 stays float32.",
)
def spatial_batchnorm_backward_spares_its_inputs(student, rng):
    """Nothing is changed, so that a second call gives the same."""
    shape = (2, 3, 3, 2)
    x, dout = student.put(rng.randn(*shape)), student.put(rng.randn(*shape))
    gamma, beta = rng.randn(3), rng.randn(3)
    _, cache = student.layers.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    student.layers.spatial_batchnorm_backward(dout, cache)
    dx, dgamma, dbeta = student.layers.spatial_batchnorm_backward(dout, cache)
    images = single(rng, shape, (3,), (3,))
    _, cache = student.layers.spatial_batchnorm_forward(*images, {"mode": "train"})
    gradients = student.layers.spatial_batchnorm_backward(*single(rng, shape), cache)
    return {
        "dx, second call": dx,
        "dgamma, second call": dgamma,
        "dbeta, second call": dbeta,
        "dout afterwards": student.get(dout),
        "x afterwards": student.get(x),
        "in single precision": kinds(gradients),
    }


@check("spatial_groupnorm_forward", points=1, seed=231, visible=True)
def normalised_groups(student, rng):
    """Six channels in two groups: plain first, then with a scale and a shift."""
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
    hint="One group of all channels and a group for each channel are groupings too.",
)
def groupnorm_with_few_and_many_groups(student, rng):
    """One group, as many groups as channels, and something between."""
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
    points=0.75,
    seed=206,
    hint="An image never sees the others in its batch; the eps that is given counts.",
)
def groupnorm_of_an_image_alone(student, rng):
    """One image within a batch and alone, with an eps that is not small."""
    x, param = 0.7 * rng.randn(3, 4, 3, 2), {"eps": 0.25}
    gamma, beta = along_channels(rng.randn(4)), along_channels(rng.randn(4))
    batch, _ = student.layers.spatial_groupnorm_forward(x, gamma, beta, 2, param)
    alone, _ = student.layers.spatial_groupnorm_forward(x[1:2], gamma, beta, 2, param)
    return {"batch": batch, "alone": alone}


@check(
    "spatial_groupnorm_forward",
    points=0.5,
    seed=207,
    hint="The input belongs to the caller: centre a copy of it. float32 stays float32.",
)
def groupnorm_forward_spares_its_inputs(student, rng):
    """Images, scale and shift stay what they were."""
    shapes = ((2, 4, 2, 2), (1, 4, 1, 1), (1, 4, 1, 1))
    x, gamma, beta = (student.put(rng.randn(*shape)) for shape in shapes)
    out, _ = student.layers.spatial_groupnorm_forward(x, gamma, beta, 2, {})
    quick, _ = student.layers.spatial_groupnorm_forward(*single(rng, *shapes), 2, {})
    return {
        "out": out,
        "x afterwards": student.get(x),
        "gamma afterwards": student.get(gamma),
        "beta afterwards": student.get(beta),
        "in single precision": kinds(quick),
    }


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
    points=0.75,
    seed=208,
    needs=("spatial_groupnorm_forward",),
    hint="Try another number of groups, another eps and a single image.",
)
def groupnorm_gradients_of_one_image(student, rng):
    """One image in four groups, with an eps that is not small."""
    inputs = rng.randn(1, 8, 3, 2), along_channels(rng.randn(8)), along_channels(rng.randn(8))
    _, cache = student.layers.spatial_groupnorm_forward(*inputs, 4, {"eps": 0.3})
    dx, dgamma, dbeta = student.layers.spatial_groupnorm_backward(rng.randn(1, 8, 3, 2), cache)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


@check(
    "spatial_groupnorm_backward",
    points=0.75,
    seed=209,
    needs=("spatial_groupnorm_forward",),
    hint="The upstream gradient belongs to the caller, and the cache may be used again. "
    "float32 stays float32.",
)
def groupnorm_backward_spares_its_inputs(student, rng):
    """Nothing is changed, so that a second call gives the same."""
    x, dout = student.put(rng.randn(2, 3, 3, 3)), student.put(rng.randn(2, 3, 3, 3))
    gamma, beta = along_channels(rng.randn(3)), along_channels(rng.randn(3))
    _, cache = student.layers.spatial_groupnorm_forward(x, gamma, beta, 1, {})
    student.layers.spatial_groupnorm_backward(dout, cache)
    dx, dgamma, dbeta = student.layers.spatial_groupnorm_backward(dout, cache)
    images = single(rng, (2, 3, 3, 3), (1, 3, 1, 1), (1, 3, 1, 1))
    _, cache = student.layers.spatial_groupnorm_forward(*images, 1, {})
    gradients = student.layers.spatial_groupnorm_backward(*single(rng, (2, 3, 3, 3)), cache)
    return {
        "dx, second call": dx,
        "dgamma, second call": dgamma,
        "dbeta, second call": dbeta,
        "dout afterwards": student.get(dout),
        "x afterwards": student.get(x),
        "in single precision": kinds(gradients),
    }
