"""A leaderboard of predicted numbers: the smallest error is first, what is no number is refused."""

import csv
import io
import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.language import IN_ENGLISH, language
from autograder.core.predictions import PredictionForm, read_predictions
from autograder.errors import SubmissionError, UserError
from autograder.leaderboard.board import Board, add_entry, new_board, score, set_faults, standings
from autograder.leaderboard.page import leaderboard_page
from autograder.leaderboard.store import open_board, save_board
from autograder.leaderboard.tables import phase_tables, public_csv, staff_csv, text_lines

NUMBERS = np.linspace(-1, 1, 6)
PAIRS = np.arange(12.0).reshape(6, 2)
NOW, LATER = "2031-05-01T10:00:00+00:00", "2031-05-02T10:00:00+00:00"


def npy(array) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asanyarray(array))
    return stream.getvalue()


def board_of(**errors) -> Board:
    board = new_board(NUMBERS)
    for student, error in errors.items():
        board = add_entry(board, student, 1, error, f"sha of {student}", NOW)
    return board


# Reading predictions


@pytest.mark.parametrize(
    "array",
    [
        PAIRS,
        PAIRS.astype(np.float16),
        PAIRS.astype(">f4"),
        PAIRS.astype(np.longdouble),
        PAIRS.astype(np.int8),
        np.asfortranarray(PAIRS),
        np.repeat(PAIRS, 2, axis=1)[:, ::2],
    ],
)
def test_numbers_of_any_width_and_order_are_taken(array):
    read = read_predictions(npy(array), PredictionForm((6, 2)))
    assert read.dtype == np.float64
    assert read.tolist() == PAIRS.tolist()


HOLED = np.where(np.arange(6) % 2, NUMBERS, np.nan)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (npy(HOLED), "prediction 0 is not finite (3 of 6 are not); save finite numbers alone"),
        (npy(np.where(NUMBERS == 1, -np.inf, NUMBERS)), "prediction 5 is not finite (1 of 6 are"),
        (npy(np.full(6, np.inf, np.float16)), "prediction 0 is not finite (6 of 6 are not)"),
        (npy(NUMBERS[:5]), "its shape is (5,), not (6,); predict every example once, in order"),
        (npy(NUMBERS.reshape(6, 1)), "its shape is (6, 1), not (6,); preds.reshape(6,)"),
        (npy(NUMBERS.reshape(3, 2)), "its shape is (3, 2), not (6,); predict every example"),
        (npy(np.float64(3)), "its shape is (), not (6,)"),
        (npy(NUMBERS > 0), "it holds values of kind bool; save the numbers as floats"),
        (npy(NUMBERS + 0j), "it holds values of kind complex128; save the numbers as floats"),
        (npy(NUMBERS.astype("S3")), "it holds values of kind bytes"),
        (npy(np.zeros(6, "f4,f4")), "it holds values of kind void"),
        (npy(NUMBERS.astype("m8[s]")), "it holds values of kind timedelta64"),
        (npy(NUMBERS)[:-3], "it is cut off, 3 bytes are missing"),
        (npy(NUMBERS) + b"x", "1 bytes follow the array"),
        (npy(np.zeros(999)), "bytes, more than numbers of shape (6,) need; save them alone"),
        (b"no array", "it is no .npy file; save it with np.save"),
    ],
)
def test_every_other_file_is_refused_with_what_to_do(data, words):
    with pytest.raises(SubmissionError, match=re.escape(words)) as info:
        read_predictions(data, PredictionForm((6,)))
    translated = language("zh")(str(info.value))
    code = r"float64|complex128|bool|bytes\d*|void\d*|timedelta64|preds\.reshape|np\.save|\.npy"
    assert re.findall("[A-Za-z]{2,}", re.sub(code, "", translated)) == []


def test_pickled_objects_are_never_loaded():
    with pytest.raises(SubmissionError, match="never loaded; save an array of numbers"):
        read_predictions(npy(np.array([print] * 6, object)), PredictionForm((6,)))


def test_an_example_with_one_number_that_is_not_finite_is_named():
    array = PAIRS.copy()
    array[4, 1] = np.nan
    with pytest.raises(SubmissionError, match=r"prediction 4 is not finite \(1 of 6 are not\)"):
        read_predictions(npy(array), PredictionForm((6, 2)))


# Scores and ranks


def test_the_score_is_the_root_of_the_mean_squared_error():
    assert score(NUMBERS, NUMBERS) == 0.0
    assert score(NUMBERS + 0.5, NUMBERS) == 0.5
    assert score(PAIRS + np.array([3.0, 4.0]), PAIRS) == round(12.5**0.5, 5)
    assert score(np.full(6, 1e300), NUMBERS) == 1.79769e308


def test_scores_that_look_equal_are_equal():
    assert score(NUMBERS + 0.3, NUMBERS) == score(NUMBERS + 0.3 + 1e-9, NUMBERS) == 0.3


def test_the_smallest_error_is_first_and_ties_share_a_rank():
    board = board_of(anna=0.5, ben=0.25, cleo=0.5, dan=7.0, eve=0.0)
    assert [(one.rank, one.student) for one in standings(board, 1)][:2] == [(1, "eve"), (2, "ben")]
    assert {one.student: one.rank for one in standings(board, 1)} == {
        "eve": 1, "ben": 2, "anna": 3, "cleo": 3, "dan": 5,
    }  # fmt: skip


