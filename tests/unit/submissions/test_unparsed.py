"""Which of a submission's modules Python cannot read; none of them is run."""

import pytest

from autograder.submissions.unparsed import unparsed_modules


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        (b"def f(x)\n    return x\n", "expected ':' (a.py, line 1)", "def f(x)"),
        (b"x = 1\nreturn x\n", "'return' outside function (a.py, line 2)", "return x"),
        (b"print 'x'\n", "Missing parentheses in call to 'print'", "print 'x'"),
        (b"if x:\n\ty = 1\n        z = 2\n", "inconsistent use of tabs and spaces", "z = 2"),
        (b"<<<<<<< HEAD\nx = 1\n", "invalid syntax (a.py, line 1)", "<<<<<<< HEAD"),
        (b"x = '\xff'\n", "utf-8", "x = '\ufffd'"),
        (b"x = 1\0\n", "null bytes", ""),
        (b"# coding: no-such\n", "unknown encoding", ""),
    ],
)
def test_what_python_cannot_read_is_told_with_its_line(source, message, line):
    (found,) = unparsed_modules({"sub/a.py": source, "good.py": b"raise SystemExit\n"})
    assert found.name == "sub/a.py"
    assert message in found.message
    assert found.line == line


@pytest.mark.parametrize(
    "source",
    [b"", b"\xef\xbb\xbfx = 1\n", b"# coding: latin-1\nx = '\xff'\n", b"x = '\\d'\n",
     b"-" * 100_000 + b"1\n", b"(" * 5_000, b"x = " + b"[" * 150 + b"]" * 150],
    ids=["empty", "mark", "latin-1", "warning", "deep", "parentheses", "brackets"],
)  # fmt: skip
def test_whatever_is_handed_in_is_no_exception(source):
    assert len(list(unparsed_modules({"a.py": source}))) <= 1
