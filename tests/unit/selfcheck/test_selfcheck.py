"""What a student sees of their own work: messages that teach, in a terminal and in a notebook."""

import html
import importlib
import io
import json
import re
import sys
import textwrap
import types

import numpy as np
import pytest

from autograder.core.errors import StudentError, UnknownQuestion
from autograder.core.expected import encode_expected
from autograder.core.judge import Expected
from autograder.core.student import TraceEntry
from autograder.selfcheck.checking import check, reimported, results_of
from autograder.selfcheck.notebooks import RunningNotebook, from_files
from autograder.selfcheck.notice import Notice, announced, usual_notice, write_line
from autograder.selfcheck.table import Table, totals, write
from autograder.selfcheck.work import load

CHECKS = '''
import numpy as np
from plumbline import check

@check("double", points=2, seed=0, visible=True)
def plain(student, rng):
    """Twice a matrix."""
    return {"out": student.arithmetic.double(np.arange(6.0).reshape(2, 3))}

@check("treble", points=1, seed=0, visible=True)
def threefold(student, rng):
    """Three times, by way of twice."""
    return {"out": student.arithmetic.treble(np.arange(2.0))}

@check("noted", points=1, seed=0, visible=True)
def from_the_notebook(student, rng):
    """An answer in a notebook."""
    return {"out": student.notebook("N").answer()}
'''


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A student's folder with a package whose one module is to be written."""
    folder = tmp_path / "selfcheck"
    for name in ("checks", "expected"):
        (folder / name).mkdir(parents=True)
    (folder / "checks" / "c.py").write_text(CHECKS)
    expected = {
        "double.plain": Expected(
            {"out": 2 * np.arange(6.0).reshape(2, 3)}, (TraceEntry("x", "y"),)
        ),
        "treble.threefold": Expected({"out": 3 * np.arange(2.0)}),
        "noted.from_the_notebook": Expected({"out": 42}),
    }
    for name, data in encode_expected(expected).items():
        (folder / "expected" / name).write_bytes(data)
    about = {
        "package": "sc_pocket",
        "title": "Pocket",
        "questions": [
            {"id": q, "title": q, "notebook": "N", "kind": "code"}
            for q in ("double", "treble", "noted")
        ],
        "name": "sc-pocket",
        "regions": ["double", "treble.first", "noted", "why"],
        "language": "en",
        "check_titles": {},
        "given": {},
        "answer_files": {"m.py": {"double": ["double"], "treble.first": ["treble"]}},
        "stub_digests": {"m.py": "", "arithmetic.py": ""},
        "notebooks": ["N"],
        "modules": {},
        "cells": {},
        "setup": {"N": ["%matplotlib inline\nimport math\n"]},
        "defines": {"N": ["answer"]},
        "markers": [
            {"begin": "BEGIN YOUR CODE", "end": "END YOUR CODE", "tail": ""},
            {"begin": "BEGIN YOUR ANSWER", "end": "END YOUR ANSWER", "tail": ""},
        ],
        "suffixes": [],
        "leaderboard": None,
    }
    (folder / "assignment.json").write_text(json.dumps(about))
    (tmp_path / "sc_pocket").mkdir()
    (tmp_path / "sc_pocket" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [n for n in sys.modules if n.startswith("sc_pocket")]:
        del sys.modules[name]


def ask(folder, source, *questions, notice=None):
    (folder / "sc_pocket" / "arithmetic.py").write_text(textwrap.dedent(source))
    for name in [n for n in sys.modules if n.startswith("sc_pocket")]:
        del sys.modules[name]
    loaded = load(folder / "selfcheck")
    notebook, notice = from_files(folder, loaded.about), notice or usual_notice()
    return list(results_of(loaded, loaded.choose(questions), notebook, notice))


@pytest.mark.parametrize(
    ("body", "outcome", "words"),
    [
        ("return 2 * x", "passed", ""),
        ("return 2 * x.ravel()", "not right", "out: got shape (6,), expected (2, 3)"),
        ("return x + 1.0", "not right",
         "5 of 6 elements differ: relative error 1, tolerance 1e-06"),
        ("return x + 1.0", "not right", "first at [0, 0]: got 1, expected 0"),
        ("return None", "not right", "got None, expected an array of float, shape (2, 3)"),
        ("return 2 * y", "error", "NameError: name 'y' is not defined"),
        ('raise NotImplementedError("TODO: double")', "missing", "not written yet"),
        ('# BEGIN YOUR CODE double\n    y = 2 * x\n    raise NotImplementedError("TODO: double")\n'
         "    # END YOUR CODE double\n    return y", "error", "; delete that line"),
        ('raise NotImplementedError("TODO: other.part")', "missing",
         "it needs other.part, write that first"),
    ],
)  # fmt: skip
def test_a_result_teaches(work, body, outcome, words):
    (result,) = ask(work, f"def double(x):\n    {body}\n", "double")
    assert result.outcome == outcome
    assert words in result.message
    stream = io.StringIO()
    write(result, stream, colour=False)
    assert "double: Twice a matrix." in stream.getvalue()


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("pass", "missing"),
        ("...", "missing"),
        ("return None", "missing"),
        ("out = None\n    # TODO: double it.\n    return out", "missing"),
        ("# TODO: double it.\n    return 17.0", "not right"),
        ("# TODO: double it.\n    print(x)", "not right"),
        ("return 2 * x", "passed"),
    ],
)
def test_what_grading_calls_not_written_is_not_written_here(work, body, outcome):
    about = work / "selfcheck" / "assignment.json"
    asked = {"answer_files": {"arithmetic.py": {"double": ["double"]}}}
    about.write_text(json.dumps(json.loads(about.read_text()) | asked))
    (result,) = ask(work, f"def double(x):\n    {body}\n", "double")
    assert (result.outcome, body) == (outcome, body)
    assert (result.message == "not written yet") == (outcome == "missing")


