"""``plumb try``: all that an author should mend, at once, with its place."""

import importlib
import os
import re
import time

import pytest

import autograder.sandbox
from autograder.errors import SandboxUnavailable
from plumb import body_watch
from tests.own_course import CHECKS, NOTEBOOK, write_course

MORE = """
# %%
import os

# %%
# BEGIN SOLUTION
def twice(x):
    return 2 * x
# END SOLUTION

# %%
# BEGIN SOLUTION
double_rate = twice(rate)
# END SOLUTION

# %%
# BEGIN SOLUTION
def drawn():
    return int.from_bytes(os.urandom(4), "big")
# END SOLUTION
"""
MORE_CHECKS = """

@check("twice", needs=["root"])
def twice_nothing(student, rng):
    return {"y": student.twice(0)}


@check("twice")
def twice_something(student, rng):
    return {"y": student.twice(1.5)}


@check("double_rate", needs=["twice"])
def rate_twice(student, rng):
    return {"rate": student.double_rate}


@check("drawn")
def numbers(student, rng):
    return {"n": student.drawn()}


@check("drawn")
def without_the_function(student, rng):
    return {"n": 3}


@check("root")
def divides(student, rng):
    return {"n": student.root(4, 1e-9) / 0}
"""


def test_what_is_right_is_shown_and_all_is_well(in_course, tmp_path):
    write_course(tmp_path)
    code, output = in_course("try")
    assert code == 0, output
    assert "  rate.half_life_of_three_hours: rate = 0.231049\n" in output
    assert "hw1: 2 checks, worth 3 points: all is well (" in output
    assert not (tmp_path / "release").exists()


def test_all_mistakes_are_told_at_once_each_with_its_place(in_course, tmp_path):
    write_course(tmp_path, {"hw1/hw1.py": NOTEBOOK + MORE, "hw1/checks.py": CHECKS + MORE_CHECKS})
    code, output = in_course("try", within="hw1")
    assert code == 2
    lines = (tmp_path / "hw1" / "checks.py").read_text().split("\n")
    source = (tmp_path / "hw1" / "hw1.py").read_text().split("\n")

    def place(name):
        return f"checks.py:{lines.index(f'def {name}(student, rng):')}"

    nothing = f"warning: {place('twice_nothing')}: twice.twice_nothing"
    for words in (
        f"{nothing} records nothing telling: y is zero",
        f"{nothing} needs 'root' by its own words, and passes without it",
        f"error: {place('rate_twice')}: double_rate.rate_twice fails without rate "
        f"(hw1.py:{source.index('rate = np.log(2) / 3') - 1}), which it does not name; write "
        'needs=["rate"]',
        f"error: {place('numbers')}: drawn.numbers: the reference differs between two runs: n: ",
        f"error: {place('without_the_function')}: drawn.without_the_function earns 100% without an "
        "answer to drawn (hw1.py:",
        f"checks.py:{len(lines) - 1}: root.divides raised ZeroDivisionError: float division",
    ):
        assert words in output.replace(f"{tmp_path}/hw1/", ""), words
    assert output.count("error: ") == 4
    assert output.count("warning: ") == 2
    assert "8 checks, worth 9 points: 4 to mend" in output


def test_a_function_that_is_given_and_never_called_is_told(in_course, tmp_path):
    checks = """

@check("root")
def with_functions(student, rng):
    unused = lambda x: x
    return {"y": student.root(4, 1e-9), "z": student.ignoring(abs, unused)}


@check("root")
def with_a_builtin(student, rng):
    return {"y": student.root(4, 1e-9), "z": student.ignoring(abs, abs)}
"""
    notebook = "\n# %%\ndef ignoring(f, g):\n    return f(-2)\n"
    files = {"hw1/hw1.py": NOTEBOOK + notebook, "hw1/checks.py": CHECKS + checks}
    write_course(tmp_path, files)
    code, output = in_course("try")
    assert code == 0, output
    lines = (tmp_path / "hw1" / "checks.py").read_text().split("\n")
    place = f"checks.py:{lines.index('    unused = lambda x: x') + 1}: root.with_functions"
    assert f"{place} gives a function that the reference never calls" in output
    assert "z = 2; its functions may be called with: number, 1000 times at most" in output
    assert output.count("gives a function") == 1


