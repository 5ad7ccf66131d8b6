"""Checks of batch normalisation."""

import numpy as np

from plumbline import FLOAT32, check


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
    return dtypes_of(gradients) if dtypes_of(out) == "float32" else "float32, float32, float32"


@check("batchnorm_forward", points=0.75, seed=231, visible=True)
def normalised_features(student, rng):
    """Training mode: first without scale and shift, then with both."""
    x = 3 * rng.randn(8, 3) + 5
    plain, _ = student.layers.batchnorm_forward(x, np.ones(3), np.zeros(3), {"mode": "train"})
    gamma, beta = np.array([1.0, 2.0, 3.0]), np.array([11.0, 12.0, 13.0])
    scaled, _ = student.layers.batchnorm_forward(x, gamma, beta, {"mode": "train"})
    return {"out": plain, "out, scaled and shifted": scaled}


@check("batchnorm_forward", points=0.5, seed=231, visible=True)
def running_averages_at_work(student, rng):
    """Test mode after twenty batches in training mode."""
    gamma, beta, bn_param = np.ones(4), np.zeros(4), student.put({"mode": "train"})
    for _ in range(20):
        student.layers.batchnorm_forward(2 * rng.randn(30, 4) + 1, gamma, beta, bn_param)
    bn_param["mode"] = "test"
    out, _ = student.layers.batchnorm_forward(2 * rng.randn(5, 4) + 1, gamma, beta, bn_param)
    return {"out": out}


@check(
    "batchnorm_forward",
    points=0.75,
    seed=141,
    hint="Use the momentum that is given, and start from the averages that are given.",
)
def batchnorm_averages_by_given_momentum(student, rng):
    """Both running averages after three batches, without and with given averages at the start."""
    gamma, beta = rng.randn(5), rng.randn(5)
    fresh = student.put({"mode": "train", "momentum": 0.6})
    given = {"running_mean": rng.randn(5), "running_var": 1 + rng.rand(5)}
    continued = student.put({"mode": "train", "momentum": 0.25, **given})
    for _ in range(3):
        x = 2 * rng.randn(6, 5) + 3
        student.layers.batchnorm_forward(x, gamma, beta, fresh)
        student.layers.batchnorm_forward(x, gamma, beta, continued)
    fresh, continued = student.get(fresh), student.get(continued)
    return {
        "running_mean": fresh.get("running_mean"),
        "running_var": fresh.get("running_var"),
        "running_mean, begun before": continued.get("running_mean"),
        "running_var, begun before": continued.get("running_var"),
    }


@check(
    "batchnorm_forward",
    points=0.75,
    seed=142,
    hint="In test mode the running averages normalise and stay as they are; scale and shift are "
    "used too.",
)
def batchnorm_test_mode_scales_and_shifts(student, rng):
    """Test mode with given averages, scale and shift; for a batch and for one example."""
    # The variances are so large that the default eps is nothing beside them.
    averages = {"running_mean": 100 * rng.randn(4), "running_var": 1e4 * (1 + rng.rand(4))}
    bn_param = student.put({"mode": "test", **averages})
    x, gamma, beta = 100 * rng.randn(6, 4), 2 * rng.randn(4), rng.randn(4)
    out, _ = student.layers.batchnorm_forward(x, gamma, beta, bn_param)
    alone, _ = student.layers.batchnorm_forward(x[2:3], gamma, beta, bn_param)
    after = student.get(bn_param)
    return {
        "out": out,
        "out, one example": alone,
        "running_mean afterwards": after.get("running_mean"),
        "running_var afterwards": after.get("running_var"),
    }


@check(
    "batchnorm_forward",
    points=0.5,
    seed=143,
    hint="In both modes, add the eps that is given to the variance, before the square root.",
)
def batchnorm_with_given_eps(student, rng):
    """A large eps in training, then in test mode."""
    x, gamma, beta = 0.5 * rng.randn(7, 3), rng.randn(3), rng.randn(3)
    averages = {"running_mean": rng.randn(3), "running_var": 0.2 + rng.rand(3)}
    train = {"mode": "train", "eps": 0.4}
    test = {"mode": "test", "eps": 0.1, **averages}
    out, _ = student.layers.batchnorm_forward(x, gamma, beta, train)
    later, _ = student.layers.batchnorm_forward(x, np.ones(3), np.zeros(3), test)
    return {"out": out, "out, test mode": later}


@check(
    "batchnorm_forward",
    points=0.5,
    seed=144,
    hint="Do not change the input: centre a copy of it.",
)
def batchnorm_forward_spares_its_inputs(student, rng):
    """Input, scale and shift are not changed, in either mode."""
    x, gamma, beta = (student.put(rng.randn(*shape)) for shape in ((5, 3), (3,), (3,)))
    train, _ = student.layers.batchnorm_forward(x, gamma, beta, {"mode": "train"})
    averages = {"running_mean": rng.randn(3), "running_var": rng.rand(3)}
    student.layers.batchnorm_forward(x, gamma, beta, {"mode": "test", **averages})
    return {
        "out": train,
        "x afterwards": student.get(x),
        "gamma afterwards": student.get(gamma),
        "beta afterwards": student.get(beta),
    }


@check(
    "batchnorm_forward",
    points=0.25,
    seed=145,
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give float32 outputs.",
)
def batchnorm_in_single_precision(student, rng):
    """All inputs are float32."""
    x, gamma, beta = (rng.randn(*shape).astype(np.float32) for shape in ((6, 4), (4,), (4,)))
    out, _ = student.layers.batchnorm_forward(x, gamma, beta, {"mode": "train"})
    return {"dtype": dtypes_of(out), "out": out}