def test_all_questions_and_their_total(work):
    results = ask(work, "def double(x): return 2 * x\ndef treble(x): return x\n")
    assert [r.outcome for r in results] == ["passed", "not right", "error"]
    assert totals(results) == "1 passed, 1 not right, 1 error; 2 of 4 points of the visible checks"
    table = Table(results)
    assert not table
    assert "✓ double: Twice a matrix." in repr(table)
    assert Table(results[:1])


def test_the_same_exception_is_shown_in_full_once(work):
    results = ask(work, "def double(x) return x")
    assert "SyntaxError" in results[0].message
    assert results[1].message.startswith("the same as above: SyntaxError")


def test_a_table_that_was_stopped_says_so_and_is_not_true(work):
    results = ask(work, "def double(x): return 2 * x", "double")
    assert "Stopped after 1 of 3 checks" in repr(Table(results, 3))
    assert not Table(results, 3)


def test_a_table_escapes_what_came_from_code(work):
    table = Table(
        ask(work, "def double(x): raise ValueError('<script>alert(1)</script>')", "double")
    )
    assert "<script>" not in table._repr_html_()
    assert "&lt;script&gt;" in table._repr_html_()


def test_a_table_shows_titles_and_points_and_code_without_boxes(work):
    results = ask(work, "def double(x): return x\ndef treble(x): return 3 * x\n")
    page = Table(results, titles={"double": "Twice & more"})._repr_html_()
    rows = re.findall("<tr>.*?</tr>", page, re.DOTALL)
    cells = [re.findall("<t[hd].*?</t[hd]>", row, re.DOTALL) for row in rows]
    texts = [[html.unescape(re.sub("<.*?>", "", cell)) for cell in row] for row in cells]
    assert texts[0] == ["", "Question", "Check", "Points"]
    assert texts[1][:2] == ["✗", "Twice & more double"]
    assert texts[1][2].startswith("Twice a matrix.out: all values are 1/2 (")
    assert [row[3] for row in texts[1:]] == ["0\xa0/\xa02", "1\xa0/\xa01", "0\xa0/\xa01"]
    for opening in re.findall("<(?:pre|code)[^>]*>", page):
        assert "font-family:monospace; background:transparent" in opening
    assert page.count("<pre") == 2
    assert page.count("<code") == 3


def test_a_check_that_does_not_end_is_named_and_how_to_stop_it_is_said(work):
    said = io.StringIO()
    source = """
        from tests.unit.selfcheck.test_selfcheck import SAID
        def double(x):
            while "Ctrl+C" not in SAID[0].getvalue():
                pass
            return 2 * x
    """
    SAID[:] = [said]
    (result,) = ask(work, source, "double", notice=Notice("Press Ctrl+C.", said, 0.0, 0.01))
    assert result.passed, result.message
    assert "double: Twice a matrix. This check is running.\n" in said.getvalue()
    assert "double has been running for 0.01 seconds." in said.getvalue()
    assert said.getvalue().endswith("does not end. Press Ctrl+C.\n")


