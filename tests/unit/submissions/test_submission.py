"""What a student handed in, as it is understood."""

import shutil
from contextlib import contextmanager, suppress

import pytest

from autograder.errors import SubmissionError
from autograder.submissions import submission as submission_module
from autograder.submissions.attempt import Attempt
from autograder.submissions.class_folder import collect
from autograder.submissions.fingerprint import fingerprint
from autograder.submissions.job import student_id
from autograder.submissions.notes import LeftAside, left_aside
from autograder.submissions.submission import read_submission
from autograder.submissions.unread_work import note_unread_work
from autograder.submissions.zips import opened_zip
from tests.tiny import (
    ANSWER_CELL,
    ANSWERS,
    GIVEN,
    STUB_CELL,
    STUBS,
    handed_in,
    notebook,
    release_notebook,
    tiny_harness,
    zipped,
)
from tests.unheard import UNHEARD

MODULES = {name: text.encode() for name, text in ANSWERS.items()}


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return tiny_harness(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def read(harness, tmp_path):
    """Reads a zip of these files."""

    def read(files, name="alice.zip"):
        path = tmp_path / name
        path.write_bytes(zipped(files))
        return read_submission(path, harness)

    return read


def below(prefix, files=ANSWERS):
    return {f"{prefix}{name}": text for name, text in files.items()}


def test_the_released_layout_is_taken_without_a_word(harness, tmp_path):
    submission = read_submission(handed_in(tmp_path / "alice"), harness)
    assert submission.student == submission.name == "alice"
    assert submission.modules == MODULES
    assert submission.notebooks == {"Tiny": {"best": ANSWER_CELL}}
    assert submission.selected_files == ["ops.py", "sub/more.py", "Tiny.ipynb"]
    assert submission.notes == ()


@pytest.mark.parametrize("prefix", ["tiny/", "homework/tiny/", "a/b/c d/tiny/", "作业/tiny/"])
def test_the_top_folder_may_have_any_name_and_depth(read, prefix):
    submission = read(below(prefix))
    assert submission.modules == MODULES
    assert submission.notes == ()


def test_capitals_in_a_suffix_are_no_matter(read):
    files = {name.replace(".py", ".PY"): text for name, text in ANSWERS.items()}
    submission = read(
        below("tiny/", files) | {"Tiny.IPYNB": notebook({"id": "best", "source": "x = 1"})}
    )
    assert submission.modules == MODULES
    assert submission.notebooks == {"Tiny": {"best": "x = 1"}}
    assert submission.notes == ("Tiny.IPYNB: best was not found in any cell",)


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("tiny/given.PY", "ignored given.PY: it is given, and was changed"),
        ("tiny/sub/1st.Py", "ignored sub/1st.Py: no module can have that name"),
        ("other/more.PY", "ignored outside the package tiny: other/more.PY"),
        ("old/ops.PY", None),  # two files of one name: the note names the folder
        ("tiny/helper.PY", None),
    ],
)
def test_a_note_shows_a_file_as_the_student_wrote_its_name(read, name, note):
    submission = read(below("tiny/") | {name: "x = 1\n"})
    assert note is None or note in submission.notes
    assert not any(".py" in text for text in submission.notes)


def test_a_file_that_counts_under_another_name_is_shown_as_it_was_written(read):
    files = below("tiny/") | {"Tiny (1).IPYNB": notebook({"id": "best", "source": ANSWER_CELL})}
    del files["tiny/ops.py"]
    files["tiny/Ops (1).PY"] = ANSWERS["ops.py"]
    notes = read(files).notes
    assert "Ops (1).PY was read as ops.py" in notes
    assert any("Tiny (1).IPYNB" in note for note in notes)


def test_a_notebook_of_another_name_that_cannot_be_read_is_told(read):
    with pytest.raises(SubmissionError, match=r"ignored mine\.ipynb: it is no notebook"):
        read({"mine.ipynb": b"{"})


def test_a_tenth_unnamed_notebook_is_read_and_an_eleventh_is_not(read):
    answer = notebook({"id": "best", "source": ANSWER_CELL})
    junk = {f"{number:02}.ipynb": notebook("x = 1") for number in range(9)}
    assert read(below("tiny/") | junk | {"99.ipynb": answer}).notebooks
    more = junk | {"10.ipynb": notebook("x = 1"), "99.ipynb": answer}
    named = read(below("tiny/") | more | {"Tiny.ipynb": answer})
    assert "were not read" not in " ".join(named.notes)
    submission = read(below("tiny/") | more)
    assert not submission.notebooks
    assert "1 notebooks with other names were not read" in " ".join(submission.notes)


@pytest.mark.filterwarnings(UNHEARD)
def test_a_submission_that_takes_too_long_to_read_is_told(read, monkeypatch):
    """The limit holds for all parts of the reader together; here one of them never ends."""

    def busy(*_):
        while True:
            with suppress(ValueError):
                int("x")

    monkeypatch.setattr(submission_module, "MAX_CPU_SECONDS", 0.2)
    monkeypatch.setattr(submission_module, "choose_modules", busy)
    with pytest.raises(SubmissionError, match=r"alice\.zip: reading it took more than 0\.2 s"):
        read(ANSWERS)


