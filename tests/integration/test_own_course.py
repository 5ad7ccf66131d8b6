"""A course of one's own, with the commands that its author gives, in a folder of its own."""

import inspect
import json
import os
import subprocess
import sys
import zipfile

import pytest

import plumbline
from autograder.core.asking import Asking
from autograder.core.student import Student
from autograder.core.values import ARRAY, kind, number_word
from autograder.harness import open_harness
from plumb.new import TEMPLATES
from tests.own_course import CHECKS, NOTEBOOK, write_course


def hand_in(tmp_path, assignment, name, **answers):
    """Unpack the students' package for somebody, with these answers in the place of the stubs."""
    with zipfile.ZipFile(tmp_path / "release" / assignment / "student.zip") as archive:
        archive.extractall(tmp_path / "class" / name)
    stub = 'raise NotImplementedError("TODO: '
    for path in (tmp_path / "class" / name).rglob("*.ipynb"):
        notebook = json.loads(path.read_text())
        for cell in notebook["cells"]:
            source = "".join(cell["source"])
            for region, answer in answers.items():
                source = source.replace(f'{stub}{region}")', answer)
            cell["source"] = source
        path.write_text(json.dumps(notebook))


@pytest.mark.parametrize("like", ["small", "package", "notebook", "full"])
def test_what_new_writes_can_be_released(in_course, tmp_path, like):
    code, output = in_course("new", "hw1", "--like", like)
    assert code == 0, output
    assert (tmp_path / "course.toml").is_file()
    assert (tmp_path / ".gitignore").is_file()
    code, output = in_course("release", within="hw1")
    assert code == 0, output
    assert "release/hw1/student.zip and harness.zip: " in output
    with zipfile.ZipFile(tmp_path / "release" / "hw1" / "student.zip") as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    outside = [name for name in texts if "/selfcheck/" not in name]
    assert not [name for name in outside if name.endswith((".pyx", "setup.py", "checks.py"))]
    for name, text in texts.items():
        for word in ("pip install plumb", "pip install autograder", "BEGIN SOLUTION", "PROMPT"):
            assert word not in text, (name, word)
    if like == "full":
        harness = open_harness(tmp_path / "release" / "hw1" / "harness.zip", tmp_path / "opened")
        recorded = [e.observations for e in harness.expected.values()]
        assert ALL_KINDS - set(kinds_in(recorded)) == set()


#: What can be recorded, but for tables: not everybody has pandas.
ALL_KINDS = {
    "number", "text", "flag", "none", "bytes", "decimal", "fraction", "range", "list", "tuple",
    "dictionary", "set", "date", "time", "datetime", "timedelta",
    "array of float", "array of complex", "array of string", "array of datetime",
}  # fmt: skip


def kinds_in(value):
    """The kinds of a value and of all that it holds."""
    found = kind(value)
    yield f"array of {number_word(value.dtype)}" if found == ARRAY else found
    if isinstance(value, (dict, list, tuple)):
        for inside in value.values() if isinstance(value, dict) else value:
            yield from kinds_in(inside)


def test_the_smallest_assignment_has_two_files_and_few_lines(in_course, tmp_path):
    in_course("new", "hw1")
    files = sorted((tmp_path / "hw1").iterdir())
    assert [path.name for path in files] == ["checks.py", "hw1.py"]
    assert sum(len(path.read_text().splitlines()) for path in files) <= 25


@pytest.mark.long
def test_beside_other_files_no_course_file_is_made_and_it_is_a_course(in_course, tmp_path):
    (tmp_path / "syllabus.txt").write_text("Week 1\n")
    code, output = in_course("new", "hw1")
    assert code == 0
    assert not (tmp_path / "course.toml").exists()
    assert "No course.toml was written, because other files are here" in output
    assert in_course("release", within="hw1")[0] == 0
    hand_in(tmp_path, "hw1", "anna")
    for within, arguments in (("hw1", ["../class"]), (".", ["hw1", "class"])):
        code, output = in_course("grade", *arguments, within=within)
        assert code == 0, output
    assert (tmp_path / "grades" / "hw1" / "reports" / "anna.json").is_file()


