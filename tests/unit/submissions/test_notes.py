"""Notes on what does not count are told apart from those on what does."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.submissions.job import Job, with_distinct_ids
from autograder.submissions.notes import LeftAside, left_aside, shortened, under
from autograder.submissions.submission import read_submission
from tests.tiny import ANSWER_CELL, ANSWERS, handed_in, notebook, tiny_harness

NOTE = st.builds(lambda kind, text: kind(text), st.sampled_from([str, LeftAside]), st.text())


@given(st.lists(NOTE), st.integers(1, 5))
def test_shortening_loses_nothing_that_a_person_should_look_at(notes, most):
    kept = shortened(notes, most)
    assert kept[:most] == notes[:most]
    assert len(kept) <= most + 1
    assert bool(left_aside(kept)) == bool(left_aside(notes))


@given(NOTE, st.text())
def test_a_note_stays_of_its_kind_under_a_file_name(note, head):
    assert type(under(head, note)) is type(note)
    assert under(head, note) == f"{head}: {note}"


def read(folder, files):
    """The notes on a right submission with these files beside and instead of its own."""
    path = handed_in(folder / "anna")
    for name, text in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_submission(path, tiny_harness(folder)).notes


LEFT = {
    "a changed file that is given": {"tiny/given.py": "def tenfold(x):\n    return 0\n"},
    "a name of no module": {"tiny/my-ops.py": "x = 1\n"},
    "a name that is shown as it was written": {"tiny/my-ops.PY": "x = 1\n"},
    "marks of a conflict in a helper": {"tiny/mine.py": "<<<<<<< a\n=======\n>>>>>>> b\n"},
    "a module elsewhere": {"other/thing.py": "x = 1\n"},
    "a copy": {"tiny/ops (1).py": ANSWERS["ops.py"]},
    "a hidden folder": {".work/ops.py": "x = 1\n"},
    "an archive of another kind": {"more.rar": "x"},
    "a notebook that is none": {"Other.ipynb": "{"},
    "marks of a conflict": {"tiny/ops.py": "<<<<<<< a\n=======\n>>>>>>> b\n"},
    "a cell twice": {
        "Tiny.ipynb": notebook(
            {"id": "best", "source": ANSWER_CELL}, {"id": "best", "source": f"{ANSWER_CELL}\n"},
            {"id": "b", "source": ANSWER_CELL.replace("7", "8")},
        )
    },
    "a name that no cell defines": {
        "Tiny.ipynb": notebook({"id": "best", "source": ANSWER_CELL.replace("7", "seven")})
    },
}  # fmt: skip
UNDERSTOOD = {
    "nothing": {},
}


@pytest.mark.parametrize("files", LEFT.values(), ids=LEFT)
def test_what_does_not_count_is_left_aside(tmp_path, files):
    assert left_aside(read(tmp_path, files))


@pytest.mark.parametrize("files", UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_what_counts_under_another_name_is_not(tmp_path, files):
    notes = read(tmp_path, files)
    assert left_aside(notes) == []
    assert len(notes) == len(files)


def test_a_second_submission_of_one_id_is_to_be_looked_at():
    _, second = with_distinct_ids([Job(Path("a/anna"), "anna"), Job(Path("b/anna"), "anna")])
    assert left_aside(second.notes) == list(second.notes) != []
