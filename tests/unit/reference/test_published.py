"""The figures that the courses publish, reproduced; each test names the seed of its figures."""

import numpy as np
import pytest

from convnet.classifiers.cnn import ThreeLayerConvNet
from convnet.classifiers.fc_net import FullyConnectedNet, TwoLayerNet
from convnet.gradient_check import eval_numerical_gradient_array, rel_error
from convnet.layers import (
    affine_forward,
    conv_forward_naive,
    max_pool_backward_naive,
    max_pool_forward_naive,
    relu_forward,
    softmax_loss,
    spatial_batchnorm_forward,
    svm_loss,
)
from convnet.optim import adam, rmsprop, sgd_momentum


def spread(low, high, *shape):
    return np.linspace(low, high, num=int(np.prod(shape))).reshape(shape)


def test_affine_forward():
    """Seeds 002 and 003."""
    x, w = spread(-0.1, 0.5, 2, 4, 5, 6), spread(-0.2, 0.3, 120, 3)
    out, _ = affine_forward(x, w, np.linspace(-0.3, 0.1, num=3))
    published = [[1.49834967, 1.70660132, 1.91485297], [3.25553199, 3.5141327, 3.77273342]]
    assert rel_error(out, np.array(published)) == pytest.approx(9.7698e-10, rel=1e-3)


def test_relu_forward():
    """Seeds 002 and 003."""
    out, _ = relu_forward(spread(-0.5, 0.5, 3, 4))
    published = [
        [0, 0, 0, 0],
        [0, 0, 0.04545455, 0.13636364],
        [0.22727273, 0.31818182, 0.40909091, 0.5],
    ]
    assert rel_error(out, np.array(published)) == pytest.approx(4.999999798e-08, rel=1e-6)


def test_conv_forward():
    """Seeds 000 and 001."""
    x, w = spread(-0.1, 0.5, 2, 3, 4, 4), spread(-0.2, 0.3, 3, 3, 4, 4)
    b = np.linspace(-0.1, 0.2, num=3)
    out, _ = conv_forward_naive(x, w, b, {"stride": 2, "pad": 1})
    published = [
        -0.08759809, -0.10987781, -0.18387192, -0.2109216,
        0.21027089, 0.21661097, 0.22847626, 0.23004637,
        0.50813986, 0.54309974, 0.64082444, 0.67101435,
        -0.98053589, -1.03143541, -1.19128892, -1.24695841,
        0.69108355, 0.66880383, 0.59480972, 0.56776003,
        2.36270298, 2.36904306, 2.38090835, 2.38247847,
    ]  # fmt: skip
    error = rel_error(out, np.array(published).reshape(2, 3, 2, 2))
    assert error == pytest.approx(2.2121476e-08, rel=1e-5)


def test_max_pool_forward():
    """Seed 000."""
    param = {"pool_width": 2, "pool_height": 2, "stride": 2}
    out, _ = max_pool_forward_naive(spread(-0.3, 0.4, 2, 3, 4, 4), param)
    published = [
        -0.26315789, -0.24842105, -0.20421053, -0.18947368,
        -0.14526316, -0.13052632, -0.08631579, -0.07157895,
        -0.02736842, -0.01263158, 0.03157895, 0.04631579,
        0.09052632, 0.10526316, 0.14947368, 0.16421053,
        0.20842105, 0.22315789, 0.26736842, 0.28210526,
        0.32631579, 0.34105263, 0.38526316, 0.4,
    ]  # fmt: skip
    error = rel_error(out, np.array(published).reshape(2, 3, 2, 2))
    assert error == pytest.approx(4.1666665e-08, rel=1e-6)


def test_max_pool_backward():
    """Seed 000: the error against the numeric gradient, with np.random.seed(231)."""
    np.random.seed(231)
    x, dout = np.random.randn(3, 2, 8, 8), np.random.randn(3, 2, 4, 4)
    param = {"pool_height": 2, "pool_width": 2, "stride": 2}
    numeric = eval_numerical_gradient_array(lambda x: max_pool_forward_naive(x, param)[0], x, dout)
    _, cache = max_pool_forward_naive(x, param)
    error = rel_error(max_pool_backward_naive(dout, cache), numeric)
    assert error == pytest.approx(3.2756e-12, rel=1e-3)


W, DW = spread(-0.4, 0.6, 4, 5), spread(-0.6, 0.4, 4, 5)


