"""The release's notebook with the student's answer cells in it."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.cell_source import MAX_SEARCHED, MAX_SOURCE
from autograder.core.cell_statements import extract_statements
from autograder.cpu_guard import limited_cpu_time
from autograder.errors import HarnessError, SubmissionError
from autograder.submissions.notebook import (
    ReleaseCell,
    notebook_cells,
    read_answers,
    release_cells,
)
from tests.peak import peak_of
from tests.tiny import ANSWER_CELL, MANIFEST, STUB_CELL, notebook, release_notebook

OTHER = "# BEGIN YOUR CODE plot.first\nraise NotImplementedError('TODO: plot.first')"
RELEASE = [
    ReleaseCell("setup", "setup", "import math"),
    ReleaseCell("best", "answer", STUB_CELL, ("best",)),
    ReleaseCell("plot", "answer", OTHER, ("plot.first",)),
]


def fill(release, answers):
    """The release's cells as they are run with these answers."""
    given = notebook_cells(release, answers, []).given
    return [{"id": cell.id, "source": cell.source} for cell in given]


def read(data, release=RELEASE):
    """The answers in code, and the notes."""
    found = read_answers(data, release, MANIFEST)
    return found.code, found.notes


def test_only_setup_and_answer_cells_of_the_release_are_run(tmp_path):
    path = tmp_path / "Tiny.ipynb"
    path.write_bytes(release_notebook())
    assert release_cells(path, MANIFEST) == RELEASE[:2]
    path.write_bytes(b"{}")
    with pytest.raises(HarnessError, match=r"Tiny\.ipynb"):
        release_cells(path, MANIFEST)


def test_answers_are_taken_by_id_whatever_else_was_changed():
    data = notebook(
        {"id": "plot", "source": ["a = 1\n", "b = 2"]},
        {"id": "setup", "source": "import os; os._exit(0)"},
        "print('a cell of their own')",
        {"id": "best", "source": ANSWER_CELL, "metadata": {"plumbline": {"role": "setup"}}},
        {"id": "best", "cell_type": "markdown", "source": "prose"},
    )
    answers, notes = read(data)
    assert answers == {"best": ANSWER_CELL, "plot": "a = 1\nb = 2"}
    assert notes == []
    assert fill(RELEASE, answers) == [
        {"id": "setup", "source": "import math"},
        {"id": "best", "source": ANSWER_CELL},
        {"id": "plot", "source": "a = 1\nb = 2"},
    ]


def test_where_ids_were_dropped_the_marker_names_the_cell():
    data = notebook(
        {"id": None, "source": f"# my best\n{ANSWER_CELL}"}, {"id": "x9", "source": OTHER}
    )
    answers, notes = read(data)
    assert answers == {"best": f"# my best\n{ANSWER_CELL}", "plot": OTHER}
    assert notes == []


def test_a_known_id_says_more_than_a_marker():
    data = notebook({"id": "plot", "source": ANSWER_CELL})
    assert read(data)[0] == {"plot": ANSWER_CELL}


def test_of_a_cell_copied_the_last_that_is_written_counts():
    data = notebook(
        {"id": "best", "source": "first = 1"},
        {"id": "best", "source": ANSWER_CELL},
        {"id": "best", "source": f"{STUB_CELL}\n"},
        {"id": "plot", "source": OTHER},
    )
    answers, notes = read(data)
    assert answers["best"] == ANSWER_CELL
    assert notes == ["the answer cell best is there more than once; the last one counts"]


def test_an_untouched_copy_is_not_worth_a_note():
    data = notebook(*[{"id": c, "source": s} for c, s in
                      [("best", STUB_CELL), ("best", ANSWER_CELL), ("plot", OTHER)]])  # fmt: skip
    answers, notes = read(data)
    assert answers["best"] == ANSWER_CELL
    assert notes == []


def test_an_answer_cell_that_is_gone_is_noted_and_stays_a_stub():
    answers, notes = read(notebook({"id": "best", "source": ANSWER_CELL}))
    assert notes == ["the answer cell plot was not found"]
    assert fill(RELEASE, answers)[2]["source"] == OTHER


def test_another_cell_of_absurd_length_is_not_run_and_told():
    used = {"id": "best", "source": "def best():\n    return T"}
    long = "T = 3\n" + "#" * MAX_SOURCE
    notes = read(notebook(used, {"id": "plot", "source": "1"}, {"id": "own", "source": long}))[1]
    assert "code cell 3 is too long to be run" in notes


