"""The fast layers give what the naive ones give, compiled or not."""

import importlib
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convnet import fast_layers, im2col, layers, optim, threads
from convnet.gradient_check import rel_error
from convnet.layer_utils import (
    conv_relu_backward,
    conv_relu_forward,
    conv_relu_pool_backward,
    conv_relu_pool_forward,
)

SOLUTIONS = Path(__file__).parents[3] / "solutions"


@pytest.fixture(params=["compiled", "numpy"], autouse=True, scope="module")
def how(request):
    """Every test twice: with the extension, and without it."""
    kernels = fast_layers._kernels
    assert kernels is not None, "build it: cd solutions && python setup.py build_ext --inplace"
    if request.param == "numpy":
        fast_layers._kernels, fast_layers._warned = None, True
    yield request.param
    fast_layers._kernels, fast_layers._warned = kernels, False


#: Wide ones fill the vectors of every processor; most are small, for the naive layers' sake.
sides = st.one_of(st.integers(1, 9), st.integers(1, 9), st.sampled_from([12, 17, 20]))
small = st.integers(1, 5)
pairs = st.tuples(small, small)
pads = st.tuples(st.integers(0, 3), st.integers(0, 3))
dtypes = st.sampled_from([np.float32, np.float64])
layouts = st.sampled_from(["plain", "turned", "backwards", "every second", "Fortran"])
batches = st.integers(0, 3)


def laid_out(array, layout):
    """An equal array with its numbers in another order in memory."""
    if layout == "turned":
        return np.ascontiguousarray(array.swapaxes(-1, -2)).swapaxes(-1, -2)
    if layout == "backwards":
        return np.ascontiguousarray(array[..., ::-1])[..., ::-1]
    if layout == "every second":
        return np.repeat(array, 2, axis=-1)[..., ::2]
    return np.asfortranarray(array) if layout == "Fortran" else array


def naive_convolution(x, w, b, stride, pad, dout=None):
    """The naive layer with a stride and a pad of its own in each direction.

    It knows one of each: x is padded before, and of stride 1 the places in between are left out.
    """
    frame = ((0, 0), (0, 0), (pad[0], pad[0]), (pad[1], pad[1]))
    param = {"stride": 1, "pad": 0}
    all_places, cache = layers.conv_forward_naive(np.pad(x, frame), w, b, param)
    kept = (slice(None), slice(None), slice(None, None, stride[0]), slice(None, None, stride[1]))
    if dout is None:
        return all_places[kept]
    upstream = np.zeros_like(all_places)
    upstream[kept] = dout
    dx, dw, db = layers.conv_backward_naive(upstream, cache)
    return dx[:, :, pad[0] : pad[0] + x.shape[2], pad[1] : pad[1] + x.shape[3]], dw, db


@settings(max_examples=300, deadline=None)
@given(
    batches, st.integers(1, 4), sides, sides, st.integers(1, 20), pairs, pairs, pads, dtypes,
    layouts, st.booleans(),
)  # fmt: skip
def test_convolution(n, c, h, w, f, window, stride, pad, dtype, layout, equal):
    rng = np.random.RandomState(n + 10 * h)
    if equal:
        stride, pad = stride[:1] * 2, pad[:1] * 2
    x = laid_out(rng.randn(n, c, h, w).astype(dtype), layout)
    filters = laid_out(rng.randn(f, c, *window).astype(dtype), layout)
    b = laid_out(rng.randn(f).astype(dtype)[:, np.newaxis], layout)[:, 0]
    param = {"stride": stride[0], "pad": pad[0]} if equal else {"stride": stride, "pad": pad}
    if window[0] > h + 2 * pad[0] or window[1] > w + 2 * pad[1]:
        with pytest.raises(ValueError, match="does not fit"):
            fast_layers.conv_forward_fast(x, filters, b, param)
        return
    out, cache = fast_layers.conv_forward_fast(x, filters, b, param)
    if equal:
        naive, naive_cache = layers.conv_forward_naive(x, filters, b, param)
    else:
        naive = naive_convolution(x, filters, b, stride, pad)
    dout = laid_out(rng.randn(*out.shape).astype(dtype), layout)
    same(out, naive)
    fast = fast_layers.conv_backward_fast(dout, cache)
    slow = (
        layers.conv_backward_naive(dout, naive_cache)
        if equal
        else naive_convolution(x, filters, b, stride, pad, dout)
    )
    for ours, theirs in zip(fast, slow, strict=True):
        same(ours, theirs)