def test_sgd_momentum():
    """Seed 002; the published values lie on straight lines."""
    config = {"learning_rate": 1e-3, "velocity": spread(0.6, 0.9, 4, 5)}
    next_w, config = sgd_momentum(W.copy(), DW, config)
    published_w = [
        0.1406, 0.20738947, 0.27417895, 0.34096842, 0.40775789,
        0.47454737, 0.54133684, 0.60812632, 0.67491579, 0.74170526,
        0.80849474, 0.87528421, 0.94207368, 1.00886316, 1.07565263,
        1.14244211, 1.20923158, 1.27602105, 1.34281053, 1.4096,
    ]  # fmt: skip
    published_v = [
        0.5406, 0.55475789, 0.56891579, 0.58307368, 0.59723158,
        0.61138947, 0.62554737, 0.63970526, 0.65386316, 0.66802105,
        0.68217895, 0.69633684, 0.71049474, 0.72465263, 0.73881053,
        0.75296842, 0.76712632, 0.78128421, 0.79544211, 0.8096,
    ]  # fmt: skip
    assert rel_error(next_w.ravel(), np.array(published_w)) == pytest.approx(8.8823e-9, rel=1e-4)
    error = rel_error(config["velocity"].ravel(), np.array(published_v))
    assert error == pytest.approx(4.2693e-9, rel=1e-4)


def test_rmsprop():
    """Seed 002."""
    config = {"learning_rate": 1e-2, "cache": spread(0.6, 0.9, 4, 5)}
    next_w, config = rmsprop(W.copy(), DW, config)
    published_w = [
        -0.39223849, -0.34037513, -0.28849239, -0.23659121, -0.18467247,
        -0.132737, -0.08078555, -0.02881884, 0.02316247, 0.07515774,
        0.12716641, 0.17918792, 0.23122175, 0.28326742, 0.33532447,
        0.38739248, 0.43947102, 0.49155973, 0.54365823, 0.59576619,
    ]  # fmt: skip
    published_cache = [
        0.5976, 0.6126277, 0.6277108, 0.64284931, 0.65804321,
        0.67329252, 0.68859723, 0.70395734, 0.71937285, 0.73484377,
        0.75037008, 0.7659518, 0.78158892, 0.79728144, 0.81302936,
        0.82883269, 0.84469141, 0.86060554, 0.87657507, 0.8926,
    ]  # fmt: skip
    assert rel_error(next_w.ravel(), np.array(published_w)) == pytest.approx(9.5247e-8, rel=1e-4)
    error = rel_error(config["cache"].ravel(), np.array(published_cache))
    assert error == pytest.approx(2.6478e-9, rel=1e-4)


def test_adam():
    """Seed 002."""
    config = {"learning_rate": 1e-2, "t": 5}
    config |= {"m": spread(0.6, 0.9, 4, 5), "v": spread(0.7, 0.5, 4, 5)}
    next_w, config = adam(W.copy(), DW, config)
    published_w = [
        -0.40094747, -0.34836187, -0.29577703, -0.24319299, -0.19060977,
        -0.1380274, -0.08544591, -0.03286534, 0.01971428, 0.0722929,
        0.1248705, 0.17744702, 0.23002243, 0.28259667, 0.33516969,
        0.38774145, 0.44031188, 0.49288093, 0.54544852, 0.59801459,
    ]  # fmt: skip
    published_v = [
        0.69966, 0.68908382, 0.67851319, 0.66794809, 0.65738853,
        0.64683452, 0.63628604, 0.6257431, 0.61520571, 0.60467385,
        0.59414753, 0.58362676, 0.57311152, 0.56260183, 0.55209767,
        0.54159906, 0.53110598, 0.52061845, 0.51013645, 0.49966,
    ]  # fmt: skip
    published_m = [
        0.48, 0.49947368, 0.51894737, 0.53842105, 0.55789474,
        0.57736842, 0.59684211, 0.61631579, 0.63578947, 0.65526316,
        0.67473684, 0.69421053, 0.71368421, 0.73315789, 0.75263158,
        0.77210526, 0.79157895, 0.81105263, 0.83052632, 0.85,
    ]  # fmt: skip
    assert rel_error(next_w.ravel(), np.array(published_w)) == pytest.approx(1.1396e-7, rel=1e-4)
    assert rel_error(config["v"].ravel(), np.array(published_v)) == pytest.approx(
        4.2083e-9, rel=1e-4
    )
    assert rel_error(config["m"].ravel(), np.array(published_m)) == pytest.approx(
        4.2150e-9, rel=1e-4
    )


def test_losses():
    """Seeds 002 and 003: both losses on one draw with np.random.seed(231)."""
    np.random.seed(231)
    x = 0.001 * np.random.randn(50, 10)
    y = np.random.randint(10, size=50)
    assert svm_loss(x, y)[0] == pytest.approx(8.999602749096233, rel=1e-12)
    assert softmax_loss(x, y)[0] == pytest.approx(2.302545844500738, rel=1e-12)