@check("batchnorm_backward", points=1, seed=231, visible=True, needs=("batchnorm_forward",))
def gradients_through_normalisation(student, rng):
    """The three gradients for a batch of four."""
    x, gamma, beta, dout = 5 * rng.randn(4, 5) + 12, rng.randn(5), rng.randn(5), rng.randn(4, 5)
    _, cache = student.layers.batchnorm_forward(x, gamma, beta, {"mode": "train"})
    dx, dgamma, dbeta = student.layers.batchnorm_backward(dout, cache)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


@check(
    "batchnorm_backward",
    points=0.5,
    seed=147,
    needs=("batchnorm_forward",),
    hint="Check the shapes for a layer with one feature.",
)
def batchnorm_gradients_of_one_feature(student, rng):
    """A layer with one feature."""
    _, cache = student.layers.batchnorm_forward(
        rng.randn(9, 1), rng.randn(1), rng.randn(1), {"mode": "train"}
    )
    dx, dgamma, dbeta = student.layers.batchnorm_backward(rng.randn(9, 1), cache)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


@check(
    "batchnorm_backward",
    points=0.5,
    seed=148,
    needs=("batchnorm_forward",),
    hint="Do not change the upstream gradient or the cache: both may be used again.",
)
def batchnorm_backward_spares_its_inputs(student, rng):
    """No input is changed, and a second call gives the same result."""
    x, gamma, dout = (student.put(rng.randn(*shape)) for shape in ((6, 3), (3,), (6, 3)))
    _, cache = student.layers.batchnorm_forward(x, gamma, rng.randn(3), {"mode": "train"})
    before = student.get(x), student.get(gamma)
    student.layers.batchnorm_backward(dout, cache)
    dx, dgamma, dbeta = student.layers.batchnorm_backward(dout, cache)
    return {
        "dx, second call": dx,
        "dgamma, second call": dgamma,
        "dbeta, second call": dbeta,
        "dout afterwards": student.get(dout),
        "x is unchanged": bool(np.array_equal(student.get(x), before[0])),
        "gamma is unchanged": bool(np.array_equal(student.get(gamma), before[1])),
    }


@check(
    "batchnorm_backward",
    points=0.25,
    seed=361,
    needs=("batchnorm_forward",),
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give float32 gradients.",
)
def batchnorm_gradients_in_single_precision(student, rng):
    """All inputs are float32."""
    inputs = float32_arrays(rng, (6, 3), (3,), (3,))
    out, cache = student.layers.batchnorm_forward(*inputs, {"mode": "train"})
    dx, dgamma, dbeta = student.layers.batchnorm_backward(*float32_arrays(rng, (6, 3)), cache)
    dtypes = dtypes_behind(out, (dx, dgamma, dbeta))
    return {"dtypes": dtypes, "dx": dx, "dgamma": dgamma, "dbeta": dbeta}


@check("batchnorm_backward_alt", points=0.5, seed=231, visible=True, needs=("batchnorm_forward",))
def gradients_by_one_formula(student, rng):
    """The three gradients for a batch of twenty, by one formula."""
    x, gamma, beta, dout = 5 * rng.randn(20, 6) + 12, rng.randn(6), rng.randn(6), rng.randn(20, 6)
    _, cache = student.layers.batchnorm_forward(x, gamma, beta, {"mode": "train"})
    dx, dgamma, dbeta = student.layers.batchnorm_backward_alt(dout, cache)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


@check(
    "batchnorm_backward_alt",
    points=0.25,
    seed=362,
    needs=("batchnorm_forward",),
    hint="Check the shapes for a layer with one feature.",
)
def batchnorm_formula_of_one_feature(student, rng):
    """A layer with one feature."""
    column = (rng.randn(6, 1), rng.randn(1), rng.randn(1))
    _, cache = student.layers.batchnorm_forward(*column, {"mode": "train"})
    dx, dgamma, dbeta = student.layers.batchnorm_backward_alt(rng.randn(6, 1), cache)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


@check(
    "batchnorm_backward_alt",
    points=0.5,
    seed=150,
    needs=("batchnorm_forward",),
    hint="Do not change the upstream gradient or the cache: both may be used again.",
)
def batchnorm_formula_spares_its_inputs(student, rng):
    """No input is changed, and a second call gives the same result."""
    x, gamma, dout = (student.put(rng.randn(*shape)) for shape in ((5, 4), (4,), (5, 4)))
    _, cache = student.layers.batchnorm_forward(x, gamma, rng.randn(4), {"mode": "train"})
    before = student.get(x), student.get(gamma)
    student.layers.batchnorm_backward_alt(dout, cache)
    dx, dgamma, dbeta = student.layers.batchnorm_backward_alt(dout, cache)
    return {
        "dx, second call": dx,
        "dgamma, second call": dgamma,
        "dbeta, second call": dbeta,
        "dout afterwards": student.get(dout),
        "x is unchanged": bool(np.array_equal(student.get(x), before[0])),
        "gamma is unchanged": bool(np.array_equal(student.get(gamma), before[1])),
    }


@check(
    "batchnorm_backward_alt",
    points=0.25,
    seed=363,
    needs=("batchnorm_forward",),
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give float32 gradients.",
)
def batchnorm_formula_in_single_precision(student, rng):
    """All inputs are float32."""
    inputs = float32_arrays(rng, (5, 4), (4,), (4,))
    out, cache = student.layers.batchnorm_forward(*inputs, {"mode": "train"})
    dx, dgamma, dbeta = student.layers.batchnorm_backward_alt(*float32_arrays(rng, (5, 4)), cache)
    dtypes = dtypes_behind(out, (dx, dgamma, dbeta))
    return {"dtypes": dtypes, "dx": dx, "dgamma": dgamma, "dbeta": dbeta}