@settings(max_examples=300, deadline=None)
@given(batches, st.integers(1, 3), sides, sides, pairs, pairs, dtypes, layouts, st.booleans())
def test_pooling(n, c, h, w, window, stride, dtype, layout, ties):
    rng = np.random.RandomState(n + 10 * h)
    x = (rng.randint(3, size=(n, c, h, w)) if ties else rng.randn(n, c, h, w)).astype(dtype)
    x = laid_out(x, layout)
    param = {"pool_height": window[0], "pool_width": window[1], "stride": stride}
    if window[0] > h or window[1] > w:
        with pytest.raises(ValueError, match="does not fit"):
            fast_layers.max_pool_forward_fast(x, param)
        return
    out, cache = fast_layers.max_pool_forward_fast(x, param)
    # The naive layer knows one stride: of stride 1 the windows in between are left out.
    naive, naive_cache = layers.max_pool_forward_naive(x, {**param, "stride": 1})
    kept = (slice(None), slice(None), slice(None, None, stride[0]), slice(None, None, stride[1]))
    same(out, naive[kept])
    dout = laid_out(rng.randn(*out.shape).astype(dtype), layout)
    upstream = np.zeros_like(naive)
    upstream[kept] = dout
    same(
        fast_layers.max_pool_backward_fast(dout, cache),
        layers.max_pool_backward_naive(upstream, naive_cache),
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("window", "stride"), [((2, 2), 2), ((3, 3), 2), ((17, 16), 3)])
@pytest.mark.parametrize("side", [(32, 32), (33, 35), (40, 17)])
def test_the_windows_of_real_networks(window, stride, side, dtype):
    """Wide enough for whole vectors; 17 x 16 pixels have more numbers than a byte."""
    rng = np.random.RandomState(1)
    x = rng.randint(50, size=(2, 3, *side)).astype(dtype)
    param = {"pool_height": window[0], "pool_width": window[1], "stride": stride}
    out, cache = fast_layers.max_pool_forward_fast(x, param)
    naive, naive_cache = layers.max_pool_forward_naive(x, param)
    same(out, naive)
    dout = rng.randn(*out.shape).astype(dtype)
    same(
        fast_layers.max_pool_backward_fast(dout, cache),
        layers.max_pool_backward_naive(dout, naive_cache),
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("x", "w", "stride", "pad"),
    [
        ((3, 3, 31, 31), (25, 3, 3, 3), 2, 1),
        ((3, 3, 32, 32), (32, 3, 7, 7), 1, 3),
        ((3, 32, 16, 16), (64, 32, 3, 3), 1, 1),
        ((11, 16, 9, 8), (7, 16, 1, 1), 1, 0),
        ((2, 2, 9, 9), (3, 2, 2, 2), 5, 2),
    ],
)
def test_the_convolutions_of_real_networks(x, w, stride, pad, dtype):
    rng = np.random.RandomState(1)
    x, w, b = rng.randn(*x).astype(dtype), rng.randn(*w).astype(dtype), rng.randn(w[0])
    param = {"stride": stride, "pad": pad}
    inputs = x, w, b.astype(dtype), param
    out, cache = fast_layers.conv_forward_fast(*inputs)
    naive, naive_cache = layers.conv_forward_naive(*inputs)
    dout = rng.randn(*out.shape).astype(dtype)
    same(out, naive)
    slow = layers.conv_backward_naive(dout, naive_cache)
    for fast, right in zip(fast_layers.conv_backward_fast(dout, cache), slow, strict=True):
        same(fast, right)


def test_sums_of_nothing():
    """No channels leave the biases, no filters leave no output."""
    param = {"stride": 1, "pad": 1}
    b = np.arange(3.0)
    out, cache = fast_layers.conv_forward_fast(
        np.zeros((2, 0, 4, 4)), np.zeros((3, 0, 3, 3)), b, param
    )
    np.testing.assert_array_equal(out, np.broadcast_to(b[:, None, None], (2, 3, 4, 4)))
    dx, dw, db = fast_layers.conv_backward_fast(out, cache)
    assert (dx.shape, dw.shape) == ((2, 0, 4, 4), (3, 0, 3, 3))
    np.testing.assert_allclose(db, 32 * b)
    out, cache = fast_layers.conv_forward_fast(
        np.ones((2, 3, 4, 4)), np.zeros((0, 3, 3, 3)), np.zeros(0), param
    )
    dx, dw, db = fast_layers.conv_backward_fast(out, cache)
    assert (out.shape, dw.shape, db.shape) == ((2, 0, 4, 4), (0, 3, 3, 3), (0,))
    assert not dx.any()


