"""The leaderboard: strict about predictions, fair about ranks, silent about who is who."""

from __future__ import annotations

import contextlib
import csv
import html
import io
import pickle
import re
import struct
import unicodedata
import zipfile
from pathlib import Path
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from autograder.core.language import IN_ENGLISH, language
from autograder.core.predictions import MAX_HEADER, PredictionForm, read_predictions
from autograder.errors import SubmissionError, UserError
from autograder.harness import Leaderboard
from autograder.leaderboard.board import (
    Board,
    add_entry,
    new_board,
    score,
    set_faults,
    set_nickname,
    shown_names,
    standings,
)
from autograder.leaderboard.lookalikes import look_keys
from autograder.leaderboard.nicknames import clean_nickname, read_nickname
from autograder.leaderboard.page import leaderboard_page
from autograder.leaderboard.store import open_board, save_board
from autograder.leaderboard.submissions import find_predictions, score_submission
from autograder.leaderboard.tables import phase_tables, public_csv, staff_csv, text_lines
from autograder.leaderboard.update import publish
from autograder.submissions.job import Job
from autograder.submissions.texts import caseless

LABELS = np.arange(20) % 10
RIGHT = np.array(LABELS, np.int64)
FORM = PredictionForm((20,), 10)
NOW, LATER = "2031-05-01T10:00:00+00:00", "2031-05-02T10:00:00+00:00"
HOSTILE = "<b onclick=x()>\x1b[31m\x1b]0;owned\x07{{7*7}}\u202e"


def npy(array, version=None) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asanyarray(array), version=version)
    return stream.getvalue()


def with_header(header: bytes, values: bytes = b"", version: int = 1) -> bytes:
    length = struct.pack("<H" if version == 1 else "<I", len(header))
    return b"\x93NUMPY" + bytes([version, 0]) + length + header + values


def read_classes(data: bytes, count: int, classes: int):
    return read_predictions(data, PredictionForm((count,), classes))


def fault(data: bytes) -> str:
    with pytest.raises(SubmissionError) as info:
        read_classes(data, 20, 10)
    return str(info.value)


class Loaded:
    """Whatever loads this has lost."""

    def __reduce__(self):
        return (pytest.fail, ("it was unpickled",))


# Reading predictions


@pytest.mark.parametrize(
    "array",
    [
        RIGHT,
        RIGHT.astype(np.int8),
        RIGHT.astype(np.uint16),
        RIGHT.astype(">i4"),
        RIGHT.astype(">u8"),
        np.asfortranarray(RIGHT),
        np.repeat(RIGHT, 2)[::2],
    ],
)
def test_integers_of_any_width_and_order_are_taken(array):
    read = read_classes(npy(array), 20, 10)
    assert read.dtype == np.int64
    assert read.tolist() == RIGHT.tolist()


def test_a_header_of_version_2_is_taken():
    assert read_classes(npy(RIGHT, (2, 0)), 20, 10).tolist() == RIGHT.tolist()


