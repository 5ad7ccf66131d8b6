"""Mistakes in the update rules."""

import numpy as np

from tests.mistakes import mistake


def state(w, config, defaults, *arrays):
    """The configuration with its defaults, and zeros for the arrays that it lacks."""
    config = {} if config is None else config
    for name, value in defaults.items():
        config.setdefault(name, value)
    for name in arrays:
        config.setdefault(name, np.zeros_like(w))
    return config


MOMENTUM = {"learning_rate": 1e-2, "momentum": 0.9}
RMSPROP = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8}
ADAM = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0}


@mistake("sgd_momentum", "optim.sgd_momentum", seen=True)
def no_learning_rate(w, dw, config=None):
    """The gradient enters the velocity without the learning rate."""
    c = state(w, config, MOMENTUM, "velocity")
    c["velocity"] = c["momentum"] * c["velocity"] - dw
    return w + c["velocity"], c


@mistake("sgd_momentum", "optim.sgd_momentum", seen=True)
def velocity_forgotten(w, dw, config=None):
    """The new velocity is used once and not kept."""
    c = state(w, config, MOMENTUM, "velocity")
    return w + c["momentum"] * c["velocity"] - c["learning_rate"] * dw, c


@mistake("sgd_momentum", "optim.sgd_momentum")
def momentum_is_always_the_default(w, dw, config=None):
    """The momentum that is given is ignored."""
    c = state(w, config, MOMENTUM, "velocity")
    c["velocity"] = 0.9 * c["velocity"] - c["learning_rate"] * dw
    return w + c["velocity"], c


@mistake("sgd_momentum", "optim.sgd_momentum")
def gradient_scaled_in_place(w, dw, config=None):
    """The learning rate is multiplied into the caller's gradient."""
    c = state(w, config, MOMENTUM, "velocity")
    dw *= c["learning_rate"]
    c["velocity"] = c["momentum"] * c["velocity"] - dw
    return w + c["velocity"], c


@mistake("rmsprop", "optim.rmsprop", seen=True)
def learning_rate_twice(w, dw, config=None):
    """The step is multiplied by the learning rate twice."""
    c = state(w, config, RMSPROP, "cache")
    c["cache"] = c["decay_rate"] * c["cache"] + (1 - c["decay_rate"]) * dw**2
    step = c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"])
    return w - c["learning_rate"] * step, c


@mistake("rmsprop", "optim.rmsprop")
def epsilon_inside_the_root(w, dw, config=None):
    """epsilon is added before the square root."""
    c = state(w, config, RMSPROP, "cache")
    c["cache"] = c["decay_rate"] * c["cache"] + (1 - c["decay_rate"]) * dw**2
    return w - c["learning_rate"] * dw / np.sqrt(c["cache"] + c["epsilon"]), c


@mistake("rmsprop", "optim.rmsprop")
def decay_is_always_the_default(w, dw, config=None):
    """The decay rate that is given is ignored."""
    c = state(w, config, RMSPROP, "cache")
    c["cache"] = 0.99 * c["cache"] + 0.01 * dw**2
    return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"]), c


@mistake("rmsprop", "optim.rmsprop", seen=True)
def average_of_the_step_before(w, dw, config=None):
    """The step uses the average without this gradient."""
    c = state(w, config, RMSPROP, "cache")
    next_w = w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"])
    c["cache"] = c["decay_rate"] * c["cache"] + (1 - c["decay_rate"]) * dw**2
    return next_w, c


@mistake("rmsprop", "optim.rmsprop")
def gradient_squared_in_place(w, dw, config=None):
    """The caller's gradient is squared."""
    c = state(w, config, RMSPROP, "cache")
    step = c["learning_rate"] * dw
    dw *= dw
    c["cache"] = c["decay_rate"] * c["cache"] + (1 - c["decay_rate"]) * dw
    return w - step / (np.sqrt(c["cache"]) + c["epsilon"]), c


def moments(w, dw, config, beta1=None, beta2=None):
    """Adam's state after this gradient, before the step count is raised."""
    c = state(w, config, ADAM, "m", "v")
    beta1 = c["beta1"] if beta1 is None else beta1
    beta2 = c["beta2"] if beta2 is None else beta2
    c["m"] = beta1 * c["m"] + (1 - beta1) * dw
    c["v"] = beta2 * c["v"] + (1 - beta2) * dw**2
    return c


def corrected(c, t):
    """Both averages after t calls."""
    return c["m"] / (1 - c["beta1"] ** t), c["v"] / (1 - c["beta2"] ** t)


@mistake("adam", "optim.adam", seen=True)
def no_bias_correction(w, dw, config=None):
    """The averages are not corrected."""
    c = moments(w, dw, config)
    c["t"] += 1
    return w - c["learning_rate"] * c["m"] / (np.sqrt(c["v"]) + c["epsilon"]), c


@mistake("adam", "optim.adam")
def calls_never_counted(w, dw, config=None):
    """t + 1 is used but never kept."""
    c = moments(w, dw, config)
    m, v = corrected(c, c["t"] + 1)
    return w - c["learning_rate"] * m / (np.sqrt(v) + c["epsilon"]), c


@mistake("adam", "optim.adam", seen=True)
def second_correction_unused(w, dw, config=None):
    """The second moment is corrected, and the uncorrected one is used."""
    c = moments(w, dw, config)
    c["t"] += 1
    m, _ = corrected(c, c["t"])
    return w - c["learning_rate"] * m / (np.sqrt(c["v"]) + c["epsilon"]), c


@mistake("adam", "optim.adam", seen=True)
def counted_after_use(w, dw, config=None):
    """The first call works with t = 0."""
    c = moments(w, dw, config)
    m, v = corrected(c, c["t"])
    c["t"] += 1
    return w - c["learning_rate"] * m / (np.sqrt(v) + c["epsilon"]), c


@mistake("adam", "optim.adam", seen=True)
def corrected_averages_kept(w, dw, config=None):
    """The corrected averages are stored, and corrected again in the next call."""
    c = moments(w, dw, config)
    c["t"] += 1
    c["m"], c["v"] = corrected(c, c["t"])
    return w - c["learning_rate"] * c["m"] / (np.sqrt(c["v"]) + c["epsilon"]), c


@mistake("adam", "optim.adam")
def adam_epsilon_inside_the_root(w, dw, config=None):
    """epsilon is added before the square root."""
    c = moments(w, dw, config)
    c["t"] += 1
    m, v = corrected(c, c["t"])
    return w - c["learning_rate"] * m / np.sqrt(v + c["epsilon"]), c


@mistake("adam", "optim.adam")
def decays_are_always_the_defaults(w, dw, config=None):
    """The decay rates that are given are ignored."""
    c = moments(w, dw, config, beta1=0.9, beta2=0.999)
    c["t"] += 1
    m, v = c["m"] / (1 - 0.9 ** c["t"]), c["v"] / (1 - 0.999 ** c["t"])
    return w - c["learning_rate"] * m / (np.sqrt(v) + c["epsilon"]), c
