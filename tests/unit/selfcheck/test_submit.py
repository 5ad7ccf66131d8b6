"""Handing in: what goes into the archive, what is said to be missing, and how it ends."""

import io
import json
import os
import re
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.expected import encode_expected
from autograder.core.files import digest_of_text
from autograder.core.judge import Expected
from autograder.selfcheck import checking
from autograder.selfcheck.checking import load
from autograder.selfcheck.command import main, submit
from autograder.selfcheck.pdf import find_browser, kept_places
from autograder.selfcheck.regions import unwritten
from autograder.selfcheck.submit import files_to_submit, write_archive

PACKAGE = "sc_submit"
CHECKS = '''
from plumbline import check

@check("double", points=2, seed=0, visible=True)
def plain(student, rng):
    """Twice a number."""
    return {"out": student.layers.double(3.0)}
'''
CODE = {"begin": "BEGIN YOUR CODE", "end": "END YOUR CODE", "tail": ""}
PROSE = {"begin": "BEGIN YOUR ANSWER", "end": "END YOUR ANSWER", "tail": ""}
STARS = [
    {"begin": "*****START OF YOUR CODE", "end": "*****END OF YOUR CODE", "tail": "*****"},
    {"begin": "*****START OF YOUR ANSWER", "end": "*****END OF YOUR ANSWER", "tail": "*****"},
]
QUESTIONS = {"double": "Doubling", "noted": "In the notebook", "why": "Why?"}
STUB = 'raise NotImplementedError("TODO: {}")'


def about(**changes):
    usual = {
        "name": "submit-one",
        "package": PACKAGE,
        "title": "Submit",
        "questions": [
            {"id": q, "title": title, "notebook": "N", "kind": "code"}
            for q, title in QUESTIONS.items()
        ],
        "regions": ["double", "noted", "why"],
        "language": "en",
        "check_titles": {},
        "given": {"setup.py": digest_of_text(b"")},
        "answer_files": {"layers.py": {"double": ["double"]}},
        "stub_digests": {"layers.py": ""},
        "notebooks": ["N"],
        "modules": {},
        "cells": {},
        "setup": {},
        "defines": {},
        "markers": [CODE, PROSE],
        "suffixes": [],
        "leaderboard": None,
    }
    return usual | changes


def around(region, marker, *lines, form="# {}"):
    """The lines of a student's region, its markers included."""
    begin, end = (
        form.format(f"{marker[word]} {region}{marker['tail']}") for word in ("begin", "end")
    )
    return "\n".join([begin, *lines, end])


def module(body, marker=CODE):
    inner = around("double", marker, "# TODO: Twice x.", body).replace("\n", "\n    ")
    return f"def double(x):\n    {inner}\n"


def notebook(noted, why, markers=(CODE, PROSE)):
    """A notebook with an answer in code and one in prose."""
    cells = [
        ("code", "import math"),
        ("code", around("noted", markers[0], "# TODO: x", noted)),
        ("markdown", "**Why?**\n\n" + around("why", markers[1], "*TODO: Say it.*", *why,
                                            form="<!-- {} -->")),
    ]  # fmt: skip
    return json.dumps({
        "nbformat": 4, "nbformat_minor": 5, "metadata": {},
        "cells": [
            {"cell_type": kind, "id": f"c{n}", "source": text.splitlines(keepends=True),
             "metadata": {"plumbline": {"role": "setup" if n == 0 else "answer"}},
             **({"outputs": [], "execution_count": None} if kind == "code" else {})}
            for n, (kind, text) in enumerate(cells)
        ],
    })  # fmt: skip


WRITTEN = {
    f"{PACKAGE}/__init__.py": "",
    f"{PACKAGE}/layers.py": module("return 2 * x"),
    "N.ipynb": notebook("answer = 42", ["", "Because."]),
}
BLANK = WRITTEN | {
    f"{PACKAGE}/layers.py": module(STUB.format("double")),
    "N.ipynb": notebook(STUB.format("noted"), []),
}


