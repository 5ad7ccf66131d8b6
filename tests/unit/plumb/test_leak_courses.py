"""Over twenty small courses no innocent line is refused, and every planted leak is found."""

import functools
import io
import itertools
import json
import random
import zipfile

import pytest

from plumb.leak_audit import hidden_lines, hidden_source_leaks, solution_leaks
from plumb.line_forms import read_lines, renamed_forms
from plumb.refusals import find_leaks, secret_solutions
from plumb.secret_lines import find_secrets, is_telling, secrets_of
from tests.unit.plumb.course_texts import COURSES, FOLDER, HIDDEN_NAMES, course, renamed

SEED = 20


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Builds a course, once for all tests; with what of it is a secret."""

    @functools.cache
    def build(name):
        made = course(name, tmp_path_factory.mktemp(name))
        return made, secret_solutions(made.assignment, made.sources)[0]

    return build


def zipped(name, data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


def in_notebook(text):
    source = text.splitlines(keepends=True)
    return json.dumps({"cells": [{"id": "c", "cell_type": "code", "source": source}]}).encode()


#: Where a leak can stand: a function from a text to the files that hold it.
PLACES = {
    "in a text": lambda text: {"notes.md": f"Like this:\n\n{text}\n".encode()},
    "commented out": lambda text: {"a.py": "\n".join(f"# {x}" for x in text.split("\n")).encode()},
    "in a notebook": lambda text: {"N.ipynb": in_notebook(text)},
    "in an archive in an archive": lambda text: {
        "a.zip": zipped("b.zip", zipped("old/.work.py", text))
    },
}


def telling_lines(question, rng):
    """One line of the answer that is searched for by itself."""
    lines = [line for line in question.body.split("\n") if is_telling(line)]
    return [rng.choice(lines)] if lines else []


def common_lines(question, rng):
    """Two lines in a row that no rule finds alone, and that are long enough together."""
    lines = question.body.split("\n")
    pairs = [
        "\n".join(pair)
        for pair in itertools.pairwise(lines)
        if not any(map(is_telling, pair)) and secrets_of([("", "\n".join(pair))]).exact
    ]
    return [rng.choice(pairs)] if pairs else []


def whole_answers(question, rng):
    """The answer as it is, if something in it is searched for."""
    return [question.body] if secrets_of([("", question.body)]).exact else []


def answers_under_other_names(question, rng):
    """The whole answer, with new names for all that it binds, if it is long enough for that."""
    return [renamed(question, rng)] if secrets_of([("", question.body)]).renamed else []


#: What is planted, and how many of all 240 answers can be planted so at least.
KINDS = {telling_lines: 190, common_lines: 40, whole_answers: 230, answers_under_other_names: 120}


def test_the_courses_are_twenty_with_a_dozen_questions_each(built):
    assert len(COURSES) == 20
    for name in COURSES:
        assert len(built(name)[0].questions) == len(HIDDEN_NAMES) == 12


@pytest.mark.parametrize("name", COURSES)
def test_a_course_as_it_is_built_is_not_refused(built, name):
    made, _ = built(name)
    leaks = find_leaks(made.assignment, made.sources, made.student, made.harness, made.expected)
    assert leaks == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_planted_leak_is_found(built, kind, place):
    rng = random.Random(f"{SEED} {kind.__name__} {place}")
    planted = 0
    for name in COURSES:
        made, secrets = built(name)
        for question in made.questions:
            for text in kind(question, rng):
                planted += 1
                findings = solution_leaks(PLACES[place](text), secrets)
                assert findings, f"seed {SEED}: {name}.{question.name} is not found in:\n{text}"
    assert planted >= KINDS[kind]


@pytest.mark.parametrize("place", PLACES)
def test_every_planted_hidden_check_is_found(built, place):
    for name in COURSES:
        made, _ = built(name)
        given = [data.decode() for file, data in made.student.items() if file.endswith(".py")]
        (source,) = [d.decode() for f, d in made.harness.items() if f.startswith("checks/")]
        hidden = hidden_lines([source], given)
        for function in source.split("\n\n\n"):
            if function.startswith("@check(") and "visible=True" not in function:
                assert hidden_source_leaks(PLACES[place](function), hidden), function


def test_no_course_holds_a_secret_of_another():
    """Here is more text than a course is built with: the answers of all others."""
    texts = {name: (FOLDER / f"{name}.txt").read_text("utf-8") for name in COURSES}
    for name, text in texts.items():
        others = [(other, body) for other, body in texts.items() if other != name]
        assert [f.owner for f in find_secrets(secrets_of(others), text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "while True:\n    continue\nreturn None\nimport math\nimport numpy as np",
        "for i in range(len(values)):\n    for j in range(len(values)):\n        pass",
        "result = []\nfor value in values:\n    result.append(value)\nreturn result",
        "if x is None:\n    return None\nelse:\n    return x",
        "n = len(x)\nfor i in range(n):\n    total += x[i]",
        'if __name__ == "__main__":\n    main()',
        "def __init__(self):\n    self.value = 0",
    ],
)
def test_the_python_that_everybody_writes_is_no_secret(text):
    secrets = secrets_of([("q", text)])
    assert (secrets.exact, secrets.renamed) == ({}, {})


@pytest.mark.parametrize(
    "line",
    [
        "x_new = x - f(x) / df(x)",
        "mid = (low + high) / 2",
        "return np.sqrt(np.mean(x ** 2))",
        "out = rows @ w + b",
        "Both terms have the same exponent.",
        "因为每一层的梯度都会消失",
    ],
)
def test_a_telling_line_is_a_secret_by_itself(line):
    assert is_telling(line)


@pytest.mark.parametrize(
    "line", ["x[i], x[j] = x[j], x[i]", "counts[word] = counts.get(word, 0) + 1", "import math"]
)
def test_an_everyday_line_is_no_secret_by_itself(line):
    assert not is_telling(line)


def test_lines_are_renamed_together():
    one, other, mixed = (
        [line.content for line in read_lines(text)]
        for text in (
            "a = b.size\nc(a, key=d)",
            "x = y.size\nz(x, key=w)",
            "x = y.size\nz(y, key=w)",
        )
    )
    assert renamed_forms(one) == renamed_forms(other) == ("$0 = $1 . size", "$2 ( $0 , key = $3 )")
    assert renamed_forms(mixed) != renamed_forms(one)


@pytest.mark.parametrize(
    ("answer", "is_secret"),
    [
        ("return state @ p", True),
        ("Answer: 1, 3, 5", True),
        ("# first the product\nreturn a @ b", True),
        ("return 0.3, 0.3", False),
        ("return sorted(values)[k]", False),
        ("return state @ p\nx = 1", False),
    ],
)
def test_a_whole_answer_may_be_shorter(answer, is_secret):
    assert bool(secrets_of([("q", answer)]).exact) == is_secret


def test_a_short_line_is_not_searched_for_under_other_names():
    assert secrets_of([("q", "return total / count - shift")]).renamed == {}


def test_the_names_in_an_f_string_are_renamed_too():
    secrets = secrets_of([("q", 'return f"{hours * 60 + minutes}:{seconds // 10 % 6}"')])
    text = "return f'{a * 60 + b}:{c // 10 % 6}'"
    assert [found.is_renamed for found in find_secrets(secrets, text)] == [True]