@settings(deadline=None)
@given(small, sides, sides, small, st.integers(1, 3), st.integers(0, 2), dtypes)
def test_a_relu_on_the_way(n, h, w, f, stride, pad, dtype):
    rng = np.random.RandomState(h)
    x, filters = rng.randn(n, 2, h + 3, w + 3).astype(dtype), rng.randn(f, 2, 3, 3).astype(dtype)
    b, param = rng.randn(f).astype(dtype), {"stride": stride, "pad": pad}
    pool_param = {"pool_height": 2, "pool_width": 1, "stride": 1}
    a, conv_cache = layers.conv_forward_naive(x, filters, b, param)
    r, relu_cache = layers.relu_forward(a)

    out, cache = conv_relu_forward(x, filters, b, param)
    same(out, r)
    dout = rng.randn(*out.shape).astype(dtype)
    right = layers.conv_backward_naive(layers.relu_backward(dout, relu_cache), conv_cache)
    for fast, slow in zip(conv_relu_backward(dout, cache), right, strict=True):
        same(fast, slow)
    none, dw, _ = conv_relu_backward(dout, cache, need_dx=False)
    assert none is None
    same(dw, right[1])

    if r.shape[2] > 1:
        p, pool_cache = layers.max_pool_forward_naive(r, pool_param)
        out, cache = conv_relu_pool_forward(x, filters, b, param, pool_param)
        same(out, p)
        dout = rng.randn(*out.shape).astype(dtype)
        da = layers.relu_backward(layers.max_pool_backward_naive(dout, pool_cache), relu_cache)
        right = layers.conv_backward_naive(da, conv_cache)
        for fast, slow in zip(conv_relu_pool_backward(dout, cache), right, strict=True):
            same(fast, slow)
        none, dw, _ = conv_relu_pool_backward(dout, cache, need_dx=False)
        assert none is None
        same(dw, right[1])


def test_im2col_explains_itself_by_its_results():
    rng = np.random.RandomState(1)
    x, w, b = rng.randn(2, 3, 7, 8), rng.randn(4, 3, 3, 2), rng.randn(4)
    param = {"stride": 2, "pad": 1}
    out, cache = im2col.conv_forward_im2col(x, w, b, param)
    naive, naive_cache = layers.conv_forward_naive(x, w, b, param)
    same(out, naive)
    dout = rng.randn(*out.shape)
    slow = layers.conv_backward_naive(dout, naive_cache)
    for fast, right in zip(im2col.conv_backward_im2col(dout, cache), slow, strict=True):
        same(fast, right)


@pytest.fixture
def three_threads():
    threads.set_num_threads(3)
    yield
    threads.set_num_threads(1)


@pytest.mark.parametrize("num", [1, 2, 3, 7, 8, 20])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_any_number_of_threads_gives_the_same_bits(num, dtype):
    rng = np.random.RandomState(1)
    x, w, b = (rng.randn(*shape).astype(dtype) for shape in ((num, 3, 12, 13), (7, 3, 3, 3), (7,)))
    dout, dpool = rng.randn(num, 7, 12, 13).astype(dtype), rng.randn(num, 3, 6, 6).astype(dtype)
    step = [rng.rand(1001).astype(dtype) for _ in range(2)]

    def everything():
        out, cache = conv_relu_forward(x, w, b, {"stride": 1, "pad": 1})
        grads = conv_relu_backward(dout, cache)
        pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
        pooled, pool_cache = fast_layers.max_pool_forward_fast(x, pool_param)
        dx = fast_layers.max_pool_backward_fast(dpool, pool_cache)
        moved, config = optim.adam_fast(step[0].copy(), step[1])
        return [out, *grads, pooled, dx, moved, config["m"], config["v"]]

    alone = [array.tobytes() for array in everything()]
    try:
        for count in (2, 3, 5, 16):
            threads.set_num_threads(count)
            assert threads.get_num_threads() == count
            assert [array.tobytes() for array in everything()] == alone
    finally:
        threads.set_num_threads(1)