#: What the code of the test above looks at, so that its loop ends.
SAID = []


def test_of_a_check_that_ends_soon_nothing_is_said(work):
    said = io.StringIO()
    (check,) = load(work / "selfcheck").choose(["double"])
    with announced(check, Notice("Press Ctrl+C.", said, 3600.0, 3600.0)):
        pass
    assert said.getvalue() == ""
    assert usual_notice().name_after_s <= 2
    assert usual_notice().stop_after_s == 10


def test_where_it_is_said_how_a_check_is_stopped_fits(monkeypatch):
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    assert "Ctrl+C" in usual_notice().stop
    monkeypatch.setitem(sys.modules, "ipykernel", types.ModuleType("ipykernel"))
    assert "interrupt the kernel" in usual_notice().stop


def test_a_notice_to_a_closed_stream_is_dropped():
    closed = io.StringIO()
    closed.close()
    write_line("double is running", closed)


def test_an_unknown_question_suggests_another(work):
    with pytest.raises(UnknownQuestion, match="did you mean double"):
        load(work / "selfcheck").choose(["duoble"])


def write_notebook(folder, *cells):
    """A notebook of these code cells; a role makes the metadata, without one there is none."""
    content = [
        {"cell_type": "code", "source": source.splitlines(keepends=True),
         "metadata": {"plumbline": {"role": role}} if role else {}}
        for role, source in cells
    ]  # fmt: skip
    (folder / "N.ipynb").write_text(json.dumps({"nbformat": 4, "cells": content}))


def test_answers_are_taken_from_a_notebooks_file(work):
    answer = "def answer():\n    return int(math.ldexp(21, 1))"
    write_notebook(work, ("setup", "1 / 0"), ("example", "1 / 0"), ("answer", answer))
    (result,) = ask(work, "", "noted")
    assert result.passed, result.message
    write_notebook(work, ("answer", "raise NotImplementedError('TODO: noted')"))
    (result,) = ask(work, "", "noted")
    assert result.message == "not written yet"
    (work / "N.ipynb").unlink()
    (result,) = ask(work, "", "noted")
    assert "N.ipynb is not in" in result.message


def test_a_set_up_cell_that_imports_what_is_not_there_gives_all_else(work):
    about = work / "selfcheck" / "assignment.json"
    setup = {"N": ["from math import no_such_name, ldexp as scaled\nHALF = 21\n"]}
    about.write_text(json.dumps(json.loads(about.read_text()) | {"setup": setup}))
    write_notebook(work, ("answer", "def answer():\n    return int(scaled(HALF, 1))"))
    (result,) = ask(work, "", "noted")
    assert result.passed, result.message


@pytest.mark.parametrize("role", ["", "example"])
def test_an_answer_in_cells_that_nothing_marks_is_found_by_name(work, role):
    write_notebook(
        work,
        (role, "%matplotlib inline\n1 / 0"),
        (role, "data = open('nowhere').read()\nHALF = 21\ndef answer():\n    return twice(HALF)"),
        (role, "!ls\ndef twice(x):\n    return int(math.ldexp(x, 1))"),
        ("answer", "# It moved up."),
    )
    (result,) = ask(work, "", "noted")
    assert result.passed, result.message


def test_what_a_marked_answer_uses_is_found_in_other_cells(work):
    write_notebook(
        work,
        ("answer", "FULL = twice(21)\ndef answer():\n    return down(FULL)"),
        ("", "from math import floor as down"),
        ("", "def twice(x):\n    return 2 * x\n\nprint(1 / 0)"),
    )
    (result,) = ask(work, "", "noted")
    assert result.passed, result.message


def test_what_an_answer_cell_that_stopped_short_should_define_is_found_in_it(work):
    write_notebook(work, ("answer", "open('nowhere')\ndef answer():\n    return 42"))
    (result,) = ask(work, "", "noted")
    assert result.passed, result.message


