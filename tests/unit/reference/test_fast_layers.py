"""The fast layers give what the naive ones give, compiled or not."""

import importlib
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convnet import fast_layers, layers
from convnet.gradient_check import rel_error


@pytest.fixture(params=["compiled", "numpy"], autouse=True, scope="module")
def how(request):
    """Every test twice: with the extension, and without it."""
    kernels = fast_layers._kernels
    assert kernels is not None, "build it: cd solutions && python setup.py build_ext --inplace"
    if request.param == "numpy":
        fast_layers._kernels, fast_layers._told = None, True
    yield request.param
    fast_layers._kernels, fast_layers._told = kernels, False


sides = st.integers(1, 9)
dtypes = st.sampled_from([np.float32, np.float64])


@given(
    st.integers(0, 3), st.integers(1, 3), sides, sides, st.integers(1, 3), st.integers(1, 4),
    st.integers(1, 4), st.integers(1, 4), st.integers(0, 3), dtypes, st.booleans(),
)  # fmt: skip
def test_convolution(n, c, h, w, f, hh, ww, stride, pad, dtype, transposed):
    rng = np.random.RandomState(n + 10 * h)
    x = rng.randn(n, c, w, h).transpose(0, 1, 3, 2) if transposed else rng.randn(n, c, h, w)
    x, filters, b = (
        x.astype(dtype),
        rng.randn(f, c, hh, ww).astype(dtype),
        rng.randn(f).astype(dtype),
    )
    param = {"stride": stride, "pad": pad}
    if hh > h + 2 * pad or ww > w + 2 * pad:
        with pytest.raises(ValueError, match="does not fit"):
            fast_layers.conv_forward_fast(x, filters, b, param)
        return
    out, cache = fast_layers.conv_forward_fast(x, filters, b, param)
    naive, naive_cache = layers.conv_forward_naive(x, filters, b, param)
    dout = rng.randn(*out.shape).astype(dtype)
    same(out, naive)
    for fast, slow in zip(
        fast_layers.conv_backward_fast(dout, cache),
        layers.conv_backward_naive(dout, naive_cache),
        strict=True,
    ):
        same(fast, slow)


@given(
    st.integers(0, 3), st.integers(1, 3), sides, sides, st.integers(1, 4), st.integers(1, 4),
    st.integers(1, 4), dtypes, st.booleans(),
)  # fmt: skip
def test_pooling(n, c, h, w, ph, pw, stride, dtype, ties):
    rng = np.random.RandomState(n + 10 * h)
    x = (rng.randint(3, size=(n, c, h, w)) if ties else rng.randn(n, c, h, w)).astype(dtype)
    param = {"pool_height": ph, "pool_width": pw, "stride": stride}
    if ph > h or pw > w:
        with pytest.raises(ValueError, match="does not fit"):
            fast_layers.max_pool_forward_fast(x, param)
        return
    out, cache = fast_layers.max_pool_forward_fast(x, param)
    naive, naive_cache = layers.max_pool_forward_naive(x, param)
    dout = rng.randn(*out.shape).astype(dtype)
    same(out, naive)
    same(
        fast_layers.max_pool_backward_fast(dout, cache),
        layers.max_pool_backward_naive(dout, naive_cache),
    )


def same(fast, slow):
    assert fast.shape == slow.shape
    assert fast.dtype == slow.dtype
    limit = 1e-4 if fast.dtype == np.float32 else 1e-11
    scale = max(1.0, float(np.abs(slow).max(initial=0)))
    assert np.abs(fast - slow).max(initial=0) <= limit * scale


def test_not_a_number_is_not_lost():
    x = np.array([[[[1.0, np.nan], [3.0, 2.0]]]])
    out, _ = fast_layers.max_pool_forward_fast(x, {"pool_height": 2, "pool_width": 2, "stride": 1})
    assert np.isnan(out).all()


@pytest.mark.parametrize(
    ("x", "w", "b", "param", "words"),
    [
        ((1, 2, 4, 4), (3, 1, 2, 2), (3,), {"stride": 1, "pad": 0}, "do not fit together"),
        ((1, 2, 4, 4), (3, 2, 2, 2), (2,), {"stride": 1, "pad": 0}, "do not fit together"),
        ((2, 4, 4), (3, 2, 2, 2), (3,), {"stride": 1, "pad": 0}, "do not fit together"),
        ((1, 2, 4, 4), (3, 2, 2, 2), (3,), {"stride": 0, "pad": 0}, "stride is 0"),
        ((1, 2, 4, 4), (3, 2, 2, 2), (3,), {"stride": 1, "pad": -1}, "pad is -1"),
        ((1, 2, 4, 4), (3, 2, 5, 2), (3,), {"stride": 1, "pad": 0}, "5 x 2 pixels does not fit"),
    ],
)
def test_what_cannot_be_is_said(x, w, b, param, words):
    with pytest.raises(ValueError, match=words):
        fast_layers.conv_forward_fast(np.zeros(x), np.zeros(w), np.zeros(b), param)


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
    monkeypatch.setattr(fast_layers, "_told", False)
    x, param = np.zeros((1, 1, 4, 4)), {"pool_height": 2, "pool_width": 2, "stride": 2}
    with pytest.warns(RuntimeWarning, match="pip install -e"):
        fast_layers.max_pool_forward_fast(x, param)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fast_layers.max_pool_forward_fast(x, param)


def test_the_error_measure_of_the_course():
    assert rel_error(np.array([1.0]), np.array([1.0])) == 0
    importlib.import_module("convnet._kernels")