class Folder:
    """A student's folder, and what is said of it."""

    def __init__(self, path):
        self.path = path

    def write(self, files, **changes):
        files = {"selfcheck/assignment.json": json.dumps(about(**changes)), **files}
        files["selfcheck/checks/c.py"] = CHECKS
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        expected = encode_expected({"double.plain": Expected({"out": 6.0})})
        for name, data in expected.items():
            path = self.path / "selfcheck" / "expected" / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        return self

    @property
    def work(self):
        return load(self.path / "selfcheck")

    def submit(self, *options):
        for name in [n for n in sys.modules if n.partition(".")[0] == PACKAGE]:
            del sys.modules[name]
        return submit(self.work, [*map(str, options)])

    def archive(self, name="submit-one.zip"):
        with zipfile.ZipFile(self.path / name) as opened:
            return {one: opened.read(one) for one in opened.namelist()}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    yield Folder(tmp_path)
    for name in [n for n in sys.modules if n.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


# --- what is handed in ----------------------------------------------------------------------------

BOARD = {"phases": 2, "classes": 10, "images": 5}
BESIDES = {
    f"{PACKAGE}/sub/helpers.py": "x = 1\n",
    "scratch.py": "",
    "Old.ipynb": "{}",
    "report.pdf": b"%PDF-",
    "output/phase_1/prediction.npy": b"1",
    "output/phase_1/notes.txt": "",
    "output/nickname.txt": "ada",
    "setup.py": "",
    "data.bin": b"",
    "build/lib/x.py": "",
    ".venv/lib/y.py": "",
    ".ipynb_checkpoints/N-checkpoint.ipynb": "{}",
    f"{PACKAGE}/__pycache__/layers.py": "",
    f"{PACKAGE}/.ipynb_checkpoints/layers-checkpoint.py": module(STUB.format("double")),
    f"{PACKAGE}.egg-info/z.py": "",
}
OWN = ["N.ipynb", f"{PACKAGE}/__init__.py", f"{PACKAGE}/layers.py", f"{PACKAGE}/sub/helpers.py"]


@pytest.mark.parametrize(
    ("changes", "handed_in", "left"),
    [
        ({}, OWN, ["Old.ipynb", "output/phase_1/prediction.npy", "report.pdf", "scratch.py"]),
        ({"leaderboard": BOARD},
         [*OWN, "output/nickname.txt", "output/phase_1/prediction.npy"],
         ["Old.ipynb", "report.pdf", "scratch.py"]),
        ({"suffixes": [".ipynb", ".pdf"], "regions": ["noted", "why"]}, ["N.ipynb"],
         ["Old.ipynb", "output/phase_1/prediction.npy", "report.pdf", f"{PACKAGE}/__init__.py",
          f"{PACKAGE}/layers.py", f"{PACKAGE}/sub/helpers.py", "scratch.py"]),
    ],
)  # fmt: skip
def test_what_is_handed_in_and_what_is_not(folder, changes, handed_in, left):
    found = files_to_submit(folder.write(WRITTEN | BESIDES, **changes).work)
    assert sorted(found.files) == sorted(handed_in)
    assert found.others == sorted(left)
    assert found.missing == []
    assert found.unwritten == []


def test_given_files_are_not_listed_and_changed_ones_are_named(folder, capsys):
    given = {f"{PACKAGE}/data.py": b"x = 1\n", "setup.py": b"y = 1\n", "input/l.npy": b"1"}
    digests = {name: digest_of_text(data) for name, data in given.items()}
    folder.write(WRITTEN | given, suffixes=[".ipynb"], regions=["noted", "why"], given=digests)
    windows = given[f"{PACKAGE}/data.py"].replace(b"\n", b"\r\n")
    (folder.path / PACKAGE / "data.py").write_bytes(windows)
    own = [f"{PACKAGE}/__init__.py", f"{PACKAGE}/layers.py"]  # not in the table of given files
    assert files_to_submit(folder.work).others == own
    assert folder.submit("--no-checks") == 0
    assert "data.py" not in capsys.readouterr().out
    (folder.path / PACKAGE / "data.py").write_text("x = 2\n")
    (folder.path / "input" / "l.npy").write_bytes(b"2")
    assert folder.submit("--no-checks") == 1
    sentence = f"WARNING: {PACKAGE}/data.py was given to you; your changes to it are not graded\n"
    printed = capsys.readouterr().out
    assert sentence in printed
    assert printed.count("WARNING") == 1
    assert files_to_submit(folder.work).others == own


def test_of_a_given_module_that_is_handed_in_it_is_said_what_counts(folder, capsys):
    name = f"{PACKAGE}/data.py"
    folder.write(WRITTEN | {name: "x = 1\n"}, given={name: digest_of_text(b"x = 1\n")})
    (folder.path / PACKAGE).rename(folder.path / "renamed")
    assert "data.py" not in str(files_to_submit(folder.work).changed)
    (folder.path / "renamed" / "data.py").write_text("x = 1\ndef helper(): pass\n")
    found = files_to_submit(folder.work)
    assert found.changed == ["renamed/data.py"]
    assert {"renamed/layers.py", "renamed/data.py"} <= found.files.keys()
    (folder.path / "renamed").rename(folder.path / PACKAGE)
    folder.submit("--no-checks")
    sentence = f"WARNING: {name} was given to you; of your changes to it only added functions, "
    assert sentence in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["--no-checks"]])
