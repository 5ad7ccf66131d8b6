"""Calls of check() in a notebook that would fail for students."""

import pytest

from plumb.check_calls import wrong_check_calls
from plumb.sources import read_cells

IMPORT = '# %% id="import"\n{}\n\n# %% id="call"\n{}\n'


def told(text):
    return list(wrong_check_calls(read_cells(text, "n.py"), ["affine", "relu"]))


@pytest.mark.parametrize(
    ("imported", "call", "line", "name"),
    [
        ("1", 'check("afine")', 5, "check"),
        ("1", "check('afine')", 5, "check"),
        ("1", 'x = 1\ncheck("affine",\n      "afine")', 6, "check"),
        ("from selfcheck import check as ask", 'ask("afine")', 5, "ask"),
        ("import selfcheck as own", 'own.check("afine")', 5, "own.check"),
        ("%matplotlib inline\nfrom selfcheck import check", 'check("afine")', 6, "check"),
    ],
)
def test_a_question_that_there_is_not_is_told(imported, call, line, name):
    expected = f'n.py:{line}: {name}("afine") names no question; did you mean affine?'
    assert told(IMPORT.format(imported, call)) == [expected]


@pytest.mark.parametrize(
    ("imported", "call"),
    [
        ("def check(x):\n    x", 'check("afine")'),
        ("from mine import check", 'check("afine", rtol=1)'),
        ("from mine import compare as check", 'check("afine")'),
        ("check = print", 'check("afine", end="")'),
        ("from selfcheck import check as ask", 'check("afine")'),
        ("1", 'self.check("afine")'),
        ("1", 'check("affine", "relu")\ncheck()\ncheck(name)'),
        ("%%bash\nls", 'check("relu")'),
    ],
)
def test_other_functions_and_known_questions_are_left_alone(imported, call):
    assert told(IMPORT.format(imported, call)) == []