def test_a_notebook_may_define_any_name(work):
    write_notebook(work, ("answer", "advice, stopped_by = 41, 1\ndef answer():\n    return 42"))
    (result,) = ask(work, "", "noted")
    assert result.passed, result.message


def test_an_answer_that_is_in_no_cell_is_said_to_be_in_none(work):
    write_notebook(work, ("", "x = 1"), ("", "def answers(): return 42"))
    (result,) = ask(work, "", "noted")
    assert "answer is not defined; it is in no code cell of N.ipynb; write it" in result.message


def test_of_what_raised_the_first_is_told(work):
    write_notebook(work, ("answer", "x = first"), ("answer", "x = second"))
    (result,) = ask(work, "", "noted")
    assert "NameError: name 'first' is not defined" in result.message


def test_in_a_notebook_the_running_one_is_asked_if_it_is_the_one(work, monkeypatch):
    loaded = load(work / "selfcheck")
    running = types.SimpleNamespace(get_ipython=None, answer=lambda: 1)
    monkeypatch.setitem(sys.modules, "__main__", running)
    write_notebook(work, ("", "def answer():\n    return 2"))
    assert RunningNotebook(from_files(work, loaded.about))("N").answer() == 1
    del running.answer
    assert RunningNotebook(from_files(work, loaded.about))("N").answer() == 2
    (work / "N.ipynb").unlink()
    with pytest.raises(StudentError, match="run the notebook's cells from the top"):
        RunningNotebook(from_files(work, loaded.about))("N").answer  # noqa: B018  looking raises


ANSWER = "def answer():\n    return A + B"


@pytest.mark.parametrize(
    "cells",
    [
        ["A, B = 40, 2"],
        ["%time A = 40", "%%time\nB = 2"],
        ["%matplotlib inline\nA = len(\"\"\"\n%d\n\"\"\") + 36\nf = !ls\nA?", "B = (9\n% 7)"],
        ["if True:\n    %matplotlib inline\n    A, B = 40, 2"],
        ["A: int = 40", "B = 0", "B += 2"],
        ["import contextlib\nwith contextlib.nullcontext():\n    A, *_ = [40]\nT = {}",
         "for key in range(3):\n    T[key] = key", "B = T[2]"],
        ["A, B = 40, 2\nraise SystemExit", "raise SystemExit"],
        ["A, B = 40, 2\nopen('written', 'w')"],
        ["A, B = 40, 2\nimport os\nos._exit(0)"],
    ],
)  # fmt: skip
def test_cells_of_ones_own_run_as_in_grading(work, cells):
    write_notebook(work, *(("", cell) for cell in cells), ("answer", ANSWER))
    (result,) = ask(work, "", "noted")
    assert result.passed, result.message
    assert not (work / "written").exists()


def test_what_runs_of_a_cell_that_cannot_run_whole_is_said(work):
    write_notebook(work, ("", "A, B = 40, 2\nopen('x', 'w')"), ("answer", ANSWER))
    saved = from_files(work, load(work / "selfcheck").about)
    assert saved("N").answer() == 42
    (sentence,) = saved.sentences()
    assert sentence.startswith("N.ipynb: code cell 1 does not run whole, because it raised Perm")
    assert sentence.endswith("only its statements for A, B run")


@pytest.fixture
def checked(work, monkeypatch):
    """The table of check() in a running notebook, after these cells were run in it."""

    def checked(*executed, **more):
        names = {"get_ipython": lambda: None, "In": [""]} | more
        for source in executed:
            exec(source, names)
            names["In"].append(source)
        monkeypatch.setitem(sys.modules, "__main__", types.SimpleNamespace(**names))
        loaded = load(work / "selfcheck")
        monkeypatch.setattr("autograder.selfcheck.checking.load", lambda: loaded)
        return check("noted")

    return checked


def test_where_grading_says_the_same_the_table_says_nothing_of_it(work, checked):
    write_notebook(work, ("", "A, B = 40, 2"), ("answer", ANSWER))
    table = checked("A, B = 40, 2", ANSWER)
    assert table
    assert repr(table).splitlines()[1:] == ["1 passed; 1 of 1 points of the visible checks"]


def test_a_file_older_than_what_was_run_is_said_with_what_grading_would_say(work, checked):
    write_notebook(work, ("", "A, B = 1, 2"), ("answer", ANSWER))
    table = checked("A, B = 40, 2", ANSWER)
    assert not table
    assert "graded from the saved file it is not right: out: got 3, expected 42" in repr(table)
    assert "! N.ipynb is older than the cells that you ran, for A, B: save the" in repr(table)
    assert "older than the cells" in table._repr_html_()