def test_new_overwrites_nothing_and_says_what_to_do(in_course, tmp_path):
    in_course("new", "hw1")
    code, output = in_course("new", "hw1")
    assert code == 2
    assert "hw1 is there already; choose another name, or remove it first" in output
    assert in_course("new", "h w")[0] == in_course("new", "hw2", "--like", "other")[0] == 2
    assert not (tmp_path / "hw2").exists()
    code, output = in_course("new", "hw2", within="hw1")
    assert code == 0
    assert (tmp_path / "hw2" / "hw2.py").is_file()


def test_a_class_is_graded_in_the_course(in_course, tmp_path):
    write_course(tmp_path)
    code, output = in_course("release")
    assert code == 0, output
    answers = {"root": "return args[0] ** 0.5", "rate": "rate = np.log(2) / 3"}
    hand_in(tmp_path, "hw1", "anna", **answers)
    hand_in(tmp_path, "hw1", "ben", **(answers | {"rate": "rate = 7"}))
    hand_in(tmp_path, "hw1", "cleo")
    code, output = in_course("grade", "hw1", "class")
    assert code == 0, output
    assert outcomes(tmp_path) == {
        "anna": {"root": "passed", "rate": "passed"},
        "ben": {"root": "passed", "rate": "failed"},
        "cleo": {"root": "missing", "rate": "missing"},
    }


@pytest.mark.long
def test_a_prompt_counts_as_unwritten_while_it_is_unchanged(in_course, tmp_path):
    prompt = "# PROMPT rate = ...\nrate = np.log"
    module = "def f(x):\n    # BEGIN SOLUTION\n    # PROMPT return ...\n    return 2 * x\n"
    check = '\n@check("f", visible=True)\ndef f4(student, rng):\n    return {"y": student.m.f(4)}\n'
    files = {
        "hw1/hw1.py": NOTEBOOK.replace("rate = np.log", prompt),
        "hw1/checks.py": CHECKS + check,
        "hw1/num/__init__.py": "",
        "hw1/num/m.py": f"{module}    # END SOLUTION\n",
    }
    write_course(tmp_path, files)
    code, output = in_course("release")
    assert code == 0, output
    hand_in(tmp_path, "hw1", "anna", root="return args[0] ** 0.5")
    hand_in(tmp_path, "hw1", "ben", root="return args[0] ** 0.5")
    (path,) = (tmp_path / "class" / "ben").rglob("*.ipynb")
    path.write_text(path.read_text().replace("rate = ...", "rate = 7"))
    in_course("grade", "hw1", "class")
    assert outcomes(tmp_path) == {
        "anna": {"root": "passed", "rate": "missing", "f": "missing"},
        "ben": {"root": "passed", "rate": "failed", "f": "missing"},
    }
    printed = selfcheck(tmp_path / "class" / "anna" / "num-hw1")
    assert "2 not written yet; 0 of 2 points" in printed