def test_a_long_header_within_the_limit_is_taken():
    data = npy(RIGHT)
    header = data[10:128].rstrip() + b" " * (MAX_HEADER - 200) + b"\n"
    assert read_classes(with_header(header, data[128:]), 20, 10).tolist() == RIGHT.tolist()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (npy(np.array([Loaded()] * 20, object)), "pickled"),
        (pickle.dumps([Loaded()]), "np.save"),
        (npy(RIGHT.reshape(4, 5)), "(4, 5), not (20,)"),
        (npy(RIGHT.reshape(20, 1)), "preds.ravel()"),
        (npy(np.zeros((20, 1), np.float32)), "preds.ravel()"),
        (npy(np.zeros((20, 10), np.int8)), "argmax"),
        (npy(np.int64(3)), "shape is ()"),
        (npy(RIGHT[:-1]), "19 predictions, and there are 20 examples"),
        (npy(RIGHT.astype(np.int8).repeat(2)), "40 predictions"),
        (npy(RIGHT.astype(np.float64)), "preds.astype(int)"),
        (npy(RIGHT.astype(np.float16)), "float16"),
        (npy(np.full(20, np.nan, np.float32)), "preds.astype(int)"),
        (npy(RIGHT > 3), "True and False"),
        (npy(RIGHT.astype(complex)[:10]), "complex128"),
        (npy(RIGHT.astype("S1")), "kind"),
        (npy(RIGHT.astype("m8[s]")), "timedelta"),
        (npy(RIGHT.astype("M8[s]")), "datetime"),
        (npy(np.zeros(20, "i4,i4")), "kind"),
        (npy(np.zeros(20, [("λ", "i4")]), (3, 0)), "version 3.0"),
        (npy(np.where(RIGHT == 4, -1, RIGHT)), "prediction 4 is -1 (2 of 20"),
        (npy(np.where(RIGHT == 9, 10, RIGHT)), "prediction 9 is 10 (2 of 20"),
        (npy(RIGHT + 1), "count the classes from 0"),
        (npy(np.full(20, 2**64 - 1, np.uint64)), "prediction 0 is 18446744073709551615"),
        (npy(RIGHT)[:-1], "1 bytes are missing"),
        (npy(RIGHT)[:128], "160 bytes are missing"),
        (npy(RIGHT)[:60], "header"),
        (npy(RIGHT)[:7], "np.save"),
        (npy(RIGHT) + b"x", "1 bytes follow"),
        (b"", "np.save"),
        (b"PK\x03\x04 surely an npz", "np.save"),
        (b"1\n2\n3\n", "np.save"),
        (npy(np.zeros((20, 10))), "argmax"),
        (bytes(FORM.max_bytes + 1), "1185 bytes"),
        (with_header(b" " * (MAX_HEADER + 1)), "header"),
        (with_header(b"{" * 1000), "header"),
        (with_header(b"(" * 150, version=2), "header"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff{}", "header"),
        (b"\x93NUMPY\x09\x00" + bytes(20), "version 9.0"),
        (with_header(b"{'descr': '<i8', 'fortran_order': False, 'shape': (10L,), }"), "10 pred"),
        (with_header(b"{'descr': '<i8', 'fortran_order': False, 'shape': (-1,), }"), "-1 pred"),
        (with_header(b"{'descr': '|V99', 'fortran_order': False, 'shape': (20,), }"), "kind"),
        (with_header(b"{'descr': '\\d', 'fortran_order': False, 'shape': (20,), }"), "header"),
    ],
)  # fmt: skip
def test_every_other_file_is_refused_with_what_to_do(data, words):
    message = fault(data)
    assert words in message
    assert message.isprintable()


def test_the_range_follows_the_number_of_classes():
    assert read_classes(npy(np.full(3, 99, np.int8)), 3, 100).tolist() == [99] * 3
    assert read_classes(npy(np.full(3, 99, np.int8)), 3, 1000).tolist() == [99] * 3
    with pytest.raises(SubmissionError, match="from 0 to 1"):
        read_classes(npy(np.full(3, 2)), 3, 2)


HEADERS = st.builds(
    lambda descr, order, shape, values, version: with_header(
        f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}".encode(
            "latin1", "replace"
        )[:900],
        values,
        version,
    ),
    st.one_of(
        st.sampled_from(["'<i8'", "'|O'", "'>u2'", "'<f8'", "[('a', '<i4')]", "('<i4', (2,))"]),
        st.text(max_size=12).map(repr),
        st.recursive(st.integers() | st.text(max_size=4), st.lists).map(repr),
    ),
    st.sampled_from(["True", "False", "0", "None"]),
    st.one_of(st.sampled_from(["(5,)", "(5, 1)", "()", "5", "(True,)"]), st.text(max_size=8)),
    st.binary(max_size=60),
    st.sampled_from([1, 2]),
)


@given(st.one_of(st.binary(max_size=200), HEADERS, st.binary(max_size=80).map(with_header)))
@example(npy(np.arange(5)))
@settings(max_examples=400, deadline=None)
def test_arbitrary_bytes_are_read_or_refused(data):
    with contextlib.suppress(SubmissionError):
        read = read_classes(data, 5, 10)
        assert (read.shape, read.dtype) == ((5,), np.int64)
        assert ((read >= 0) & (read < 10)).all()


@given(st.integers(0, 200), st.binary(min_size=1, max_size=4))
def test_a_file_with_bytes_overwritten_is_read_or_refused(place, patch):
    data = bytearray(npy(np.arange(5)))
    assume(place + len(patch) <= len(data))
    data[place : place + len(patch)] = patch
    with contextlib.suppress(SubmissionError):
        assert read_classes(bytes(data), 5, 10).shape == (5,)


# The board


def board_of(**right) -> Board:
    board = new_board(LABELS)
    for student, count in right.items():
        board = add_entry(board, student, 1, count, f"sha of {student}", NOW)
    return board


