"""Checks of dropout: a mask must have the right rate and scale; its exact bits do not matter."""

import numpy as np

from plumbline import FLOAT32, at_most, check

#: The rounding error of elements that were all multiplied by exactly the same number.
ROUNDING = 1e-9
#: The same in single precision.
FLOAT32_ROUNDING = 1e-5


def dropped_and_scaled(out, x, p):
    """Whether some elements are dropped and some kept, and whether those are divided by p."""
    return {
        "shape": str(out.shape),
        "some are dropped": bool(np.any(out == 0)),
        "some are kept": bool(np.any(out != 0)),
        "scale, off by": np.max(np.abs(out - x / p) * (out != 0)),
    }


@check(
    "dropout_forward",
    points=1,
    seed=231,
    visible=True,
    goals={"rate, off by": at_most(0.05), "scale, off by": at_most(ROUNDING)},
)
def kept_at_the_rate_and_scaled(student, rng):
    """Training: a share p of the elements is kept and divided by p. Test: nothing is dropped."""
    x = rng.uniform(1, 2, (80, 50))
    out, _ = student.layers.dropout_forward(x, {"mode": "train", "p": 0.7})
    test, _ = student.layers.dropout_forward(x, {"mode": "test", "p": 0.7})
    return {
        "shape": str(out.shape),
        "rate, off by": abs(np.mean(out != 0) - 0.7),
        "scale, off by": np.max(np.abs(out - x / 0.7) * (out != 0)),
        "test": test,
    }


@check(
    "dropout_forward",
    points=0.5,
    seed=161,
    goals={"rate, off by": at_most(0.05), "scale, off by": at_most(ROUNDING)},
    hint="Draw a random number for every element.",
)
def dropout_draws_for_every_element(student, rng):
    """Images with p = 0.25: no axis along which all elements are dropped or kept together."""
    x = rng.uniform(1, 2, (8, 6, 9, 9))
    out, _ = student.layers.dropout_forward(x, {"mode": "train", "p": 0.25})
    kept = out != 0
    return {
        "shape": str(out.shape),
        "rate, off by": abs(np.mean(kept) - 0.25),
        "scale, off by": np.max(np.abs(out - x / 0.25) * kept),
        **{
            f"same along axis {axis}": bool(np.all(kept == kept.take([0], axis)))
            for axis in range(x.ndim)
        },
    }


@check(
    "dropout_forward",
    points=0.25,
    seed=162,
    hint="In test mode the output equals x.",
)
def dropout_in_test_mode(student, rng):
    """Test mode returns x, for one example and for many."""
    out, _ = student.layers.dropout_forward(rng.randn(5, 6), {"mode": "test", "p": 0.2, "seed": 5})
    alone, _ = student.layers.dropout_forward(rng.randn(1, 3, 2), {"mode": "test", "p": 0.6})
    return {"out": out, "out, one example": alone}


@check(
    "dropout_forward",
    points=0.25,
    seed=168,
    goals={"scale, off by": at_most(ROUNDING)},
    hint="Do not change x: multiply into a new array.",
)
def dropout_forward_spares_x(student, rng):
    """Training does not change x."""
    x = rng.uniform(1, 2, (5, 6))
    given = student.put(x)
    out, _ = student.layers.dropout_forward(given, {"mode": "train", "p": 0.4})
    return {**dropped_and_scaled(out, x, 0.4), "x afterwards": student.get(given)}


@check(
    "dropout_forward",
    points=0.5,
    seed=163,
    hint="The same seed drops the same elements; without a seed every call draws new numbers.",
)
def dropout_repeats_itself_by_seed_alone(student, rng):
    """Equal seeds, other seeds, no seed."""
    x = rng.uniform(1, 2, (20, 30))
    seeds = ({"seed": 3}, {"seed": 3}, {"seed": 4}, {}, {})
    first, again, other, unseeded, unseeded_again = (
        student.layers.dropout_forward(x, {"mode": "train", "p": 0.5, **seed})[0] for seed in seeds
    )
    return {
        "shape": str(first.shape),
        "some are dropped": bool(np.any(first == 0)),
        "equal seeds, equal masks": bool(np.all(first == again)),
        "other seed, equal masks": bool(np.all(first == other)),
        "no seed, equal masks": bool(np.all(unseeded == unseeded_again)),
    }


