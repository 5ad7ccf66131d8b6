"""Checks of the ReLU. No input is exactly 0, where the derivative is a convention."""

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


@check("relu_forward", points=1, seed=0, visible=True)
def evenly_spaced_activations(student, rng):
    """Twelve numbers from -0.5 to 0.5."""
    out, _ = student.layers.relu_forward(np.linspace(-0.5, 0.5, num=12).reshape(3, 4))
    return {"out": out}


@check(
    "relu_forward",
    points=0.5,
    seed=111,
    hint="The input may have any number of axes and values of any size.",
)
def relu_on_any_number_of_axes(student, rng):
    """A vector with large values, then a batch of images."""
    vector, _ = student.layers.relu_forward(50 * rng.randn(9))
    images, _ = student.layers.relu_forward(rng.randn(2, 3, 4, 5))
    return {"vector": vector, "images": images}


@check(
    "relu_forward",
    points=0.5,
    seed=112,
    hint="Do not change the input: the caller may still need it.",
)
def relu_forward_spares_its_input(student, rng):
    """The input is not changed."""
    x = student.put(rng.uniform(-1, 1, (3, 8)))
    out, _ = student.layers.relu_forward(x)
    return {"out": out, "x afterwards": student.get(x)}


@check("relu_backward", points=1, seed=231, visible=True, needs=("relu_forward",))
def gradient_of_a_square_batch(student, rng):
    """The gradient for a 10 x 10 input."""
    _, cache = student.layers.relu_forward(rng.randn(10, 10))
    return {"dx": student.layers.relu_backward(rng.randn(10, 10), cache)}


@check(
    "relu_backward",
    points=0.5,
    seed=113,
    needs=("relu_forward",),
    hint="The gradient does not depend on the size of a positive input, nor on the number of axes.",
)
def relu_gradient_of_inputs_of_any_size(student, rng):
    """Images with tiny and with huge values; then one example."""
    shape = (2, 3, 4, 5)
    images = 10.0 ** rng.uniform(-4, 4, shape) * rng.choice([-1.0, 1.0], shape)
    _, cache = student.layers.relu_forward(images)
    dx = student.layers.relu_backward(rng.randn(*shape), cache)
    _, cache = student.layers.relu_forward(rng.randn(1, 6))
    return {"dx": dx, "dx, one example": student.layers.relu_backward(rng.randn(1, 6), cache)}


@check(
    "relu_backward",
    points=0.25,
    seed=114,
    needs=("relu_forward",),
    hint="Make a new array for the result: neither dout nor the input is changed.",
)
def relu_backward_spares_its_inputs(student, rng):
    """No input is changed, and a second call gives the same result."""
    x, dout = student.put(rng.randn(4, 5)), student.put(rng.randn(4, 5))
    _, cache = student.layers.relu_forward(x)
    before = student.get(x)
    student.layers.relu_backward(dout, cache)
    return {
        "dx, second call": student.layers.relu_backward(dout, cache),
        "dout afterwards": student.get(dout),
        "x is unchanged": bool(np.array_equal(student.get(x), before)),
    }


@check(
    "relu_backward",
    points=0.25,
    seed=115,
    needs=("relu_forward",),
    when="float32",
    tolerance=FLOAT32,
    hint="float32 inputs give a float32 gradient.",
)
def relu_gradient_in_single_precision(student, rng):
    """All inputs are float32."""
    _, cache = student.layers.relu_forward(*float32_arrays(rng, (4, 5)))
    dx = student.layers.relu_backward(*float32_arrays(rng, (4, 5)), cache)
    return {"dtype": dtypes_of(dx), "dx": dx}
