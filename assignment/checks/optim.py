"""Checks of the update rules."""

import numpy as np

from plumbline import Tolerance, check


def named(values, *names):
    """The entries of a dictionary by name, None for those that it lacks."""
    entries = values if isinstance(values, dict) else {}
    return {name: entries.get(name) for name in names}


def evenly(first, last):
    """Twenty numbers from `first` to `last` in four rows."""
    return np.linspace(first, last, num=20).reshape(4, 5)


def walk(rule, w, gradients, config):
    """Where one step for each gradient leads, and the last configuration."""
    for dw in gradients:
        w, config = rule(w, dw, config)
    return w, config


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


@check("sgd_momentum", points=1, seed=0, visible=True)
def one_step_with_velocity(student, rng):
    """One step of SGD with momentum from a given velocity."""
    config = {"learning_rate": 1e-3, "velocity": evenly(0.6, 0.9)}
    next_w, config = student.optim.sgd_momentum(evenly(-0.4, 0.6), evenly(-0.6, 0.4), config)
    return {"next_w": next_w, **named(student.get(config), "velocity")}


@check(
    "sgd_momentum",
    points=0.5,
    seed=131,
    hint="Several steps with another momentum: the velocity of one step is where the next starts.",
)
def momentum_gathers_over_steps(student, rng):
    """Five steps from rest with a momentum of its own."""
    config = {"learning_rate": 0.05, "momentum": 0.6}
    w, config = walk(student.optim.sgd_momentum, rng.randn(3, 4), rng.randn(5, 3, 4), config)
    return {"w": w, **named(student.get(config), "velocity")}


@check(
    "sgd_momentum",
    points=0.5,
    seed=132,
    hint="Without a configuration the defaults count; and the gradient belongs to the caller. "
    "float32 stays float32.",
)
def momentum_by_default_spares_gradient(student, rng):
    """Two steps of a vector without a configuration; the gradient stays what it was."""
    dw = student.put(rng.randn(6))
    w, config = walk(student.optim.sgd_momentum, rng.randn(6), [dw, dw], None)
    quick, _ = student.optim.sgd_momentum(*single(rng, (4,), (4,)), {"learning_rate": 0.1})
    return {
        "w": w,
        **named(student.get(config), "velocity"),
        "dw afterwards": student.get(dw),
        "in single precision": kinds(quick),
    }


@check("rmsprop", points=1, seed=0, visible=True)
def one_step_with_cache(student, rng):
    """One step of RMSProp from a given running average."""
    config = {"learning_rate": 1e-2, "cache": evenly(0.6, 0.9)}
    next_w, config = student.optim.rmsprop(evenly(-0.4, 0.6), evenly(-0.6, 0.4), config)
    return {"next_w": next_w, **named(student.get(config), "cache")}


@check(
    "rmsprop",
    points=0.5,
    seed=133,
    hint="Several steps with another decay rate: the average of one step is where the next starts.",
)
def rmsprop_averages_over_steps(student, rng):
    """Five steps from nothing with a decay rate of its own; the gradient stays what it was."""
    config = {"learning_rate": 0.03, "decay_rate": 0.8}
    dw = student.put(rng.randn(3, 4))
    gradients = [*rng.randn(4, 3, 4), dw]
    w, config = walk(student.optim.rmsprop, rng.randn(3, 4), gradients, config)
    return {"w": w, **named(student.get(config), "cache"), "dw afterwards": student.get(dw)}


@check(
    "rmsprop",
    points=0.5,
    seed=134,
    hint="The epsilon that is given is added, after the root is taken. float32 stays float32.",
)
def rmsprop_with_noticeable_epsilon(student, rng):
    """Three steps with an epsilon that is not small."""
    config = {"learning_rate": 0.1, "epsilon": 0.3}
    w, config = walk(student.optim.rmsprop, rng.randn(7), rng.randn(3, 7), config)
    quick, _ = student.optim.rmsprop(*single(rng, (4,), (4,)), {"learning_rate": 0.1})
    return {"w": w, **named(student.get(config), "cache"), "in single precision": kinds(quick)}


@check("adam", points=1, seed=0, visible=True)
def sixth_step_of_adam(student, rng):
    """One step of Adam after five others."""
    config = {"learning_rate": 1e-2, "m": evenly(0.6, 0.9), "v": evenly(0.7, 0.5), "t": 5}
    next_w, config = student.optim.adam(evenly(-0.4, 0.6), evenly(-0.6, 0.4), config)
    return {"next_w": next_w, **named(student.get(config), "m", "v")}


@check(
    "adam",
    points=1,
    seed=135,
    hint="Several steps from the start: averages and the count of steps go from one to the next.",
)
def adam_counts_from_the_start(student, rng):
    """Six steps from nothing; the gradient stays what it was."""
    dw = student.put(rng.randn(3, 4))
    gradients = [*rng.randn(5, 3, 4), dw]
    w, config = walk(student.optim.adam, rng.randn(3, 4), gradients, {"learning_rate": 0.02})
    state = named(student.get(config), "m", "v", "t")
    return {"w": w, **state, "dw afterwards": student.get(dw)}


@check(
    "adam",
    points=0.5,
    seed=136,
    hint="The decay rates are settings: both averages and both corrections use those given.",
)
def adam_with_other_decay_rates(student, rng):
    """Four steps with decay rates of its own."""
    config = {"learning_rate": 0.02, "beta1": 0.5, "beta2": 0.9}
    w, config = walk(student.optim.adam, rng.randn(5), rng.randn(4, 5), config)
    return {"w": w, **named(student.get(config), "m", "v", "t")}


@check(
    "adam",
    points=0.5,
    seed=137,
    # Whether epsilon is added to the root of the corrected or of the uncorrected average changes
    # the step by 1e-4 at most, and both are right; under the root it changes it by 6e-3 and more.
    tolerance=Tolerance(((1e-3, 1.0),)),
    hint="Gradients may be small: epsilon is added after the root is taken.",
)
def adam_on_small_gradients(student, rng):
    """One step late in a training whose gradients were small."""
    size = rng.uniform(4e-4, 6e-4, 6)
    config = {"learning_rate": 0.1, "m": 1.0 * size, "v": size**2 * (1 - 0.999**50), "t": 50}
    next_w, _ = student.optim.adam(np.zeros(6), size, config)
    return {"step": next_w}