def test_it_is_said_which_of_two_folders_is_handed_in(folder, capsys, arguments):
    copied = {name.replace(PACKAGE, "sc_copy"): text for name, text in WRITTEN.items()}
    folder.write(BLANK | copied)
    assert folder.submit(*arguments) == 0
    printed = capsys.readouterr().out
    sentence = f"! sc_copy is used, because more is written in it than in {PACKAGE}\n"
    assert printed.count(sentence) == 1
    assert "    sc_copy/layers.py" in printed.partition("Not handed in")[0]


def test_what_should_be_there_and_is_not_is_missing(folder):
    files = {n: text for n, text in WRITTEN.items() if "layers" not in n and n != "N.ipynb"}
    found = files_to_submit(folder.write(files).work)
    assert sorted(found.missing) == ["N.ipynb", f"{PACKAGE}/layers.py"]
    assert found.unwritten == ["double", "noted", "why"]


def test_finding_files_neither_runs_nor_writes(folder):
    bomb = WRITTEN | {f"{PACKAGE}/__init__.py": "raise SystemExit('imported')\n"}
    work = folder.write(bomb).work
    before = sorted(folder.path.rglob("*"))
    files_to_submit(work)
    assert sorted(folder.path.rglob("*")) == before


# --- what is unwritten ----------------------------------------------------------------------------


def missing_in(folder, files, **changes):
    return files_to_submit(folder.write(files, **changes).work).unwritten


def test_a_stub_behind_the_answer_or_in_a_comment_is_no_missing_answer(folder):
    for body in ("return 2 * x\n{}", "# {}\nreturn 2 * x"):
        layers = {f"{PACKAGE}/layers.py": module(body.format(STUB.format("double")))}
        assert missing_in(folder, WRITTEN | layers) == []


def test_everything_is_unwritten_as_handed_out_and_nothing_when_solved(folder):
    assert missing_in(folder, BLANK) == ["double", "noted", "why"]
    assert missing_in(folder, WRITTEN) == []


@pytest.mark.parametrize(
    ("name", "content", "region"),
    [
        (f"{PACKAGE}/layers.py", module(STUB.format("double")), "double"),
        (f"{PACKAGE}/layers.py", module(""), "double"),
        (f"{PACKAGE}/layers.py", module("# I will do this later."), "double"),
        (f"{PACKAGE}/layers.py", module(f"y = 2 * x\n    {STUB.format('double')}"), "double"),
        (f"{PACKAGE}/layers.py", "def double(x):\n    return 2 * x\n", "double"),
        ("N.ipynb", notebook(STUB.format("noted"), ["", "Because."]), "noted"),
        ("N.ipynb", notebook("answer = 42", []), "why"),
        ("N.ipynb", notebook("answer = 42", ["", "  "]), "why"),
    ],
)
def test_one_that_is_not_written_is_named(folder, name, content, region):
    assert missing_in(folder, WRITTEN | {name: content}) == [region]


@pytest.mark.parametrize("damage", [b"", b"no JSON", b'{"cells": 7}', b"[]", b"\xff\xfe", b"null",
                                    b'{"cells": [{}]}', b'{"cells": [{"source": 3}]}'])  # fmt: skip
def test_a_damaged_notebook_has_no_answers(folder, damage):
    assert missing_in(folder, WRITTEN | {"N.ipynb": damage}) == ["noted", "why"]


def test_the_variants_own_markers_are_looked_for(folder):
    solved = {
        f"{PACKAGE}/layers.py": module("return 2 * x", STARS[0]),
        "N.ipynb": notebook("answer = 42", ["", "Because."], STARS),
    }
    blank = {
        f"{PACKAGE}/layers.py": module(STUB.format("double"), STARS[0]),
        "N.ipynb": notebook(STUB.format("noted"), [], STARS),
    }
    assert missing_in(folder, WRITTEN | solved, markers=STARS) == []
    assert missing_in(folder, WRITTEN | blank, markers=STARS) == ["double", "noted", "why"]
    assert missing_in(folder, WRITTEN, markers=STARS) == ["double", "noted", "why"]