@pytest.mark.parametrize("count", [0, -1, 1.5])
def test_a_number_of_threads_that_cannot_be(count):
    with pytest.raises(ValueError, match="from 1 on"):
        threads.set_num_threads(count)


def test_what_fails_on_a_thread_is_raised(three_threads):
    def work(part):
        if part.start:
            raise MemoryError("over there")

    with pytest.raises(MemoryError, match="over there"):
        threads.share(9, work)


def same(fast, slow):
    assert fast.shape == slow.shape
    assert fast.dtype == slow.dtype
    limit = 1e-4 if fast.dtype == np.float32 else 1e-11
    scale = max(1.0, float(np.abs(slow).max(initial=0)))
    assert np.abs(fast - slow).max(initial=0) <= limit * scale


def test_not_a_number_is_not_lost():
    x = np.array([[[[1.0, np.nan], [3.0, 2.0]]]])
    param = {"pool_height": 2, "pool_width": 2, "stride": 1}
    out, cache = fast_layers.max_pool_forward_fast(x, param)
    assert np.isnan(out).all()
    dx = fast_layers.max_pool_backward_fast(np.ones((1, 1, 1, 1)), cache)
    np.testing.assert_array_equal(dx, [[[[0, 1], [0, 0]]]])
    x = np.where(np.arange(40 * 40) % 7 == 3, np.nan, np.arange(40 * 40.0)).reshape(1, 1, 40, 40)
    out, _ = fast_layers.max_pool_forward_fast(x, param)
    np.testing.assert_array_equal(out, layers.max_pool_forward_naive(x, param)[0])


@pytest.mark.parametrize(
    ("x", "w", "b", "param", "words"),
    [
        ((1, 2, 4, 4), (3, 1, 2, 2), (3,), {"stride": 1, "pad": 0}, "do not fit together"),
        ((1, 2, 4, 4), (3, 2, 2, 2), (2,), {"stride": 1, "pad": 0}, "do not fit together"),
        ((2, 4, 4), (3, 2, 2, 2), (3,), {"stride": 1, "pad": 0}, "do not fit together"),
        ((1, 2, 4, 4), (3, 2, 2, 2), (3,), {"stride": 0, "pad": 0}, "stride is 0"),
        ((1, 2, 4, 4), (3, 2, 2, 2), (3,), {"stride": 1, "pad": -1}, "pad is -1"),
        ((1, 2, 4, 4), (3, 2, 2, 2), (3,), {"stride": (1, 0), "pad": 0}, r"stride is \(1, 0\)"),
        ((1, 2, 4, 4), (3, 2, 5, 2), (3,), {"stride": 1, "pad": 0}, "5 x 2 pixels does not fit"),
        ((1, 2, 4, 4), (3, 2, 0, 2), (3,), {"stride": 1, "pad": 0}, "0 x 2 pixels is empty"),
        ((1, 2, 4, 4), (3, 2, 2, 2), (3,), {"stride": 1.5, "pad": 0}, r"stride is 1\.5; .* whole"),
        ((1, 2, 4, 4), (3, 2, 2, 2), (3,), {"stride": 1, "pad": 0.5}, r"pad is 0\.5; .* whole"),
        ((1, 2, 4, 4), (3, 2, 2, 2), (3,), {"stride": "2", "pad": 0}, "stride is '2'; .* whole"),
        ((1, 2, 4, 4), (3, 2, 2, 2), (3,), {"stride": (1, 2, 3), "pad": 0}, "pair of them"),
        ((1, 2, 4, 4), (3, 2, 2, 2), (3,), {"stride": None, "pad": 0}, "stride is None"),
        ((1, 2, 4, 4), (3, 2, 2, 2), (3,), {"stride": 1, "pad": 2**40}, "too large"),
    ],
)
def test_what_cannot_be_is_said(x, w, b, param, words):
    with pytest.raises(ValueError, match=words):
        fast_layers.conv_forward_fast(np.zeros(x), np.zeros(w), np.zeros(b), param)


