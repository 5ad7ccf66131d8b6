"""What a check can ask beside calls: what a call prints and raises, expressions, files."""

import io
import os
import sys
import textwrap

import pytest

from autograder.core.errors import StudentError
from autograder.core.judge import Expected, judge, observe
from autograder.core.local import local_student
from autograder.core.remote import ATTRIBUTE
from autograder.core.written_file import MAX_FILE
from plumbline import check


@pytest.fixture
def student(tmp_path, monkeypatch):
    """A student whose package `asked` is the given source, in a working folder of its own."""

    def make(source):
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        (tmp_path / "asked.py").write_text(textwrap.dedent(source))
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "asked", raising=False)
        monkeypatch.chdir(tmp_path)
        return local_student("asked", seed=0)

    return make


def test_what_a_call_prints_is_a_text(student):
    source = """
    import os, sys

    def greet(name, end):
        print("Hello,", name, end=end)
        sys.stdout.write("\\r\\n")
        os.write(1, b"below\\n")
        return "not this"
    """
    assert student(source).printed(student(source).greet, "Ann", end="!") == "Hello, Ann!\nbelow\n"


def test_printing_goes_on_as_before_after_a_call(student, capfd):
    someone = student("def greet():\n    print('in')\n")
    before = sys.stdout
    someone.printed(someone.greet)
    assert sys.stdout is before
    print("out")
    os.write(1, b"below\n")
    assert capfd.readouterr().out == "out\nbelow\n"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("def greet():\n    pass\n", ""),
        (
            "import builtins\n\ndef greet():\n    builtins.print('x', file=None, flush=True)\n",
            "x\n",
        ),
        ("print = lambda *a: 'Hello'\n\ndef greet():\n    return print('Hello')\n", ""),
        (
            "import io, sys\n\ndef greet():\n    sys.stdout = io.StringIO('Hello')\n    print(1)\n",
            "",
        ),
        ("import sys\n\ndef greet():\n    sys.stdout = None\n", ""),
    ],
)
def test_only_what_reaches_the_output_was_printed(student, source, text):
    someone = student(source)
    assert someone.printed(someone.greet) == text
    assert not isinstance(sys.stdout, io.StringIO)


def test_an_endless_print_is_stopped(student):
    someone = student("def greet():\n    while True:\n        print('x' * 1000)\n")
    with pytest.raises(StudentError, match="more than 500000 characters were printed"):
        someone.printed(someone.greet)


BISECTION = """
class NoBracket(ValueError):
    pass


def bisection(f, a, b):
    {}
"""


@check("root", points=1, seed=1)
def refuses(student, rng):
    """An interval without a change of sign is refused."""
    raised = student.raises(student.bisection, 1, 0, b=2)
    return {"raised": raised, "is_a": raised.is_a("ValueError")}


@pytest.mark.parametrize(
    ("body", "raised", "text", "share"),
    [
        ("raise ValueError(f'no sign change on {a}, {b}')", "ValueError", "no sign change", 1),
        ("raise ValueError", "ValueError", "", 1),
        ("return None", "nothing", "", 0),
        ("raise TypeError('no')", "TypeError", "no", 0),
        ("raise SystemExit(3)", "SystemExit", "3", 0),
    ],
)
def test_what_a_call_raises_is_an_observation(student, body, raised, text, share):
    expected = Expected({"raised": "ValueError", "is_a": True})
    someone = student(BISECTION.format(body))
    seen = observe(refuses, someone)
    assert seen["raised"] == raised
    assert someone.raises(someone.bisection, 1, 0, 2).text.startswith(text)
    verdict = judge(refuses, seen, expected)
    assert verdict.share == share
    if not share:
        assert f"got {raised!r}, expected 'ValueError'" in verdict.message


def test_a_derived_class_is_told_by_all_its_names(student):
    someone = student(BISECTION.format("raise NoBracket('here')"))
    raised = someone.raises(someone.bisection, 1, 0, 2)
    assert (raised.kind, raised.text) == ("NoBracket", "here")
    assert raised.is_a("ValueError")
    assert not raised.is_a("KeyError")


@pytest.mark.parametrize("source", ["other = 1", "import no_such_module", "def bisection(: pass"])
def test_a_function_that_is_not_there_raises_nothing_that_counts(student, source):
    someone = student(source)
    with pytest.raises(StudentError):
        someone.raises(someone.bisection, 1, 0, 2)


def test_an_untouched_stub_is_not_what_was_asked_for(student):
    someone = student(BISECTION.format("raise NotImplementedError('TODO: root')"))
    with pytest.raises(StudentError) as info:
        someone.raises(someone.bisection, 1, 0, 2)
    assert info.value.unwritten == "root"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("rate", 0.25),
        ("len(grades) + rate", 2.25),
        ("sorted(g * rate for g in grades)[0]", 1.0),
        ("[n for n in names if len(n) > int(4 * rate)]", ["Bob"]),
        ("(lambda k: rate + k)(1)", 1.25),
    ],
)
def test_an_expression_is_evaluated_among_the_names_of_the_student(student, expression, value):
    source = "rate, grades, names = 0.25, [4, 5], ['A', 'Bob']\n"
    assert student(source).eval(expression) == value


def test_a_missing_name_in_an_expression_is_the_students_failure(student):
    with pytest.raises(StudentError, match="rate"):
        student("x = 1").eval("rate + 1")


def test_a_written_file_is_read(student):
    source = """
    def save():
        with open("out.csv", "w", newline="") as file:
            file.write("a,b\\r\\n1,2\\r\\n")
        with open("out.bin", "wb") as file:
            file.write(bytes(range(256)))
    """
    someone = student(source)
    someone.save()
    assert someone.file("out.csv") == "a,b\n1,2\n"
    assert someone.file_bytes("out.bin") == bytes(range(256))
    with pytest.raises(StudentError, match=r"out\.bin is no text"):
        someone.file("out.bin")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("def save(): pass", "FileNotFoundError: your code wrote no file out.csv"),
        ("import os\ndef save(): os.mkfifo('out.csv')", "not a plain file"),
        ("import os\ndef save(): os.mkdir('out.csv')", "OSError|IsADirectoryError"),
        ("import os\ndef save(): os.symlink('/etc/passwd', 'out.csv')", "OSError"),
        (
            f"def save():\n    with open('out.csv', 'wb') as f: f.truncate({MAX_FILE + 1})",
            "more than 8388608 bytes",
        ),
    ],
)
def test_anything_but_a_plain_file_of_bounded_size_is_not_read(student, source, text):
    someone = student(source)
    someone.save()
    with pytest.raises(StudentError, match=text):
        someone.file("out.csv")


@pytest.mark.parametrize("ask", ["printed", "raises", "figure"])
def test_what_is_asked_for_is_known_by_its_name(student, ask):
    """A function that is not there is missing, and not wrong."""
    someone = student("x = 1")
    with pytest.raises(StudentError):
        getattr(someone, ask)(someone.greet, 1)
    assert someone.names_used == ["greet"]


def test_the_names_in_an_expression_are_asked_for(student):
    someone = student("x = 1")
    for where in (None, someone.layers, someone.put([])):
        with pytest.raises(StudentError):
            someone.eval("[rate * n for n in range(3)]", where)
    assert someone.names_used == ["rate", "layers.rate", f"{ATTRIBUTE}rate"]