def test_the_smallest_is_kept_and_when_it_was_first_reached():
    board = board_of(anna=0.5)
    board = add_entry(board, "anna", 1, 0.75, "worse", LATER)
    board = add_entry(board, "anna", 1, 0.5, "equal", LATER)
    best = board.students["anna"].best[1]
    assert (best.rmse, best.reached, best.entries) == (0.5, NOW, 3)
    board = add_entry(board, "anna", 1, 0.25, "better", LATER)
    best = board.students["anna"].best[1]
    assert (best.rmse, best.reached, best.entries) == (0.25, LATER, 4)
    assert add_entry(board, "anna", 1, 0.25, "better", NOW) == board


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.floats(0, 9)), max_size=20))
def test_ranks_follow_from_the_smallest_errors_alone(entries):
    board = new_board(NUMBERS)
    for number, (student, error) in enumerate(entries):
        board = add_entry(board, student, 1, error, str(number), NOW)
    best = {s: min(error for t, error in entries if t == s) for s, _ in entries}
    table = standings(board, 1)
    assert {one.student: one.score for one in table} == best
    for one in table:
        assert one.rank == 1 + sum(error < one.score for error in best.values())


# What is shown


def test_the_tables_say_the_measure_and_which_way_is_better():
    board = set_faults(board_of(anna=0.5, ben=1 / 3), "cleo", {1: "shape"})
    rows = list(csv.DictReader(io.StringIO(public_csv(board, 1))))
    assert [(row["rank"], row["rmse"], row["of"]) for row in rows] == [
        ("1", "0.333333", "6"), ("2", "0.5", "6"),
    ]  # fmt: skip
    assert not {"accuracy", "right"} & set(rows[0])
    rows = list(csv.DictReader(io.StringIO(staff_csv(board, 1))))
    assert [(row["student"], row["rmse"], row["fault"]) for row in rows] == [
        ("ben", "0.333333", ""), ("anna", "0.5", ""), ("cleo", "", "shape"),
    ]  # fmt: skip
    text = [line.plain for line in text_lines(board, 1)]
    assert text[0] == "Phase 1: RMSE, the smaller the better"
    assert text[1].split()[-3:] == ["0.333333", "1", "entry"]


def test_the_page_says_the_measure_and_which_way_is_better():
    made = {"noun": "example", "time": NOW, "harness_sha256": "ab" * 32}
    tables = phase_tables(board_of(anna=0.5, ben=1 / 3), 2)
    page = leaderboard_page("T", tables, language=IN_ENGLISH, **made)
    text = " ".join(re.sub("<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL).split())
    assert "The RMSE is the root of the mean squared error: the smaller, the better." in text
    assert "6 examples" in text
    assert "Rank Name RMSE Entries" in text
    assert text.index("0.333333") < text.index("0.5")
    assert "Accuracy" not in text
    assert "%" not in text
    page = leaderboard_page("作业", tables, language=language("zh"), **made)
    text = re.sub("<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
    assert "均方根误差（RMSE）越小越好。" in text
    words = re.findall("[A-Za-z]{3,}", text)
    assert set(words) <= {"UTC", "RMSE", "anonymous", "abababababab"} | {
        word for word in words if re.fullmatch("[a-f]+", word)
    }


# Its file


def test_a_board_of_numbers_is_read_back_as_it_was_saved(tmp_path):
    board = board_of(anna=1 / 3, ben=0.0)
    save_board(tmp_path, board)
    assert open_board(tmp_path, NUMBERS) == board
    with pytest.raises(UserError, match="other labels"):
        open_board(tmp_path, NUMBERS[::-1])


def test_a_board_of_classes_is_none_of_numbers_with_the_same_bytes(tmp_path):
    save_board(tmp_path, new_board(np.zeros(6)))
    with pytest.raises(UserError, match="other labels"):
        open_board(tmp_path, np.zeros(6, int))


@pytest.mark.parametrize("best", [{}, {"right": 3}, {"right": 3, "accuracy": 0.5, "rmse": 1.0}])
def test_a_result_without_a_score_or_with_two_is_damaged(tmp_path, best):
    save_board(tmp_path, board_of(anna=0.5))
    path = tmp_path / "leaderboard.json"
    content = json.loads(path.read_text())
    whole = {"reached": NOW, "entries": 1, "last_sha256": ""}
    content["students"]["anna"]["best"]["1"] = whole | best
    path.write_text(json.dumps(content))
    with pytest.raises(UserError, match="damaged"):
        open_board(tmp_path, NUMBERS)


def test_the_file_of_a_board_of_classes_is_as_it_was(tmp_path):
    """Boards that are kept from earlier are read, and stay the same."""
    board = add_entry(new_board(np.arange(4)), "anna", 1, 3, "sha", NOW)
    save_board(tmp_path, board)
    text = (tmp_path / "leaderboard.json").read_text()
    salt = json.loads(text)["salt"]
    assert text == OLD.replace("SALT", salt)
    assert open_board(tmp_path, np.arange(4)) == board


OLD = """{
 "format": 1,
 "labels_sha256": "a1e03200f1f82ad2c1cec8795c271aaecf98f5aa2d151d2229ec5fa0c177cf77",
 "count": 4,
 "salt": "SALT",
 "students": {
  "anna": {
   "nickname": "",
   "claimed": 0,
   "best": {
    "1": {
     "right": 3,
     "accuracy": 0.75,
     "reached": "2031-05-01T10:00:00+00:00",
     "entries": 1,
     "last_sha256": "sha"
    }
   },
   "faults": {}
  }
 }
}
"""
