"""Mistakes in dropout."""

import numpy as np

from convnet.layers import dropout_backward, dropout_forward
from tests.mistakes import mistake

FORWARD, BACKWARD = "layers.dropout_forward", "layers.dropout_backward"


def generator(param):
    """The generator that a seed asks for."""
    return np.random if param.get("seed") is None else np.random.RandomState(param["seed"])


def masked(x, param, mask):
    """The forward pass with a given mask; test mode is right."""
    return (x * mask, mask) if param["mode"] == "train" else (x, None)


@mistake("dropout_forward", FORWARD, seen=True)
def not_scaled_up(x, param):
    """The kept elements are not divided by p."""
    return masked(x, param, generator(param).rand(*x.shape) < param["p"])


@mistake("dropout_forward", FORWARD, seen=True)
def scaled_at_test_time_instead(x, param):
    """Plain dropout: no scaling in training; test mode multiplies by p."""
    if param["mode"] == "test":
        return x * param["p"], None
    return masked(x, param, generator(param).rand(*x.shape) < param["p"])


@mistake("dropout_forward", FORWARD, seen=True)
def drops_at_the_rate_it_should_keep(x, param):
    """p is used as the probability to drop."""
    keep = 1 - param["p"]
    return masked(x, param, (generator(param).rand(*x.shape) < keep) / keep)


@mistake("dropout_forward", FORWARD, seen=True)
def scaled_for_what_is_dropped(x, param):
    """Divided by 1 - p."""
    return masked(x, param, (generator(param).rand(*x.shape) < param["p"]) / (1 - param["p"]))


@mistake("dropout_forward", FORWARD, seen=True)
def drops_at_test_time(x, param):
    """The mode is ignored."""
    return dropout_forward(x, {**param, "mode": "train"})


@mistake("dropout_forward", FORWARD, seen=True)
def one_mask_for_all_examples(x, param):
    """The mask has the shape of one example and is used for the whole batch."""
    kept = generator(param).rand(*x.shape[1:]) < param["p"]
    return masked(x, param, np.broadcast_to(kept / param["p"], x.shape))


@mistake("dropout_forward", FORWARD)
def whole_channels_are_dropped(x, param):
    """One draw for each of the first two axes."""
    shape = *x.shape[:2], *(1 for _ in x.shape[2:])
    return masked(x, param, (generator(param).rand(*shape) < param["p"]) / param["p"])


@mistake("dropout_forward", FORWARD, seen=True)
def draws_from_the_normal_distribution(x, param):
    """Normal draws are compared with p as if they were uniform."""
    return masked(x, param, (generator(param).randn(*x.shape) < param["p"]) / param["p"])


@mistake("dropout_forward", FORWARD)
def multiplies_x_in_place(x, param):
    """The mask is multiplied into the caller's x."""
    if param["mode"] == "test":
        return x, None
    mask = (generator(param).rand(*x.shape) < param["p"]) / param["p"]
    x *= mask
    return x, mask


@mistake("dropout_forward", FORWARD)
def seed_not_used(x, param):
    """The seed is ignored."""
    return dropout_forward(x, {**param, "seed": None})


@mistake("dropout_forward", FORWARD)
def same_seed_for_everyone(x, param):
    """Without a seed a fixed one is used."""
    return dropout_forward(x, {"seed": 0, **param})


@mistake("dropout_forward", FORWARD)
def mask_in_double_precision(x, param):
    """The mask is float64 and makes everything float64."""
    return dropout_forward(x.astype(np.float64), param)


@mistake("dropout_backward", BACKWARD, seen=True)
def gradient_not_scaled(dout, cache):
    """The backward pass uses the mask without its scale."""
    return dout if cache is None else dout * (cache > 0)


@mistake("dropout_backward", BACKWARD)
def gradient_always_doubled(dout, cache):
    """The scale is that of p = 0.5."""
    return dout if cache is None else 2 * dout * (cache > 0)


@mistake("dropout_backward", BACKWARD, seen=True)
def another_mask_on_the_way_back(dout, cache):
    """A new mask is drawn."""
    return (
        dout if cache is None else dout * np.random.permutation(cache.ravel()).reshape(dout.shape)
    )


@mistake("dropout_backward", BACKWARD, seen=True)
def gradient_passes_as_it_is(dout, cache):
    """The mask is not applied."""
    return dout.copy()


@mistake("dropout_backward", BACKWARD)
def no_way_back_at_test_time(dout, cache):
    """In test mode there is no mask, but the backward pass uses one."""
    return dout * cache


@mistake("dropout_backward", BACKWARD)
def dout_masked_in_place(dout, cache):
    """The mask is multiplied into the caller's gradient."""
    dx = dropout_backward(dout, cache)
    dout[...] = dx
    return dx
