"""Checks of the two losses."""

import numpy as np

from plumbline import FLOAT32, check


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


def loss_and_inputs(student, loss_function, scores):
    """A loss of four examples, its gradient, and scores and classes after the call."""
    x, y = student.put(scores), student.put(np.array([2, 0, 0, 1]))
    loss, dx = loss_function(x, y)
    after = {"x afterwards": student.get(x), "y afterwards": student.get(y)}
    return {"loss": loss, "dx": dx, **after}


@check("softmax_loss", points=1, seed=231, visible=True)
def small_scores_in_softmax(student, rng):
    """Fifty examples with almost equal scores: the loss is about log(10)."""
    x, y = 0.001 * rng.randn(50, 10), rng.randint(10, size=50)
    loss, dx = student.layers.softmax_loss(x, y)
    return {"loss": loss, "dx": dx}


@check(
    "softmax_loss",
    points=1,
    seed=121,
    hint="Loss and gradient are means over the batch, exact for small probabilities too.",
)
def softmax_of_spread_scores(student, rng):
    """Three examples with four classes and very different scores."""
    loss, dx = student.layers.softmax_loss(4 * rng.randn(3, 4), np.array([0, 3, 1]))
    return {"loss": loss, "dx": dx}


@check(
    "softmax_loss",
    points=0.25,
    seed=122,
    hint="A batch may have only one example.",
)
def softmax_of_one_example(student, rng):
    """A batch of one example."""
    loss, dx = student.layers.softmax_loss(rng.randn(1, 5), np.array([2]))
    return {"loss": loss, "dx": dx}


@check(
    "softmax_loss",
    points=0.25,
    seed=127,
    hint="Do not change the scores or the classes that you are given.",
)
def softmax_spares_its_inputs(student, rng):
    """Scores and classes are not changed."""
    return loss_and_inputs(student, student.layers.softmax_loss, rng.randn(4, 3))


@check(
    "softmax_loss",
    points=0.25,
    seed=128,
    when="float32",
    tolerance=FLOAT32,
    hint="float32 scores give a float32 gradient.",
)
def softmax_in_single_precision(student, rng):
    """The scores are float32."""
    loss, dx = student.layers.softmax_loss(*float32_arrays(rng, (4, 3)), np.array([2, 0, 0, 1]))
    return {"dtype": dtypes_of(dx), "loss": loss, "dx": dx}


@check(
    "softmax_loss",
    points=0.75,
    seed=123,
    hint="No exponential may overflow, for scores of any size.",
)
def softmax_around_a_thousand(student, rng):
    """Scores near 1000 and near -1000; the scores of one example are close to each other."""
    x = rng.randn(6, 5) + np.array([[1000.0], [-1000.0], [0.0], [900.0], [-1200.0], [5000.0]])
    loss, dx = student.layers.softmax_loss(x, np.array([4, 0, 2, 1, 3, 3]))
    return {"loss": loss, "dx": dx}


@check(
    "softmax_loss",
    points=0.5,
    seed=124,
    hint="A probability may be too small for a float; its logarithm is not.",
)
def softmax_of_hopeless_scores(student, rng):
    """The score of the right class is about a thousand below the best score."""
    x = 1000 * rng.randn(5, 4)
    x -= x.max(axis=1, keepdims=True)
    loss, dx = student.layers.softmax_loss(x, np.argmin(x, axis=1))
    return {"loss": loss, "dx": dx}


@check("svm_loss", points=1, seed=231, visible=True)
def small_scores_in_svm(student, rng):
    """Fifty examples with almost equal scores: the loss is about 9."""
    x, y = 0.001 * rng.randn(50, 10), rng.randint(10, size=50)
    loss, dx = student.layers.svm_loss(x, y)
    return {"loss": loss, "dx": dx}


@check(
    "svm_loss",
    points=1.25,
    seed=125,
    hint="A class whose score keeps the margin adds nothing to the loss.",
)
def svm_with_margins_kept_and_violated(student, rng):
    """Scores so different that about half of the margins are kept."""
    loss, dx = student.layers.svm_loss(5 * rng.randn(8, 6), rng.randint(6, size=8))
    return {"loss": loss, "dx": dx}


@check(
    "svm_loss",
    points=0.25,
    seed=126,
    hint="A batch may have only one example.",
)
def svm_of_one_example(student, rng):
    """One example with two classes."""
    loss, dx = student.layers.svm_loss(np.array([[0.3, -0.4]]), np.array([1]))
    return {"loss": loss, "dx": dx}


@check(
    "svm_loss",
    points=0.25,
    seed=129,
    hint="Do not change the scores or the classes that you are given.",
)
def svm_spares_its_inputs(student, rng):
    """Scores and classes are not changed."""
    return loss_and_inputs(student, student.layers.svm_loss, 0.1 * rng.randn(4, 3))


@check(
    "svm_loss",
    points=0.25,
    seed=130,
    when="float32",
    tolerance=FLOAT32,
    hint="float32 scores give a float32 gradient.",
)
def svm_in_single_precision(student, rng):
    """The scores are float32, and all margins violated."""
    x = (0.1 * rng.randn(4, 3)).astype(np.float32)
    loss, dx = student.layers.svm_loss(x, np.array([2, 0, 0, 1]))
    return {"dtype": dtypes_of(dx), "loss": loss, "dx": dx}