def test_answers_of_one_question_are_told_apart(folder):
    regions = ["train", "train.more", "train_two"]
    text = "\n".join(
        around(region, CODE, "# TODO: x", STUB.format(region) if n == 1 else "x = 1")
        for n, region in enumerate(regions)
    )
    files = WRITTEN | {f"{PACKAGE}/layers.py": text}
    assert missing_in(folder, files, regions=regions) == ["train.more"]


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("pass", ["double"]), ("...  # later", ["double"]), ("return None", ["double"]),
        ("return", ["double"]), ("return 17.0", []), ("print('x')", []), ("pass\nreturn 2 * x", []),
    ],
)  # fmt: skip
def test_a_line_that_does_nothing_is_no_answer(folder, line, missing):
    text = around("double", CODE, "# TODO: x", line)
    files = WRITTEN | {f"{PACKAGE}/layers.py": f"{text}\n"}
    assert missing_in(folder, files) == missing


@pytest.mark.parametrize("regions", [["train", "train_two"], ["train", "other"]])
def test_an_answer_ends_at_its_own_marker_and_not_at_anothers(folder, regions):
    first, second = (around(region, CODE, "x = 1") for region in regions)
    cut = first.replace("# END YOUR CODE train", "")
    files = WRITTEN | {f"{PACKAGE}/layers.py": f"{first}\n{second}"}
    assert missing_in(folder, files, regions=regions) == []
    files = WRITTEN | {f"{PACKAGE}/layers.py": f"{cut}\n{second}"}
    assert missing_in(folder, files, regions=regions) == []
    (sentence,) = files_to_submit(folder.work).unclosed
    assert "'END YOUR CODE train' is missing" in sentence


def test_a_copy_of_a_module_is_no_answer_and_takes_none_away(folder):
    copy = f"{PACKAGE}/layers_backup.py"
    assert missing_in(folder, WRITTEN | {copy: BLANK[f"{PACKAGE}/layers.py"]}) == []
    turned = {copy: WRITTEN[f"{PACKAGE}/layers.py"]}
    assert missing_in(folder, BLANK | turned) == ["double", "noted", "why"]


plain_lines = st.text("abc 你.*#-", min_size=1, max_size=15).map(lambda text: f"w{text}")


@given(
    st.lists(st.sampled_from(["double", "noted", "why", "why.more"]), unique=True),
    st.lists(plain_lines, min_size=1, max_size=3),
    st.sampled_from([[CODE, PROSE], STARS]),
)
def test_what_was_written_in_any_words_is_written(tmp_path_factory, answered, lines, markers):
    folder = Folder(tmp_path_factory.mktemp("student", numbered=True))
    regions = ["double", "noted", "why", "why.more"]
    text = "\n\n".join(
        around(region, markers[0], "# TODO: x", *(
            lines if region in answered else [STUB.format(region)]
        )) for region in regions
    )  # fmt: skip
    work = folder.write({f"{PACKAGE}/layers.py": text}, regions=regions, markers=markers).work
    left = unwritten(work, [folder.path / PACKAGE / "layers.py"])
    assert left == [region for region in regions if region not in answered]


def with_own_cell(text, *cells):
    """A notebook's text with further code cells of the student's own."""
    content = json.loads(text)
    content["cells"] += [
        {"cell_type": "code", "id": f"own{n}", "source": source, "metadata": {}, "outputs": [],
         "execution_count": None}
        for n, source in enumerate(cells)
    ]  # fmt: skip
    return json.dumps(content)


@pytest.mark.parametrize(
    ("noted", "own", "left"),
    [
        (STUB.format("noted"), "noted = 42", []),
        (STUB.format("noted"), "print(noted)", ["noted"]),
        ("answer = ...", "answer = 42", []),
        ("answer = ...", "another = 42", ["noted"]),
        (STUB.format("noted"), "noted = = 42", ["noted"]),
    ],
)
def test_a_variable_in_a_cell_of_ones_own_is_written_as_in_grading(folder, noted, own, left):
    files = WRITTEN | {"N.ipynb": with_own_cell(notebook(noted, ["", "Because."]), own)}
    prompts = {"noted": {"code": "answer = ...", "names": ["answer"]}}
    assert missing_in(folder, files, variables={"N": ["noted"]}, prompts=prompts) == left
    assert missing_in(folder, files, prompts=prompts) == ["noted"]  # a function is to be written


# --- the command ----------------------------------------------------------------------------------


def test_a_solved_folder_is_handed_in_without_a_warning(folder, capsys):
    assert folder.write(WRITTEN).submit() == 0
    message = capsys.readouterr().out
    assert "✓ double: Twice a number." in message
    assert "1 passed; 2 of 2 points of the visible checks" in message
    assert "Handed in:\n    N.ipynb\n" in message
    assert "WARNING" not in message
    assert "Not handed in" not in message
    assert message.endswith(f"\nHand in {folder.path / 'submit-one.zip'}\n")
    assert folder.archive() == {
        name: (folder.path / name).read_bytes() for name in WRITTEN
    }  # fmt: skip


