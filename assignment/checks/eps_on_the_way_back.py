"""Checks of eps in the backward passes of all normalisations.

An eps that the forward pass ignores is paid for there. Its output tells which one it used, and the
backward pass is right if its gradients are those for that one.
"""

import numpy as np

from plumbline import check, rel_error

DEFAULT_EPS = 1e-5


class Normalisation:
    """A normalisation of x, with scale and shift.

    Attributes:
        x, gamma, beta: its inputs; gamma and beta have the axes of x, some of length 1.
        groups: the shape in which the values that are normalised together lie along `axes`.
    """

    def __init__(self, x, gamma, beta, groups, axes):
        self.x, self.gamma, self.beta, self.groups, self.axes = x, gamma, beta, groups, axes

    def eps_behind(self, out):
        """The eps with which a forward pass gives `out`; NaN or infinite if there is none."""
        var = self.x.reshape(self.groups).var(axis=self.axes)
        normed = ((out - self.beta) / self.gamma).reshape(self.groups)
        return np.median(var / normed.var(axis=self.axes) - var)

    def gradients(self, dout, eps):
        """The gradients with this eps: dx, dgamma, dbeta."""
        x, dnormed = self.x.reshape(self.groups), (dout * self.gamma).reshape(self.groups)

        def mean(values):
            return values.mean(axis=self.axes, keepdims=True)

        std = np.sqrt(x.var(axis=self.axes, keepdims=True) + eps)
        normed = (x - mean(x)) / std
        dx = (dnormed - mean(dnormed) - normed * mean(dnormed * normed)) / std
        dgamma = dout * normed.reshape(self.x.shape)
        shared = tuple(axis for axis, size in enumerate(self.gamma.shape) if size == 1)
        return dx.reshape(self.x.shape), dgamma.sum(axis=shared), dout.sum(axis=shared)


def agrees(layer, gradients, dout, eps):
    """Whether these gradients, by name, are those with this eps."""
    with np.errstate(all="ignore"):
        wanted = layer.gradients(dout, eps)
    return all(
        isinstance(one, np.ndarray)
        and one.size == other.size
        and rel_error(one.ravel(), other.ravel()) <= 1e-6
        for one, other in zip(gradients.values(), wanted, strict=True)
    )


def for_given_eps(layer, out, gradients, dout, eps, paid_for=()):
    """The student's gradients by name; those for `eps` if they are right for that behind `out`.

    `paid_for` are other eps with which they are right, too.
    """
    found = by_name(gradients)
    with np.errstate(all="ignore"):
        used = layer.eps_behind(out)
    accepted = [one for one in (used, *paid_for) if np.isfinite(one)]
    if not any(agrees(layer, found, dout, one) for one in accepted):
        return found
    given = layer.gradients(dout, eps)
    return {name: one.reshape(found[name].shape) for name, one in zip(found, given, strict=True)}


def by_name(gradients):
    """The three gradients by name."""
    return dict(zip(("dx", "dgamma", "dbeta"), gradients, strict=True))


def features(rng, num, count):
    """Random inputs of batch normalisation."""
    x, gamma, beta = rng.randn(num, count), rng.randn(1, count), rng.randn(1, count)
    return Normalisation(x, gamma, beta, x.shape, axes=(0,))


def batchnorm_gradients(student, rng, backward, shape, eps):
    """The gradients of batch normalisation with this eps, by a backward pass of the student's."""
    layer, dout = features(rng, *shape), rng.randn(*shape)
    out, cache = student.layers.batchnorm_forward(
        layer.x, layer.gamma[0], layer.beta[0], {"mode": "train", "eps": eps}
    )
    return for_given_eps(layer, out, backward(dout, cache), dout, eps)


@check(
    "batchnorm_backward",
    points=0.75,
    seed=146,
    needs=("batchnorm_forward",),
    hint="The backward pass uses the same eps as the forward pass.",
)
def batchnorm_gradients_with_given_eps(student, rng):
    """An eps as large as the variance."""
    return batchnorm_gradients(student, rng, student.layers.batchnorm_backward, (7, 3), 0.5)


@check(
    "batchnorm_backward_alt",
    points=0.5,
    seed=149,
    needs=("batchnorm_forward",),
    hint="The formula uses the same eps as the forward pass.",
)
def batchnorm_formula_with_given_eps(student, rng):
    """An eps as large as the variance."""
    return batchnorm_gradients(student, rng, student.layers.batchnorm_backward_alt, (5, 4), 0.7)


@check(
    "layernorm_backward",
    points=0.5,
    seed=154,
    needs=("layernorm_forward",),
    hint="The backward pass uses the same eps as the forward pass.",
)
def layernorm_gradients_with_given_eps(student, rng):
    """An eps as large as the variance."""
    x, gamma, beta, dout = rng.randn(3, 8), rng.randn(1, 8), rng.randn(1, 8), rng.randn(3, 8)
    layer = Normalisation(x, gamma, beta, x.shape, axes=(1,))
    out, cache = student.layers.layernorm_forward(x, gamma[0], beta[0], {"eps": 0.5})
    gradients = student.layers.layernorm_backward(dout, cache)
    return for_given_eps(layer, out, gradients, dout, 0.5)


def images(rng, groups, axes):
    """Random inputs of a normalisation of images (2, 4, 3, 5), and the upstream gradient."""
    x, gamma, beta = rng.randn(2, 4, 3, 5), rng.randn(1, 4, 1, 1), rng.randn(1, 4, 1, 1)
    return Normalisation(x, gamma, beta, groups, axes), rng.randn(*x.shape)


@check(
    "spatial_batchnorm_backward",
    points=0.5,
    seed=203,
    needs=("batchnorm_forward", "batchnorm_backward", "spatial_batchnorm_forward"),
    hint="The backward pass uses the same eps as the forward pass.",
)
def spatial_batchnorm_gradients_with_given_eps(student, rng):
    """An eps as large as the variance."""
    layer, dout = images(rng, groups=(2, 4, 3, 5), axes=(0, 2, 3))
    out, cache = student.layers.spatial_batchnorm_forward(
        layer.x, layer.gamma.ravel(), layer.beta.ravel(), {"mode": "train", "eps": 0.6}
    )
    gradients = student.layers.spatial_batchnorm_backward(dout, cache)
    # If batchnorm_backward takes the default eps, that is paid for there.
    flat, upstream = features(rng, 6, 4), rng.randn(6, 4)
    _, cache = student.layers.batchnorm_forward(
        flat.x, flat.gamma[0], flat.beta[0], {"mode": "train", "eps": 0.6}
    )
    plain = by_name(student.layers.batchnorm_backward(upstream, cache))
    paid_for = [DEFAULT_EPS] if agrees(flat, plain, upstream, DEFAULT_EPS) else []
    return for_given_eps(layer, out, gradients, dout, 0.6, paid_for)


@check(
    "spatial_groupnorm_backward",
    points=0.5,
    seed=377,
    needs=("spatial_groupnorm_forward",),
    hint="The backward pass uses the same eps as the forward pass.",
)
def groupnorm_gradients_with_given_eps(student, rng):
    """An eps as large as the variance."""
    layer, dout = images(rng, groups=(2, 2, 2, 3, 5), axes=(2, 3, 4))
    out, cache = student.layers.spatial_groupnorm_forward(
        layer.x, layer.gamma, layer.beta, 2, {"eps": 0.3}
    )
    gradients = student.layers.spatial_groupnorm_backward(dout, cache)
    return for_given_eps(layer, out, gradients, dout, 0.3)
