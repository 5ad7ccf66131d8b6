"""Checks of the affine layer."""

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


@check("affine_forward", points=1, seed=0, visible=True)
def evenly_spaced_input(student, rng):
    """Two small inputs of three axes each, times a matrix, plus a bias."""
    x = np.linspace(-0.1, 0.5, num=240).reshape(2, 4, 5, 6)
    w = np.linspace(-0.2, 0.3, num=360).reshape(120, 3)
    b = np.linspace(-0.3, 0.1, num=3)
    out, _ = student.layers.affine_forward(x, w, b)
    return {"out": out}


@check(
    "affine_forward",
    points=1,
    seed=101,
    hint="An example may have any number of axes, and may be a plain vector already.",
)
def affine_on_flat_and_deep_examples(student, rng):
    """Examples that are vectors already, then examples of five axes."""
    w, b = rng.randn(24, 5), rng.randn(5)
    flat, _ = student.layers.affine_forward(rng.randn(7, 24), w, b)
    deep, _ = student.layers.affine_forward(rng.randn(3, 2, 1, 3, 2, 2), w, b)
    return {"flat": flat, "deep": deep}


@check(
    "affine_forward",
    points=1,
    seed=102,
    hint="A batch may hold one example; and whoever called still needs x, w and b as they were. "
    "float32 stays float32.",
)
def affine_on_one_example_spares_its_inputs(student, rng):
    """A batch of one, a layer with one output, and inputs that stay what they were."""
    x, w, b = (student.put(rng.randn(*shape)) for shape in ((1, 3, 4), (12, 1), (1,)))
    out, _ = student.layers.affine_forward(x, w, b)
    quick, _ = student.layers.affine_forward(*single(rng, (2, 6), (6, 3), (3,)))
    return {
        "out": out,
        "x afterwards": student.get(x),
        "w afterwards": student.get(w),
        "b afterwards": student.get(b),
        "in single precision": kinds(quick),
    }


@check("affine_backward", points=1, seed=231, visible=True, needs=("affine_forward",))
def gradients_of_a_small_batch(student, rng):
    """The three gradients for ten examples of two axes."""
    x, w, b = rng.randn(10, 2, 3), rng.randn(6, 5), rng.randn(5)
    _, cache = student.layers.affine_forward(x, w, b)
    dx, dw, db = student.layers.affine_backward(rng.randn(10, 5), cache)
    return {"dx": dx, "dw": dw, "db": db}


@check(
    "affine_backward",
    points=0.5,
    seed=103,
    needs=("affine_forward",),
    hint="Every gradient has the shape of what it belongs to, whatever shape an example has.",
)
def affine_gradients_of_vectors(student, rng):
    """Examples that are vectors already."""
    _, cache = student.layers.affine_forward(rng.randn(4, 9), rng.randn(9, 3), rng.randn(3))
    dx, dw, db = student.layers.affine_backward(rng.randn(4, 3), cache)
    return {"dx": dx, "dw": dw, "db": db}


@check(
    "affine_backward",
    points=0.75,
    seed=104,
    needs=("affine_forward",),
    hint="Look at the shapes again for a batch of one example and for a layer with one output.",
)
def affine_gradients_of_one_example(student, rng):
    """A batch of one; then a layer with one output."""
    _, cache = student.layers.affine_forward(rng.randn(1, 2, 2, 3), rng.randn(12, 4), rng.randn(4))
    dx, dw, db = student.layers.affine_backward(rng.randn(1, 4), cache)
    _, cache = student.layers.affine_forward(rng.randn(5, 3), rng.randn(3, 1), rng.randn(1))
    narrow_dx, narrow_dw, narrow_db = student.layers.affine_backward(rng.randn(5, 1), cache)
    return {
        "dx": dx,
        "dw": dw,
        "db": db,
        "dx, one output": narrow_dx,
        "dw, one output": narrow_dw,
        "db, one output": narrow_db,
    }


@check(
    "affine_backward",
    points=0.75,
    seed=105,
    needs=("affine_forward",),
    hint="The upstream gradient and the inputs belong to the caller: build new arrays. "
    "float32 stays float32.",
)
def affine_backward_spares_its_inputs(student, rng):
    """Nothing that was given is changed, so that a second call gives the same."""
    x, w, dout = (student.put(rng.randn(*shape)) for shape in ((3, 2, 4), (8, 5), (3, 5)))
    _, cache = student.layers.affine_forward(x, w, rng.randn(5))
    student.layers.affine_backward(dout, cache)
    dx, dw, db = student.layers.affine_backward(dout, cache)
    _, cache = student.layers.affine_forward(*single(rng, (2, 6), (6, 3), (3,)))
    gradients = student.layers.affine_backward(*single(rng, (2, 3)), cache)
    return {
        "dx, second call": dx,
        "dw, second call": dw,
        "db, second call": db,
        "dout afterwards": student.get(dout),
        "x afterwards": student.get(x),
        "w afterwards": student.get(w),
        "in single precision": kinds(gradients),
    }