def ranks(board, phase=1):
    return [(one.rank, one.student) for one in standings(board, phase)]


def test_the_score_is_the_number_of_right_ones():
    assert score(RIGHT, LABELS) == 20
    assert score(np.zeros(20, np.int64), LABELS) == 2


def test_ties_share_a_rank_and_the_next_one_is_skipped():
    board = board_of(anna=7, ben=9, cleo=7, dan=3)
    for student, name in (("anna", "zoo"), ("cleo", "ape")):
        board = set_nickname(board, student, name)
    assert ranks(board) == [(1, "ben"), (2, "cleo"), (2, "anna"), (4, "dan")]


def test_the_best_is_kept_and_when_it_was_first_reached():
    board = board_of(anna=7)
    board = add_entry(board, "anna", 1, 5, "worse", LATER)
    board = add_entry(board, "anna", 1, 7, "equal", LATER)
    best = board.students["anna"].best[1]
    assert (best.right, best.reached, best.entries) == (7, NOW, 3)
    board = add_entry(board, "anna", 1, 8, "better", LATER)
    best = board.students["anna"].best[1]
    assert (best.right, best.accuracy, best.reached, best.entries) == (8, 0.4, LATER, 4)


def test_the_same_file_again_is_not_counted_twice():
    board = board_of(anna=7)
    assert add_entry(board, "anna", 1, 7, "sha of anna", LATER) == board
    board = add_entry(board, "anna", 1, 6, "other", LATER)
    board = add_entry(board, "anna", 1, 7, "sha of anna", LATER)
    assert board.students["anna"].best[1].entries == 3


def test_phases_are_apart():
    board = add_entry(board_of(anna=7, ben=3), "ben", 2, 1, "x", NOW)
    assert ranks(board, 1) == [(1, "anna"), (2, "ben")]
    assert ranks(board, 2) == [(1, "ben")]
    assert ranks(board, 3) == []


def test_a_valid_entry_ends_its_fault_and_a_readable_submission_that_of_the_whole():
    board = set_faults(board_of(), "anna", {0: "no archive", 2: "shape"})
    board = set_faults(board, "anna", {1: "floats"})
    assert board.students["anna"].faults == {1: "floats", 2: "shape"}
    board = add_entry(board, "anna", 1, 2, "x", NOW)
    assert board.students["anna"].faults == {2: "shape"}


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.integers(1, 2), st.integers(0, 20)), max_size=30
    ),
    st.dictionaries(st.sampled_from("abcdef"), st.text(max_size=12), max_size=6),
)
def test_ranks_follow_from_the_best_results_alone(entries, nicknames):
    board = new_board(LABELS)
    for number, (student, phase, right) in enumerate(entries):
        board = add_entry(board, student, phase, right, str(number), NOW)
    for student, name in nicknames.items():
        board = set_nickname(board, student, clean_nickname(name))
    for phase in (1, 2):
        best = {s: max(r for t, p, r in entries if (t, p) == (s, phase))
                for s, p, _ in entries if p == phase}  # fmt: skip
        table = standings(board, phase)
        assert {one.student: one.score for one in table} == best
        for one in table:
            assert one.rank == 1 + sum(right > one.score for right in best.values())
            assert one.entries == sum((s, p) == (one.student, phase) for s, p, _ in entries)
        order = [(-one.score, caseless(one.name), one.name) for one in table]
        assert order == sorted(order)
    names = shown_names(board)
    assert names.keys() == board.students.keys()
    keys = [key for name in names.values() for key in look_keys(name)]
    assert len(keys) == len(set(keys))  # no two names share one


# Names


def names_of(*wishes) -> dict[str, str]:
    board = new_board(LABELS)
    for student, nickname in wishes:
        board = set_nickname(board, student, nickname)
    return shown_names(board)


