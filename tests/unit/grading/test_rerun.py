"""What a teaching assistant sees of a check that is run again."""

import io

import numpy as np
import pytest
from rich.console import Console

from autograder.core.remote import Name, Ref
from autograder.core.tables import Column, Table
from autograder.errors import UserError
from autograder.grading.rerun import rerun_checks
from autograder.records import Outcome, encode
from autograder.render.inspection import (
    MAX_REQUESTS,
    Inspection,
    Request,
    inspection_parts,
    shown_value,
)
from autograder.sandbox import backend
from tests.boxes import once, session_on
from tests.tiny import ANSWER_CELL, ANSWERS, handed_in, notebook, tiny_harness
from tests.unit.render.test_render import a_check

DOUBLE = "def double(x):\n    print('hm')\n    return x  # too small"
WRONG = f"{DOUBLE}\n\n\ndef pair(x):\n    return x, -x\n"


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return tiny_harness(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def path(tmp_path):
    return handed_in(tmp_path / "alice", ANSWERS | {"ops.py": WRONG})


def printed(inspection):
    console = Console(file=io.StringIO(), width=80)
    for part in inspection_parts(inspection):
        console.print(part, soft_wrap=True)
    return console.file.getvalue()


def test_a_check_is_shown_whatever_it_needs_with_what_differs(harness, path):
    done = rerun_checks(path, harness, backend("none"), "thrice")
    (seen,) = done.inspections
    assert done.report is None
    assert done.complete
    assert (seen.result.outcome, seen.result.output) == (Outcome.FAILED, "hm\n")
    (difference,) = seen.differences
    assert difference.observed.shape == difference.expected.shape == (3,)
    text = printed(seen)
    assert "It needs double. A report calls this check skipped" in text
    assert "out, observed:" in text
    assert "out, expected:" in text
    assert "float64, shape (3,)" in text
    for word in ("def thrice", "def double", "call of"):
        assert word not in text


def test_on_request_it_shows_the_check_its_inputs_and_the_students_function(harness, path):
    done = rerun_checks(path, harness, backend("none"), "double", full=True)
    twice, nearly = map(printed, done.inspections)
    assert "the check, all.py:" in twice
    assert '@check("double", points=1, seed=2, visible=True)\ndef twice(student, rng):' in twice
    assert "call of ops.double, with:\nfloat64, shape (2, 3)\n[[" in twice
    assert f"ops.double, in ops.py:1:\n{DOUBLE}\n" in twice
    assert "def pair" not in twice
    assert "def nearly" in nearly
    assert "def twice" not in nearly


def test_on_request_it_shows_a_function_that_the_check_has_from_a_notebook(harness, tmp_path):
    cell = f"SEVEN = 7\n{ANSWER_CELL.replace('return 7', 'return SEVEN')}"
    path = handed_in(tmp_path / "ben", best=cell)
    (seen,) = rerun_checks(path, harness, backend("none"), "chosen", full=True).inspections
    text = printed(seen)
    assert "call of Tiny.ipynb: best, with:" in text
    assert "best, in Tiny.ipynb, cell best:3:\ndef best():\n    return SEVEN\n" in text
    assert "handle of" not in text


@pytest.mark.parametrize("check", ["chosen", ""])
def test_that_the_cells_were_chosen_anew_is_said_where_there_are_some(harness, tmp_path, check):
    path = handed_in(tmp_path / "ben")
    told = ["tried anew" in " ".join(rerun_checks(path, harness, backend("none"), check).notes)]
    answer = ANSWER_CELL.replace("return 7", "return SEVEN")
    (path / "Tiny.ipynb").write_bytes(notebook("SEVEN = 7", {"id": "best", "source": answer}))
    first = rerun_checks(path, harness, backend("none"))
    told += ["tried anew" in " ".join(rerun_checks(path, harness, backend("none"), check).notes)]
    assert told == [False, True]
    report = tmp_path / "ben.json"
    report.write_bytes(encode(first.report))
    again = rerun_checks(path, harness, backend("none"), check, report=report)
    assert not any("tried anew" in note for note in again.notes)


def test_a_function_that_was_not_handed_in_is_named(harness, tmp_path):
    path = handed_in(tmp_path / "ben")
    (path / "tiny" / "ops.py").write_text("def pair(x):\n    return x, -x\n")
    (seen,) = rerun_checks(path, harness, backend("none"), "twice", full=True).inspections
    assert "ops.double:\nwas not handed in, or could not be found" in printed(seen)


def test_inputs_are_shown_as_they_were_at_the_call_and_only_so_many():
    asked = [Request("call", (Name("ops.double"), [number], {"k": 2})) for number in range(23)]
    result = a_check("one")
    text = printed(Inspection(result, requests=asked))
    assert "call of ops.double, with:\n0\nk = 2\n" in text
    assert text.count("call of ops.double") == MAX_REQUESTS
    assert "and 3 more requests" in text


def test_a_check_may_change_its_array_after_the_call(tmp_path):
    with session_on("def f(x):\n    return x\n", box="none") as session:
        session.keep_requests = True

        def act(student):
            x = np.zeros(2)
            student.m.f(x)
            x += 1

        once(session, act)
        ((operation, operands),) = session.requests
    assert operation == "call"
    assert (operands[1][0] == 0).all()


@pytest.mark.parametrize(
    ("value", "text"),
    [(np.float64(0.5), "0.5"), (np.array(2), "2"), ("a", "'a'"), (None, "None"),
     (np.arange(3), "int64, shape (3,)\n[0, 1, 2]"),
     (Ref(3, "Net"), "<handle of a Net>"), (Name("layers.f"), "layers.f")],
)  # fmt: skip
def test_values_in_words(value, text):
    assert shown_value(value) == text


def test_a_long_array_in_a_dictionary_is_cut_too():
    assert len(shown_value(["x" * 100] * 100)) < 2100
    columns = (Column("n", "int64", np.arange(30)), Column("s", "str", ["a"] * 30))
    table = Table("DataFrame", columns, (Column(None, "int64", range(30)),))
    assert shown_value(table).splitlines() == [
        "DataFrame of 30 rows: 'n' (integer), 's' (string)",
        "None: range(0, 30)",
        f"'n': {', '.join(map(str, range(20)))}, …",
        f"'s': {', '.join('a' * 20)}, …",
    ]
    assert "'w': array([0., 0., ..., 0., 0.]" in shown_value({"pad": 1, "w": np.zeros(100)})


def test_without_a_name_the_whole_report_is_made(harness, path):
    done = rerun_checks(path, harness, backend("none"))
    assert [check.outcome for check in done.report.checks if check.question == "double"] == [
        Outcome.FAILED, Outcome.FAILED,
    ]  # fmt: skip
    assert done.inspections == ()


def test_what_is_unknown_is_said_with_what_is_near(harness, path):
    with pytest.raises(UserError, match="no check and no question 'doubel'; did you mean double"):
        rerun_checks(path, harness, backend("none"), "doubel")
    with pytest.raises(UserError, match="nothing of a student 'alce'; did you mean alice"):
        rerun_checks(path, harness, backend("none"), "double", student="alce")