@check(
    "dropout_forward",
    points=0.5,
    seed=164,
    when="float32",
    goals={"scale, off by": at_most(FLOAT32_ROUNDING)},
    tolerance=FLOAT32,
    hint="float32 inputs give float32 outputs.",
)
def dropout_in_single_precision(student, rng):
    """float32 inputs in both modes."""
    x = rng.uniform(1, 2, (10, 12)).astype(np.float32)
    out, _ = student.layers.dropout_forward(x, {"mode": "train", "p": 0.6})
    test, _ = student.layers.dropout_forward(x, {"mode": "test", "p": 0.6})
    return {
        "dtype": str(out.dtype),
        "dtype, test": str(test.dtype),
        **dropped_and_scaled(out, x, 0.6),
        "test": test,
    }


def gradient_through_mask(student, x, dout, p):
    """How far a gradient is from what the forward pass did to every element of x."""
    out, cache = student.layers.dropout_forward(x, {"mode": "train", "p": p})
    dx = student.layers.dropout_backward(dout, cache)
    return {
        "shape": str(dx.shape),
        "some are dropped": bool(np.any(out == 0)),
        "some are kept": bool(np.any(out != 0)),
        "gradient, off by": np.max(np.abs(dx - dout * out / x)),
    }


@check(
    "dropout_backward",
    points=0.5,
    seed=231,
    visible=True,
    needs=("dropout_forward",),
    goals={"gradient, off by": at_most(ROUNDING)},
)
def same_mask_on_the_way_back(student, rng):
    """The backward pass uses the mask and the scale of the forward pass."""
    return gradient_through_mask(student, rng.uniform(1, 2, (10, 10)), rng.randn(10, 10), p=0.5)


@check(
    "dropout_backward",
    points=0.5,
    seed=165,
    needs=("dropout_forward",),
    goals={"gradient, off by": at_most(ROUNDING)},
    hint="The scale depends on p, and the mask may have any number of axes.",
)
def dropout_gradient_at_other_rates(student, rng):
    """Images with p = 0.8."""
    shape = (3, 2, 5, 4)
    return gradient_through_mask(student, rng.uniform(1, 2, shape), rng.randn(*shape), p=0.8)


@check(
    "dropout_backward",
    points=0.5,
    seed=166,
    needs=("dropout_forward",),
    hint="In test mode nothing was dropped or scaled: the gradient is not changed.",
)
def dropout_gradient_in_test_mode(student, rng):
    """The gradient equals the upstream gradient."""
    _, cache = student.layers.dropout_forward(rng.randn(4, 6), {"mode": "test", "p": 0.3})
    return {"dx": student.layers.dropout_backward(rng.randn(4, 6), cache)}


@check(
    "dropout_backward",
    points=0.5,
    seed=167,
    needs=("dropout_forward",),
    goals={"gradient of a second call, off by": at_most(ROUNDING)},
    hint="Do not change the upstream gradient or the cache: both may be used again.",
)
def dropout_backward_spares_its_inputs(student, rng):
    """The upstream gradient is not changed; a second call gives the same result."""
    x, dout = rng.uniform(1, 2, (6, 7)), rng.randn(6, 7)
    upstream = student.put(dout)
    out, cache = student.layers.dropout_forward(x, {"mode": "train", "p": 0.5})
    student.layers.dropout_backward(upstream, cache)
    dx = student.layers.dropout_backward(upstream, cache)
    return {
        "shape": str(dx.shape),
        "some are dropped": bool(np.any(out == 0)),
        "gradient of a second call, off by": np.max(np.abs(dx - dout * out / x)),
        "dout afterwards": student.get(upstream),
    }