def test_the_second_to_choose_a_name_gets_a_number():
    names = names_of(("zoe", "Ada"), ("anna", "ada"), ("ben", "Ａｄａ"), ("cleo", "Ada (2)"))
    assert names == {"zoe": "Ada", "anna": "ada (2)", "ben": "Ａｄａ (3)", "cleo": "Ada (2) (2)"}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Anna", "\u0410nn\u0430"),  # Cyrillic
        ("anna", "\u0251nna"),  # a Latin alpha
        ("HELEN", "\u041d\u0415L\u0415N"),  # Cyrillic capitals, whose small letters look different
        ("pay", "\u0440\u0430\u0443"),  # Cyrillic alone
        ("Ian", "lan"),
        ("l1", "I1"),
        ("Bernd", "Bemd"),
        ("wendy", "vvencly"),
        ("Owen", "O\u03bd\u03bden"),  # two Greek letters
        ("WANDA", "VVANDA"),
        ("vw", "wv"),
        ("\u00e9t\u00e9", "\u0435\u0301t\u0435\u0301"),  # accents, on Cyrillic letters
        ("O'Neil", "0\u2019Neil"),
        ("\u0627\u0627", "ll"),  # Arabic
    ],
)
def test_names_that_look_alike_are_told_apart(name, other):
    assert names_of(("zoe", name), ("anton", other)) == {"zoe": name, "anton": f"{other} (2)"}
    assert names_of(("zoe", other), ("anton", name)) == {"zoe": other, "anton": f"{name} (2)"}


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Anna", "Anne"),
        ("été", "ete"),
        ("\u5f20\u4f1f", "\u5f20\u73ae"),
        ("Иван", "Ивана"),
        ("B2", "B3"),
        ("vera", "wera"),
        ("carl", "dar1"),
    ],
)
def test_names_that_look_different_stay_as_they_are(name, other):
    assert names_of(("zoe", name), ("anton", other)) == {"zoe": name, "anton": other}


@given(st.text(max_size=20))
def test_a_name_looks_like_itself_in_any_spelling(name):
    for form in ("NFC", "NFD"):
        assert look_keys(unicodedata.normalize(form, name)) == look_keys(name)


def test_who_changes_to_a_taken_name_comes_after_its_owner():
    names = names_of(("anna", "one"), ("ben", "two"), ("anna", "two"))
    assert names == {"anna": "two (2)", "ben": "two"}


def test_without_a_nickname_there_is_a_steady_name_that_nobody_can_take():
    board = set_faults(new_board(LABELS), "anna", {})
    name = shown_names(board)["anna"]
    assert re.fullmatch("anonymous [0-9a-f]{4}", name)
    taken = shown_names(set_nickname(board, "ben", name))
    assert taken == {"anna": name, "ben": f"{name} (2)"}
    other = msgspec.structs.replace(board, salt="another")
    assert shown_names(other)["anna"] != name


def test_on_a_page_anonymous_names_are_in_the_variants_language_and_nobody_can_take_one(tmp_path):
    manifest = SimpleNamespace(language="zh")
    harness = SimpleNamespace(manifest=manifest, title="作业", data=None, sha256="ab" * 32)
    taken = shown_names(board_of(anna=3), "匿名")["anna"]
    board = set_nickname(board_of(anna=3, ben=2), "ben", taken)
    publish(tmp_path, harness, board, 1)
    page = (tmp_path / "leaderboard.html").read_text("utf-8")
    names = re.findall("匿名 [0-9a-f]{4,}(?: \\(2\\))?", page)
    assert len(names) == len(set(names)) == 2
    assert "anonymous" not in page


def test_anonymous_names_differ_in_a_large_class():
    board = new_board(LABELS)
    for number in range(700):
        board = set_faults(board, f"s{number}", {})
    assert len(set(shown_names(board).values())) == 700


@pytest.mark.parametrize(
    "nickname", ["ben", "BEN", "ｂｅｎ", "b-e-n", "Ben.", "b\u0435n", "b\u0435-n"]
)
def test_another_students_id_is_never_shown(nickname):
    names = names_of(("anna", nickname), ("ben", "lion"))
    assert names["anna"].startswith("anonymous")
    assert names["ben"] == "lion"


def test_a_nickname_beside_an_id_that_two_letters_make_alike_is_shown():
    assert names_of(("anna", "Clark"), ("dark", "lion")) == {"anna": "Clark", "dark": "lion"}


def test_ones_own_id_may_be_shown():
    assert names_of(("anna", "Anna"), ("ben", ""))["anna"] == "Anna"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("plumb bob\n", "plumb bob"),
        ("  two \n lines\t", "two lines"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x", "x"),
        ("a\u202eb\u200bc\u2066d\ufeff", "abcd"),
        ("x" * 99, "x" * 30),
        ("x" * 29 + " y", "x" * 29),
        ("\u3164 \u200d\u00ad", ""),
        ("", ""),
        ("<b>", "<b>"),
        ("名字 🙂", "名字 🙂"),
    ],
)
def test_a_nickname_is_cleaned(text, name):
    assert clean_nickname(text) == name


