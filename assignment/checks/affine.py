"""Checks of the affine layer."""

import numpy as np

from plumbline import FLOAT32, StudentError, check


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


@check("affine_forward", points=1, seed=0, visible=True)
def evenly_spaced_input(student, rng):
    """Two examples of three axes each: times w, plus b."""
    x = np.linspace(-0.1, 0.5, num=240).reshape(2, 4, 5, 6)
    w = np.linspace(-0.2, 0.3, num=360).reshape(120, 3)
    b = np.linspace(-0.3, 0.1, num=3)
    out, _ = student.layers.affine_forward(x, w, b)
    return {"out": out}


@check(
    "affine_forward",
    points=1,
    seed=101,
    hint="An example may have any number of axes; it may also be a vector.",
)
def affine_on_flat_and_deep_examples(student, rng):
    """Examples that are vectors, then examples with five axes."""
    w, b = rng.randn(24, 5), rng.randn(5)
    flat, _ = student.layers.affine_forward(rng.randn(7, 24), w, b)
    deep, _ = student.layers.affine_forward(rng.randn(3, 2, 1, 3, 2, 2), w, b)
    return {"flat": flat, "deep": deep}


@check(
    "affine_forward",
    points=0.5,
    seed=102,
    hint="A batch may have only one example, and a layer only one output.",
)
def affine_on_one_example(student, rng):
    """A batch of one example; then a layer with one output."""
    alone, _ = student.layers.affine_forward(rng.randn(1, 3, 2, 2), rng.randn(12, 3), rng.randn(3))
    narrow, _ = student.layers.affine_forward(rng.randn(4, 5, 1, 1), rng.randn(5, 1), rng.randn(1))
    return {"out": alone, "out, one output": narrow}


@check(
    "affine_forward",
    points=0.25,
    seed=106,
    hint="Do not change x, w or b: the caller still needs them.",
)
def affine_forward_spares_its_inputs(student, rng):
    """No input is changed."""
    x, w, b = (student.put(rng.randn(*shape)) for shape in ((3, 2, 2, 2), (8, 5), (5,)))
    out, _ = student.layers.affine_forward(x, w, b)
    return {
        "out": out,
        "x afterwards": student.get(x),
        "w afterwards": student.get(w),
        "b afterwards": student.get(b),
    }


@check(
    "affine_forward",
    points=0.25,
    seed=107,
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give a float32 output.",
)
def affine_in_single_precision(student, rng):
    """All inputs are float32."""
    out, _ = student.layers.affine_forward(*float32_arrays(rng, (2, 1, 2, 3), (6, 3), (3,)))
    return {"dtype": dtypes_of(out), "out": out}


@check("affine_backward", points=1, seed=231, visible=True, needs=("affine_forward",))
def gradients_of_a_small_batch(student, rng):
    """The three gradients for ten examples with two axes each."""
    x, w, b = rng.randn(10, 2, 3), rng.randn(6, 5), rng.randn(5)
    _, cache = student.layers.affine_forward(x, w, b)
    dx, dw, db = student.layers.affine_backward(rng.randn(10, 5), cache)
    return {"dx": dx, "dw": dw, "db": db}


@check(
    "affine_backward",
    points=0.5,
    seed=103,
    needs=("affine_forward",),
    hint="Every gradient has the shape of its array, for examples of any shape.",
)
def affine_gradients_of_vectors(student, rng):
    """Examples that are vectors."""
    _, cache = student.layers.affine_forward(rng.randn(4, 9), rng.randn(9, 3), rng.randn(3))
    dx, dw, db = student.layers.affine_backward(rng.randn(4, 3), cache)
    return {"dx": dx, "dw": dw, "db": db}


@check(
    "affine_backward",
    points=0.75,
    seed=104,
    needs=("affine_forward",),
    hint="Check the shapes for a batch of one example, and for a layer with one output.",
)
def affine_gradients_of_one_example(student, rng):
    """A batch of one example; then a layer with one output.

    Where the forward pass refuses one example, which is paid for there, a second one is zeros.
    """
    x, w, b, dout = rng.randn(1, 4, 3), rng.randn(12, 4), rng.randn(4), rng.randn(1, 4)
    try:
        _, cache = student.layers.affine_forward(x, w, b)
    except StudentError:
        dout = np.concatenate([dout, np.zeros_like(dout)])
        _, cache = student.layers.affine_forward(np.concatenate([x, np.zeros_like(x)]), w, b)
    dx, dw, db = student.layers.affine_backward(dout, cache)
    _, cache = student.layers.affine_forward(rng.randn(5, 3, 1), rng.randn(3, 1), rng.randn(1))
    narrow_dx, narrow_dw, narrow_db = student.layers.affine_backward(rng.randn(5, 1), cache)
    return {
        "dx": dx[:1] if len(dout) > 1 else dx,
        "dw": dw,
        "db": db,
        "dx, one output": narrow_dx,
        "dw, one output": narrow_dw,
        "db, one output": narrow_db,
    }


@check(
    "affine_backward",
    points=0.5,
    seed=105,
    needs=("affine_forward",),
    hint="Do not change the upstream gradient or the inputs: make new arrays.",
)
def affine_backward_spares_its_inputs(student, rng):
    """No input is changed, and a second call gives the same result."""
    x, w, dout = (student.put(rng.randn(*shape)) for shape in ((3, 2, 4), (8, 5), (3, 5)))
    _, cache = student.layers.affine_forward(x, w, rng.randn(5))
    before = student.get(x), student.get(w)
    student.layers.affine_backward(dout, cache)
    dx, dw, db = student.layers.affine_backward(dout, cache)
    return {
        "dx, second call": dx,
        "dw, second call": dw,
        "db, second call": db,
        "dout afterwards": student.get(dout),
        "x is unchanged": bool(np.array_equal(student.get(x), before[0])),
        "w is unchanged": bool(np.array_equal(student.get(w), before[1])),
    }


@check(
    "affine_backward",
    points=0.25,
    seed=108,
    needs=("affine_forward",),
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give float32 gradients.",
)
def affine_gradients_in_single_precision(student, rng):
    """All inputs are float32."""
    _, cache = student.layers.affine_forward(*float32_arrays(rng, (2, 2, 3), (6, 3), (3,)))
    dx, dw, db = student.layers.affine_backward(*float32_arrays(rng, (2, 3)), cache)
    return {"dtypes": dtypes_of((dx, dw, db)), "dx": dx, "dw": dw, "db": db}