@pytest.mark.parametrize("prefix", ["tiny_alice/", "top/my-tiny/", ""])
def test_a_package_folder_under_another_name_is_found_and_noted(read, prefix):
    submission = read(below(prefix))
    assert submission.modules == MODULES
    assert submission.notes == (f"{prefix or 'the top folder'} was read as the package tiny",)


def test_the_fullest_folder_wins_then_the_name_then_the_shallowest(read):
    part = {"a/tiny/ops.py": b"old = 1"}
    submission = read({**part, **below("new_tiny/")})
    assert submission.modules == MODULES
    assert "ignored outside the package tiny: a/tiny/ops.py" in submission.notes
    submission = read({**below("backup/", dict.fromkeys(ANSWERS, "1")), **below("tiny/")})
    assert submission.modules == MODULES
    submission = read({**below("a/tiny/", dict.fromkeys(ANSWERS, "1")), **below("tiny/")})
    assert submission.modules == MODULES


def test_loose_files_find_their_places(read):
    submission = read({"ops.py": ANSWERS["ops.py"], "more.py": ANSWERS["sub/more.py"]})
    assert submission.modules == MODULES
    assert "more.py was read as sub/more.py" in submission.notes
    assert read({"more.py": ANSWERS["sub/more.py"]}).modules == {
        "sub/more.py": MODULES["sub/more.py"]
    }


def test_given_files_are_ignored_and_noted_if_they_were_changed(read):
    same = {
        **below("tiny/"),
        **below("tiny/", {n: t.replace("\n", "\r\n") for n, t in GIVEN.items()}),
    }
    assert read(same).notes == ()
    submission = read({**same, "tiny/given.py": "def tenfold(x):\n    return 11 * x\n"})
    assert submission.modules == MODULES
    assert submission.notes == ("ignored given.py: it is given, and was changed",)


def test_helpers_in_the_package_are_taken(read):
    submission = read({**below("tiny/"), "tiny/mine.py": "a = 1", "tiny/own/__init__.py": ""})
    assert set(submission.modules) == {*MODULES, "mine.py", "own/__init__.py"}
    assert submission.notes == ()


@pytest.mark.parametrize(
    "name", ["given/__init__.py", "ops/__init__.py", "Given.py", "my-file.py", "given/deep/x.py",
             "a b/x.py", "sub/more/x.py"],
)  # fmt: skip
def test_no_helper_hides_what_is_given(read, name):
    submission = read({**below("tiny/"), f"tiny/{name}": "a = 1"})
    assert submission.modules == MODULES
    assert len(submission.notes) == 1
    assert submission.notes[0].startswith(f"ignored {name}:")


def test_nothing_that_is_built_or_run_by_tools_is_taken(read):
    names = ("setup.py", "tiny/setup.py", "tiny/_kernels.pyx", "tiny/_kernels.so", "tiny/a.pth")
    submission = read(
        {**below("tiny/"), **dict.fromkeys(names, b"1"), "selfcheck/core/run.py": "1"}
    )
    assert submission.modules == MODULES
    assert submission.notes == ()


def test_modules_outside_the_package_are_named(read):
    submission = read({**below("tiny/"), "numpy.py": "", "json.py": ""})
    assert submission.modules == MODULES
    assert submission.notes == ("ignored outside the package tiny: json.py, numpy.py",)


def test_helpers_are_bounded(read):
    submission = read({**below("tiny/"), **{f"tiny/h{n}.py": "" for n in range(205)}})
    assert len(submission.modules) == len(MODULES) + 200
    assert len(submission.notes) == 5


@pytest.mark.parametrize(
    "name",
    ["Tiny.ipynb", "deep/down/Tiny.ipynb", "Copy of Tiny.ipynb", "tiny (1).ipynb", "hw2.ipynb"],
)
def test_a_notebook_is_found_by_name_or_by_what_it_holds(read, name):
    submission = read({name: notebook({"id": "best", "source": ANSWER_CELL})})
    assert submission.notebooks == {"Tiny": {"best": ANSWER_CELL}}
    renamed = name.rpartition("/")[2] != "Tiny.ipynb"
    assert any("was read as Tiny.ipynb" in note for note in submission.notes) == renamed


def test_a_single_notebook_is_a_submission(harness, tmp_path):
    path = tmp_path / "alice.ipynb"
    path.write_bytes(notebook({"id": "best", "source": ANSWER_CELL}))
    submission = read_submission(path, harness)
    assert submission.student == "alice"
    assert submission.selected_files == ["Tiny.ipynb"]


def test_a_single_module_is_a_submission(harness, tmp_path):
    path = tmp_path / "ops.py"
    path.write_bytes(MODULES["ops.py"])
    assert read_submission(path, harness).modules == {"ops.py": MODULES["ops.py"]}


def test_of_two_notebooks_the_shallowest_counts(read):
    old = notebook({"id": "best", "source": STUB_CELL})
    new = notebook({"id": "best", "source": ANSWER_CELL})
    submission = read({"old/Tiny.ipynb": old, "Tiny.ipynb": new})
    assert submission.notebooks["Tiny"]["best"] == ANSWER_CELL
    assert submission.notes == (
        "ignored old/Tiny.ipynb: Tiny.ipynb counts; more answers are written there",
    )