def test_a_nickname_is_read_as_editors_save_it():
    assert read_nickname("\ufeffÄda\r\n".encode()) == "Äda"
    assert read_nickname("Äda".encode("utf-16")) == "Äda"
    assert read_nickname("Äda".encode("latin1")) is None
    assert read_nickname(b"\xff\xfea") is None
    assert read_nickname(b"") == ""


# What is shown


def hostile_board() -> Board:
    board = board_of(anna=7, ben=9, cleo=7)
    board = set_nickname(set_nickname(board, "anna", HOSTILE), "ben", "=1+1")
    return set_faults(board, "@dan", {1: "\x1b[31m=bad", 0: "nothing"})


def test_the_page_is_inert_and_names_no_student():
    board = hostile_board()
    made = {"time": "2026-03-01T10:20:30+00:00", "harness_sha256": "ab" * 32}
    made |= {"language": IN_ENGLISH, "noun": "image"}
    page = leaderboard_page("T<i>", phase_tables(board, 2), **made)
    assert "Ranked 2026-03-01 10:20 UTC with harness <code>abababababab</code>" in page
    assert "default-src 'none'" in html.unescape(page)
    assert "&lt;b onclick=x()&gt;{{7*7}}" in page
    assert "T&lt;i&gt;" in page
    assert not re.search("<b |<i>|<script|\x1b|\u202e|style=", page)
    assert "Phase 2" in page
    assert "Nobody has a valid entry yet" in page
    for student in ("anna", "ben", "cleo", "dan"):
        assert student not in page
    assert "Phase" not in leaderboard_page("T", phase_tables(board, 1), **made)


def test_the_page_is_in_the_language_of_the_variant():
    tables = phase_tables(new_board(LABELS), 2)
    made = {"time": "2026-03-01T10:20:30+00:00", "harness_sha256": "ab" * 32}
    page = leaderboard_page("作业", tables, noun="image", language=language("zh"), **made)
    text = re.sub(r"<style>.*?</style>|<[^>]*>", "", page, flags=re.DOTALL)
    assert re.findall(r"[A-Za-z]{3,}", text.replace("UTC", "")) == ["abababababab"]
    assert "第 2 阶段 0 人参加，20 幅图像" in " ".join(text.split())


def test_the_public_table_is_for_spreadsheets_and_names_no_student():
    rows = list(csv.reader(io.StringIO(public_csv(hostile_board(), 2))))
    assert rows[0] == ["phase", "rank", "nickname", "accuracy", "right", "of", "entries"]
    assert rows[1] == ["1", "1", "'=1+1", "0.45", "9", "20", "1"]
    assert [row[:2] for row in rows[1:]] == [["1", "1"], ["1", "2"], ["1", "2"]]
    text = public_csv(hostile_board(), 2)
    assert not re.search("anna|ben|cleo|dan|\x1b", text)


def test_the_staffs_table_adds_ids_and_faults():
    board = set_faults(hostile_board(), "ben", {2: "floats", 7: "no such phase"})
    board = set_faults(board, "cleo", {0: "no archive"})
    rows = list(csv.DictReader(io.StringIO(staff_csv(board, 2))))
    seen = [(row["phase"], row["rank"], row["student"], row["fault"]) for row in rows]
    assert ("1", "1", "ben", "") in seen
    assert ("1", "2", "cleo", "no archive") in seen
    assert ("2", "", "ben", "floats") in seen
    assert ("7", "", "ben", "no such phase") in seen
    assert ("1", "", "'@dan", "'=bad") in seen
    assert ("", "", "'@dan", "nothing") in seen
    assert len(seen) == 7


def test_the_lines_for_a_pipe_are_aligned():
    board = set_nickname(set_nickname(board_of(anna=7, ben=20), "ben", "名字"), "anna", "x" * 30)
    text = [line.plain for line in text_lines(board, 2)]
    assert text[1].split() == ["1", "名字", "100", "%", "20/20", "1", "entry"]
    assert text[2].split() == ["2", "x" * 30, "35", "%", "7/20", "1", "entry"]
    assert text[3:] == ["", "Phase 2", "no valid entry yet"]


# Its file


def test_a_board_is_read_back_as_it_was_saved(tmp_path):
    board = hostile_board()
    save_board(tmp_path, board)
    assert open_board(tmp_path, LABELS) == board
    assert [path.name for path in tmp_path.iterdir()] == ["leaderboard.json"]