def test_cells_that_were_run_in_another_order_are_said(work, checked):
    write_notebook(work, ("", "A, B = 40, 1"), ("", "B += 1"), ("answer", ANSWER))
    table = checked(ANSWER, "A, B = 40, 1", "B += 1")
    assert table.results[0].passed
    assert "! you ran code cell 2 of N.ipynb after code cell 3; grading runs 2 first" in repr(table)


def test_what_is_left_of_a_deleted_cell_is_no_part_of_the_grade(work, checked):
    write_notebook(work, ("answer", ANSWER))
    table = checked("A, B = 40, 2", ANSWER)
    assert "graded from the saved file it is error: NameError: name 'A' is not def" in repr(table)


def test_a_cell_that_was_run_twice_counts_once(work, checked):
    cells = ["A, B = 38, 2", "A += 2"]
    write_notebook(work, *(("", cell) for cell in cells), ("answer", ANSWER))
    table = checked(cells[0], cells[1], ANSWER, cells[1])
    assert not table
    assert "not right" in repr(table)
    assert checked(*cells, ANSWER)


def test_a_question_further_down_that_was_not_run_yet_is_no_difference(work, checked):
    later = ("answer", "def later():\n    return 1")
    write_notebook(work, ("", "A, B = 40, 2"), ("answer", ANSWER), later)
    table = checked("A, B = 40, 2", ANSWER)
    assert table
    assert "did not run" not in repr(table)


def test_a_cell_that_grading_runs_and_that_was_not_run_is_said(work, checked):
    write_notebook(work, ("", "A, B = 40, 2"), ("answer", ANSWER))
    table = checked(ANSWER, A=40, B=2)
    assert "grading runs code cell 1 of N.ipynb, which you did not run as it is saved" in repr(
        table
    )


def test_without_a_file_the_table_says_where_it_is_looked_for(work, checked):
    table = checked("A, B = 40, 2", ANSWER)
    assert "N.ipynb is not in" in repr(table)
    assert not table


def test_in_colab_the_file_here_is_another_one(work, checked, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("colab"))
    write_notebook(work, ("answer", "raise NotImplementedError('TODO: noted')"))
    table = checked("A, B = 40, 2", ANSWER)
    assert table
    assert "grading runs the file N.ipynb that you hand in" in repr(table)


def test_a_changed_module_is_read_again_and_what_was_imported_stays(work):
    path = work / "sc_pocket" / "arithmetic.py"
    path.write_text("def double(x): return x\n")
    imported = importlib.import_module("sc_pocket.arithmetic")
    path.write_text("def double(x):\n    return 2 * x\n")
    with reimported("sc_pocket"):
        assert importlib.import_module("sc_pocket.arithmetic").double(1) == 2
    path.write_text("def double(x) return")
    with reimported("sc_pocket"), pytest.raises(SyntaxError):
        importlib.import_module("sc_pocket.arithmetic")
    assert sys.modules["sc_pocket.arithmetic"] is imported
    assert imported.double(1) == 1


@pytest.mark.parametrize(
    ("call", "outcome", "words"),
    [
        ("np.arange(3)[student.arithmetic.treble(np.arange(2)) + 1000]", "not right",
         "the check could not use what your code returned: IndexError: index 1000"),
        ("student.arithmetic.treble(nothing)", "broken", "not your fault: NameError"),
    ],
)  # fmt: skip
def test_a_check_that_breaks_is_judged_as_in_grading(work, call, outcome, words):
    text = CHECKS.replace("student.arithmetic.treble(np.arange(2.0))", call)
    (work / "selfcheck" / "checks" / "c.py").write_text(text)
    (result,) = ask(work, "def treble(x): return 3 * x", "treble")
    assert result.outcome == outcome
    assert words in result.message