def selfcheck(folder):
    """What a student's own check prints in a folder."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-m", "selfcheck"],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout + done.stderr


@pytest.mark.long
def test_each_unwritten_variable_is_missing_itself(in_course, tmp_path):
    second = "\n# %%\n# BEGIN SOLUTION\nHalf_Life = 3 + rate\n# END SOLUTION\n"
    check = (
        '\n@check("half_life", visible=True)\ndef half(student, rng):\n'
        '    return {"h": student.Half_Life}\n'
    )
    write_course(tmp_path, {"hw1/hw1.py": NOTEBOOK + second, "hw1/checks.py": CHECKS + check})
    code, output = in_course("release")
    assert code == 0, output
    hand_in(tmp_path, "hw1", "anna")
    in_course("grade", "hw1", "class")
    assert outcomes(tmp_path)["anna"] == {
        "root": "missing",
        "rate": "missing",
        "half_life": "missing",
    }
    printed = selfcheck(tmp_path / "class" / "anna" / "hw1")
    assert "it needs" not in printed
    assert printed.count("— not written yet") == 2


@pytest.mark.long
@pytest.mark.parametrize("prompt", [False, True])
def test_a_variable_may_be_answered_in_a_cell_of_ones_own(in_course, tmp_path, prompt):
    todo = "# TODO: the rate of a half-life of 3 hours."
    notebook = NOTEBOOK.replace(todo, f"{todo}\n# PROMPT rate = ...") if prompt else NOTEBOOK
    write_course(tmp_path, {"hw1/hw1.py": notebook})
    assert in_course("release")[0] == 0
    for name, answer in (("anna", "k = 3\nrate = np.log(2) / k"), ("ben", "rate = 7")):
        hand_in(tmp_path, "hw1", name)
        (path,) = (tmp_path / "class" / name).rglob("*.ipynb")
        content = json.loads(path.read_text())
        cell = {"cell_type": "code", "source": answer, "metadata": {}, "outputs": []}
        content["cells"].append(cell | {"id": "own", "execution_count": None})
        path.write_text(json.dumps(content))
    code, output = in_course("grade", "hw1", "class")
    assert code == 0, output
    assert outcomes(tmp_path) == {
        "anna": {"root": "missing", "rate": "passed"},
        "ben": {"root": "missing", "rate": "failed"},
    }
    assert "1 of 1 points" in selfcheck(tmp_path / "class" / "anna" / "hw1")
    assert "got 7, expected 0.231" in selfcheck(tmp_path / "class" / "ben" / "hw1")


def outcomes(tmp_path):
    """By student and question, the outcome of its first check."""
    return {
        path.stem: {
            question["id"]: question["checks"][0]["outcome"]
            for question in json.loads(path.read_text())["questions"]
        }
        for path in (tmp_path / "grades" / "hw1" / "reports").glob("*.json")
    }


def test_without_a_release_grade_says_what_to_do(in_course, tmp_path):
    write_course(tmp_path)
    code, output = in_course("grade", "hw1", "class")
    assert code == 2
    assert "hw1 is not released yet" in output
    assert "`plumb release hw1`" in output
    assert "nothing was released yet" in in_course("grade", "class")[1]


@pytest.mark.long
def test_release_takes_what_the_folder_suggests(in_course, tmp_path):
    code, output = in_course("release")
    assert code == 2
    assert "`plumb new hw1` makes one" in output
    second = {
        "hw2/two.py": "# %%\n# BEGIN SOLUTION\na = 2.5\n# END SOLUTION\n",
        "hw2/checks.py": CHECKS[: CHECKS.index("@check")] + SECOND,
    }
    write_course(tmp_path, second)
    code, output = in_course("release", "hw3")
    assert code == 2
    assert "there is no assignment 'hw3' in" in output
    assert "there are: hw1, hw2" in output
    assert in_course("release", "hw2")[0] == 0
    assert not (tmp_path / "release" / "hw1").exists()
    code, output = in_course("release")
    assert code == 0
    assert "release/hw1/" in output
    assert "release/hw2/" in output


SECOND = '@check("a")\ndef value_of_a(student, rng):\n    return {"a": student.a}\n'


def test_the_full_template_shows_all_that_a_check_can_ask_for():
    text = (TEMPLATES / "full" / "checks.py").read_text("utf-8")
    asked = {name for kind in (Asking, Student) for name in vars(kind) if not name.startswith("_")}
    unshown = asked - {"function_use"}
    assert {name for name in unshown if f"student.{name}" not in text} == set()
    options = inspect.signature(plumbline.check).parameters.keys() - {"question", "seed"}
    assert {name for name in options if f"{name}=" not in text} == set()
    before_checks = [part.rstrip().split("\n")[-1] for part in text.split("\n@check")[:-1]]
    assert [line for line in before_checks if not line.startswith("#")] == []
