"""Small courses for the tests of the leak audit: a text each in ``leak_courses/``.

The first line is the title. Functions with a line ``#? CALL #! CALL`` are asked for: their bodies
are the solutions, the calls those of a visible and of a hidden check. What follows ``--- given`` is
a module without regions, what follows ``--- readme`` goes into the hand-out. In a call ``;`` ends a
statement.
"""

import ast
import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from autograder.core.judge import Expected
from plumb.assignment import Assignment
from plumb.assignment_reader import read_assignment
from plumb.reference import ReferenceFile, reference_files
from plumb.release_files import harness_files, student_files
from tests.integration.conftest import Pocket

FOLDER = Path(__file__).parent / "leak_courses"
COURSES = sorted(path.stem for path in FOLDER.glob("*.txt"))
#: Everyday words, which other texts hold too; a module cannot have two checks of one name.
HIDDEN_NAMES = (
    "zero", "shape", "empty", "negative", "large", "single", "order", "edges", "mean", "start",
    "random", "values",
)  # fmt: skip
HEAD = "import math\n\nimport numpy as np\n\n"


@dataclass(frozen=True)
class Question:
    """A function that is asked for: its text up to the docstring, its body, two calls."""

    name: str
    head: str
    body: str
    visible: str
    hidden: str


@dataclass(frozen=True)
class Course:
    """A course as the audit sees it."""

    questions: tuple[Question, ...]
    assignment: Assignment
    sources: list[ReferenceFile]
    student: dict[str, bytes]
    harness: dict[str, bytes]
    expected: dict[str, Expected]


def read_questions(text: str) -> tuple[Question, ...]:
    """The questions of a course's text, in order."""
    lines = text.split("\n")
    calls = [re.fullmatch(r"#\? (.*) #! (.*)", line) for line in lines if line.startswith("#?")]
    questions = []
    for node, call in zip(ast.parse(text).body, calls, strict=True):
        doc = node.body[0].end_lineno
        head, body = lines[node.lineno - 1 : doc], lines[doc : node.end_lineno]
        questions.append(Question(node.name, "\n".join(head), "\n".join(body), *call.groups()))
    return tuple(questions)


def module_text(questions, given: str) -> str:
    """The module with its solution regions."""
    names = [node.name for node in ast.parse(given).body if isinstance(node, ast.FunctionDef)]
    names += [t.id for n in ast.parse(given).body if isinstance(n, ast.Assign) for t in n.targets]
    parts = [
        f"{q.head}\n    # BEGIN SOLUTION {q.name}\n    # TODO: write it.\n"
        f"{q.body}\n    # END SOLUTION {q.name}\n"
        for q in questions
    ]
    return f"{HEAD}from .given import {', '.join(names)}\n\n\n" + "\n\n".join(parts)


def checks_text(questions) -> str:
    """A visible and a hidden check of every question."""
    called = re.compile(rf"\b({'|'.join(q.name for q in questions)})\(")
    text = f"{HEAD}from plumbline import check\n\n"
    for number, (q, hidden) in enumerate(zip(questions, HIDDEN_NAMES, strict=True)):
        for name, title, call, more in (
            (f"example_of_{q.name}", f"An example of {q.name}.", q.visible, ", visible=True"),
            (hidden, f"What else {q.name} must do.", q.hidden, ""),
        ):
            *before, last = called.sub(r"student.work.\1(", call).split("; ")
            body = "".join(f"    {line}\n" for line in before)
            text += (
                f'@check("{q.name}", points=1, seed={number}{more})\ndef {name}(student, rng):\n'
                f'    """{title}"""\n{body}    return {{"out": {last}}}\n\n\n'
            )
    return text


def notebook_text(title: str, questions) -> str:
    """A notebook that tries every function."""
    text = f'# %% [markdown] id="title"\n# # {title}\n\n# %% id="setup" role="setup"\n{HEAD}'
    text += f"from course.work import {', '.join(q.name for q in questions)}\n\nrng = np.random\n"
    for q in questions:
        text += f'\n# %% id="try-{q.name.replace("_", "-")}"\n' + "\n".join(q.visible.split("; "))
        text += "\n"
    return text


@cache
def course(name: str, folder: Path) -> Course:
    """A course, read and built with the real engine, its checks run on the reference."""
    title, rest = (FOLDER / f"{name}.txt").read_text("utf-8").split("\n", 1)
    work, rest = rest.split("--- given\n")
    given, readme = rest.split("--- readme\n")
    questions = read_questions(work)
    disk = Pocket(folder)
    for path in ("__init__", "arithmetic", "given"):
        (folder / f"solutions/pocket/{path}.py").unlink()
    (folder / "assignment/checks/doubles.py").unlink()
    disk.write("solutions/course/__init__.py", "")
    disk.write("solutions/course/work.py", module_text(questions, given))
    disk.write("solutions/course/given.py", HEAD + given)
    disk.write("assignment/checks/work.py", checks_text(questions))
    disk.write("assignment/notebooks/Pocket.py", notebook_text(title, questions))
    disk.write("assignment/handout/README.md", f"# {title}\n\n{readme}")
    disk.write("assignment/variants/pocket.toml", 'package = "course"\nnotebooks = ["Pocket"]\n')
    head = 'name = "course"\ntitle = "T"\npackage = "course"\n'
    head += '[[notebooks]]\nname = "Pocket"\ntitle = "T"\n'
    entries = (
        f'[[questions]]\nid = "{q.name}"\ntitle = "T"\nnotebooks = ["Pocket"]\n' for q in questions
    )
    disk.write("assignment/assignment.toml", head + "".join(entries))
    found = read_assignment(folder / "assignment", folder / "solutions", "pocket")
    sources = list(reference_files(found))
    expected = recorded(found, given, work)
    return Course(
        questions, found, sources,
        student_files(found, sources, expected), harness_files(found, sources, expected), expected,
    )  # fmt: skip


def recorded(found: Assignment, given: str, work: str) -> dict[str, Expected]:
    """What the checks return for the reference, here without a box."""
    names: dict[str, object] = {}
    exec(compile(HEAD + given + work, "work", "exec"), names)
    student = SimpleNamespace(work=SimpleNamespace(**names))
    expected = {}
    for check in found.checks:
        out = check.body(student, np.random.RandomState(check.seed))["out"]
        expected[check.id] = Expected({"out": np.array(out) if isinstance(out, list) else out})
    return expected


def renamed(question: Question, rng: random.Random) -> str:
    """The body with other names for everything that the function binds."""
    tree = ast.parse(f"{question.head}\n{question.body}")
    bound = {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)} | {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    bound.discard("_")
    words = rng.sample(
        [f"{a}{b}" for a in "bcdfgkmptv" for b in ("ora", "ulu", "eni", "ibo")], len(bound)
    )
    names = dict(zip(sorted(bound), words, strict=True))
    # A keyword argument in a call keeps its name, as it belongs to another function.
    pattern = re.compile(rf"(?<![.\w])({'|'.join(map(re.escape, sorted(bound)))})\b")
    return pattern.sub(lambda m: names[m[1]], question.body) if bound else question.body
