"""The leaderboard's examples go to students, its labels to graders only."""

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.core.data import read_data
from autograder.core.judge import Expected
from autograder.errors import AssignmentError
from plumb.assignment_reader import read_assignment
from plumb.leaderboard_data import (
    leaderboard_images,
    leaderboard_labels,
    secret_labels,
)
from plumb.reference import reference_files
from plumb.release_files import harness_files, student_files
from tests.integration.conftest import ASSIGNMENT, VARIANT


def content(board=5, seed=0, **others):
    """A file of data with images of 4 classes, and others for a leaderboard."""
    rng = np.random.RandomState(seed)
    parts = {"train": 12, "val": 8, "test": 40} | ({"board": board} if board else {})
    held = {}
    for part, count in parts.items():
        held[f"X_{part}"] = rng.randint(0, 17, (count, 1, 2, 2)).astype(np.uint8)
        held[f"y_{part}"] = rng.permutation(np.arange(count) % 4).astype(np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, scale=np.array([1 / 16]), **held | others)
    return buffer.getvalue()


def loaded(data):
    return np.load(io.BytesIO(data), allow_pickle=False)


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 6), st.just(1), st.just(2), st.just(2))))
def test_the_images_are_prepared_like_those_that_a_model_was_trained_on(images):
    """The test images of the grader, given as the leaderboard's, come out the same."""
    data = content(X_board=images, X_test=images, y_test=np.arange(len(images)) % 4)
    given_ = loaded(leaderboard_images(data))
    assert given_.dtype == np.float32
    np.testing.assert_allclose(given_, read_data("", data).arrays["X_test"], rtol=0, atol=1e-6)


def test_the_classes_are_integers_in_the_images_order():
    data = content(board=9)
    labels = loaded(leaderboard_labels(data))
    assert labels.dtype == np.int64
    assert labels.tolist() == loaded(data)["y_board"].tolist()
    assert len(labels) == len(loaded(leaderboard_images(data)))


@pytest.mark.parametrize("make", [leaderboard_images, leaderboard_labels])
def test_the_bytes_are_the_same_every_time(make):
    assert make(content()) == make(content())
    assert make(content()) != make(content(seed=1))


def test_the_classes_that_are_graded_by_are_secret_with_a_leaderboard_or_without():
    with_board, without = secret_labels(content()), secret_labels(content(board=0))
    assert set(with_board) == {"y_test", "y_board"}
    assert set(without) == {"y_test"}
    assert with_board["y_test"].tolist() == loaded(content())["y_test"].tolist()


@pytest.mark.parametrize("board", [True, False])
def test_only_a_variant_with_a_leaderboard_hands_out_its_images(pocket, board):
    pocket.write("assignment/assignment.toml", 'data = ["small"]\n' + ASSIGNMENT)
    text = VARIANT + "[leaderboard]\nphases = 2\n" * board
    pocket.write("assignment/variants/pocket.toml", text)
    (pocket.folder / "assignment/grader_data").mkdir()
    (pocket.folder / "assignment/grader_data/small.npz").write_bytes(content())
    found = read_assignment(pocket.folder / "assignment", pocket.folder / "solutions", "pocket")
    sources = list(reference_files(found))
    expected = {check.id: Expected({"out": 0.5}) for check in found.checks}
    student = student_files(found, sources, expected)
    harness = harness_files(found, sources, expected)
    assert ("input/leaderboard.npy" in student) == board
    assert ("leaderboard/labels.npy" in harness) == board
    assert "grader_data/small.npz" in harness
    assert not [name for name in student if "labels" in name or name.startswith("data/")]


def test_examples_of_any_shape_without_a_scale_are_handed_out_as_they_are():
    table = np.random.RandomState(2).randn(6, 3)
    held = {name: array for name, array in loaded(content()).items() if name != "scale"}
    buffer = io.BytesIO()
    np.savez(buffer, **held | {"X_board": table})
    assert np.array_equal(loaded(leaderboard_images(buffer.getvalue())), table)


def numbers(**others):
    """The labels of `content` as numbers to predict, two for each example."""
    counts = {"train": 12, "val": 8, "test": 40, "board": 5}
    rng = np.random.RandomState(3)
    return {f"y_{part}": rng.randn(count, 2) for part, count in counts.items()} | others


def test_floats_are_numbers_to_predict():
    held = numbers(y_board=np.arange(10, dtype=np.float32).reshape(5, 2))
    labels = loaded(leaderboard_labels(content(**held)))
    assert labels.dtype == np.float64
    assert labels.tolist() == held["y_board"].tolist()


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ({"y_board": np.ones(5) / 3}, "y_board holds float64 and y_train uint8: give classes"),
        (numbers(y_board=np.arange(5)), "y_board holds int64 and y_train float64: give classes"),
        ({"y_board": np.array(list("abcde"))}, "give classes, which are integers, in both"),
        (numbers(y_board=np.full((5, 2), np.nan)), "y_board holds a number that is not finite"),
    ],
)
def test_labels_that_cannot_be_ranked_by_are_refused(held, words):
    with pytest.raises(AssignmentError, match=words):
        leaderboard_labels(content(**held))


def test_a_release_with_numbers_to_predict_on_its_leaderboard(pocket):
    held = numbers()
    pocket.write("assignment/assignment.toml", 'data = ["small"]\n' + ASSIGNMENT)
    pocket.write("assignment/variants/pocket.toml", VARIANT + "[leaderboard]\n")
    (pocket.folder / "assignment/grader_data").mkdir()
    (pocket.folder / "assignment/grader_data/small.npz").write_bytes(content(**held))
    found = read_assignment(pocket.folder / "assignment", pocket.folder / "solutions", "pocket")
    sources = list(reference_files(found))
    expected = {check.id: Expected({"out": 0.5}) for check in found.checks}
    student = student_files(found, sources, expected)
    told = json.loads(student["selfcheck/assignment.json"])["leaderboard"]
    assert told == {"phases": 1, "shape": [5, 2]}
    labels = harness_files(found, sources, expected)["leaderboard/labels.npy"]
    assert loaded(labels).tolist() == held["y_board"].tolist()
