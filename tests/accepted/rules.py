"""Update rules: parameters changed in place or in float64, and both places of Adam's epsilon."""

import numpy as np

from tests.mistakes import variant


def settings(w, config, *arrays, **defaults):
    """The configuration with its defaults and arrays of zeros."""
    config = {} if config is None else config
    for name, value in defaults.items():
        config.setdefault(name, value)
    for name in arrays:
        config.setdefault(name, np.zeros_like(w))
    return config


@variant("sgd_momentum", target="optim.sgd_momentum")
def momentum_moves_w_itself(w, dw, config=None):
    """w += v; the velocity is a new array."""
    c = settings(w, config, "velocity", learning_rate=1e-2, momentum=0.9)
    v = c["momentum"] * c["velocity"] - c["learning_rate"] * dw
    w += v
    c["velocity"] = v
    return w, c


@variant("sgd_momentum", target="optim.sgd_momentum")
def momentum_in_a_new_dictionary(w, dw, config=None):
    """The configuration that is given stays as it is; a new one is returned."""
    c = {"learning_rate": 1e-2, "momentum": 0.9, "velocity": np.zeros_like(w), **(config or {})}
    c["velocity"] = c["momentum"] * c["velocity"] - c["learning_rate"] * dw
    return w + c["velocity"], c


@variant("sgd_momentum", target="optim.sgd_momentum", feature="float32")
def momentum_in_double(w, dw, config=None):
    """The velocity begins as zeros of float64, and the parameter becomes float64."""
    c = settings(w, config, learning_rate=1e-2, momentum=0.9)
    v = np.zeros(w.shape)
    v += c.get("velocity", 0)
    c["velocity"] = c["momentum"] * v - c["learning_rate"] * dw
    return w + c["velocity"], c


@variant("rmsprop", target="optim.rmsprop")
def rmsprop_moves_w_itself(w, dw, config=None):
    """w is changed in place; the average is a new array."""
    c = settings(w, config, "cache", learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    c["cache"] = c["decay_rate"] * c["cache"] + (1 - c["decay_rate"]) * np.square(dw)
    w += -c["learning_rate"] * dw / (c["cache"] ** 0.5 + c["epsilon"])
    return w, c


@variant("rmsprop", target="optim.rmsprop", feature="float32")
def rmsprop_in_double(w, dw, config=None):
    """The average begins as zeros of float64."""
    c = settings(w, config, learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    cache = np.zeros(w.shape) + c.get("cache", 0)
    c["cache"] = c["decay_rate"] * cache + (1 - c["decay_rate"]) * dw**2
    return w - c["learning_rate"] * dw / (np.sqrt(c["cache"]) + c["epsilon"]), c


def averages(w, dw, config):
    """Adam's state after this gradient."""
    c = settings(w, config, "m", "v", learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0)
    c["t"] += 1
    c["m"] = c["beta1"] * c["m"] + (1 - c["beta1"]) * dw
    c["v"] = c["beta2"] * c["v"] + (1 - c["beta2"]) * dw * dw
    return c


@variant("adam", target="optim.adam")
def adam_by_a_corrected_rate(w, dw, config=None):
    """Both corrections are in the learning rate; epsilon meets the uncorrected root; w in place."""
    c = averages(w, dw, config)
    rate = c["learning_rate"] * np.sqrt(1 - c["beta2"] ** c["t"]) / (1 - c["beta1"] ** c["t"])
    w -= rate * c["m"] / (np.sqrt(c["v"]) + c["epsilon"])
    return w, c


@variant("adam", target="optim.adam")
def adam_by_corrected_averages(w, dw, config=None):
    """Corrected averages; epsilon meets the corrected root; a new array in float64."""
    c = averages(w, dw, config)
    first, second = c["m"] / (1 - c["beta1"] ** c["t"]), c["v"] / (1 - c["beta2"] ** c["t"])
    step = c["learning_rate"] * first / (np.sqrt(second) + c["epsilon"])
    return np.asarray(w, np.float64) - step, c
