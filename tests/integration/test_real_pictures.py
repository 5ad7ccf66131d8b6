"""The reference learns real pictures, out of a file of the form that graders keep.

CIFAR-10 is too large to come along and tests fetch nothing, so these run only where a developer has
laid a part of it beside the project. Chance is 0.1 throughout; each bound is below the
lowest accuracy of four seeds by 0.05 or more.
"""

import io
from pathlib import Path

import numpy as np
import pytest

from autograder.core.data import read_data
from convnet import data_utils
from convnet.classifiers.cnn import ThreeLayerConvNet
from convnet.classifiers.fc_net import FullyConnectedNet
from convnet.solver import Solver
from plumb.leaderboard_data import leaderboard_images, leaderboard_labels

ROOT = Path(__file__).parents[2]
SUBSET = ROOT.parent / "shared" / "data" / "cifar10_real_subset.npz"
# Few images and small networks: seconds, not minutes. The subset has 5,170 and 1,017 images.
TRAINING, VALIDATION, TEST = 2000, 300, 339

pytestmark = [
    pytest.mark.skipif(
        not SUBSET.is_file(),
        reason="no real pictures: shared/data/cifar10_real_subset.npz is not beside the project",
    ),
]


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """The bytes of a grader's file, written as for the whole of CIFAR-10."""
    with np.load(SUBSET, allow_pickle=False) as arrays:
        subset = tuple(arrays[name] for name in ("X_train", "y_train", "X_test", "y_test"))
    path = tmp_path_factory.mktemp("real-pictures") / "cifar10.npz"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data_utils, "load_CIFAR10", lambda folder: subset)
        data_utils.write_graders_file(path, None, TRAINING, VALIDATION, TEST)
    return path.read_bytes()


@pytest.fixture(scope="module")
def data(content):
    return read_data("cifar10", content)


def trained(model, data, epochs, batch_size):
    """The model, trained on what a student would be given."""
    solver = Solver(
        model, data.for_student(), update_rule="adam", optim_config={"learning_rate": 1e-3},
        num_epochs=epochs, batch_size=batch_size, verbose=False,
    )  # fmt: skip
    solver.train()
    return model


@pytest.fixture(scope="module")
def convolutional(data):
    np.random.seed(0)
    model = ThreeLayerConvNet((3, 32, 32), 8, 3, 50, weight_scale=1e-2, reg=1e-3)
    return trained(model, data, epochs=2, batch_size=25)


@pytest.fixture(scope="module")
def fully_connected(data):
    np.random.seed(0)
    model = FullyConnectedNet(
        [100, 50], (3, 32, 32), normalization="batchnorm", weight_scale=5e-2, dtype=np.float32
    )
    return trained(model, data, epochs=3, batch_size=50)


def test_the_file_is_read_as_the_grader_keeps_it(data):
    assert {name: len(array) for name, array in data.arrays.items()} == {
        "X_train": TRAINING, "y_train": TRAINING, "X_val": VALIDATION, "y_val": VALIDATION,
        "X_test": TEST, "y_test": TEST,
    }  # fmt: skip
    assert data.classes == 10
    assert np.abs(data.arrays["X_train"].mean(axis=0)).max() < 1e-3
    assert data.arrays["X_test"].std() > 50, "pixels keep their range of 255"


def test_a_convnet_learns_them(data, convolutional):
    assert data.accuracy(convolutional.loss, "train", 1000) > 0.31
    assert data.accuracy(convolutional.loss, "val") > 0.26
    assert data.accuracy(convolutional.loss, "test") > 0.27


def test_a_fully_connected_net_learns_them(data, fully_connected):
    assert data.accuracy(fully_connected.loss, "train", 1000) > 0.4
    assert data.accuracy(fully_connected.loss, "val") > 0.3
    assert data.accuracy(fully_connected.loss, "test") > 0.27


def test_a_model_that_knows_other_names_of_the_classes_is_at_chance(data, convolutional):
    """As one that was trained before, on the published names, would be."""
    renamed = data.with_permuted_classes(np.random.RandomState(3))
    assert data.accuracy(convolutional.loss, "test") > 0.27
    assert renamed.accuracy(convolutional.loss, "test") < 0.2


def test_the_leaderboards_images_are_prepared_alike(content, convolutional):
    images = np.load(io.BytesIO(leaderboard_images(content)))
    classes = np.load(io.BytesIO(leaderboard_labels(content)))
    assert images.shape == (TEST, 3, 32, 32)
    assert np.mean(np.argmax(convolutional.loss(images), axis=1) == classes) > 0.27