def test_an_answer_of_absurd_length_is_not_run():
    data = notebook({"id": "best", "source": "x" * (MAX_SOURCE + 1)}, {"id": "plot", "source": "1"})
    answers, notes = read(data)
    assert answers == {"plot": "1"}
    assert notes == [
        "the answer cell best is too long to be run",
        "best was not found in any cell",
    ]


@pytest.mark.parametrize("version", [2, 5, 0])
def test_another_version_of_the_format_says_what_to_do(version):
    with pytest.raises(SubmissionError, match="re-save it as version 4"):
        read(notebook(nbformat=version))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"null", b"{}", b'{"nbformat": 4, "cells": 7}', b"\xff\xfe", b"<html>",
        b'{"nbformat": 4, "cells": [{"source": 3}]}', b'{"nbformat": 4, "x": ' + b"[" * 100_000,
        b'{"nbformat": 4, "x": NaN, "cells": 7}', b'{"nbformat": 4, "cells": [NaN]}',
        b'{"nbformat": "4"}', b'{"nbformat": ' + b"4" * 5000 + b"}",
    ],
)  # fmt: skip
def test_what_is_no_notebook_says_so(data):
    with pytest.raises(SubmissionError, match="open it in Jupyter"):
        read(data)


@pytest.mark.parametrize("place", ['"OUT"', '"OTHER"'])
@pytest.mark.parametrize(
    "value",
    [b"NaN", b"-Infinity", b'"\\ud800"', b'"\x01\x00"', b'"\xff"', b"null", b"3", b"[null]"],
)
def test_oddities_in_an_output_or_another_cell_leave_the_answers(value, place):
    data = notebook(
        {"id": "best", "source": ANSWER_CELL, "outputs": [{"text": "OUT"}]},
        {"id": "x", "source": "OTHER"},
        {"id": "plot", "source": OTHER},
    )
    answers, notes = read(data.replace(place.encode(), value))
    assert answers == {"best": ANSWER_CELL, "plot": OTHER}
    assert notes == []


def test_oddities_in_a_notebook_of_version_3_leave_the_answers():
    old = [{"cell_type": "code", "input": ANSWER_CELL, "outputs": [{"x": float("nan")}]}]
    data = json.dumps({"nbformat": 3, "worksheets": [{"cells": old}]}).encode()
    assert read(data, RELEASE[:2])[0] == {"best": ANSWER_CELL}


def test_half_a_character_in_an_answer_is_marked():
    data = notebook({"id": "best", "source": f"# \ud83d\n{ANSWER_CELL}"})
    assert read(data, RELEASE[:2])[0] == {"best": f"# \ufffd\n{ANSWER_CELL}"}


CONFLICT = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n"


def test_markers_of_a_conflict_have_a_sentence_of_their_own():
    with pytest.raises(SubmissionError, match=r"git's markers of a conflict .* in line 1\)"):
        read(CONFLICT.format("{", "{").encode() + notebook("x = 1"))
    answer = f"{ANSWER_CELL}\n{CONFLICT.format('a = 1', 'a = 2')}"
    answers, notes = read(notebook({"id": "best", "source": answer}), RELEASE[:2])
    assert answers == {"best": answer}
    assert "the answer cell best cannot be run: git's markers of a conflict" in notes[-1]
    assert "in line 4" in notes[-1]


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"PK\x03\x04..", "zip"), (b"Rar!\x1a\x07\x01\0", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7z")],
)
def test_an_archive_in_the_place_of_a_notebook_is_told(data, kind):
    with pytest.raises(SubmissionError, match=f"no notebook but a {kind} archive"):
        read(data)


@pytest.mark.parametrize(("cell_type", "kind"), [("markdown", "Markdown"), ("raw", "raw")])
@pytest.mark.parametrize("cell_id", ["best", "x9"])
def test_an_answer_cell_that_became_another_kind_is_told(cell_type, kind, cell_id):
    data = notebook({"id": cell_id, "source": ANSWER_CELL, "cell_type": cell_type})
    answers, notes = read(data, RELEASE[:2])
    assert answers == {}
    assert notes == [
        f"the answer cell best is a {kind} cell now, so its text does not count; "
        "make it a code cell again"
    ]


