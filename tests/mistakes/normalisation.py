"""Mistakes in batch, layer, spatial batch and group normalisation."""

import numpy as np

from convnet.layers import (
    batchnorm_backward,
    batchnorm_forward,
    layernorm_backward,
    layernorm_forward,
    spatial_batchnorm_backward,
    spatial_batchnorm_forward,
    spatial_groupnorm_backward,
    spatial_groupnorm_forward,
)
from tests.mistakes import mistake

FORWARD, BACKWARD = "layers.batchnorm_forward", "layers.batchnorm_backward"


def averages(x, bn_param):
    """The running averages so far."""
    zeros = np.zeros(x.shape[1])
    return bn_param.get("running_mean", zeros), bn_param.get("running_var", zeros)


@mistake("batchnorm_forward", FORWARD, seen=True)
def averages_under_another_name(x, gamma, beta, bn_param):
    """The running mean is stored under a misspelt name."""
    mine = dict(bn_param)
    answer = batchnorm_forward(x, gamma, beta, mine)
    if "running_mean" in mine:
        bn_param.update(runing_mean=mine["running_mean"], running_var=mine["running_var"])
    return answer


@mistake("batchnorm_forward", FORWARD)
def averages_by_the_default_momentum(x, gamma, beta, bn_param):
    """The momentum that is given is ignored."""
    mine = {**bn_param, "momentum": 0.9}
    answer = batchnorm_forward(x, gamma, beta, mine)
    bn_param.update({key: mine[key] for key in ("running_mean", "running_var") if key in mine})
    return answer


@mistake("batchnorm_forward", FORWARD)
def averages_begin_anew(x, gamma, beta, bn_param):
    """The first batch replaces averages that were given."""
    given = "running_mean" in bn_param and "begun" not in bn_param
    if bn_param["mode"] == "train":
        bn_param["begun"] = True
        if given:
            del bn_param["running_mean"], bn_param["running_var"]
    return batchnorm_forward(x, gamma, beta, bn_param)


@mistake("batchnorm_forward", FORWARD, seen=True)
def average_of_the_unbiased_variance(x, gamma, beta, bn_param):
    """The running variance is that of N - 1."""
    before = averages(x, bn_param)[1]
    answer = batchnorm_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        momentum = bn_param.get("momentum", 0.9)
        bn_param["running_var"] = momentum * before + (1 - momentum) * x.var(axis=0, ddof=1)
    return answer


@mistake("batchnorm_forward", FORWARD)
def no_scale_and_shift_at_test_time(x, gamma, beta, bn_param):
    """In test mode gamma and beta are left out."""
    if bn_param["mode"] == "test":
        gamma, beta = np.ones_like(gamma), np.zeros_like(beta)
    return batchnorm_forward(x, gamma, beta, bn_param)


@mistake("batchnorm_forward", FORWARD)
def no_eps_at_test_time(x, gamma, beta, bn_param):
    """In test mode eps is left out."""
    if bn_param["mode"] == "test":
        bn_param = {**bn_param, "eps": 0.0}
    return batchnorm_forward(x, gamma, beta, bn_param)


@mistake("batchnorm_forward", FORWARD)
def averages_move_at_test_time(x, gamma, beta, bn_param):
    """Test mode updates the averages after it has used them."""
    answer = batchnorm_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "test":
        bn_param["running_mean"] = 0.9 * bn_param["running_mean"] + 0.1 * x.mean(axis=0)
        bn_param["running_var"] = 0.9 * bn_param["running_var"] + 0.1 * x.var(axis=0)
    return answer


@mistake("batchnorm_forward", FORWARD, seen=True)
def statistics_of_the_batch_at_test_time(x, gamma, beta, bn_param):
    """Test mode normalises with the averages of its own batch."""
    return batchnorm_forward(x, gamma, beta, {**bn_param, "mode": "train"})[0], None


@mistake("batchnorm_forward", FORWARD)
def eps_is_always_the_default(x, gamma, beta, bn_param):
    """The eps that is given is ignored in training."""
    given = bn_param.pop("eps", 1e-5)
    answer = batchnorm_forward(x, gamma, beta, bn_param)
    bn_param["eps"] = given
    return answer


@mistake("batchnorm_forward", FORWARD)
def eps_counts_in_training_alone(x, gamma, beta, bn_param):
    """In test mode the default eps is used."""
    if bn_param["mode"] == "test":
        bn_param = {**bn_param, "eps": 1e-5}
    return batchnorm_forward(x, gamma, beta, bn_param)


