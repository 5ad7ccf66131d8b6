"""Every backward function against numeric gradients, on shapes that tell right from wrong."""

import numpy as np
import pytest

from convnet import layer_utils, layers
from convnet.classifiers.cnn import ThreeLayerConvNet
from convnet.classifiers.fc_net import FullyConnectedNet, TwoLayerNet
from convnet.gradient_check import (
    eval_numerical_gradient,
    eval_numerical_gradient_array,
    grad_check_sparse,
    rel_error,
)

rng = np.random.RandomState(20)
TRAIN = {"mode": "train"}


def case(name, arrays, *params, forward=None, backward=None):
    forward = forward or f"{name}_forward"
    backward = backward or forward.replace("_forward", "_backward")
    return pytest.param(forward, backward, arrays, params, id=f"{name}-{arrays[0].shape}")


def randn(*shapes):
    return [rng.randn(*shape) for shape in shapes]


CONVS = [
    ((2, 3, 5, 5), (2, 3, 3, 3), 1, 1),
    ((2, 3, 5, 5), (2, 3, 3, 3), 1, 0),
    ((1, 1, 7, 4), (2, 1, 3, 2), 2, 1),
    ((2, 2, 6, 9), (3, 2, 2, 4), 3, 2),
]
POOLS = [((2, 2, 6, 6), 2, 2, 2), ((1, 3, 7, 5), 3, 2, 1), ((2, 1, 5, 8), 2, 3, 2)]
CASES = [
    case("affine", randn((4, 2, 3), (6, 5), (5,))),
    case("affine", randn((1, 6), (6, 2), (2,))),
    case("relu", randn((5, 7))),
    case("batchnorm", randn((5, 4), (4,), (4,)), TRAIN),
    case("batchnorm_alt", randn((5, 4), (4,), (4,)), TRAIN,
         forward="batchnorm_forward", backward="batchnorm_backward_alt"),
    case("layernorm", randn((3, 6), (6,), (6,)), {}),
    case("dropout", randn((6, 7)), {"mode": "train", "p": 0.6, "seed": 9}),
    case("spatial_batchnorm", randn((2, 3, 4, 5), (3,), (3,)), TRAIN),
    case("spatial_groupnorm", randn((2, 6, 3, 4), (1, 6, 1, 1), (1, 6, 1, 1)), 2, {}),
    *(case("conv", randn(x, w, w[:1]), {"stride": stride, "pad": pad},
           forward="conv_forward_naive") for x, w, stride, pad in CONVS),
    *(case("max_pool", randn(x), {"pool_height": h, "pool_width": w, "stride": s},
           forward="max_pool_forward_naive") for x, h, w, s in POOLS),
    case("affine_relu", randn((4, 2, 3), (6, 5), (5,))),
    case("affine_bn_relu", randn((4, 6), (6, 5), (5,), (5,), (5,)), TRAIN),
    case("conv_relu", randn((2, 3, 6, 5), (3, 3, 3, 3), (3,)), {"stride": 1, "pad": 1}),
    case("conv_bn_relu", randn((2, 3, 6, 5), (3, 3, 3, 3), (3,), (3,), (3,)),
         {"stride": 1, "pad": 1}, TRAIN),
    case("conv_relu_pool", randn((2, 3, 6, 8), (3, 3, 3, 3), (3,)), {"stride": 1, "pad": 1},
         {"pool_height": 2, "pool_width": 2, "stride": 2}),
]  # fmt: skip


def agree(numeric, gradient):
    """Against the largest element: before a normalisation a bias has a gradient of rounding."""
    assert np.abs(numeric - gradient).max() < 1e-6 * max(1e-2, np.abs(numeric).max())


def find(name):
    return getattr(layers, name, None) or getattr(layer_utils, name)