STUB_BOOK = notebook({"id": "best", "source": STUB_CELL})
BOOK = notebook({"id": "best", "source": ANSWER_CELL})


@pytest.mark.parametrize(
    "name",
    ["Tiny-Copy1.ipynb", "Tiny (1).ipynb", "Untitled.ipynb", "deep/down/Tiny.ipynb",
     "Tiny.ipynb.txt", "tiny.ipynb.json"],
)  # fmt: skip
def test_a_worked_notebook_counts_before_an_untouched_one(read, name):
    submission = read({"Tiny.ipynb": STUB_BOOK, name: BOOK})
    assert submission.notebooks["Tiny"]["best"] == ANSWER_CELL
    assert f"ignored Tiny.ipynb: {name} counts; more answers are written there" in submission.notes
    submission = read({"Tiny.ipynb": BOOK, name: STUB_BOOK})
    assert submission.notebooks["Tiny"]["best"] == ANSWER_CELL


@pytest.mark.parametrize("other", [BOOK, notebook("x = 1")])
def test_a_notebook_of_another_name_is_named_where_it_is_not_needed(read, other):
    submission = read({"Tiny.ipynb": BOOK, "Untitled.ipynb": other})
    assert submission.notebooks == {"Tiny": {"best": ANSWER_CELL}}
    assert submission.notes == (
        "ignored Untitled.ipynb: no answer was taken from it; its name is of no notebook that is "
        "asked for",
    )


@pytest.mark.parametrize("name", ["Tiny-Copy1.ipynb", "Untitled.ipynb"])
def test_a_notebook_in_which_the_stub_still_stands_is_not_worked(read, name):
    begun = STUB_CELL.replace("    raise", "    # first sort them\n    raise")
    tried = notebook({"id": "best", "source": begun})
    submission = read({"Tiny.ipynb": tried, name: BOOK})
    assert submission.notebooks["Tiny"]["best"] == ANSWER_CELL
    assert f"ignored Tiny.ipynb: {name} counts; more answers are written there" in submission.notes
    submission = read({"Tiny.ipynb": STUB_BOOK, name: tried})
    assert submission.notebooks["Tiny"]["best"] == begun
    assert (
        f"ignored Tiny.ipynb: {name} counts; as many answers are written there, and more are begun"
    ) in submission.notes


def test_a_page_that_a_browser_saved_as_a_module_is_no_work(read):
    page = b"<!DOCTYPE html>\n<title>Sign in</title>\n"
    more = {"tiny/sub/more.py": ANSWERS["sub/more.py"]}
    submission = read({"tiny/ops.py": page, "tiny/ops (1).py": ANSWERS["ops.py"], **more})
    assert submission.modules == MODULES
    submission = read({"tiny/ops.py": ANSWERS["ops.py"], "tiny/ops (1).py": page, **more})
    assert submission.modules == MODULES


def test_of_two_worked_notebooks_the_name_decides_and_the_other_is_named(read):
    submission = read({"A (1).ipynb": BOOK, "Tiny (1).ipynb": BOOK, "a/Tiny.ipynb": BOOK})
    assert submission.notes == (
        "ignored Tiny (1).ipynb: a/Tiny.ipynb counts; as many answers are written there, and its "
        "name is nearer to the right one",
        "ignored A (1).ipynb: no answer was taken from it; its name is of no notebook that is "
        "asked for",
    )


def test_a_notebook_that_can_be_read_counts_before_one_that_cannot(read):
    submission = read({"Tiny.ipynb": b"{", "Tiny (1).ipynb": BOOK})
    assert submission.notebooks["Tiny"]["best"] == ANSWER_CELL
    assert submission.notes[-1].startswith("ignored Tiny.ipynb: it is no notebook")


@pytest.mark.parametrize(
    ("stubs", "worked"),
    [("tiny/", "tiny 2/"), ("original/", "solution/"), ("original/tiny/", "solution/tiny/"),
     ("tiny/", "zz/tiny/")],
)  # fmt: skip
def test_a_worked_package_counts_before_one_of_stubs(read, stubs, worked):
    submission = read({**below(stubs, GIVEN | STUBS), **below(worked, GIVEN | ANSWERS)})
    assert submission.modules == MODULES
    assert f"ignored the folder {stubs}: more is written in {worked}" in submission.notes


def test_what_is_written_counts_wherever_it_lies_in_a_folder(read):
    submission = read(
        {
            "a1_code/ops.py": ANSWERS["ops.py"],
            "a2_code/ops.py": ANSWERS["ops.py"],
            "a2_code/more.py": ANSWERS["sub/more.py"],
            "a2_code/sub/more.py": STUBS["sub/more.py"],
        }
    )
    assert submission.modules == MODULES
    assert (
        "more.py was read as sub/more.py, because more is written in it than in the sub/more.py "
        "that was handed in"
    ) in submission.notes
    assert not any("a1_code/: " in note for note in submission.notes)  # it holds the same ops.py


