"""Checks of the two losses."""

import numpy as np

from plumbline import check


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


@check("softmax_loss", points=1, seed=231, visible=True)
def small_scores_in_softmax(student, rng):
    """Fifty examples whose scores hardly differ: the loss is about log(10)."""
    x, y = 0.001 * rng.randn(50, 10), rng.randint(10, size=50)
    loss, dx = student.layers.softmax_loss(x, y)
    return {"loss": loss, "dx": dx}


@check(
    "softmax_loss",
    points=1,
    seed=121,
    hint="Loss and gradient are means over the batch, exact also where a probability is small.",
)
def softmax_of_spread_scores(student, rng):
    """Three examples of four classes with scores well apart."""
    loss, dx = student.layers.softmax_loss(4 * rng.randn(3, 4), np.array([0, 3, 1]))
    return {"loss": loss, "dx": dx}


@check(
    "softmax_loss",
    points=0.75,
    seed=122,
    hint="A batch may hold one example; and the scores belong to the caller. "
    "float32 stays float32.",
)
def softmax_of_one_example_spares_scores(student, rng):
    """One example; then scores that are still what they were."""
    loss, dx = student.layers.softmax_loss(rng.randn(1, 5), np.array([2]))
    x, y = student.put(rng.randn(4, 3)), student.put(np.array([2, 0, 0, 1]))
    student.layers.softmax_loss(x, y)
    _, quick = student.layers.softmax_loss(*single(rng, (4, 3)), np.array([2, 0, 0, 1]))
    return {
        "loss": loss,
        "dx": dx,
        "x afterwards": student.get(x),
        "y afterwards": student.get(y),
        "in single precision": kinds(quick),
    }


@check(
    "softmax_loss",
    points=0.75,
    seed=123,
    hint="No exponential may overflow, however large the scores are.",
)
def softmax_around_a_thousand(student, rng):
    """Scores near 1000 and near -1000, those of one example close together."""
    x = rng.randn(6, 5) + np.array([[1000.0], [-1000.0], [0.0], [900.0], [-1200.0], [5000.0]])
    loss, dx = student.layers.softmax_loss(x, np.array([4, 0, 2, 1, 3, 3]))
    return {"loss": loss, "dx": dx}


@check(
    "softmax_loss",
    points=0.5,
    seed=124,
    hint="A probability may be too small for a number; its logarithm is not.",
)
def softmax_of_hopeless_scores(student, rng):
    """The right class lies a thousand below the best one."""
    x = 1000 * rng.randn(5, 4)
    loss, dx = student.layers.softmax_loss(x, np.argmin(x, axis=1))
    return {"loss": loss, "dx": dx}


@check("svm_loss", points=1, seed=231, visible=True)
def small_scores_in_svm(student, rng):
    """Fifty examples whose scores hardly differ: the loss is about 9."""
    x, y = 0.001 * rng.randn(50, 10), rng.randint(10, size=50)
    loss, dx = student.layers.svm_loss(x, y)
    return {"loss": loss, "dx": dx}


@check(
    "svm_loss",
    points=1.25,
    seed=125,
    hint="Many classes keep their distance from the right one: these cost nothing.",
)
def svm_with_margins_kept_and_violated(student, rng):
    """Scores so far apart that about half of the margins are kept."""
    loss, dx = student.layers.svm_loss(5 * rng.randn(8, 6), rng.randint(6, size=8))
    return {"loss": loss, "dx": dx}


@check(
    "svm_loss",
    points=0.75,
    seed=126,
    hint="A batch may hold one example; and the scores belong to the caller. "
    "float32 stays float32.",
)
def svm_of_one_example_spares_scores(student, rng):
    """One example of two classes; then scores that are still what they were."""
    loss, dx = student.layers.svm_loss(np.array([[0.3, -0.4]]), np.array([1]))
    x, y = student.put(3 * rng.randn(4, 3)), student.put(np.array([2, 0, 0, 1]))
    student.layers.svm_loss(x, y)
    _, quick = student.layers.svm_loss(*single(rng, (4, 3)), np.array([2, 0, 0, 1]))
    return {
        "loss": loss,
        "dx": dx,
        "x afterwards": student.get(x),
        "y afterwards": student.get(y),
        "in single precision": kinds(quick),
    }