def test_an_untouched_folder_is_handed_in_with_a_warning(folder, capsys):
    assert folder.write(BLANK).submit() == 1
    message = capsys.readouterr().out
    assert "WARNING: nothing is written yet for 3 answers:\n    Doubling (double)\n" in message
    assert "    Why? (why)\n" in message
    assert "not passed" not in message  # it is said already
    assert folder.write(WRITTEN | {"N.ipynb": BLANK["N.ipynb"]}, regions=["noted"]).submit() == 1
    assert "WARNING: nothing is written yet for 1 answer:\n" in capsys.readouterr().out
    assert set(folder.archive()) == set(BLANK)


def test_a_wrong_answer_is_handed_in_with_a_warning(folder, capsys):
    wrong = WRITTEN | {f"{PACKAGE}/layers.py": module("return x")}
    assert folder.write(wrong).submit() == 1
    message = capsys.readouterr().out
    assert "WARNING: 1 of 1 visible checks is not passed" in message
    assert "nothing is written" not in message
    assert set(folder.archive()) == set(WRITTEN)


def test_a_missing_marker_at_the_end_is_named_as_that(folder, capsys):
    cut = module("return 2 * x").replace("# END YOUR CODE double", "# the end")
    assert folder.write(WRITTEN | {f"{PACKAGE}/layers.py": cut}).submit("--no-checks") == 1
    printed = capsys.readouterr().out
    sentence = f"{PACKAGE}/layers.py: the line 'END YOUR CODE double' is missing"
    assert f"WARNING: {sentence}; put it back below your answer\n" in printed
    assert "nothing is written" not in printed


def test_without_the_checks_nothing_is_run(folder, capsys):
    bomb = WRITTEN | {f"{PACKAGE}/__init__.py": "raise SystemExit('imported')\n"}
    assert folder.write(bomb).submit("--no-checks") == 0
    message = capsys.readouterr().out
    assert "points of the visible checks" not in message
    assert message.startswith("Handed in:\n")
    assert set(folder.archive()) == set(WRITTEN)


def test_a_missing_file_is_a_warning(folder, capsys):
    files = {name: text for name, text in WRITTEN.items() if name != "N.ipynb"}
    assert folder.write(files).submit("--no-checks") == 1
    assert (
        f"WARNING: N.ipynb is not there; put it into {folder.path} and" in capsys.readouterr().out
    )
    assert "N.ipynb" not in folder.archive()


@pytest.mark.parametrize("handed_in", [{"N.ipynb": BLANK["N.ipynb"]}, {}])
def test_a_fuller_copy_of_a_notebook_that_stays_behind_is_a_warning(folder, capsys, handed_in):
    files = {name: text for name, text in WRITTEN.items() if name != "N.ipynb"} | handed_in
    half = notebook("answer = 42", [])
    copies = {"N-Copy0.ipynb": half, "N-Copy1.ipynb": WRITTEN["N.ipynb"], "Old.ipynb": "{"}
    assert folder.write(files | copies).submit("--no-checks") == 1
    assert (
        "WARNING: more is written in N-Copy1.ipynb than in N.ipynb, and it is not handed in; to "
        "hand it in, give it the name N.ipynb and submit again\n"
    ) in capsys.readouterr().out
    assert folder.archive().keys() == files.keys()


def test_of_a_copy_in_which_no_more_is_written_nothing_is_said(folder, capsys):
    copies = {"N-Copy1.ipynb": WRITTEN["N.ipynb"], "N-Copy2.ipynb": BLANK["N.ipynb"]}
    assert folder.write(WRITTEN | copies).submit("--no-checks") == 0
    assert "WARNING" not in capsys.readouterr().out


def test_of_many_files_that_stay_behind_the_first_are_named(folder, capsys):
    more = {f"try_{number:02}.py": "" for number in range(23)}
    assert folder.write(WRITTEN | more).submit("--no-checks") == 0
    message = capsys.readouterr().out
    assert "Not handed in:\n    try_00.py\n" in message
    assert "    try_19.py\n    and 3 more\n" in message


def test_the_archive_goes_where_it_is_asked_for(folder, capsys, tmp_path):
    target = tmp_path / "elsewhere" / "mine.zip"
    assert folder.write(WRITTEN).submit("--no-checks", "--out", target) == 2
    message = capsys.readouterr()
    assert "The archive could not be written: " in message.err
    assert "Hand in" not in message.out
    target.parent.mkdir()
    assert folder.submit("--no-checks", "--out", target) == 0
    assert set(folder.archive(target)) == set(WRITTEN)
    assert not (folder.path / "submit-one.zip").exists()
    assert [path.name for path in target.parent.iterdir()] == ["mine.zip"]


