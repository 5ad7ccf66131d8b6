"""Files of checks: what they give, and the checks that would get lost."""

import pytest

from autograder.core.check_files import load_checks, load_folder, read_checks
from autograder.errors import CheckError

HEAD = "from plumbline import check\n"
ONE = '@check("{}")\ndef {}(student, rng):\n    return {{"x": 1}}\n'


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "a.py"
        path.write_text(HEAD + text)
        return path

    return write


def indented(text):
    return "".join(f"    {line}\n" for line in text.splitlines())


@pytest.mark.parametrize("opens", ["if True:", "if False:\n    pass\nelse:"])
def test_a_check_in_an_if_is_one(written, opens):
    path = written(f"{opens}\n{indented(ONE.format('p', 'f'))}")
    assert [check.id for check in load_checks(path)] == ["p.f"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("for n in (1, 2, 3):\n" + indented(ONE.format("p", "f")), [3]),
        ("def make():\n" + indented(ONE.format("p", "f") + "return f") + "f = make()\n", [3]),
        ("class Checks:\n" + indented(ONE.format("p", "f")), [3]),
        ("try:\n" + indented(ONE.format("p", "f")) + "finally:\n    pass\n", [3]),
        (ONE.format("p", "f") + "del f\n", [2]),
        (ONE.format("p", "f") + "f = 3\n", [2]),
        (ONE.format("p", "f") + "def f():\n    pass\n", [2]),
        ("def f(student, rng): ...\n\nx = check('p')(f)\n", [2]),
        ("xs = []\nxs.append(check('p')(lambda s, r: {}))\n", [3]),
    ],
)
def test_a_check_that_would_get_lost_is_told_with_its_line(written, text, lines):
    path = written(text)
    errors = read_checks(path).errors
    assert [str(error).partition(": ")[0] for error in errors] == [f"{path}:{n}" for n in lines]
    assert all("would get lost" in str(error) for error in errors)


def test_a_decorator_of_the_authors_own_may_stand_below(written):
    keeps = "import functools\n\n\n" + (
        "def twice(f):\n    @functools.wraps(f)\n    def g(*a):\n        return f(*a)\n"
        "    return g\n\n\n"
    )
    text = ONE.format("p", "f").replace("def f", "@twice\ndef f")
    (check,) = load_checks(written(keeps + text))
    assert (check.name, check.place.line) == ("f", 12)


def test_a_mistake_in_one_check_does_not_keep_the_others_from_being_made(written):
    text = (
        ONE.replace('"{}")', '"{}", points=0)').format("p", "a")
        + ONE.format("p", "b")
        + ONE.replace('"{}")', '"{}", point=1)').format("p", "c")
        + "x = c\n"
        + ONE.format("p", "d")
    )
    path = written(text)
    found = read_checks(path)
    assert [check.name for check in found.checks] == ["b", "d"]
    assert [str(error).partition(": ")[0] for error in found.errors] == [f"{path}:2", f"{path}:8"]
    with pytest.raises(CheckError, match=r"more than 0 points, not 0\n.*unexpected keyword"):
        load_checks(path)


def test_a_future_import_holds_for_the_whole_file(written):
    path = written("")
    path.write_text(
        '"""Doc."""\nfrom __future__ import annotations\n' + HEAD + "doc = __doc__\n"
        "def helper(x: not_defined) -> at_all: ...\n" + ONE.format("p", "f")
    )
    assert [check.id for check in load_checks(path)] == ["p.f"]


def test_two_checks_of_one_id_are_told_with_both_places(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.py").write_text(HEAD + ONE.format("p", "f"))
    with pytest.raises(CheckError, match=r"b\.py:2: a second check .* beside that at .*a\.py:2;"):
        load_folder(tmp_path)


def test_what_another_file_makes_when_it_is_imported_is_its_own(written, monkeypatch):
    path = written(ONE.format("p", "f"))
    (path.parent / "other_checks.py").write_text(HEAD + ONE.format("p", "g"))
    monkeypatch.syspath_prepend(path.parent)
    path.write_text("from other_checks import g\n" + path.read_text())
    assert [check.name for check in load_checks(path)] == ["f"]