def test_outputs_metadata_and_a_byte_order_mark_are_ignored():
    content = json.loads(notebook({"id": "best", "source": ANSWER_CELL, "outputs": [{"x": "<b>"}]}))
    content["metadata"] = {"kernelspec": {"name": "evil"}, "deep": [[[1]]]}
    data = b"\xef\xbb\xbf" + json.dumps(content).encode()
    assert read(data, RELEASE[:2])[0] == {"best": ANSWER_CELL}


@pytest.mark.long
def test_many_cells_are_read_soon():
    data = notebook(*["pass"] * 20_000)
    assert read(data)[0] == {}
    many = [
        ReleaseCell(f"answer-{number}", "answer", ANSWER_CELL, (f"a{number}",))
        for number in range(30)
    ]
    with limited_cpu_time(20):
        assert read(notebook(*[""] * 100_000), many)[0] == {}


def test_lines_may_end_in_any_way():
    text = "import math\r\rdef best():\r    return 7\r\n"
    assert read(notebook({"id": "best", "source": text}))[0] == {
        "best": "import math\n\ndef best():\n    return 7\n"
    }


#: Lines end in one way once they are read.
sources = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=200)


@given(sources, sources)
def test_answers_put_in_are_the_answers_that_come_out(best, plot):
    wanted = {"best": best, "plot": plot}
    run = fill(RELEASE, wanted)
    answers, _ = read(notebook(*run))
    assert answers == wanted
    assert fill(RELEASE, answers) == run


@given(st.dictionaries(st.text(max_size=8), sources))
def test_whatever_answers_name_only_answer_cells_change(answers):
    run = fill(RELEASE, answers)
    assert [cell["id"] for cell in run] == ["setup", "best", "plot"]
    assert run[0]["source"] == "import math"


def read_or_refused(data, always=4 << 20):
    """Reading may raise the documented error alone, and take `always` and 1,200 times the bytes.

    `always` is what may be taken for a notebook of any size.
    """

    def attempt():
        with contextlib.suppress(SubmissionError):
            read(data)

    assert peak_of(attempt) < 1200 * len(data) + always


@given(st.binary(max_size=100), st.integers(0, 700), st.integers(0, 100))
def test_bytes_of_any_kind_are_read_or_refused(noise, where, cut):
    good = notebook({"id": "best", "source": ANSWER_CELL}, "x = 1")
    read_or_refused(good[:where] + noise + good[where + cut :])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
pieces_of_code = st.sampled_from(
    ["def f(", "class A(f):", "):", "\n", "\n    ", "(", ")", "[", "]", "{", "lambda x: ", "'",
     '"""', "\\", "\\\n", "%%time\n", "%%bash", "!ls", "x?", "x = ", "best", "f(1)", "import ",
     "*", "print 1", "@", "# BEGIN YOUR CODE best\n", "# END YOUR CODE best\n", "\0", "\ud800",
     "\x0c", "\r", "\u2028", "async ", "await ", "yield ", "return", "global best\n", ":=", "f'{",
     "1e999", "-" * 3000, "(" * 300, "[" * 3000, "x." * 3000]
)  # fmt: skip
code = st.lists(pieces_of_code, max_size=12).map("".join)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"source": code | st.lists(code, max_size=3) | json_values},
            optional={
                "cell_type": st.sampled_from(["code", "markdown", "raw"]) | json_values,
                "id": st.sampled_from(["best", "plot", "setup"]) | json_values,
            },
        ),
        max_size=4,
    ),
    st.sampled_from([3, 4, 5]),
)
def test_cells_of_any_kind_are_read_or_refused(cells, nbformat):
    data = notebook(*cells)
    if nbformat == 3:
        old = [{"input": cell.get("source"), **cell} for cell in cells]
        data = json.dumps({"nbformat": 3, "worksheets": [{"cells": old}]}).encode()
    elif nbformat == 5:
        data = data.replace(b'"nbformat": 4', b'"nbformat": 5')
    read_or_refused(data)


@pytest.mark.parametrize("text", ["a\n", "a;", "[]\n", "-", "(", "a=", "def f():0\n", "\\"])
def test_code_that_takes_much_to_read_takes_no_more_than_that(text):
    read_or_refused(notebook(text * (10_000 // len(text)) + "1"), always=1 << 20)


def test_more_code_than_anybody_writes_is_not_searched():
    assert extract_statements(["def f():\n    pass\n"])
    assert peak_of(lambda: extract_statements(["a\n" * (MAX_SEARCHED // 2), "b"])) < 1 << 20