def test_what_are_no_real_numbers_is_refused():
    x, w, b = np.zeros((1, 1, 4, 4)), np.zeros((1, 1, 2, 2)), np.zeros(1)
    out, cache = fast_layers.conv_forward_fast(x, w, b, {"stride": 1, "pad": 0})
    with pytest.raises(ValueError, match="complex128 are not supported"):
        fast_layers.conv_forward_fast(x + 1j, w, b, {"stride": 1, "pad": 0})
    with pytest.raises(ValueError, match="complex128 are not supported"):
        fast_layers.conv_backward_fast(out + 1j, cache)
    with pytest.raises(ValueError, match=r"the window is \(2, 2\.5\)"):
        fast_layers.max_pool_forward_fast(x, {"pool_height": 2, "pool_width": 2.5, "stride": 1})


@pytest.mark.parametrize("stride", [50, 10**6, 2**62])
def test_a_stride_that_is_never_taken_costs_nothing(stride):
    """One place, however long the stride; memory for all its phases is in no machine."""
    rng = np.random.RandomState(3)
    x, w, b = rng.randn(2, 3, 8, 8), rng.randn(4, 3, 3, 3), rng.randn(4)
    here, there = ({"stride": s, "pad": 1} for s in (stride, 9))
    out, cache = fast_layers.conv_forward_fast(x, w, b, here)
    right, right_cache = layers.conv_forward_naive(x, w, b, there)
    np.testing.assert_allclose(out, right, rtol=1e-12)
    back = zip(
        fast_layers.conv_backward_fast(out, cache),
        layers.conv_backward_naive(out, right_cache),
        strict=True,
    )
    for got, expected in back:
        np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("shape", [(2, 3, 3, 3), (9, 3, 2, 2), (2, 4, 2, 2), (200, 30, 20, 20)])
def test_an_upstream_gradient_of_another_shape_is_refused(shape):
    """The extension would read and write outside its arrays, and take the interpreter with it."""
    pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
    _, cache = fast_layers.max_pool_forward_fast(np.zeros((2, 3, 4, 4)), pool_param)
    with pytest.raises(ValueError, match=r"the output had \(2, 3, 2, 2\)"):
        fast_layers.max_pool_backward_fast(np.zeros(shape), cache)
    x, w, param = np.zeros((2, 1, 4, 4)), np.zeros((3, 1, 2, 2)), {"stride": 2, "pad": 0}
    _, cache = fast_layers.conv_forward_fast(x, w, np.zeros(3), param)
    with pytest.raises(ValueError, match=r"the output had \(2, 3, 2, 2\)"):
        fast_layers.conv_backward_fast(np.zeros(shape), cache)


def test_without_the_extension_a_warning_says_so_once(monkeypatch, how):
    monkeypatch.setattr(fast_layers, "_kernels", None)
    monkeypatch.setattr(fast_layers, "_warned", False)
    x, param = np.zeros((1, 1, 4, 4)), {"pool_height": 2, "pool_width": 2, "stride": 2}
    with pytest.warns(RuntimeWarning, match="pip install -e"):
        fast_layers.max_pool_forward_fast(x, param)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fast_layers.max_pool_forward_fast(x, param)


@pytest.mark.parametrize(
    ("platform", "words"),
    [("linux", "sudo apt install gcc"), ("darwin", "xcode-select --install"),
     ("win32", "Build Tools for Visual Studio")],
)  # fmt: skip
def test_that_warning_says_which_compiler_to_install(monkeypatch, platform, words):
    monkeypatch.setattr(fast_layers, "_kernels", None)
    monkeypatch.setattr(fast_layers, "_warned", False)
    monkeypatch.setattr(sys, "platform", platform)
    x, param = np.zeros((1, 1, 4, 4)), {"pool_height": 2, "pool_width": 2, "stride": 2}
    with pytest.warns(RuntimeWarning, match="install a C compiler") as caught:
        fast_layers.max_pool_forward_fast(x, param)
    assert words in str(caught[0].message)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_adam_in_one_pass(dtype):
    """The same numbers as ``adam``, in the arrays that it was given."""
    rng = np.random.RandomState(1)
    w, other = rng.randn(5, 7).astype(dtype), None
    config, settings = {"learning_rate": 0.1, "beta1": 0.8}, {"learning_rate": 0.1, "beta1": 0.8}
    other = w.copy()
    for _ in range(4):
        dw = rng.randn(5, 7).astype(dtype)
        moved, config = optim.adam_fast(w, dw, config)
        other, settings = optim.adam(other, dw, settings)
        assert moved is w
        assert moved.dtype == dtype
        for ours, theirs in ((moved, other), *((config[k], settings[k]) for k in ("m", "v"))):
            np.testing.assert_allclose(ours, theirs, rtol=1e-4 if dtype == np.float32 else 1e-12)
    assert config.keys() == settings.keys()
    assert config["t"] == 4


