"""Checks of the update rules."""

import numpy as np

from plumbline import FLOAT32, Tolerance, check


def named(values, *names):
    """Some entries of a dictionary by name; None for an entry that is missing."""
    entries = values if isinstance(values, dict) else {}
    return {name: entries.get(name) for name in names}


def evenly_spaced(first, last):
    """Twenty numbers from `first` to `last` in four rows."""
    return np.linspace(first, last, num=20).reshape(4, 5)


def take_steps(rule, w, gradients, config):
    """The parameter after one step for each gradient, and the last configuration."""
    for dw in gradients:
        w, config = rule(w, dw, config)
    return w, config


def large_gradients(rng, *shape):
    """Gradients of both signs beside which the default epsilon is nothing, wherever it stands."""
    return rng.choice([-1.0, 1.0], shape) * rng.uniform(5, 10, shape)


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


@check("sgd_momentum", points=1, seed=0, visible=True)
def one_step_with_velocity(student, rng):
    """One step of SGD with momentum from a given velocity."""
    config = {"learning_rate": 1e-3, "velocity": evenly_spaced(0.6, 0.9)}
    next_w, config = student.optim.sgd_momentum(
        evenly_spaced(-0.4, 0.6), evenly_spaced(-0.6, 0.4), config
    )
    return {"next_w": next_w, **named(student.get(config), "velocity")}


@check(
    "sgd_momentum",
    points=0.5,
    seed=131,
    hint="Try several steps with another momentum: each step uses the velocity of the step before.",
)
def momentum_gathers_over_steps(student, rng):
    """Five steps with another momentum, without a velocity at the start."""
    config = {"learning_rate": 0.05, "momentum": 0.6}
    w, config = take_steps(student.optim.sgd_momentum, rng.randn(3, 4), rng.randn(5, 3, 4), config)
    return {"w": w, **named(student.get(config), "velocity")}


@check(
    "sgd_momentum",
    points=0.25,
    seed=132,
    hint="Do not change the gradient that you are given.",
)
def momentum_spares_the_gradient(student, rng):
    """Two steps by default settings; the gradient is not changed."""
    dw = student.put(rng.randn(6))
    w, _ = take_steps(student.optim.sgd_momentum, rng.randn(6), [dw, dw], None)
    return {"w": w, "dw afterwards": student.get(dw)}


@check(
    "sgd_momentum",
    points=0.25,
    seed=138,
    when="float32",
    tolerance=FLOAT32,
    hint="A float32 parameter stays float32.",
)
def momentum_in_single_precision(student, rng):
    """Parameter and gradient are float32."""
    next_w, _ = student.optim.sgd_momentum(*float32_arrays(rng, (4,), (4,)), {"learning_rate": 0.1})
    return {"dtype": dtypes_of(next_w), "next_w": next_w}


@check("rmsprop", points=1, seed=0, visible=True)
def one_step_with_cache(student, rng):
    """One step of RMSProp from a given running average."""
    config = {"learning_rate": 1e-2, "cache": evenly_spaced(0.6, 0.9)}
    next_w, config = student.optim.rmsprop(
        evenly_spaced(-0.4, 0.6), evenly_spaced(-0.6, 0.4), config
    )
    return {"next_w": next_w, **named(student.get(config), "cache")}


@check(
    "rmsprop",
    points=0.25,
    seed=133,
    hint="Try several steps with another decay rate: each step uses the average so far.",
)
def rmsprop_averages_over_steps(student, rng):
    """Five steps with another decay rate, without a cache."""
    config = {"learning_rate": 0.03, "decay_rate": 0.8}
    w, gradients = rng.randn(3, 4), large_gradients(rng, 5, 3, 4)
    w, config = take_steps(student.optim.rmsprop, w, gradients, config)
    return {"w": w, **named(student.get(config), "cache")}