def test_where_there_is_nothing_no_archive_is_written(folder, capsys):
    assert folder.write({}).submit("--no-checks") == 2
    assert "There is nothing to hand in." in capsys.readouterr().err
    assert not (folder.path / "submit-one.zip").exists()


def test_a_second_archive_takes_the_place_of_the_first(folder):
    folder.write(WRITTEN).submit("--no-checks")
    folder.write({f"{PACKAGE}/layers.py": module("return x + x")}).submit("--no-checks")
    assert b"x + x" in folder.archive()[f"{PACKAGE}/layers.py"]


def test_files_from_before_1980_can_be_handed_in(folder):
    """A release is undated: unpacked in one time zone, read in another, it is a day older."""
    folder.write(WRITTEN)
    for path in folder.path.rglob("*"):
        os.utime(path, (0, 0))
    assert folder.submit("--no-checks") == 0
    assert set(folder.archive()) == set(WRITTEN)


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_the_options(folder, capsys, option):
    folder.write(WRITTEN)
    with pytest.raises(SystemExit) as caught:
        folder.submit(option)
    assert caught.value.code == 0
    message = re.sub(r"\s+", " ", capsys.readouterr().out)
    for words in ("--out OUT", "--no-checks", "the archive (submit-one.zip)"):
        assert words in message


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a browser is found without PATH")
def test_an_archive_without_a_browser_has_no_pdf_and_says_so(folder, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    work = folder.write(WRITTEN, suffixes=[".ipynb", ".pdf"]).work
    packed = write_archive(work, files_to_submit(work), folder.path / "submit-one.zip")
    (problem,) = packed.problems
    assert packed.names == ["N.ipynb"]
    assert problem.startswith("no PDF was made: there is no Chromium or Chrome here; install one")
    assert "print N.ipynb to a PDF yourself" in problem
    assert set(folder.archive()) == {"N.ipynb"}


def files_of(folder, *names):
    """Empty files of these names below a folder."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")


@pytest.mark.parametrize(
    ("platform", "below", "inner"),
    [
        ("darwin", "HOME", "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        ("darwin", "HOME", "Applications/Chromium.app/Contents/MacOS/Chromium"),
        ("win32", "PROGRAMFILES", "Google/Chrome/Application/chrome.exe"),
        ("win32", "PROGRAMFILES(X86)", "Microsoft/Edge/Application/msedge.exe"),
        ("win32", "LOCALAPPDATA", "Chromium/Application/chrome.exe"),
    ],
)
def test_a_browser_is_found_where_a_system_keeps_it(tmp_path, platform, below, inner):
    environment = {"PATH": "/nowhere", below: str(tmp_path)}
    assert find_browser(platform, environment, tmp_path) is None
    files_of(tmp_path, inner)
    assert find_browser(platform, environment, tmp_path) == str(tmp_path / inner)
    assert find_browser("linux", environment, tmp_path) is None


def test_a_mac_keeps_its_browsers_for_all_users_too():
    places = list(kept_places("darwin", {}, Path("/Users/ada")))
    assert Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome") in places


@pytest.mark.skipif(os.name == "nt", reason="a browser that is found by its name")
def test_a_browser_that_is_found_by_its_name_comes_first(tmp_path):
    files_of(tmp_path, "Applications/Chromium.app/Contents/MacOS/Chromium", "bin/chromium")
    (tmp_path / "bin" / "chromium").chmod(0o755)
    found = find_browser("darwin", {"PATH": str(tmp_path / "bin")}, tmp_path)
    assert found == str(tmp_path / "bin" / "chromium")


BROWSER = """#!/bin/sh
for argument; do case $argument in
    --print-to-pdf=*) echo "%PDF-1.4" > "${argument#--print-to-pdf=}" ;;
