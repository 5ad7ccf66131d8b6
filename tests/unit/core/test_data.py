"""The data of training checks: classes renamed, scores judged outside."""

import io

import numpy as np
import pytest

from autograder.core.data import read_data
from autograder.core.errors import CheckError
from autograder.core.judge import observe
from autograder.core.local import local_student
from plumbline import at_least, by_data, check


@pytest.fixture
def content():
    rng = np.random.RandomState(0)
    arrays = {
        f"{what}_{part}": (
            rng.randint(0, 17, (count, 1, 2, 2)).astype(np.uint8)
            if what == "X"
            else np.arange(count, dtype=np.uint8) % 4
        )
        for part, count in (("train", 12), ("val", 8), ("test", 8))
        for what in ("X", "y")
    }
    buffer = io.BytesIO()
    np.savez(buffer, scale=np.array(1 / 16), **arrays)
    return buffer.getvalue()


def test_images_are_scaled_and_centred(content):
    data = read_data("small", content)
    assert data.classes == 4
    assert data.arrays["X_train"].dtype == np.float32
    assert np.abs(data.arrays["X_train"].mean(axis=0)).max() < 1e-6
    assert np.abs(data.arrays["X_test"]).max() <= 1


def test_classes_are_renamed_alike_in_all_parts_and_not_given_of_the_test(content):
    data = read_data("small", content)
    renamed = data.with_permuted_classes(np.random.RandomState(3))
    names = np.array([renamed.arrays["y_train"][data.arrays["y_train"] == c][0] for c in range(4)])
    assert sorted(names) == [0, 1, 2, 3]
    assert list(names) != [0, 1, 2, 3]
    for part in ("train", "val", "test"):
        assert np.array_equal(renamed.arrays[f"y_{part}"], names[data.arrays[f"y_{part}"]])
    assert set(renamed.for_student(5)) == {"X_train", "y_train", "X_val", "y_val"}
    assert len(renamed.for_student(5)["X_train"]) == 5


def test_a_model_that_knows_the_old_names_only_is_worth_nothing(content):
    data = read_data("small", content)
    renamed = data.with_permuted_classes(np.random.RandomState(3))
    images = data.arrays["X_test"], data.arrays["y_test"]
    known = {image.tobytes(): c for image, c in zip(*images, strict=True)}

    def saved(X):
        return np.eye(4)[[known[image.tobytes()] for image in X]]

    assert data.accuracy(saved, "test") == 1
    names = renamed.arrays["y_test"] == data.arrays["y_test"]
    assert renamed.accuracy(saved, "test") == np.mean(names) < 1


@pytest.mark.parametrize(
    "scores", [None, 3.0, np.zeros(8), np.zeros((8, 3)), np.zeros((8, 4), int)]
)
def test_what_is_no_array_of_scores_is_said_in_words(content, scores):
    data = read_data("small", content)
    assert "expected scores of shape (8, 4)" in data.accuracy(lambda _: scores, "test")


@pytest.mark.parametrize("damaged", [b"", b"PK\x03\x04", b"x" * 100])
def test_a_damaged_file_is_refused(damaged):
    with pytest.raises((ValueError, KeyError)):
        read_data("small", damaged)


@check("q", points=1, seed=4, training=True, goals={"a": by_data(small=at_least(0.5))})
def trains(student, rng, data):
    """A training check."""
    return {"a": data.accuracy(lambda X: np.zeros((len(X), data.classes)), "test")}


def test_a_training_check_needs_data_and_a_goal_for_them(content):
    student = local_student("json", 0)
    assert observe(trains.on("small"), student, read_data("small", content))["a"] == 0.25
    with pytest.raises(CheckError, match="there are no data"):
        observe(trains.on("small"), student)
    with pytest.raises(CheckError, match="no goal for the data set 'other'"):
        trains.on("other")


def test_a_training_check_is_never_visible():
    with pytest.raises(CheckError, match="cannot be visible"):

        @check("q", points=1, seed=1, training=True, visible=True)
        def shown(student, rng, data):
            """Shown."""


@pytest.fixture
def regression():
    """Examples of five numbers each, and two numbers to predict for each."""
    rng = np.random.RandomState(1)
    weights = rng.randn(5, 2)
    arrays = {}
    for part, count in (("train", 300), ("val", 8), ("test", 270)):
        arrays[f"X_{part}"] = rng.randn(count, 5)
        arrays[f"y_{part}"] = arrays[f"X_{part}"] @ weights
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return read_data("line", buffer.getvalue()), weights


def test_examples_of_any_shape_without_a_scale_stay_as_they_are(regression):
    data, weights = regression
    assert data.classes == 0
    assert data.arrays["X_train"].shape == (300, 5)
    assert data.arrays["X_train"].dtype == data.arrays["y_test"].dtype == np.float64
    assert data.with_permuted_classes(np.random.RandomState(3)) is data
    assert np.allclose(data.arrays["X_val"] @ weights, data.arrays["y_val"])


def test_a_model_of_numbers_is_measured_by_its_error(regression):
    data, weights = regression
    assert data.error(lambda X: X @ weights, "test") < 1e-12
    assert data.error(lambda X: X @ weights + 0.5, "test") == pytest.approx(0.5)
    assert data.error(lambda X: (X @ weights).astype(np.float32), "val", 3) < 1e-5
    assert data.error(lambda X: np.full((len(X), 2), 1e300), "test") == np.finfo(float).max


@pytest.mark.parametrize(
    ("predict", "sentence"),
    [
        (lambda X: X[:, 0], "expected floats of shape (250, 2)"),
        (lambda X: np.zeros((len(X), 2), int), "expected floats of shape (250, 2)"),
        (lambda X: 0.0, "expected floats of shape (250, 2)"),
        (lambda X: np.full((len(X), 2), np.nan), "not finite"),
    ],
)
def test_what_is_no_prediction_earns_nothing(regression, predict, sentence):
    assert sentence in regression[0].error(predict, "test")


def test_each_kind_of_data_has_its_own_measure(regression, content):
    with pytest.raises(CheckError, match=r"line has no classes; measure its error"):
        regression[0].accuracy(lambda X: X, "test")
    with pytest.raises(CheckError, match=r"small has classes; measure its accuracy"):
        read_data("small", content).error(lambda X: X, "test")