def test_a_board_of_other_labels_or_a_damaged_one_is_never_overwritten(tmp_path):
    save_board(tmp_path, board_of(anna=7))
    with pytest.raises(UserError, match="other labels"):
        open_board(tmp_path, LABELS[::-1])
    assert open_board(tmp_path, LABELS.astype(">i2")).students
    (tmp_path / "leaderboard.json").write_text("{")
    with pytest.raises(UserError, match="damaged"):
        open_board(tmp_path, LABELS)


# Out of submissions


def packed(path: Path, **files) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_predictions_are_found_at_any_depth_and_the_nearest_counts(tmp_path):
    path = packed(tmp_path / "a.zip", **{
        "hw/output/phase_1/prediction.npy": npy(RIGHT),
        "hw/old/output/phase_1/prediction.npy": b"old",
        "hw/output/phase_2/prediction.npy": npy(RIGHT[::-1]),
        "hw/output/nickname.txt": "Ada",
        "hw/data/prediction.npy": b"no", "hw/output/phase_01/prediction.npy": b"no",
        "hw/not_output/phase_2/prediction.npy": b"no", "hw/big.npy": bytes(9999),
    })  # fmt: skip
    handed = find_predictions(path, 2, FORM)
    assert handed.predictions == {1: npy(RIGHT), 2: npy(RIGHT[::-1])}
    assert (handed.nickname, handed.faults) == ("Ada", {})


def test_of_two_as_near_none_can_count(tmp_path):
    path = packed(tmp_path / "a.zip", **{
        "x/output/phase_1/prediction.npy": npy(RIGHT),
        "y/output/phase_1/prediction.npy": npy(RIGHT[::-1]),
    })  # fmt: skip
    assert "hand in one of them" in find_predictions(path, 1, FORM).faults[1]


@pytest.mark.parametrize(
    ("name", "data", "phase", "words"),
    [
        ("output/phase_3/prediction.npy", npy(RIGHT), 3, "phases 1 to 2"),
        ("output/phase_1/prediction.npy", bytes(9999), 1, "argmax"),
        ("prediction.npy", npy(RIGHT), 0, "output/phase_1/prediction.npy"),
        ("/output/phase_1/prediction.npy", npy(RIGHT), 1, "absolute path"),
    ],
)
def test_a_misplaced_file_is_a_sentence(tmp_path, name, data, phase, words):
    faults = find_predictions(packed(tmp_path / "a.zip", **{name: data}), 2, FORM).faults
    assert list(faults) == [phase]
    assert words in faults[phase]


def test_an_archive_of_one_phase_holds_the_bare_file(tmp_path):
    for number, inner in enumerate(("prediction.npy", "prediction_phase_2/prediction.npy")):
        path = packed(tmp_path / str(number) / "anna_prediction_phase_2 (1).zip", **{inner: b"x"})
        assert find_predictions(path, 2, FORM).predictions == {2: b"x"}


def test_a_folder_with_archives_of_phases(tmp_path):
    packed(tmp_path / "anna" / "prediction_phase_1.zip", **{"prediction.npy": b"x"})
    (tmp_path / "anna" / "prediction_phase_2.zip").write_bytes(b"no zip")
    handed = find_predictions(tmp_path / "anna", 2, FORM)
    assert handed.predictions == {1: b"x"}
    assert "prediction_phase_2.zip: the archive is damaged" in handed.faults[2]


def test_links_are_not_followed(tmp_path):
    (tmp_path / "secret.npy").write_bytes(npy(RIGHT))
    folder = tmp_path / "anna" / "output" / "phase_1"
    folder.mkdir(parents=True)
    (folder / "prediction.npy").symlink_to(tmp_path / "secret.npy")
    assert "symbolic links" in find_predictions(tmp_path / "anna", 1, FORM).faults[1]


def test_other_files_are_no_submissions(tmp_path):
    (tmp_path / "a.npy").write_bytes(npy(RIGHT))
    assert "no archive" in find_predictions(tmp_path / "a.npy", 1, FORM).faults[0]


def test_a_submission_that_breaks_the_reader_is_a_fault_like_any_other(tmp_path, monkeypatch):
    def broken(*_):
        raise RuntimeError("a bug")

    monkeypatch.setattr("autograder.leaderboard.submissions.find_predictions", broken)
    judged = score_submission(Job(tmp_path, "anna"), Leaderboard(), RIGHT, new_board(RIGHT), NOW)
    assert "Plumbline failed to read it (RuntimeError: a bug)" in judged.faults[0]
    assert judged.valid == ()