esac; done
"""


@pytest.mark.skipif(os.name == "nt", reason="the browser here is a shell script")
def test_what_is_listed_is_what_is_in_the_archive(folder, capsys, monkeypatch, tmp_path_factory):
    browser = tmp_path_factory.mktemp("bin") / "chromium"
    browser.write_text(BROWSER)
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", str(browser.parent), prepend=os.pathsep)
    files = WRITTEN | {"N.pdf": b"an old one"}
    asked = {"suffixes": [".ipynb", ".pdf"], "regions": ["noted", "why"], "answer_files": {}}
    assert folder.write(files, **asked).submit("--no-checks") == 0
    message = capsys.readouterr().out
    assert message.startswith("Handed in:\n    N.ipynb\n    N.pdf\nNot handed in:\n    sc_submit/")
    assert message.count("N.pdf") == 1
    assert folder.archive()["N.pdf"] == b"%PDF-1.4\n"


# --- picks ----------------------------------------------------------------------------------------

OPTIONS = [{"id": "why", "title": "Why?", "notebook": "N", "kind": "choice"},
           {"id": "double", "title": "Doubling", "notebook": "N", "kind": "code"}]  # fmt: skip


def picked(folder, *lines):
    files = WRITTEN | {"N.ipynb": notebook("answer = 42", lines)}
    return folder.write(files, questions=OPTIONS)


@pytest.fixture
def ask(folder, monkeypatch):
    """The command as a student gives it: its exit code."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["selfcheck", *arguments])
        monkeypatch.setattr("autograder.selfcheck.command.load", lambda: folder.work)
        return main()

    return run


def test_picks_that_cannot_be_read_are_told_before_they_cost_the_point(folder, capsys):
    assert picked(folder, "A, C, E").submit("--no-checks") == 1
    message = capsys.readouterr().out
    assert "WARNING: why: the picks could not be read: write the numbers of the options" in message
    assert "for example: Answer: 1, 3 (in N.ipynb)\n" in message
    assert "nothing is written" not in message
    assert set(folder.archive()) == set(WRITTEN)


def test_picks_that_can_be_read_are_shown_as_they_are_understood(folder, capsys):
    assert picked(folder, "*TODO: Say it.*", "", "Answer: 3 and 1").submit("--no-checks") == 0
    message = capsys.readouterr().out
    assert "✓ why: Why?\n      read in N.ipynb: 1, 3; grading will tell whether" in message
    assert "WARNING" not in message


@pytest.mark.parametrize(
    ("lines", "code", "words"),
    [
        (["2"], 0, "✓ why: Why?\n      read in N.ipynb: 2;"),
        (["B"], 1, "! why: Why?\n      the picks could not be read"),
        ([], 1, "· why: Why? — not written yet in N.ipynb"),
    ],
)
def test_asked_for_a_question_with_options_the_picks_are_looked_at(
    folder, ask, capsys, lines, code, words
):
    picked(folder, *lines)
    assert ask("why") == code
    message = capsys.readouterr().out
    assert words in message
    assert "double" not in message
    assert "0 of 0 points" not in message
    assert ask("double") == 0
    assert "why" not in capsys.readouterr().out
    assert ask() == code
    assert words in capsys.readouterr().out


def test_in_a_notebook_the_picks_are_looked_at_too(folder, monkeypatch):
    picked(folder, "1 or 2")
    monkeypatch.setattr(checking, "load", lambda: folder.work)
    table = checking.check("why")
    assert not table
    assert "! why: Why?" in repr(table)
    assert "firebrick" in table._repr_html_()
    picked(folder, "1 and 2")
    assert checking.check("why")
    assert "firebrick" not in checking.check("why")._repr_html_()


def test_picks_of_a_notebook_that_is_not_there_are_not_written(folder, ask, capsys):
    (picked(folder, "2").path / "N.ipynb").unlink()
    assert ask("why") == 1
    assert "not written yet in N.ipynb" in capsys.readouterr().out


def test_a_check_that_was_stopped_is_named_and_the_way_to_hand_in_without_it(folder, ask, capsys):
    folder.write(WRITTEN | {f"{PACKAGE}/layers.py": module("raise KeyboardInterrupt")})
    assert ask() == 1
    assert "Stopped in double; 0 of 1 checks were run." in capsys.readouterr().out
    assert ask("submit") == 1
    message = capsys.readouterr().err
    assert "Stopped; no archive was written." in message
    assert "python -m selfcheck submit --no-checks" in message
    assert ask("submit", "--no-checks") == 0


CHINESE = {
    "language": "zh",
    "title": "练习",
    "check_titles": {"double.plain": "一个数的两倍。"},
    "questions": [{"id": q, "title": "题目", "notebook": "N", "kind": kind}
                  for q, kind in (("double", "code"), ("noted", "code"), ("why", "choice"))],
}  # fmt: skip


