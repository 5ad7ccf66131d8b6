"""Mistakes in the two losses."""

import numpy as np

from tests.mistakes import mistake


def softmax(x, y, probabilities, log=np.log):
    """The loss and its gradient from given probabilities."""
    each = np.arange(len(y))
    loss = -np.mean(log(probabilities[each, y]))
    dx = probabilities.copy()
    dx[each, y] -= 1
    return loss, dx / len(y)


@mistake("softmax_loss", "layers.softmax_loss")
def exponentials_overflow(x, y):
    """Nothing is subtracted before the exponential."""
    powers = np.exp(x)
    return softmax(x, y, powers / powers.sum(axis=1, keepdims=True))


@mistake("softmax_loss", "layers.softmax_loss")
def largest_score_of_the_whole_batch(x, y):
    """One maximum for all examples: a row far below it underflows."""
    powers = np.exp(x - x.max())
    return softmax(x, y, powers / powers.sum(axis=1, keepdims=True))


@mistake("softmax_loss", "layers.softmax_loss")
def logarithm_of_zero(x, y):
    """Nothing overflows, but a very small probability becomes 0 before the logarithm."""
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return softmax(x, y, powers / powers.sum(axis=1, keepdims=True))


@mistake("softmax_loss", "layers.softmax_loss", seen=True)
def something_small_in_the_logarithm(x, y):
    """log(p + 1e-5) never fails and is never right."""
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    return softmax(x, y, probabilities, log=lambda p: np.log(p + 1e-5))


@mistake("softmax_loss", "layers.softmax_loss")
def something_tiny_in_the_logarithm(x, y):
    """log(p + 1e-8): the same where it shows only for small probabilities."""
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    return softmax(x, y, probabilities, log=lambda p: np.log(p + 1e-8))


@mistake("softmax_loss", "layers.softmax_loss", seen=True)
def softmax_summed_over_the_batch(x, y):
    """The factor 1/N is missing in loss and gradient, so that a numeric gradient agrees."""
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    loss, dx = softmax(x, y, powers / powers.sum(axis=1, keepdims=True))
    return loss * len(y), dx * len(y)


@mistake("softmax_loss", "layers.softmax_loss")
def softmax_shifts_the_scores_themselves(x, y):
    """The maximum is subtracted from the caller's scores."""
    x -= x.max(axis=1, keepdims=True)
    logs = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
    _, dx = softmax(x, y, np.exp(logs))
    return -logs[np.arange(len(y)), y].mean(), dx


def svm(x, y):
    """Margins of all classes, 0 for the right one."""
    each = np.arange(len(y))
    margins = x - x[each, y][:, None] + 1
    margins[each, y] = 0
    return each, margins


@mistake("svm_loss", "layers.svm_loss")
def margins_never_cut_off(x, y):
    """Margins that are kept count as a reward."""
    each, margins = svm(x, y)
    dx = np.ones_like(x)
    dx[each, y] = 1 - x.shape[1]
    return margins.sum() / len(y), dx / len(y)


@mistake("svm_loss", "layers.svm_loss")
def right_class_pulled_by_all(x, y):
    """The right class gets a gradient from every class, not only from violated margins."""
    each, margins = svm(x, y)
    dx = (margins > 0).astype(float)
    dx[each, y] = 1 - x.shape[1]
    return np.maximum(margins, 0).sum() / len(y), dx / len(y)


@mistake("svm_loss", "layers.svm_loss", seen=True)
def right_class_costs_one(x, y):
    """The right class counts as a margin violated by 1."""
    each, margins = svm(x, y)
    dx = (margins > 0).astype(float)
    dx[each, y] = -dx.sum(axis=1)
    return np.maximum(margins, 0).sum() / len(y) + 1, dx / len(y)


@mistake("svm_loss", "layers.svm_loss", seen=True)
def svm_summed_over_the_batch(x, y):
    """The factor 1/N is missing in loss and gradient, so that a numeric gradient agrees."""
    each, margins = svm(x, y)
    dx = (margins > 0).astype(float)
    dx[each, y] = -dx.sum(axis=1)
    return np.maximum(margins, 0).sum(), dx


@mistake("svm_loss", "layers.svm_loss")
def margins_in_the_scores_themselves(x, y):
    """The margins are computed in the caller's array."""
    each = np.arange(len(y))
    x -= x[each, y][:, None] - 1
    x[each, y] = 0
    dx = (x > 0).astype(float)
    dx[each, y] = -dx.sum(axis=1)
    return np.maximum(x, 0).sum() / len(y), dx / len(y)


@mistake("svm_loss", "layers.svm_loss")
def svm_in_double_precision(x, y):
    """The gradient is float64 whatever the scores are."""
    each = np.arange(len(y))
    margins = np.maximum(x - x[each, y][:, None] + 1, 0)
    margins[each, y] = 0
    dx = np.where(margins > 0, 1.0, 0.0)
    dx[each, y] -= dx.sum(axis=1)
    return margins.sum() / len(y), dx / len(y)