def test_adam_gives_the_same_bits_for_any_number_of_threads():
    rng = np.random.RandomState(1)
    w, dw = rng.randn(70_001), rng.randn(70_001)
    moved = []
    for count in (1, 2, 3, 7):
        threads.set_num_threads(count)
        try:
            moved.append(optim.adam_fast(w.copy(), dw)[0])
        finally:
            threads.set_num_threads(1)
    assert all(np.array_equal(one, moved[0]) for one in moved)
    np.testing.assert_allclose(moved[0], optim.adam(w, dw)[0], rtol=1e-12)


def test_adam_in_one_pass_leaves_what_it_cannot_do_to_adam(monkeypatch):
    rng = np.random.RandomState(1)
    w, dw = rng.randn(4, 6)[:, ::2], rng.randn(4, 3)
    moved, _ = optim.adam_fast(w, dw)
    np.testing.assert_array_equal(moved, optim.adam(w, dw)[0])
    w = rng.randn(4, 3)
    w.flags.writeable = False
    np.testing.assert_array_equal(optim.adam_fast(w, dw)[0], optim.adam(w, dw)[0])
    monkeypatch.setattr(optim, "_kernels", None)
    w = rng.randn(4, 3)
    np.testing.assert_array_equal(optim.adam_fast(w, dw)[0], optim.adam(w, dw)[0])


PLAIN = """
import sys
from setuptools import Extension, setup
from Cython.Build import cythonize
kernels = Extension("convnet._kernels", ["convnet/_kernels.pyx"], extra_compile_args=sys.argv[1:])
setup(
    name="plain", packages=[], ext_modules=cythonize([kernels], language_level=3),
    script_args=["-q", "build_ext", "--inplace"],
)
"""
COMPARE = """
import numpy as np
from convnet import _kernels
from convnet import fast_layers, layers
print(_kernels.vectors())
rng = np.random.RandomState(1)
for dtype in (np.float32, np.float64):
    for f, stride in ((1, 1), (5, 2), (13, 1)):
        x = rng.randn(2, 3, 13, 14).astype(dtype)
        w, b = rng.randn(f, 3, 3, 2).astype(dtype), rng.randn(f).astype(dtype)
        param = {"stride": stride, "pad": 1, "pool_height": 2, "pool_width": 2}
        for layer, inputs in (("conv", (x, w, b)), ("max_pool", (x,))):
            out, cache = getattr(fast_layers, layer + "_forward_fast")(*inputs, param)
            slow, slow_cache = getattr(layers, layer + "_forward_naive")(*inputs, param)
            dout = rng.randn(*out.shape).astype(dtype)
            fast_grads = getattr(fast_layers, layer + "_backward_fast")(dout, cache)
            slow_grads = getattr(layers, layer + "_backward_naive")(dout, slow_cache)
            limit = 1e-3 if dtype == np.float32 else 1e-10
            np.testing.assert_allclose(out, slow, rtol=limit, atol=limit)
            if layer == "max_pool":
                fast_grads, slow_grads = [fast_grads], [slow_grads]
            for ours, theirs in zip(fast_grads, slow_grads):
                np.testing.assert_allclose(ours, theirs, rtol=limit, atol=limit)
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["-O1", "-DPLAIN_LOOPS"], "plain loops"),
        (["-O1", "-DTHIS_MACHINE"], "16 bytes|NEON"),
        (["-O1"], "chosen at run time|NEON|16 bytes"),
    ],
)
def test_every_kind_of_loops(tmp_path, options, words, how):
    """Plain C, the smallest vectors, and those that a wheel chooses when it runs."""
    if how == "numpy":
        pytest.skip("nothing is compiled there")
    shutil.copytree(
        SOLUTIONS / "convnet", tmp_path / "convnet", ignore=shutil.ignore_patterns("*.so")
    )
    for script, arguments in ((PLAIN, options), (COMPARE, [])):
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert re.search(words, done.stdout), done.stdout


def test_the_error_measure_of_the_course():
    assert rel_error(np.array([1.0]), np.array([1.0])) == 0
    importlib.import_module("convnet._kernels")