def test_an_answer_file_that_is_written_counts_whatever_folder_it_lies_in(read):
    submission = read(
        {
            "tiny/ops.py": STUBS["ops.py"],
            "tiny/sub/more.py": ANSWERS["sub/more.py"],
            "new/ops.py": ANSWERS["ops.py"],
        }
    )
    assert submission.modules == MODULES
    assert submission.notes == (
        "new/ was read as the package tiny",
        "tiny/sub/more.py was read as sub/more.py of new/, because nothing of that name lies there",
        "ignored outside the package tiny: tiny/ops.py",
    )
    half = STUBS["ops.py"].replace("raise NotImplementedError('TODO: pair')", "return x, -x")
    submission = read(
        {
            "tiny/ops.py": half,
            "tiny/sub/more.py": STUBS["sub/more.py"],
            "more (1).py": ANSWERS["sub/more.py"],
        }
    )
    assert submission.modules == {"ops.py": half.encode(), "sub/more.py": MODULES["sub/more.py"]}
    assert submission.notes == (
        "more (1).py was read as sub/more.py of tiny/, because nothing is written in the one there",
    )


HALF = STUBS["ops.py"].replace("raise NotImplementedError('TODO: double')", "return x + x")


@pytest.mark.parametrize(
    ("name", "note"),
    [
        (
            "tiny/hw5_ops.py",
            "hw5_ops.py was read as ops.py, because more is written in it than in ",
        ),
        ("ops_final.py", "ops_final.py was read as ops.py of tiny/, because more is written in it"),
        ("tiny/new/ops.py", "tiny/new/ops.py was read as ops.py of tiny/, because more is written"),
        (
            "new/ops.py",
            "new/ops.py was read as ops.py of tiny/, because more is written in it than",
        ),
    ],
)
def test_where_more_is_written_counts_before_where_less_is(read, name, note):
    more = {"tiny/sub/more.py": ANSWERS["sub/more.py"]}
    submission = read({"tiny/ops.py": HALF, name: ANSWERS["ops.py"], **more})
    assert submission.modules["ops.py"] == MODULES["ops.py"]
    assert note in submission.notes[0]
    assert "new/ops.py" not in submission.modules
    submission = read({"tiny/ops.py": ANSWERS["ops.py"], name: HALF, **more})
    assert submission.modules["ops.py"] == MODULES["ops.py"]


@pytest.mark.parametrize(
    "name", ["tiny/hw5_ops.py", "ops_final.py", "tiny/new/ops.py", "new/ops.py", "tiny/more.py"]
)
def test_where_as_much_is_written_and_does_not_count_is_named(read, name):
    answer = "sub/more.py" if name.endswith("more.py") else "ops.py"
    submission = read({**below("tiny/"), name: f"{ANSWERS[answer]}# older\n"})
    assert submission.modules.items() >= MODULES.items()
    shown = name.removeprefix("tiny/")
    said = [n for n in submission.notes if shown in n or "ignored the folder new/" in n]
    assert said
    assert all(isinstance(note, LeftAside) for note in said)
    notes = read({**below("tiny/"), name: "x = 1\n"}).notes
    assert not any("not read as" in note for note in notes)


def test_where_the_top_folder_counts_the_package_of_stubs_is_named(read):
    submission = read({**below("", ANSWERS), **below("tiny/", STUBS)})
    assert submission.modules == MODULES
    assert "ignored the folder tiny/: more is written in the top folder" in submission.notes


def test_of_two_worked_packages_the_name_decides_and_the_other_is_named(read):
    changed = {name: f"{text}\n# older\n" for name, text in ANSWERS.items()}
    submission = read({**below("a/", changed), **below("tiny/")})
    assert submission.modules == MODULES
    assert (
        "ignored the folder a/: as much is written in it as in tiny/, which has the right name"
    ) in submission.notes


MEANT = ["Ops.py", "OPS.py", "ops (1).py", "Copy of ops.py", "ops - Copy.py", "ops copy 2.py",
         "hw5_ops.py", "ops_final.py", "ops2.py", "ops.py.txt"]  # fmt: skip


@pytest.mark.parametrize("prefix", ["tiny/", "", "alice/tiny/"])
@pytest.mark.parametrize("name", MEANT)
def test_a_module_counts_as_the_one_that_it_is_meant_as(read, prefix, name):
    files = {f"{prefix}{name}": ANSWERS["ops.py"], f"{prefix}sub/more.py": ANSWERS["sub/more.py"]}
    submission = read(files)
    assert submission.modules.items() >= MODULES.items()
    assert f"{name} was read as ops.py" in submission.notes
    submission = read(files | {f"{prefix}ops.py": STUBS["ops.py"]})
    assert submission.modules.items() >= MODULES.items()
    assert (
        f"{name} was read as ops.py, because more is written in it than in ops.py"
    ) in submission.notes
    submission = read(files | {f"{prefix}ops.py": f"{ANSWERS['ops.py']}# mine\n"})
    assert b"# mine" in submission.modules["ops.py"]
    assert name in submission.modules or (
        f"ignored {name}: ops.py counts; no less is written there" in submission.notes
    )