@check(
    "rmsprop",
    points=0.25,
    seed=139,
    hint="Do not change the gradient that you are given.",
)
def rmsprop_spares_the_gradient(student, rng):
    """One step; the gradient is not changed."""
    dw = student.put(large_gradients(rng, 3, 4))
    w, _ = student.optim.rmsprop(rng.randn(3, 4), dw, {"learning_rate": 0.03})
    return {"w": w, "dw afterwards": student.get(dw)}


@check(
    "rmsprop",
    points=0.25,
    seed=134,
    hint="Add the given epsilon after the square root.",
)
def rmsprop_with_noticeable_epsilon(student, rng):
    """Three steps with a large epsilon."""
    config = {"learning_rate": 0.1, "epsilon": 0.3}
    w, config = take_steps(student.optim.rmsprop, rng.randn(7), rng.randn(3, 7), config)
    return {"w": w, **named(student.get(config), "cache")}


@check(
    "rmsprop",
    points=0.25,
    seed=140,
    when="float32",
    tolerance=FLOAT32,
    hint="A float32 parameter stays float32.",
)
def rmsprop_in_single_precision(student, rng):
    """Parameter and gradient are float32."""
    w, dw = rng.randn(4).astype(np.float32), large_gradients(rng, 4).astype(np.float32)
    next_w, _ = student.optim.rmsprop(w, dw, {"learning_rate": 0.1})
    return {"dtype": dtypes_of(next_w), "next_w": next_w}


@check("adam", points=1, seed=0, visible=True)
def sixth_step_of_adam(student, rng):
    """One step of Adam after five others."""
    config = {
        "learning_rate": 1e-2,
        "m": evenly_spaced(0.6, 0.9),
        "v": evenly_spaced(0.7, 0.5),
        "t": 5,
    }
    next_w, config = student.optim.adam(evenly_spaced(-0.4, 0.6), evenly_spaced(-0.6, 0.4), config)
    return {"next_w": next_w, **named(student.get(config), "m", "v")}


@check(
    "adam",
    points=0.75,
    seed=135,
    hint="Try several steps: each uses the averages and the step count of the step before.",
)
def adam_counts_from_the_start(student, rng):
    """Six steps from the start."""
    config = {"learning_rate": 0.02}
    w, gradients = rng.randn(3, 4), large_gradients(rng, 6, 3, 4)
    w, config = take_steps(student.optim.adam, w, gradients, config)
    return {"w": w, **named(student.get(config), "m", "v", "t")}


@check(
    "adam",
    points=0.25,
    seed=341,
    hint="Do not change the gradient that you are given.",
)
def adam_spares_the_gradient(student, rng):
    """One step; the gradient is not changed."""
    dw = student.put(large_gradients(rng, 3, 4))
    w, _ = student.optim.adam(rng.randn(3, 4), dw, {"learning_rate": 0.02})
    return {"w": w, "dw afterwards": student.get(dw)}


@check(
    "adam",
    points=0.5,
    seed=136,
    hint="Both averages and both corrections use the decay rates that are given.",
)
def adam_with_other_decay_rates(student, rng):
    """One step after three others, with other decay rates."""
    config = {"learning_rate": 0.02, "beta1": 0.5, "beta2": 0.9, "t": 3}
    config |= {"m": rng.uniform(5, 10, 5), "v": rng.uniform(25, 100, 5)}
    w, config = student.optim.adam(rng.randn(5), large_gradients(rng, 5), config)
    return {"w": w, **named(student.get(config), "m", "v")}


@check(
    "adam",
    points=0.5,
    seed=137,
    # Whether epsilon is added to the root of the corrected or of the uncorrected average changes
    # the step by 1e-4 at most, and both are right; under the root it changes it by 6e-3 and more.
    tolerance=Tolerance(((1e-3, 1.0),)),
    hint="Gradients may be small: add epsilon after the square root.",
)
def adam_on_small_gradients(student, rng):
    """One step after fifty steps with small gradients."""
    size = rng.uniform(4e-4, 6e-4, 6)
    config = {"learning_rate": 0.1, "m": 1.0 * size, "v": size**2 * (1 - 0.999**50), "t": 50}
    next_w, _ = student.optim.adam(np.zeros(6), size, config)
    return {"step": next_w}