def test_a_check_that_never_ends_on_the_reference_is_told_by_a_release_too(
    in_course, tmp_path, monkeypatch
):
    monkeypatch.setattr(body_watch, "OWN_SECONDS", 0.5)
    endless = '    while True: pass\n    return {"root"'
    write_course(tmp_path, {"hw1/checks.py": CHECKS.replace('    return {"root"', endless)})
    for command in ("try", "release"):
        code, output = in_course(command)
        assert code == 2
        assert "hw1/checks.py:12: root.root_of_a_large_number computed for more" in output


def test_a_check_that_never_ends_without_an_answer_earns_nothing_there(
    in_course, tmp_path, monkeypatch
):
    monkeypatch.setattr(body_watch, "OWN_SECONDS", 0.5)
    endless = """\
    from plumbline import StudentError
    try:
        root = student.root(1000, 1e-9)
    except StudentError:
        while True: pass
    return {"root": root}
"""
    checks = CHECKS[: CHECKS.index('    return {"root"')] + endless
    write_course(tmp_path, {"hw1/checks.py": checks})
    code, output = in_course("try")
    assert (code, "all is well" in output) == (0, True), output


def test_only_the_questions_that_are_named_are_tried(in_course, tmp_path):
    write_course(tmp_path, {"hw1/hw1.py": NOTEBOOK + MORE, "hw1/checks.py": CHECKS + MORE_CHECKS})
    code, output = in_course("try", "hw1", "rate")
    assert code == 0
    assert "hw1: 1 check, worth 1 points: all is well" in output
    code, output = in_course("try", "hw1", "rates")
    assert code == 2
    assert "there is no question 'rates'; there are: root, rate, twice" in output


def test_a_region_at_the_top_of_a_module_is_told_with_what_it_takes_along(in_course, tmp_path):
    module = (
        "# BEGIN SOLUTION\nlimit = 3.5\n# END SOLUTION\n\n\n"
        "def f(x):\n    # BEGIN SOLUTION\n    return x + 1\n    # END SOLUTION\n"
    )
    checks = (
        '\n@check("limit")\ndef the_limit(student, rng):\n    return {"n": student.m.limit}\n'
        '\n@check("f")\ndef one_more(student, rng):\n    return {"n": student.m.f(2)}\n'
    )
    write_course(
        tmp_path,
        {"hw1/num/__init__.py": "", "hw1/num/m.py": module, "hw1/checks.py": CHECKS + checks},
    )
    code, output = in_course("try")
    assert code == 2
    assert "f.one_more fails without limit (" in output
    assert "m.py:1), which it does not name" in output
    assert "its region stands at the top of a module" in output


def test_what_cannot_be_read_is_told_as_by_release(in_course, tmp_path):
    write_course(tmp_path, {"hw1/checks.py": CHECKS.replace('"rate", v', '"rates", v')})
    code, output = in_course("try")
    assert code == 2
    assert "names the question 'rates'" in output
    assert "did you mean rate?" in output


def test_without_a_sandbox_it_says_so_and_runs(in_course, tmp_path, monkeypatch):
    bare = autograder.sandbox.backend

    def absent(name):
        if name == "bubblewrap":
            raise SandboxUnavailable("there is none")
        return bare(name)

    monkeypatch.setattr(autograder.sandbox, "backend", absent)
    write_course(tmp_path)
    code, output = in_course("try")
    assert code == 0, output
    assert output.count("there is no sandbox here: there is none. Your own code runs") == 1
    assert "all is well" in output


def test_it_watches_until_it_is_stopped(in_course, tmp_path, monkeypatch):
    write_course(tmp_path)
    rounds = []

    def sleep(_seconds):
        rounds.append(1)
        if len(rounds) > 1:
            raise KeyboardInterrupt
        path = tmp_path / "hw1" / "checks.py"
        path.write_text(CHECKS.replace("points=2", "points=7"))
        os.utime(path, (1, 1))

    monkeypatch.setattr(time, "sleep", sleep)
    code, output = in_course("try", "--watch")
    assert code not in (0, 2)
    assert output.index("worth 3 points") < output.index("worth 8 points")