@pytest.mark.parametrize("name", ["\u200eops.py", "ops.py\u200e", "\u200fOps.py"])
def test_a_worked_module_with_a_mark_counts_before_a_stub_and_no_earlier(read, name):
    files = below("tiny/") | {f"tiny/{name}": ANSWERS["ops.py"], "tiny/ops.py": STUBS["ops.py"]}
    submission = read(files)
    assert submission.modules == MODULES
    assert "because more is written in it than in ops.py" in submission.notes[-1]
    submission = read(files | {"tiny/ops.py": f"{ANSWERS['ops.py']}# mine\n"})
    assert b"# mine" in submission.modules["ops.py"]
    assert submission.notes[-1].endswith(": ops.py counts; no less is written there")


def test_a_folder_with_a_mark_counts_where_stubs_lie_beside_it(read):
    stubs, worked = below("tiny/", GIVEN | STUBS), below("\u200etiny/", GIVEN | ANSWERS)
    books = {"Tiny.ipynb": notebook({"id": "best", "source": STUB_CELL}), "\u200eTiny.ipynb": BOOK}
    submission = read(stubs | worked | books)
    assert submission.modules == MODULES
    assert submission.notebooks["Tiny"]["best"] == ANSWER_CELL
    assert sum("mark of text direction" in note for note in submission.notes) == 3


@pytest.mark.parametrize("name", ["HELP.py", "help.PY", "\uff48elp.py"])
def test_of_helpers_that_are_one_file_elsewhere_one_counts_and_the_other_is_named(read, name):
    submission = read(below("tiny/") | {"tiny/help.py": "a = 1\n", f"tiny/{name}": "a = 2\n"})
    helpers = set(submission.modules) - set(MODULES)
    assert len(helpers) == 1
    (note,) = submission.notes
    assert note.endswith(f"it is one file with {helpers.pop()} on many systems")


@pytest.mark.parametrize("name", ["my ops.py", "ops-2.py", "ops .py", "anna-ops.py", "ops.py.py"])
def test_a_module_that_counts_is_not_called_ignored_for_its_name(read, name):
    for stub in ({}, {"tiny/ops.py": STUBS["ops.py"]}):
        more = {"tiny/sub/more.py": ANSWERS["sub/more.py"]}
        submission = read({f"tiny/{name}": ANSWERS["ops.py"], **stub, **more})
        assert submission.modules == MODULES
        (note,) = submission.notes
        assert note.startswith(f"{name} was read as ops.py")


OTHER_NAMES = ["tiny/solution.py", "tiny/opsv2.py", "tiny/my work.py", "opsAnna.py", "x/all.py"]


@pytest.mark.parametrize("stub", [{}, {"tiny/ops.py": STUBS["ops.py"]}])
@pytest.mark.parametrize("name", OTHER_NAMES)
def test_the_one_module_in_which_all_is_written_counts_whatever_its_name(read, name, stub):
    more = {"tiny/sub/more.py": ANSWERS["sub/more.py"]}
    submission = read({name: ANSWERS["ops.py"], **stub, **more})
    assert submission.modules.items() >= MODULES.items()
    base = name.rpartition("/")[2]
    told = f"{base} was read as ops.py, because all that is asked for is written in it alone"
    assert told in left_aside(submission.notes)