@pytest.mark.parametrize(("forward", "backward", "arrays", "params"), CASES)
def test_backward(forward, backward, arrays, params):
    function, back = find(forward), find(backward)
    arrays = [array.copy() for array in arrays]

    def run():
        return function(*arrays, *({**p} if isinstance(p, dict) else p for p in params))

    out, cache = run()
    dout = np.random.RandomState(1).randn(*out.shape)
    kept = [array.copy() for array in (dout, *arrays)]
    gradients = back(dout, cache)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    assert all(np.array_equal(a, b) for a, b in zip(kept, (dout, *arrays), strict=True))
    for array, gradient in zip(arrays, gradients, strict=True):
        numeric = eval_numerical_gradient_array(lambda _: run()[0], array, dout)
        assert gradient.shape == array.shape
        agree(numeric, gradient)


@pytest.mark.parametrize(("forward", "backward", "arrays", "params"), CASES)
def test_single_precision_stays(forward, backward, arrays, params):
    arrays = [array.astype(np.float32) for array in arrays]
    out, cache = find(forward)(*arrays, *({**p} if isinstance(p, dict) else p for p in params))
    gradients = find(backward)(out, cache)
    gradients = gradients if isinstance(gradients, tuple) else (gradients,)
    assert {out.dtype, *(gradient.dtype for gradient in gradients)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("loss", [layers.softmax_loss, layers.svm_loss])
def test_losses(loss):
    x, y = np.random.RandomState(2).randn(6, 4), np.array([0, 3, 1, 1, 2, 0])
    numeric = eval_numerical_gradient(lambda x: loss(x, y)[0], x)
    assert rel_error(numeric, loss(x, y)[1]) < 1e-6


def test_softmax_is_finite_for_large_scores():
    loss, dx = layers.softmax_loss(
        np.array([[1000.0, -1000.0], [-1000.0, 1000.0]]), np.array([0, 0])
    )
    assert loss == 1000
    assert np.isfinite(dx).all()


NETS = [
    lambda reg: TwoLayerNet(6, 5, 4, weight_scale=0.5, reg=reg),
    *(
        lambda reg, norm=norm, keep=keep: FullyConnectedNet(
            [5, 6], 6, 4, dropout_keep_ratio=keep, normalization=norm, reg=reg,
            weight_scale=0.5, dtype=np.float64, seed=5,
        )
        for norm in (None, "batchnorm", "layernorm")
        for keep in (1, 0.7)
    ),
    lambda reg: ThreeLayerConvNet((2, 6, 4), 3, 3, 5, 4, weight_scale=0.5, reg=reg, dtype=float),
]  # fmt: skip


@pytest.mark.parametrize("make", NETS)
@pytest.mark.parametrize("reg", [0.0, 0.7])
def test_networks(make, reg):
    np.random.seed(3)
    model = make(reg)
    X = (
        np.random.randn(5, 2, 6, 4)
        if isinstance(model, ThreeLayerConvNet)
        else np.random.randn(5, 6)
    )
    y = np.array([0, 3, 1, 1, 2])
    _, grads = model.loss(X, y)
    assert set(grads) == set(model.params)
    for name, param in model.params.items():
        numeric = eval_numerical_gradient(lambda _: model.loss(X, y)[0], param)
        agree(numeric, grads[name])


def test_a_sparse_check_looks_at_a_few_elements(capsys):
    x = np.random.RandomState(4).randn(50, 40)
    assert grad_check_sparse(lambda x: np.sum(x**2), x, 2 * x, num_checks=5, seed=1) < 1e-7
    assert len(capsys.readouterr().out.splitlines()) == 5
    assert grad_check_sparse(lambda x: np.sum(x**2), x, x, num_checks=5, seed=1) > 0.1


def test_a_numeric_gradient_needs_floats():
    """A step of 1e-5 from an integer goes nowhere."""
    with pytest.raises(TypeError, match="int64"):
        eval_numerical_gradient(lambda x: float(np.sum(x**2)), np.array([1, 2, 3]))