@mistake("batchnorm_forward", FORWARD)
def input_centred_in_place(x, gamma, beta, bn_param):
    """The mean is subtracted from the caller's x."""
    mean = x.mean(axis=0)
    answer = batchnorm_forward(x.copy(), gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        x -= mean
    return answer


@mistake("batchnorm_forward", FORWARD)
def out_in_double_precision(x, gamma, beta, bn_param):
    """Everything is computed and returned in float64."""
    return batchnorm_forward(x.astype(np.float64), gamma, beta, bn_param)


def keep_inputs(x, gamma, beta, bn_param):
    """A right forward pass whose cache holds the inputs alone, so that eps must be guessed."""
    out, _ = batchnorm_forward(x, gamma, beta, bn_param)
    return out, (x, gamma)


def guess_eps(backward, cache, dout):
    """`backward` on what the cache would be with the default eps."""
    x, gamma = cache
    std = np.sqrt(x.var(axis=0) + 1e-5)
    return backward(dout, ((x - x.mean(axis=0)) / std, std, gamma))


@mistake("batchnorm_backward", BACKWARD, also={FORWARD: keep_inputs})
def eps_guessed_on_the_way_back(dout, cache):
    """The backward pass works with the default eps."""
    return guess_eps(batchnorm_backward, cache, dout)


@mistake("batchnorm_backward", BACKWARD, seen=True)
def mean_taken_for_a_constant(dout, cache):
    """No gradient goes through the mean."""
    normed, std, gamma = cache
    dnormed = dout * gamma
    dx = (dnormed - normed * (dnormed * normed).mean(axis=0)) / std
    return dx, (dout * normed).sum(axis=0), dout.sum(axis=0)


@mistake("batchnorm_backward", BACKWARD, seen=True)
def dgamma_keeps_an_axis(dout, cache):
    """dgamma of shape (1, D), which broadcasting hides."""
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, dgamma[None], dbeta


@mistake("batchnorm_backward", BACKWARD)
def dgamma_of_one_feature_is_a_number(dout, cache):
    """The gradients of scale and shift are squeezed."""
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    return dx, np.squeeze(dgamma), np.squeeze(dbeta)


@mistake("batchnorm_backward", BACKWARD)
def dout_scaled_in_place(dout, cache):
    """gamma is multiplied into the caller's gradient."""
    answer = batchnorm_backward(dout, cache)
    dout *= cache[2]
    return answer


@mistake("batchnorm_backward_alt", "layers.batchnorm_backward_alt", also={FORWARD: keep_inputs})
def formula_with_the_default_eps(dout, cache):
    """The formula works with the default eps."""
    return guess_eps(batchnorm_backward, cache, dout)


@mistake("batchnorm_backward_alt", "layers.batchnorm_backward_alt", seen=True)
def formula_of_the_unbiased_variance(dout, cache):
    """N - 1 instead of N."""
    normed, std, gamma = cache
    dgamma, dbeta = (dout * normed).sum(axis=0), dout.sum(axis=0)
    return gamma / std * (dout - (dbeta + normed * dgamma) / (len(dout) - 1)), dgamma, dbeta


@mistake("batchnorm_backward_alt", "layers.batchnorm_backward_alt")
def formula_centres_dout_in_place(dout, cache):
    """The mean is subtracted from the caller's gradient."""
    answer = batchnorm_backward(dout, cache)
    dout -= dout.mean(axis=0)
    return answer


LAYER_FORWARD, LAYER_BACKWARD = "layers.layernorm_forward", "layers.layernorm_backward"


@mistake("layernorm_forward", LAYER_FORWARD, seen=True)
def variance_of_the_whole_batch(x, gamma, beta, ln_param):
    """The mean is over the example, the variance over all examples."""
    centred = x - x.mean(axis=1, keepdims=True)
    std = np.sqrt((centred**2).mean() + ln_param.get("eps", 1e-5))
    return gamma * centred / std + beta, None


@mistake("layernorm_forward", LAYER_FORWARD, seen=True)
def normalised_along_the_batch(x, gamma, beta, ln_param):
    """Batch normalisation under another name."""
    return batchnorm_forward(x, gamma, beta, {**ln_param, "mode": "train"})


@mistake("layernorm_forward", LAYER_FORWARD)
def a_batch_of_one_is_left_alone(x, gamma, beta, ln_param):
    """A batch of one row is not normalised."""
    out, cache = layernorm_forward(x, gamma, beta, ln_param)
    return gamma * x + beta if len(x) == 1 else out, cache


@mistake("layernorm_forward", LAYER_FORWARD)
def a_square_batch_is_taken_along_the_wrong_axis(x, gamma, beta, ln_param):
    """The scale goes to the examples where the shapes allow it."""
    out, cache = layernorm_forward(x, gamma, beta, ln_param)
    if x.shape[0] == x.shape[1]:
        out, _ = layernorm_forward(x, gamma[:, None], beta[:, None], ln_param)
    return out, cache


@mistake("layernorm_forward", LAYER_FORWARD)
def layer_eps_is_always_the_default(x, gamma, beta, ln_param):
    """The eps that is given is ignored."""
    return layernorm_forward(x, gamma, beta, {})


@mistake("layernorm_forward", LAYER_FORWARD)
def rows_centred_in_place(x, gamma, beta, ln_param):
    """The mean is subtracted from the caller's x."""
    answer = layernorm_forward(x.copy(), gamma, beta, ln_param)
    x -= x.mean(axis=1, keepdims=True)
    return answer


def keep_rows(x, gamma, beta, ln_param):
    """A right forward pass whose cache holds the inputs alone, so that eps must be guessed."""
    out, _ = layernorm_forward(x, gamma, beta, ln_param)
    return out, (x, gamma)


@mistake("layernorm_backward", LAYER_BACKWARD, also={LAYER_FORWARD: keep_rows})
def layer_eps_guessed_on_the_way_back(dout, cache):
    """The backward pass works with the default eps."""
    x, gamma = cache
    std = np.sqrt(x.var(axis=1, keepdims=True) + 1e-5)
    normed = (x - x.mean(axis=1, keepdims=True)) / std
    return layernorm_backward(dout, (normed, std, gamma))


@mistake("layernorm_backward", LAYER_BACKWARD, seen=True)
def gradient_along_the_batch(dout, cache):
    """The means of the backward pass are taken over the batch."""
    normed, std, gamma = cache
    dnormed = dout * gamma
    dx = (dnormed - dnormed.mean(axis=0) - normed * (dnormed * normed).mean(axis=0)) / std
    return dx, (dout * normed).sum(axis=0), dout.sum(axis=0)


@mistake("layernorm_backward", LAYER_BACKWARD)
def dgamma_of_a_square_along_the_wrong_axis(dout, cache):
    """The axis for dgamma is chosen by its length."""
    normed, _, gamma = cache
    axis = 1 if dout.shape[0] == gamma.size else 0
    dx, _, _ = layernorm_backward(dout, cache)
    return dx, (dout * normed).sum(axis=axis), dout.sum(axis=axis)


@mistake("layernorm_backward", LAYER_BACKWARD)
def rows_of_dout_scaled_in_place(dout, cache):
    """gamma is multiplied into the caller's gradient."""
    answer = layernorm_backward(dout, cache)
    dout *= cache[2]
    return answer


SPATIAL_FORWARD = "layers.spatial_batchnorm_forward"
SPATIAL_BACKWARD = "layers.spatial_batchnorm_backward"


@mistake("spatial_batchnorm_forward", SPATIAL_FORWARD, seen=True)
def channels_mixed_by_a_reshape(x, gamma, beta, bn_param):
    """The pixels are reshaped without bringing the channels to the end."""
    out, cache = batchnorm_forward(x.reshape(-1, x.shape[1]), gamma, beta, bn_param)
    return out.reshape(x.shape), cache


@mistake("spatial_batchnorm_forward", SPATIAL_FORWARD)
def averages_kept_in_a_copy(x, gamma, beta, bn_param):
    """The dictionary is copied, and the averages with it are lost after every call."""
    return spatial_batchnorm_forward(x, gamma, beta, dict(bn_param))


@mistake("spatial_batchnorm_forward", SPATIAL_FORWARD)
def spatial_statistics_always_of_the_batch(x, gamma, beta, bn_param):
    """Test mode works like training mode."""
    return spatial_batchnorm_forward(x, gamma, beta, {**bn_param, "mode": "train"})


@mistake("spatial_batchnorm_forward", SPATIAL_FORWARD)
def a_single_image_loses_its_axis(x, gamma, beta, bn_param):
    """The result is squeezed."""
    out, cache = spatial_batchnorm_forward(x, gamma, beta, bn_param)
    return np.squeeze(out), cache


@mistake("spatial_batchnorm_forward", SPATIAL_FORWARD)
def images_centred_in_place(x, gamma, beta, bn_param):
    """The mean is subtracted from the caller's images."""
    answer = spatial_batchnorm_forward(x.copy(), gamma, beta, bn_param)
    x -= x.mean(axis=(0, 2, 3), keepdims=True)
    return answer


@mistake("spatial_batchnorm_backward", SPATIAL_BACKWARD, seen=True)
def channels_of_the_gradient_mixed(dout, cache):
    """The gradient is reshaped without bringing the channels to the end."""
    dx, dgamma, dbeta = batchnorm_backward(dout.reshape(-1, dout.shape[1]), cache)
    return dx.reshape(dout.shape), dgamma, dbeta


@mistake("spatial_batchnorm_backward", SPATIAL_BACKWARD)
def images_of_dout_scaled_in_place(dout, cache):
    """The caller's gradient is changed."""
    answer = spatial_batchnorm_backward(dout, cache)
    dout *= 2
    return answer


@mistake("spatial_batchnorm_backward", SPATIAL_BACKWARD)
def a_single_channel_has_no_axis(dout, cache):
    """The gradients of scale and shift are squeezed."""
    dx, dgamma, dbeta = spatial_batchnorm_backward(dout, cache)
    return dx, np.squeeze(dgamma), np.squeeze(dbeta)


def keep_images(x, gamma, beta, bn_param):
    """A right forward pass whose cache holds the inputs alone, so that eps must be guessed."""
    out, _ = spatial_batchnorm_forward(x, gamma, beta, bn_param)
    return out, (x, gamma)


@mistake("spatial_batchnorm_backward", SPATIAL_BACKWARD, also={SPATIAL_FORWARD: keep_images})
def spatial_eps_guessed_on_the_way_back(dout, cache):
    """The backward pass works with the default eps."""
    x, gamma = cache
    _, cache = spatial_batchnorm_forward(x, gamma, np.zeros_like(gamma), {"mode": "train"})
    return spatial_batchnorm_backward(dout, cache)


GROUP_FORWARD = "layers.spatial_groupnorm_forward"
GROUP_BACKWARD = "layers.spatial_groupnorm_backward"


@mistake("spatial_groupnorm_forward", GROUP_FORWARD, seen=True)
def seven_dimensions(x, gamma, beta, G, gn_param):
    """Scale and shift are given axes of their own, and the result keeps them."""
    out, cache = spatial_groupnorm_forward(x, gamma, beta, G, gn_param)
    return out[None, None, None], cache


@mistake("spatial_groupnorm_forward", GROUP_FORWARD)
def always_two_groups(x, gamma, beta, G, gn_param):
    """The number of groups is that of the example."""
    return spatial_groupnorm_forward(x, gamma, beta, 2, gn_param)


@mistake("spatial_groupnorm_forward", GROUP_FORWARD, seen=True)
def group_size_for_number_of_groups(x, gamma, beta, G, gn_param):
    """G is used as the number of channels in a group."""
    return spatial_groupnorm_forward(x, gamma, beta, x.shape[1] // G, gn_param)


@mistake("spatial_groupnorm_forward", GROUP_FORWARD, seen=True)
def groups_of_the_whole_batch(x, gamma, beta, G, gn_param):
    """The statistics of a group are over all images."""
    stacked = x.transpose(1, 0, 2, 3).reshape(1, x.shape[1], -1, 1)
    out, _ = spatial_groupnorm_forward(stacked, gamma, beta, G, gn_param)
    shape = x.shape[1], x.shape[0], *x.shape[2:]
    return out.reshape(shape).transpose(1, 0, 2, 3), None


@mistake("spatial_groupnorm_forward", GROUP_FORWARD)
def group_eps_is_always_the_default(x, gamma, beta, G, gn_param):
    """The eps that is given is ignored."""
    return spatial_groupnorm_forward(x, gamma, beta, G, {})


@mistake("spatial_groupnorm_forward", GROUP_FORWARD)
def groups_centred_in_place(x, gamma, beta, G, gn_param):
    """The mean is subtracted from the caller's images."""
    answer = spatial_groupnorm_forward(x.copy(), gamma, beta, G, gn_param)
    x -= x.mean(axis=(2, 3), keepdims=True)
    return answer


@mistake("spatial_groupnorm_backward", GROUP_BACKWARD, seen=True)
def dgamma_without_its_axes(dout, cache):
    """dgamma of shape (C,) where gamma has (1, C, 1, 1)."""
    dx, dgamma, dbeta = spatial_groupnorm_backward(dout, cache)
    return dx, dgamma.ravel(), dbeta.ravel()


@mistake("spatial_groupnorm_backward", GROUP_BACKWARD)
def two_groups_on_the_way_back(dout, cache):
    """The backward pass always uses the example's number of groups."""
    normed, std, gamma = cache
    groups = (dout.shape[0], 2, -1)
    scaled, unit = (dout * gamma).reshape(groups), normed.reshape(groups)
    dx = scaled - scaled.mean(2, keepdims=True) - unit * (scaled * unit).mean(2, keepdims=True)
    dx = dx.reshape(dout.shape) / np.repeat(std, dout.shape[1] // std.shape[1], axis=1)[..., None]
    _, dgamma, dbeta = spatial_groupnorm_backward(dout, cache)
    return dx, dgamma, dbeta


@mistake("spatial_groupnorm_backward", GROUP_BACKWARD)
def groups_of_dout_scaled_in_place(dout, cache):
    """gamma is multiplied into the caller's gradient."""
    answer = spatial_groupnorm_backward(dout, cache)
    dout *= cache[2]
    return answer