DOUBLE = "def double(x):\n    return 2 * x\n"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"tiny/ops.py": STUBS["ops.py"], "tiny/solution.py": DOUBLE}, "double"),
        ({"tiny/solution.py": DOUBLE}, "double"),
        ({"tiny/ops.py": HALF, "solution.py": DOUBLE.replace("double", "pair")}, "pair"),
        # Two may be meant: nobody knows which.
        ({"tiny/a.py": ANSWERS["ops.py"], "tiny/solution.py": ANSWERS["ops.py"]}, "double, pair"),
        # The stubs stand below the import, and are what `ops` has in the end.
        ({"tiny/ops.py": f"from .solution import *\n{STUBS['ops.py']}",
          "tiny/solution.py": ANSWERS["ops.py"]}, "double, pair"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("more", [{"tiny/sub/more.py": ANSWERS["sub/more.py"]}, {}])
def test_answers_in_a_module_of_another_name_that_does_not_count_are_named(read, files, told, more):
    submission = read({**files, **more, "Tiny.ipynb": BOOK})
    place = next(name for name in files if name.endswith("solution.py"))
    assert (
        f"{place} defines {told}, which ops.py does not have written; a module counts under its "
        "own name only"
    ) in left_aside(submission.notes)


def test_of_an_answer_in_a_copy_of_the_package_no_wrong_name_is_blamed(read):
    copy = STUBS["ops.py"].partition("\n\n\n")[0] + "\n\n\ndef pair(x):\n    return x, -x\n"
    submission = read(
        {**below("tiny/", GIVEN | {"ops.py": HALF}), "old/tiny/ops.py": copy, "Tiny.ipynb": BOOK}
    )
    (note,) = [note for note in left_aside(submission.notes) if "defines" in note]
    assert note == "old/tiny/ops.py defines pair, which ops.py does not have written"


@pytest.mark.parametrize("folder", ["checks", "core", "tool"])
@pytest.mark.parametrize("answers", [STUBS, {"ops.py": HALF}, {}])
def test_a_check_of_our_selfcheck_is_never_taken_for_an_answer(read, folder, answers):
    """Students hand in the whole folder, and a check may define what it checks."""
    ours = {f"a/selfcheck/{folder}/ops.py": ANSWERS["ops.py"]}
    submission = read({**below("a/tiny/", GIVEN | answers), **ours, "a/Tiny.ipynb": BOOK})
    assert submission.modules == {name: text.encode() for name, text in answers.items()}
    assert submission.notes == ()
    assert submission.package_name == ""


def test_without_an_answer_file_other_modules_are_named_and_given_ones_are_not(read):
    submission = read({**below("tiny/", GIVEN), "tiny/mine.py": "x = 1\n", "Tiny.ipynb": BOOK})
    assert submission.notes == ("ignored outside the package tiny: tiny/mine.py",)


def test_an_answer_in_the_module_of_another_question_is_named(read):
    triple = "\n\ndef triple(x):\n    return 3 * x\n"
    submission = read(
        {"tiny/ops.py": ANSWERS["ops.py"] + triple, "tiny/sub/more.py": STUBS["sub/more.py"]}
    )
    assert submission.notes == (
        "tiny/ops.py defines triple, which sub/more.py does not have written; a module counts "
        "under its own name only",
    )


@pytest.mark.parametrize(
    "files",
    [
        # The module takes the answers from its helper.
        {"tiny/ops.py": f"{STUBS['ops.py']}\nfrom .solution import double, pair\n"},
        {"tiny/ops.py": f"{STUBS['ops.py']}\ntry:\n    from .solution import *\nfinally: pass\n"},
        {"tiny/ops.py": "from tiny.solution import double, pair\n"},
        {"tiny/ops.py": ANSWERS["ops.py"]},
    ],
)
def test_a_helper_that_a_module_takes_its_answers_from_is_not_named(read, files):
    more = {"tiny/sub/more.py": ANSWERS["sub/more.py"], "tiny/solution.py": ANSWERS["ops.py"]}
    submission = read({**files, **more})
    assert submission.modules["ops.py"] == files["tiny/ops.py"].encode()
    assert submission.notes == ()


WORKED = {**below("tiny/"), "Tiny.ipynb": notebook({"id": "best", "source": ANSWER_CELL})}
NOT_READ = [
    *[(f"tiny/{name}", "tiny/ops.py") for name in
      ("ops.txt", "ops.pyw", "ops.py.bak", "ops (1).txt", "hw5_ops.docx", "ops")],
    *[(name, "Tiny.ipynb") for name in ("Tiny.json", "Tiny.txt", "Tiny.html", "Tiny_ipynb")],
]  # fmt: skip


@pytest.mark.parametrize(("name", "lacking"), NOT_READ)
def test_a_file_that_is_not_read_is_named_where_answers_are_missing(read, name, lacking):
    assert read({**WORKED, name: "def double(x): ..."}).notes == ()
    stub = STUBS["ops.py"] if lacking.endswith(".py") else release_notebook()
    for left in ({lacking: stub}, {}):
        others = {path: data for path, data in WORKED.items() if path != lacking}
        (note,) = read({**others, **left, name: "def double(x): ..."}).notes
        wanted = lacking.removeprefix("tiny/")
        assert isinstance(note, LeftAside)
        assert note == (
            f"ignored {name}: files of this kind are not read, and not all that {wanted} asks for "
            f"is written; hand in {wanted}"
        )


def test_a_packed_package_of_a_kind_that_is_not_read_is_named_where_answers_are_missing(read):
    (note,) = left_aside(read({"Tiny.ipynb": BOOK, "my_tiny.zst": b"1"}).notes)
    assert note.startswith("ignored my_tiny.zst: files of this kind are not read, and answers are")
    assert read({**WORKED, "my_tiny.zst": b"1"}).notes == ()


@pytest.mark.parametrize("name", ["README.md", "Tiny.pdf", "tiny/ops.png", "ops.csv", "notes.txt"])
def test_a_file_that_holds_no_answer_is_not_named(read, name):
    lacking = {"tiny/ops.py": HALF, "Tiny.ipynb": BOOK}
    assert read({**WORKED, **lacking, name: b"1"}).notes == ()


@pytest.mark.parametrize("name", ["solution.txt", "tiny/try.bak", "work.md"])
def test_a_file_that_is_not_read_and_defines_what_is_missing_is_named(read, name):
    half = {**WORKED, "tiny/ops.py": HALF}
    (note,) = left_aside(read({**half, name: f"# mine\n{ANSWERS['ops.py']}"}).notes)
    assert note == (
        f"ignored {name}: files of this kind are not read, and it defines pair, which ops.py does "
        "not have written"
    )
    assert read({**WORKED, name: ANSWERS["ops.py"]}).notes == ()
    assert read({**half, name: STUBS["ops.py"]}).notes == ()
    assert read({**half, name: "I defined pair:\n    def pair(x): ...\n"}).notes == ()


def test_an_exported_page_is_a_copy_of_a_notebook_in_which_something_is_written():
    missing, notes = {"Tiny.ipynb": True}, []
    note_unread_work(["Tiny.html", "a/Tiny.htm"], missing, "tiny", [], notes)
    assert notes == []
    note_unread_work(["Tiny.html"], {"Tiny.ipynb": False}, "tiny", [".html"], notes)
    assert notes == []  # it was asked for


def test_a_helper_with_a_like_name_stays_a_helper(read):
    helper = {"tiny/ops_utils.py": "def other(x):\n    return x\n"}
    submission = read({"tiny/sub/more.py": ANSWERS["sub/more.py"], **helper})
    assert set(submission.modules) == {"sub/more.py", "ops_utils.py"}
    assert submission.notes == ()
    submission = read({**below("tiny/"), "tiny/my_ops.py": ANSWERS["ops.py"]})
    assert submission.modules["ops.py"] == MODULES["ops.py"]
    assert submission.notes == ()


@pytest.mark.parametrize("name", ["ops.py.txt", "Ops.py", "ops (1).py"])
def test_a_single_module_with_nearly_the_right_name_is_a_submission(harness, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(MODULES["ops.py"])
    submission = read_submission(path, harness)
    assert submission.modules == {"ops.py": MODULES["ops.py"]}


def test_markers_of_a_conflict_in_a_helper_are_told(read):
    conflict = "a = 1\n<<<<<<< HEAD\nb = 1\n=======\nb = 2\n>>>>>>> theirs\n"
    submission = read({**below("tiny/"), "tiny/helper.py": conflict})
    (note,) = submission.notes
    assert note.startswith("helper.py cannot be imported: git's markers of a conflict stand in it")
    assert "<<<<<<< in line 2" in note


def test_markers_of_a_conflict_in_a_module_are_told(read):
    conflict = "<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> theirs\n"
    submission = read({**below("tiny/"), "tiny/ops.py": f"{ANSWERS['ops.py']}{conflict}"})
    (note,) = submission.notes
    assert note.startswith("ops.py cannot be run: git's markers of a conflict stand in it (<<<<<<<")
    assert "in line 7" in note


def test_a_folder_that_is_hidden_is_named(read, harness, tmp_path):
    reason = "ignored .hw/: hidden folders are not read; give it a name that does not begin with a"
    files = {f".hw/{name}": text for name, text in below("tiny/").items()}
    with pytest.raises(SubmissionError, match=reason):
        read(files)
    (folder := tmp_path / "alice" / ".hw" / "tiny").mkdir(parents=True)
    (folder / "ops.py").write_bytes(MODULES["ops.py"])
    with pytest.raises(SubmissionError, match=reason):
        read_submission(tmp_path / "alice", harness)
    submission = read({"Tiny.ipynb": BOOK, **files, ".git/hook.py": "", ".hw/.git/x.py": ""})
    assert len(submission.notes) == 1


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u202a", "\u061c"])
def test_a_folder_that_begins_with_a_mark_of_direction_is_read(read, mark):
    submission = read({f"{mark}hw/{mark}tiny/{name}": text for name, text in ANSWERS.items()})
    assert submission.modules == MODULES
    assert submission.notes == ()


def test_a_notebook_that_cannot_be_read_is_noted_and_the_rest_counts(read):
    submission = read({**below("tiny/"), "Tiny.ipynb": b"{"})
    assert submission.modules == MODULES
    assert submission.notebooks == {}
    assert "ignored Tiny.ipynb: it is no notebook" in submission.notes[0]


def test_an_archive_alone_in_a_folder_is_opened(harness, tmp_path):
    folder = tmp_path / "Alice_123_assignsubmission_file_"
    folder.mkdir()
    (folder / "homework.zip").write_bytes(zipped(below("tiny/")))
    (folder / "remarks.txt").write_text("please")
    submission = read_submission(folder, harness)
    assert submission.student == "Alice_123_assignsubmission_file"
    assert submission.modules == MODULES
    assert submission.notes == ("the archive homework.zip in the folder was opened",)


@pytest.mark.parametrize("layout", ["folder", "zip", "download"])
def test_an_archive_is_opened_once(harness, tmp_path, monkeypatch, layout):
    """No later step, such as the fingerprint, opens it again."""
    opened = []

    @contextmanager
    def counted(file, *arguments):
        file.seek(0)
        opened.append(file.read())
        with opened_zip(file, *arguments) as archive:
            yield archive

    for reader in ("archive_members", "bulk_download"):
        monkeypatch.setattr(f"autograder.submissions.{reader}.opened_zip", counted)
    work = zipped(below("tiny/"))
    folder = tmp_path / "alice"
    folder.mkdir()
    (folder / "hw.zip").write_bytes(work)
    (tmp_path / "alice.zip").write_bytes(zipped({"hw.zip": work}))
    path = folder if layout == "folder" else tmp_path / "alice.zip"
    attempt = Attempt("hw.zip", (("hw.zip", "hw.zip"),)) if layout == "download" else None
    assert read_submission(path, harness, attempt).modules == MODULES
    assert opened.count(work) == 1


def test_nothing_of_what_is_asked_for_is_an_error_that_says_what_is(read):
    with pytest.raises(SubmissionError) as caught:
        read({"essay.py": "", "../x.py": ""})
    text = str(caught.value)
    assert text.startswith("alice.zip: it holds none of ops.py, sub/more.py, Tiny.ipynb")
    assert "leads out" in text


def test_notes_are_bounded(read):
    submission = read({**below("tiny/"), **{f"../{n}.py": "" for n in range(100)}})
    assert len(submission.notes) == 21
    assert submission.notes[-1] == "and 80 more like these"


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("alice.zip", "alice"),
        ("alice.tar.gz", "alice"),
        ("Alice Smith (2).ZIP", "Alice_Smith_2"),
        ("=cmd|calc.zip", "cmd_calc"),
        ("-rf.zip", "rf"),
        ("..zip", "student"),
        ("nul.zip", "student_nul"),
        ("王小明.zip", "王小明"),
        ("กิตติ_1.zip", "กิตติ_1"),
        ("राम.zip", "राम"),
        ("mu\u0308ller.zip", "müller"),
        ("a@b.edu.ipynb", "a@b.edu"),
        ("work.rar", "work"),
        ("x" * 200 + ".zip", "x" * 120),
    ],
)
def test_a_students_id_is_safe_as_a_file_name(tmp_path, name, student):
    assert student_id(tmp_path / name) == student


