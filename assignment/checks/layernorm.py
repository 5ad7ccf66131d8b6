"""Checks of layer normalisation."""

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


@check("layernorm_forward", points=0.5, seed=231, visible=True)
def normalised_examples(student, rng):
    """First without scale and shift, then with both."""
    x = 4 * rng.randn(4, 3) + 7
    plain, _ = student.layers.layernorm_forward(x, np.ones(3), np.zeros(3), {})
    gamma, beta = np.array([3.0, 4.0, 5.0]), np.array([6.0, 7.0, 8.0])
    scaled, _ = student.layers.layernorm_forward(x, gamma, beta, {})
    return {"out": plain, "out, scaled and shifted": scaled}


@check(
    "layernorm_forward",
    points=0.25,
    seed=151,
    hint="The output for an example must not depend on the other examples in its batch.",
)
def layernorm_of_a_row_alone_and_in_company(student, rng):
    """One example: in a batch, alone, and with a very different example."""
    x, gamma, beta = rng.randn(4, 5), rng.randn(5), rng.randn(5)
    batch, _ = student.layers.layernorm_forward(x, gamma, beta, {})
    alone, _ = student.layers.layernorm_forward(x[3:4], gamma, beta, {})
    company = np.stack([x[3], 100 * x[0]])
    beside, _ = student.layers.layernorm_forward(company, gamma, beta, {})
    return {"batch": batch, "alone": alone, "beside others": beside}


@check(
    "layernorm_forward",
    points=0.25,
    seed=159,
    hint="A batch may have as many examples as features: scale and shift belong to the features.",
)
def layernorm_of_a_square_batch(student, rng):
    """As many examples as features."""
    out, _ = student.layers.layernorm_forward(rng.randn(5, 5), rng.randn(5), rng.randn(5), {})
    return {"out": out}


@check(
    "layernorm_forward",
    points=0.5,
    seed=152,
    hint="Add the eps that is given to the variance, before the square root.",
)
def layernorm_with_given_eps(student, rng):
    """An eps as large as the variance."""
    x, gamma, beta = 0.6 * rng.randn(3, 7), rng.randn(7), rng.randn(7)
    out, _ = student.layers.layernorm_forward(x, gamma, beta, {"eps": 0.3})
    return {"out": out}


@check(
    "layernorm_forward",
    points=0.25,
    seed=153,
    hint="Do not change the input: centre a copy of it.",
)
def layernorm_forward_spares_its_inputs(student, rng):
    """Input, scale and shift are not changed."""
    x, gamma, beta = (student.put(rng.randn(*shape)) for shape in ((2, 6), (6,), (6,)))
    out, _ = student.layers.layernorm_forward(x, gamma, beta, {})
    return {
        "out": out,
        "x afterwards": student.get(x),
        "gamma afterwards": student.get(gamma),
        "beta afterwards": student.get(beta),
    }


@check(
    "layernorm_forward",
    points=0.25,
    seed=157,
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give a float32 output.",
)
def layernorm_in_single_precision(student, rng):
    """All inputs are float32."""
    out, _ = student.layers.layernorm_forward(*float32_arrays(rng, (2, 6), (6,), (6,)), {})
    return {"dtype": dtypes_of(out), "out": out}


@check("layernorm_backward", points=0.5, seed=231, visible=True, needs=("layernorm_forward",))
def gradients_through_layer_normalisation(student, rng):
    """The three gradients for a batch of four."""
    x, gamma, beta, dout = 5 * rng.randn(4, 5) + 12, rng.randn(5), rng.randn(5), rng.randn(4, 5)
    _, cache = student.layers.layernorm_forward(x, gamma, beta, {})
    dx, dgamma, dbeta = student.layers.layernorm_backward(dout, cache)
    return {"dx": dx, "dgamma": dgamma, "dbeta": dbeta}


@check(
    "layernorm_backward",
    points=0.5,
    seed=155,
    needs=("layernorm_forward",),
    hint="Try a batch of one example, and one with as many examples as features.",
)
def layernorm_gradients_of_one_and_of_a_square(student, rng):
    """A batch of one example; then as many examples as features."""
    gamma, beta = rng.randn(4), rng.randn(4)
    _, cache = student.layers.layernorm_forward(rng.randn(1, 4), gamma, beta, {})
    dx, dgamma, dbeta = student.layers.layernorm_backward(rng.randn(1, 4), cache)
    _, cache = student.layers.layernorm_forward(rng.randn(4, 4), gamma, beta, {})
    square_dx, square_dgamma, square_dbeta = student.layers.layernorm_backward(
        rng.randn(4, 4), cache
    )
    return {
        "dx, one example": dx,
        "dgamma, one example": dgamma,
        "dbeta, one example": dbeta,
        "dx, square": square_dx,
        "dgamma, square": square_dgamma,
        "dbeta, square": square_dbeta,
    }


@check(
    "layernorm_backward",
    points=0.25,
    seed=156,
    needs=("layernorm_forward",),
    hint="Do not change the upstream gradient or the cache: both may be used again.",
)
def layernorm_backward_spares_its_inputs(student, rng):
    """No input is changed, and a second call gives the same result."""
    x, gamma, dout = (student.put(rng.randn(*shape)) for shape in ((3, 6), (6,), (3, 6)))
    _, cache = student.layers.layernorm_forward(x, gamma, rng.randn(6), {})
    before = student.get(x), student.get(gamma)
    student.layers.layernorm_backward(dout, cache)
    dx, dgamma, dbeta = student.layers.layernorm_backward(dout, cache)
    return {
        "dx, second call": dx,
        "dgamma, second call": dgamma,
        "dbeta, second call": dbeta,
        "dout afterwards": student.get(dout),
        "x is unchanged": bool(np.array_equal(student.get(x), before[0])),
        "gamma is unchanged": bool(np.array_equal(student.get(gamma), before[1])),
    }


@check(
    "layernorm_backward",
    points=0.25,
    seed=158,
    needs=("layernorm_forward",),
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give float32 gradients.",
)
def layernorm_gradients_in_single_precision(student, rng):
    """All inputs are float32."""
    out, cache = student.layers.layernorm_forward(*float32_arrays(rng, (3, 6), (6,), (6,)), {})
    dx, dgamma, dbeta = student.layers.layernorm_backward(*float32_arrays(rng, (3, 6)), cache)
    dtypes = dtypes_behind(out, (dx, dgamma, dbeta))
    return {"dtypes": dtypes, "dx": dx, "dgamma": dgamma, "dbeta": dbeta}