def test_two_layer_net():
    """Seeds 002 and 003."""
    model = TwoLayerNet(input_dim=5, hidden_dim=50, num_classes=7, weight_scale=1e-3)
    model.params["W1"] = spread(-0.7, 0.3, 5, 50)
    model.params["b1"] = np.linspace(-0.1, 0.9, num=50)
    model.params["W2"] = spread(-0.3, 0.4, 50, 7)
    model.params["b2"] = np.linspace(-0.9, 0.1, num=7)
    X = spread(-5.5, 4.5, 5, 3).T
    published = np.array(
        [
            [
                11.53165108,
                12.2917344,
                13.05181771,
                13.81190102,
                14.57198434,
                15.33206765,
                16.09215096,
            ],
            [
                12.05769098,
                12.74614105,
                13.43459113,
                14.1230412,
                14.81149128,
                15.49994135,
                16.18839143,
            ],
            [
                12.58373087,
                13.20054771,
                13.81736455,
                14.43418138,
                15.05099822,
                15.66781506,
                16.2846319,
            ],
        ]
    )
    assert np.abs(model.loss(X) - published).sum() < 1e-6
    y = np.array([0, 5, 1])
    assert abs(model.loss(X, y)[0] - 3.4702243556) < 1e-10
    model.reg = 1.0
    assert abs(model.loss(X, y)[0] - 26.5948426952) < 1e-10


def test_fully_connected_net():
    """Seed 002: initial losses with np.random.seed(231).

    With reg 3.14 the seed prints 5.940411485412347. That student's network leaves the last layer
    out of the regularisation: with all layers in, as the assignment asks, the loss is larger by
    exactly that layer's term.
    """
    np.random.seed(231)
    X = np.random.randn(2, 15)
    y = np.random.randint(10, size=2)
    losses = []
    for reg in (0, 3.14):
        model = FullyConnectedNet(
            [20, 30], input_dim=15, num_classes=10, reg=reg, weight_scale=5e-2, dtype=np.float64
        )
        losses.append(model.loss(X, y)[0])
    assert losses[0] == pytest.approx(2.3004790897684924, rel=1e-12)
    last_layer = 0.5 * 3.14 * np.sum(model.params["W3"] ** 2)
    assert losses[1] - last_layer == pytest.approx(5.940411485412347, rel=1e-12)


def test_spatial_batchnorm_in_training():
    """Seed 000."""
    np.random.seed(231)
    x = 4 * np.random.randn(2, 3, 4, 5) + 10
    axes = (0, 2, 3)
    assert np.allclose(x.mean(axes), [9.33463814, 8.90909116, 9.11056338], atol=5e-9, rtol=0)
    assert np.allclose(x.std(axes), [3.61447857, 3.19347686, 3.5168142], atol=5e-9, rtol=0)
    out, _ = spatial_batchnorm_forward(x, np.ones(3), np.zeros(3), {"mode": "train"})
    assert np.abs(out.mean(axes)).max() < 1e-14
    assert np.allclose(out.std(axes), [0.99999962, 0.99999951, 0.9999996], atol=5e-9, rtol=0)
    gamma, beta = np.array([3, 4, 5]), np.array([6, 7, 8])
    out, _ = spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    assert np.allclose(out.mean(axes), beta)
    assert np.allclose(out.std(axes), [2.99999885, 3.99999804, 4.99999798], atol=5e-9, rtol=0)


def test_spatial_batchnorm_in_test():
    """Seed 000: after fifty batches of warming up."""
    np.random.seed(231)
    param = {"mode": "train"}
    gamma, beta = np.ones(4), np.zeros(4)
    for _ in range(50):
        x = 2.3 * np.random.randn(10, 4, 11, 12) + 13
        spatial_batchnorm_forward(x, gamma, beta, param)
    param["mode"] = "test"
    x = 2.3 * np.random.randn(10, 4, 11, 12) + 13
    out, _ = spatial_batchnorm_forward(x, gamma, beta, param)
    means, stds = out.mean((0, 2, 3)), out.std((0, 2, 3))
    assert np.allclose(means, [-0.08034406, 0.07562881, 0.05716371, 0.04378383], atol=5e-9, rtol=0)
    assert np.allclose(stds, [0.96718744, 1.0299714, 1.02887624, 1.00585577], atol=5e-9, rtol=0)


def test_three_layer_convnet():
    """Seeds 000 and 001: about ln 10, and about 2.508 with a regularisation of 0.5."""
    np.random.seed(231)
    model = ThreeLayerConvNet()
    X, y = np.random.randn(50, 3, 32, 32), np.random.randint(10, size=50)
    assert model.loss(X, y)[0] == pytest.approx(2.3026, abs=2e-3)
    model.reg = 0.5
    assert model.loss(X, y)[0] == pytest.approx(2.508, abs=5e-3)