def test_the_fingerprint_is_of_the_content(tmp_path):
    first = handed_in(tmp_path / "alice")
    digest = fingerprint(first)
    shutil.copytree(first, tmp_path / "bob")
    assert fingerprint(tmp_path / "bob") == digest
    (first / "tiny" / "ops.py").write_text("# other\n")
    assert fingerprint(first) != digest
    (tmp_path / "bob" / "tiny" / "ops.py").rename(tmp_path / "bob" / "tiny" / "opt.py")
    assert fingerprint(tmp_path / "bob") != digest
    folder = tmp_path / "carol"
    folder.mkdir()
    (folder / "a.zip").write_bytes(b"1")
    digest = fingerprint(folder)
    (folder / "a.zip").write_bytes(b"2")
    assert fingerprint(folder) != digest


class TestCollect:
    @pytest.fixture
    def collected(self, tmp_path):
        def collected(*paths):
            found = collect([tmp_path / p for p in paths], "tiny", ANSWERS, ["Tiny"])
            return [path.relative_to(tmp_path).as_posix() for path in found]

        return collected

    def make(self, folder, *names):
        for name in names:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("")

    def test_a_submission_is_itself(self, tmp_path, collected):
        handed_in(tmp_path / "alice")
        self.make(tmp_path, "flat/ops.py", "renamed/tiny_2/sub/more.py", "only/Tiny.ipynb")
        self.make(tmp_path, "bob.zip", "odd.rar", "empty/readme.txt")
        names = ["alice", "flat", "renamed", "only", "bob.zip", "odd.rar", "empty"]
        assert collected(*names) == names

    def test_a_folder_of_submissions_is_opened(self, tmp_path, collected):
        handed_in(tmp_path / "class" / "alice")
        self.make(
            tmp_path / "class", "bob.zip", "carol.ipynb", "dora.rar", "emil/hw/tiny/ops.py",
            "roster.csv", "README.md", ".hidden/x", "__MACOSX/x",
        )  # fmt: skip
        assert collected("class", "class/bob.zip") == [
            "class/alice", "class/bob.zip", "class/carol.ipynb", "class/dora.rar", "class/emil"
        ]  # fmt: skip

    def test_a_class_of_one_is_opened(self, tmp_path, collected):
        handed_in(tmp_path / "class" / "alice")
        assert collected("class") == ["class/alice"]

    def test_a_class_of_flat_folders_is_opened(self, tmp_path, collected):
        self.make(tmp_path, "class/alice/ops.py", "class/bob/ops.py")
        assert collected("class") == ["class/alice", "class/bob"]

    def test_whatever_may_be_work_leaves_a_row_and_clerical_files_do_not(self, tmp_path, collected):
        work = ["Ops.py", "Tiny.ipynb.json", "alice_ops.py.txt", "bob.docx", "carol", "dora.zip",
                ".emil/tiny/ops.py", ".finn.zip"]  # fmt: skip
        self.make(tmp_path / "class", *work, "roster.csv", "notes.txt", ".git/a.py", "._dora.zip",
                  ".x/readme.txt", ".DS_Store")  # fmt: skip
        assert collected("class") == sorted(f"class/{name.partition('/')[0]}" for name in work)

    def test_a_class_that_handed_in_archives_of_other_kinds_is_opened(self, tmp_path, collected):
        self.make(tmp_path, "class/alice.rar", "class/bob.7z", "dora/hw.rar")
        assert collected("class", "dora") == ["class/alice.rar", "class/bob.7z", "dora"]

    def test_files_with_nearly_the_right_names_are_one_submission(self, tmp_path, collected):
        self.make(tmp_path, "alice/Ops.py", "alice/Tiny.ipynb.txt")
        assert collected("alice") == ["alice"]

    def test_a_missing_path_is_an_error(self, collected):
        with pytest.raises(SubmissionError, match="does not exist"):
            collected("nobody")