def test_one_array_instead_of_a_pair_is_said(work):
    """No answer file here names the values, so their kinds are named."""
    text = CHECKS.replace(
        'return {"out": student.arithmetic.treble(np.arange(2.0))}',
        "out, _ = student.arithmetic.treble(np.ones((2, 3)))\n    return {'out': out}",
    )
    (work / "selfcheck" / "checks" / "c.py").write_text(text)
    trace = (TraceEntry("arithmetic.treble", "(array of float, shape (2, 3), object)"),)
    expected = {"treble.threefold": Expected({"out": np.ones((2, 3))}, trace)}
    for name, data in encode_expected(expected).items():
        (work / "selfcheck" / "expected" / name).write_bytes(data)
    (result,) = ask(work, "def treble(x):\n    return 3 * x\n", "treble")
    assert result.outcome == "not right"
    assert result.message == (
        "arithmetic.treble returned one array, a pair (array, object) is expected"
    )


def test_a_renamed_package_is_checked_under_both_names(work):
    (work / "sc_pocket").rename(work / "sc_mine")
    (work / "sc_mine" / "m.py").write_text("")
    (work / "sc_mine" / "arithmetic.py").write_text(
        "import sc_mine.m, sc_pocket.m\n\n\ndef double(x):\n"
        "    return 2 * x if sc_mine.m is sc_pocket.m else x\n"
    )
    write_notebook(work, ("", "from sc_mine import m\nfrom sc_pocket import arithmetic\n"),
                   ("answer", "def answer():\n    return arithmetic.double(21)"))  # fmt: skip
    mine = load(work / "selfcheck")
    assert (mine.package, mine.alias) == ("sc_mine", "sc_pocket")
    with reimported(mine.package, mine.alias):
        notebook = mine.saved_notebooks()
        results = list(results_of(mine, mine.choose(["double", "noted"]), notebook, usual_notice()))
    assert [result.message for result in results if not result.passed] == []
    assert notebook.sentences() == []
    assert not [name for name in sys.modules if name.startswith(("sc_mine", "sc_pocket"))]


@pytest.mark.parametrize(
    ("names", "package"),
    [(("json",), "sc_pocket"), (("sc one",), "sc_pocket"), (("sc_two", "sc_one"), "sc_one")],
)
def test_a_folder_that_no_import_can_name_is_not_taken_for_the_package(work, names, package):
    for name in names:
        (work / name).mkdir()
        (work / name / "m.py").write_text("")
    (work / "sc_pocket" / "m.py").unlink(missing_ok=True)
    found = load(work / "selfcheck")
    assert (found.package, bool(found.alias)) == (package, package != "sc_pocket")


ASKING = '''
import ast
from plumbline import check

@check("double", points=1, seed=0, visible=True)
def asks(student, rng):
    """What is printed, raised and written, and a loop in the text."""
    printed = student.printed(student.arithmetic.double, 2)
    raised = student.raises(student.arithmetic.double, None)
    loop = student.source(student.arithmetic.double).tree
    answer = student.source("answer").text
    return {"printed": printed, "raised": raised, "rate": student.eval("rate", student.arithmetic),
            "loop": any(isinstance(node, ast.For) for node in ast.walk(loop)), "answer": answer}
'''


@pytest.mark.parametrize(
    ("text", "outcome", "words"),
    [
        ("for n in range(x): print(n)", "passed", ""),
        ("print('0\\n2')", "not right", "printed: line 2: got '2', expected '1'"),
        ('raise NotImplementedError("TODO: double")', "missing", "not written yet"),
    ],
)
def test_a_student_asks_beside_calls_as_grading_does(work, text, outcome, words):
    seen = {"printed": "0\n1\n", "raised": "TypeError", "rate": 0.5, "loop": True}
    expected = {"double.asks": Expected({**seen, "answer": "def answer(): return 42"})}
    (work / "selfcheck" / "checks" / "c.py").write_text(ASKING)
    for name, data in encode_expected(expected).items():
        (work / "selfcheck" / "expected" / name).write_bytes(data)
    cell = {"cell_type": "code", "source": "def answer(): return 42", "metadata": {}}
    (work / "N.ipynb").write_text(json.dumps({"nbformat": 4, "cells": [cell]}))
    about = json.loads((work / "selfcheck" / "assignment.json").read_text())
    (work / "selfcheck" / "assignment.json").write_text(
        json.dumps({**about, "answer_files": {"arithmetic.py": {}}})
    )
    (result,) = ask(work, f"rate = 0.5\n\ndef double(x):\n    {text}\n", "double")
    assert result.outcome == outcome
    assert words in result.message