def test_a_traceback_is_in_the_authors_file_whatever_it_is_called(in_course, tmp_path):
    broken = NOTEBOOK.replace("    low, high = 0, max(a, 1)", "    low, high = 0, [a][1]")
    files = {"hw1/hw1.py": None, "hw1/checks.py": None}
    write_course(tmp_path, files | {"hw-1/hw-1.py": broken, "hw-1/checks.py": CHECKS})
    code, output = in_course("try", "hw-1")
    assert code == 2
    assert "hw-1.ipynb" not in output
    line = broken.split("\n").index("    low, high = 0, [a][1]") + 1
    assert re.search(rf'hw-1\.py", line {line}\b', output), output


def test_it_watches_the_file_of_the_course_too(in_course, tmp_path, monkeypatch):
    write_course(tmp_path, {"course.toml": 'python = ["there_is_none"]\n'})
    rounds = []

    def sleep(_seconds):
        rounds.append(1)
        if len(rounds) > 1:
            raise KeyboardInterrupt
        (tmp_path / "course.toml").write_text('title = "Numerics"\n')
        os.utime(tmp_path / "course.toml", (1, 1))

    monkeypatch.setattr(time, "sleep", sleep)
    _, output = in_course("try", "--watch")
    assert output.index("there_is_none (not installed)") < output.index("all is well")


def test_what_is_saved_during_a_trial_is_tried_after_it(in_course, tmp_path, monkeypatch):
    write_course(tmp_path)
    command = importlib.import_module("plumb.cli.try_")
    tried = []

    def saved_meanwhile(*_arguments):
        tried.append(1)
        if len(tried) == 1:
            path = tmp_path / "hw1" / "checks.py"
            path.write_text(CHECKS.replace("points=2", "points=7"))
            os.utime(path, (1, 1))
        return True

    def stop(_seconds):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_try_all", saved_meanwhile)
    monkeypatch.setattr(time, "sleep", stop)
    in_course("try", "--watch")
    assert len(tried) == 2


@pytest.mark.parametrize("like", ["small", "package", "notebook", "full"])
def test_what_new_writes_is_well(in_course, like):
    in_course("new", "hw1", "--like", like)
    code, output = in_course("try")
    assert code == 0, output
    assert "warning" not in output


LOOKS_AT_TEXTS = """

@check("root")
def one_loop(student, rng):
    return {"loops": student.source(student.root).text.count("while"), "r": student.root(4, 1e-9)}


@check("double", visible=True)
def as_it_is_written(student, rng):
    return {"text": student.source(student.m.double).text}
"""


def test_a_check_that_reads_a_text_can_be_tried(in_course, tmp_path):
    module = "def double(x):\n    # BEGIN SOLUTION\n    return 2 * x\n    # END SOLUTION\n"
    files = {"hw1/checks.py": CHECKS + LOOKS_AT_TEXTS}
    write_course(tmp_path, files | {"hw1/num/__init__.py": "", "hw1/num/m.py": module})
    code, output = in_course("try")
    assert code == 0, output
    assert "  root.one_loop: loops = 1, r = 2\n" in output
    assert "  double.as_it_is_written: text = 'def double(x):" in output
    assert "4 checks, worth 5 points: all is well" in output


def test_what_another_check_of_the_question_needs_excuses_no_other(in_course, tmp_path):
    notebook = """
# %%
def f(x):
    # BEGIN SOLUTION
    return x + root(9, 1e-9)
    # END SOLUTION

# %%
def g(x):
    # BEGIN SOLUTION
    return f(x) + 1
    # END SOLUTION
"""
    checks = """

@check("f", needs=["root"])
def says_so(student, rng):
    return {"y": student.f(1)}


@check("f")
def says_nothing(student, rng):
    return {"y": student.f(2)}


@check("g", needs=["f"])
def through_f(student, rng):
    return {"y": student.g(3)}
"""
    files = {"hw1/hw1.py": NOTEBOOK + notebook, "hw1/checks.py": CHECKS + checks}
    write_course(tmp_path, files)
    code, output = in_course("try")
    assert code == 2
    assert output.count("error: ") == 1, output
    line = (CHECKS + checks).split("\n").index("def says_nothing(student, rng):")
    assert f"checks.py:{line}: f.says_nothing fails without root (" in output
    assert 'which it does not name; write needs=["root"]' in output
