"""Update rules: how a parameter moves, given the gradient of the loss.

All rules are called in the same way:

    next_w, config = rule(w, dw, config)

- w: array of any shape, the parameter.
- dw: array shaped like w, the gradient of the loss with respect to w.
- config: dictionary of the rule's settings, and of what it must remember from one step to the next.
  A setting that is missing gets its default. The dictionary is updated in place; give what is
  returned to the next call. None stands for an empty one.

What comes back is the new value of the parameter, shaped like w, and the dictionary. The arrays w
and dw are left as they are. The default learning rates are seldom the best ones for your problem.
"""

import numpy as np

from convnet.threads import share

try:
    from convnet import _kernels
except ImportError:  # not compiled
    _kernels = None

#: Fewer parameters than these are not worth a thread.
_BLOCK = 16384


def sgd(w, dw, config=None):
    """Stochastic gradient descent: a step against the gradient.

    config:
    - learning_rate: the size of a step; 1e-2 by default.

    Returns ``(next_w, config)``; see the top of this module.
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)

    return w - config["learning_rate"] * dw, config


def sgd_momentum(w, dw, config=None):
    """Stochastic gradient descent with momentum: the steps gather speed where gradients agree.

    In every call the velocity loses a part of itself, gains a step against the gradient, and then
    moves the parameter.

    config:
    - learning_rate: the size of a step; 1e-2 by default.
    - momentum: how much of its velocity the parameter keeps, between 0 and 1; 0.9 by default.
    - velocity: array shaped like w, kept from one call to the next; zeros at first.

    Returns ``(next_w, config)``; see the top of this module.
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    if "velocity" not in config:
        config["velocity"] = np.zeros_like(w)

    # BEGIN SOLUTION sgd_momentum
    # TODO: Compute the new velocity, keep it in config, and let it move w. The learning rate
    # belongs to the gradient alone.
    slowed = config["momentum"] * config["velocity"]
    config["velocity"] = slowed - config["learning_rate"] * dw
    next_w = w + config["velocity"]
    # END SOLUTION sgd_momentum
    return next_w, config


def rmsprop(w, dw, config=None):
    """RMSProp: each element gets a step size of its own, by the recent size of its gradients.

    A running average of the squared gradients is kept; a step is divided by its root, to which
    ``epsilon`` is added after the root is taken. Proposed by T. Tieleman and G. Hinton, lecture 6.5
    of Neural Networks for Machine Learning, 2012.

    config:
    - learning_rate: the size of a step; 1e-2 by default.
    - decay_rate: how much of the average is kept in a call, between 0 and 1; 0.99 by default.
    - epsilon: small number against division by zero; 1e-8 by default.
    - cache: array shaped like w, the running average; zeros at first.

    Returns ``(next_w, config)``; see the top of this module.
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    if "cache" not in config:
        config["cache"] = np.zeros_like(w)

    # BEGIN SOLUTION rmsprop
    # TODO: Bring the running average up to date first and keep it in config; then take the step
    # with the average that has already seen this gradient.
    decay = config["decay_rate"]
    config["cache"] = decay * config["cache"] + (1 - decay) * dw**2
    rms = np.sqrt(config["cache"]) + config["epsilon"]
    next_w = w - config["learning_rate"] * dw / rms
    # END SOLUTION rmsprop
    return next_w, config


def adam(w, dw, config=None):
    """Adam: momentum and RMSProp together, both corrected for having started at zero.

    Running averages of the gradients and of the squared gradients are kept, and the calls are
    counted: the first call works with t = 1. An average that began at zero is too small at first;
    it is divided by one minus its decay to the power of t before it is used, but kept uncorrected.
    ``epsilon`` is added after the root is taken. By D. Kingma and J. Ba, "Adam: A Method for
    Stochastic Optimization", ICLR 2015.

    config:
    - learning_rate: the size of a step; 1e-3 by default.
    - beta1: how much of the average of the gradients is kept in a call; 0.9 by default.
    - beta2: how much of the average of their squares is kept in a call; 0.999 by default.
    - epsilon: small number against division by zero; 1e-8 by default.
    - m: array shaped like w, the running average of the gradients; zeros at first.
    - v: array shaped like w, the running average of their squares; zeros at first.
    - t: the number of calls so far; 0 at first.

    Returns ``(next_w, config)``; see the top of this module.
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("t", 0)
    for moment in ("m", "v"):
        if moment not in config:
            config[moment] = np.zeros_like(w)

    # BEGIN SOLUTION adam
    # TODO: Count this call before you use t. Update both averages in config, make corrected
    # copies of them, and take the step with the copies.
    beta1, beta2 = config["beta1"], config["beta2"]
    config["t"] += 1
    config["m"] = beta1 * config["m"] + (1 - beta1) * dw
    config["v"] = beta2 * config["v"] + (1 - beta2) * dw**2
    m_hat = config["m"] / (1 - beta1 ** config["t"])
    v_hat = config["v"] / (1 - beta2 ** config["t"])
    next_w = w - config["learning_rate"] * m_hat / (np.sqrt(v_hat) + config["epsilon"])
    # END SOLUTION adam
    return next_w, config


def adam_fast(w, dw, config=None):
    """Adam in one pass over its arrays, compiled: given to you for networks with many parameters.

    NumPy makes a new array for every operation; with millions of parameters these go out to memory
    and come back a dozen times in a step. Settings and results are those of ``adam``, except that w
    is changed in place, and so are the averages. Where the compiled part was not built, or w is
    neither float32 nor float64 or not contiguous, ``adam`` does the work.

    Returns ``(next_w, config)``; see the top of this module.
    """
    changed = [w, *((config or {}).get(moment, w) for moment in ("m", "v"))]
    plain = all(_is_plain(array, w) for array in (dw, *changed))
    if _kernels is None or not plain or not all(array.flags.writeable for array in changed):
        return adam(w, dw, config)
    config = {} if config is None else config
    config["t"] = config.get("t", 0) + 1
    for moment in ("m", "v"):
        if moment not in config:
            config[moment] = np.zeros_like(w)
    settings = [
        config.setdefault(name, value)
        for name, value in (
            ("learning_rate", 1e-3), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8)
        )
    ]  # fmt: skip
    flat = [array.reshape(-1) for array in (dw, w, config["m"], config["v"])]

    def step(blocks):
        part = slice(blocks.start * _BLOCK, blocks.stop * _BLOCK)
        _kernels.adam(*settings, config["t"], *(array[part] for array in flat))

    share(-(-w.size // _BLOCK), step)
    return w, config


def _is_plain(array, like):
    """Whether the extension can work on an array together with another one, in place."""
    return (
        array.shape == like.shape
        and array.dtype == like.dtype
        and array.dtype in (np.float32, np.float64)
        and array.flags.c_contiguous
        and array.size > 0
    )