@pytest.mark.parametrize(
    ("files", "arguments", "words"),
    [
        (BLANK, [], "· double: 一个数的两倍。 — 尚未编写"),
        (WRITTEN, [], "! why: 题目\n      无法读出所选的选项：请把选项的编号写在一行里"),
        (WRITTEN, ["noted"], "这道题没有可见的检查"),
        (WRITTEN, ["duoble"], "没有题目 'duoble'；你是指 double 吗？"),
        (WRITTEN, ["--help"], "用法: python -m selfcheck [-h] [题目 ...]"),
        (WRITTEN, ["submit", "--help"], "用法: python -m selfcheck submit"),
        (WRITTEN, ["submit", "--shut"], "无法识别的参数：--shut"),
        (BLANK, ["submit"], "警告：有 3 处答案尚未编写："),
        (WRITTEN, ["submit"], "提交的文件：\n    N.ipynb"),
        ({}, ["submit", "--no-checks"], "没有可以提交的内容。"),
        ({**WRITTEN, f"{PACKAGE}/layers.py": module("return x")}, ["submit"],
         "      out：得到 3，应为 6：它是应有值的 1/2 倍；相对误差"),
        ({**WRITTEN, f"{PACKAGE}/layers.py": module("raise KeyboardInterrupt")}, ["submit"],
         "已停止；没有生成压缩包。"),
        ({**WRITTEN, f"{PACKAGE}/layers.py": module("raise KeyboardInterrupt")}, [],
         "在 double 处停止；1 项检查中已运行 0 项。"),
    ],
)  # fmt: skip
def test_it_speaks_the_variants_language(folder, ask, capsys, files, arguments, words):
    folder.write(files, **CHINESE)
    with suppress(SystemExit):
        ask(*arguments)
    printed = "".join(capsys.readouterr())
    assert words in printed
    assert "error:" not in printed
    prose = re.sub(r"python -m selfcheck.*|selfcheck: |/\S+|\[\S+", "", printed)
    assert re.findall(r"[A-Za-z]{2,} [a-z]{2,}", prose) == []


def test_asked_for_what_has_no_visible_check_it_says_so(folder, ask, capsys):
    folder.write(WRITTEN)
    assert ask("noted") == 0
    assert "There is no visible check for this; it is graded once" in capsys.readouterr().out


# --- predictions ----------------------------------------------------------------------------------


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


FIRST = "output/phase_1/prediction.npy"


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.arange(4), "it holds 4 predictions, and there are 5 examples"),
        (np.arange(5.0), "it holds float64 numbers; save integers: preds.astype(int)"),
        (np.zeros((5, 10), int), "its shape is (5, 10), not (5,); save classes: scores.argmax"),
        (np.arange(5) + 6, "prediction 4 is 10 (1 of 5 are out of range); a class is a number"),
        (None, "it is no .npy file; save it with np.save"),
    ],
)
def test_predictions_that_would_not_count_are_told(folder, capsys, array, words):
    data = b"no array" if array is None else npy(array)
    assert folder.write(WRITTEN | {FIRST: data}, leaderboard=BOARD).submit("--no-checks") == 1
    assert f"WARNING: {FIRST} does not count: {words}" in capsys.readouterr().out
    assert folder.archive()[FIRST] == data


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.zeros(5), ""),
        (np.zeros((5, 1)), "does not count: its shape is (5, 1), not (5,); preds.reshape(5,)"),
        (np.full(5, np.nan), "does not count: prediction 0 is not finite (5 of 5 are not)"),
    ],
)
def test_predicted_numbers_are_told_in_the_same_way(folder, capsys, array, words):
    board = {"phases": 1, "shape": [5]}
    code = folder.write(WRITTEN | {FIRST: npy(array)}, leaderboard=board).submit("--no-checks")
    assert code == (1 if words else 0)
    assert words in capsys.readouterr().out


def test_predictions_that_count_are_handed_in_without_a_word(folder, capsys):
    good = {FIRST: npy(np.arange(5)), FIRST.replace("1", "2"): npy(np.arange(5, dtype=np.uint8))}
    assert folder.write(WRITTEN | good, leaderboard=BOARD).submit("--no-checks") == 0
    assert "WARNING" not in capsys.readouterr().out


@pytest.mark.parametrize("place", ["output", "output/phase_3", "output/phase1"])
def test_predictions_in_the_wrong_place_are_told(folder, capsys, place):
    files = WRITTEN | {f"{place}/prediction.npy": npy(np.arange(5))}
    assert folder.write(files, leaderboard=BOARD).submit("--no-checks") == 1
    message = capsys.readouterr().out
    assert f"{place}/prediction.npy does not count there; predictions belong in" in message
    assert "output/phase_1 or output/phase_2" in message


def test_a_module_that_reads_its_arguments_gets_none(ask, folder):
    reads = "import argparse\n\nargparse.ArgumentParser().parse_args()\n\n\n"
    layers = f"{PACKAGE}/layers.py"
    folder.write(WRITTEN | {layers: reads + WRITTEN[layers]})
    assert ask("double") == 0
