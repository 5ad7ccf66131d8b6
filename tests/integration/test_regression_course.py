"""A course whose leaderboard is of numbers to predict, from its release to grades and ranks."""

import csv
import io
import json

import numpy as np
import pytest

from tests.hand_ins import hand_in
from tests.own_course import write_course

NOTEBOOK = '''\
# %% [markdown]
# # Heights of the tide

# %%
import numpy as np

class Line:
    """A linear model of arrays (N, 3, 2)."""

    def __init__(self, weights):
        self.weights = weights

    def predict(self, X):
        return X.reshape(len(X), -1) @ self.weights

# %%
def train(data):
    """A Line, fitted to data["X_train"] (N, 3, 2) and the numbers data["y_train"] (N,)"""
    # BEGIN SOLUTION
    flat_examples = data["X_train"].reshape(len(data["X_train"]), -1)
    least_squares_weights, *_ = np.linalg.lstsq(flat_examples, data["y_train"], rcond=None)
    return Line(least_squares_weights)
    # END SOLUTION
'''
CHECKS = """\
from plumbline import at_most, check


@check("train", visible=True, goals={"error": at_most(1e-6)})
def four_examples(student, rng):
    X, weights = rng.randn(9, 3, 2), rng.randn(6)
    y = X.reshape(9, -1) @ weights
    predicted = student.train({"X_train": X, "y_train": y}).predict(X)
    return {"error": float(abs(predicted - y).max())}


@check("train", points=3, training=True, goals={"error": at_most((0.2, 1.0), (2.0, 0.5))})
def heights_that_nobody_has_seen(student, rng, data):
    model = student.train(data.for_student())
    return {"error": data.error(model.predict, "test")}
"""
FITTED = """
X = data["X_train"].reshape(len(data["X_train"]), -1)
return Line(np.linalg.pinv(X) @ data["y_train"])
"""
NOUGHT = "return Line(np.zeros(6))"


def tides(seed=7):
    """Heights that are nearly linear in arrays (N, 3, 2); by the names in a file of data."""
    rng = np.random.RandomState(seed)
    weights, arrays = rng.randn(6), {}
    for part, count in {"train": 60, "val": 10, "test": 30, "board": 25}.items():
        X = rng.randn(count, 3, 2)
        arrays[f"X_{part}"] = X
        arrays[f"y_{part}"] = X.reshape(count, -1) @ weights + 0.1 * rng.randn(count)
    return arrays


def rmse(predicted, wanted):
    return float(np.sqrt(np.mean((predicted - wanted) ** 2)))


@pytest.mark.long
def test_a_class_is_graded_and_ranked_by_the_error_of_its_numbers(in_course, tmp_path):
    arrays, packed = tides(), io.BytesIO()
    np.savez(packed, **arrays)
    write_course(tmp_path, {
        "hw1/hw1.py": NOTEBOOK,
        "hw1/checks.py": CHECKS,
        "hw1/assignment.toml": 'data = ["tides"]\n',
        "hw1/variants/hw1.toml": "[leaderboard]\n",
        "hw1/grader_data/tides.npz": packed.getvalue(),
    })  # fmt: skip
    code, output = in_course("release")
    assert code == 0, output

    labels, predictions = arrays["y_board"], {}
    answers = {"anna": FITTED, "ben": NOUGHT, "cleo": FITTED, "dan": None}
    for name, answer in answers.items():
        written = {} if answer is None else {"train": answer}
        hand_in(tmp_path / "release/hw1/student.zip", tmp_path / "class" / name, written)
        (given,) = (tmp_path / "class" / name).rglob("input/leaderboard.npy")
        X = np.load(given)
        assert np.array_equal(X, arrays["X_board"])
        if name in ("anna", "ben"):
            train = arrays["X_train"].reshape(60, -1)
            weights = np.linalg.pinv(train) @ arrays["y_train"] * (name == "anna")
            predictions[name] = (X.reshape(len(X), -1) @ weights).astype(np.float32)
            target = given.parents[1] / "output/phase_1/prediction.npy"
            target.parent.mkdir(parents=True)
            np.save(target, predictions[name])

    code, output = in_course("grade", "hw1", "class")
    assert code == 0, output
    reports = tmp_path / "grades" / "hw1" / "reports"
    scores = {path.stem: json.loads(path.read_text())["score"] for path in reports.glob("*.json")}
    zero = rmse(0, arrays["y_test"])
    assert zero > 2  # it earns nothing
    assert scores == {"anna": 4, "ben": 0, "cleo": 4, "dan": 0}

    harness = tmp_path / "release/hw1/harness.zip"
    code, output = in_course("leaderboard", "class", "--harness", harness, "--out", "board")
    assert "Phase 1: RMSE, the smaller the better" in output
    rows = csv.DictReader((tmp_path / "board/leaderboard-staff.csv").read_text().splitlines())
    ranked = [(row["rank"], row["student"], row["rmse"]) for row in rows if row["rank"]]
    assert [row[:2] for row in ranked] == [("1", "anna"), ("2", "ben")]
    for _, student, error in ranked:  # the table has six digits
        np.testing.assert_allclose(float(error), rmse(predictions[student], labels), rtol=1e-5)
    for name in ("leaderboard.html", "leaderboard.csv"):
        assert "anna" not in (tmp_path / "board" / name).read_text()
