"""Running visible checks on the code in this folder: NumPy and the standard library are enough."""

from __future__ import annotations

import difflib
import importlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.core.checks import Check, load_folder
from autograder.core.errors import StudentError
from autograder.core.expected import read_expected
from autograder.core.local import local_student
from autograder.core.places import Places
from autograder.core.run import Expected, departure, judge, observe
from autograder.selfcheck.choices import read_choices
from autograder.selfcheck.notebooks import running_notebook
from autograder.selfcheck.results import BROKEN, ERROR, FAILED, MISSING, PARTLY, PASSED, Result
from autograder.selfcheck.table import Table


class Unknown(Exception):
    """A question that this assignment does not have, or that has no visible check."""


@dataclass(frozen=True)
class Work:
    """What was handed out: the visible checks and what they expect.

    Attributes:
        folder: the assignment's, in which the package lies.
        questions: dictionaries with id, title, notebook and kind, in order.
        about: the whole of ``assignment.json``.
        places: where this variant keeps what the checks ask for.
    """

    folder: Path
    title: str
    package: str
    questions: list[dict[str, str]]
    checks: list[Check]
    expected: dict[str, Expected]
    about: dict[str, Any]
    places: Places

    def choose(self, names: Iterable[str]) -> list[Check]:
        """The checks of these questions, all of them for none. Raises Unknown."""
        names = list(names)
        known = [question["id"] for question in self.questions]
        for name in names:
            if name not in known:
                close = difflib.get_close_matches(name, known, n=3)
                hint = f"did you mean {' or '.join(close)}?" if close else f"there are: {known}"
                raise Unknown(f"There is no question {name!r}; {hint}")
        order = names or known
        return sorted(
            (check for check in self.checks if check.question in order),
            key=lambda check: order.index(check.question),
        )


def check(*questions: str) -> Table:
    """Run the visible checks of some questions, or of all, and show a table.

    The table is true if all of them passed. Changes to the package's files are picked up, and
    answers that stand in a notebook are taken from the one that is running.
    """
    work = load()
    try:
        chosen = work.choose(questions)
    except Unknown as error:
        raise ValueError(str(error)) from None
    results: list[Result] = []
    with afresh(work.package), suppress(KeyboardInterrupt):  # what is done so far is shown
        for result in results_of(work, chosen, running_notebook(work.folder, work.about)):
            results.append(result)
    picks = list(read_choices(work, questions))
    return Table([*results, *picks], len(chosen) + len(picks))


def load(folder: Path | None = None) -> Work:
    """Read what lies beside this module."""
    here = folder or Path(__file__).parent
    about = json.loads((here / "assignment.json").read_text(encoding="utf-8"))
    return Work(
        folder=here.parent,
        title=about["title"],
        package=about["package"],
        questions=about["questions"],
        checks=load_folder(here / "checks"),
        expected=read_expected(here / "expected"),
        about=about,
        places=Places(about["modules"], about["cells"]),
    )


def results_of(
    work: Work, checks: Iterable[Check], notebook: Callable[[str], Any]
) -> Iterator[Result]:
    """Run checks one after the other; the same exception is shown in full only once."""
    shown: set[str] = set()
    for one in checks:
        result = run(one, work, notebook)
        if result.outcome == ERROR and result.message in shown:
            last = result.message.splitlines()[-1]
            result = replace(result, message=f"the same as above: {last}")
        shown.add(result.message)
        yield result


def run(check: Check, work: Work, notebook: Callable[[str], Any]) -> Result:
    """Run one check on the package in this process."""
    expected = work.expected[check.id]
    student = local_student(work.package, check.seed, notebook, work.places)
    try:
        verdict = judge(check, observe(check, student), expected)
    except StudentError as error:
        return _stopped(check, error)
    except Exception as error:  # the check could not go on with what the code returned
        words = departure(student.trace, expected.trace)
        if words is None:
            text = f"this check is broken, which is not your fault: {type(error).__name__}: {error}"
            return Result(check, BROKEN, message=text)
        return Result(check, FAILED, message=words)
    if verdict.share >= 1:
        return Result(check, PASSED, 1.0)
    outcome = PARTLY if verdict.share > 0 else FAILED
    return Result(check, outcome, verdict.share, verdict.message)


def _stopped(check: Check, error: StudentError) -> Result:
    stub = error.unwritten
    if stub is None:
        return Result(check, ERROR, message=error.traceback.rstrip() or str(error))
    if stub.partition(".")[0] == check.question:
        return Result(check, MISSING, message="not written yet")
    return Result(check, MISSING, message=f"not written yet: it needs {stub}, write that first")


@contextmanager
def afresh(package: str) -> Iterator[None]:
    """Import the package's modules anew from their files, for as long as this lasts.

    What a notebook has imported stays as it is: whoever uses autoreload would lose the modules that
    it keeps up to date.
    """
    kept = _modules(package)
    for name in kept:
        del sys.modules[name]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        for name in _modules(package):
            del sys.modules[name]
        sys.modules.update(kept)


def _modules(package: str) -> dict[str, ModuleType]:
    """The package's modules written in Python that are loaded; a compiled one never changes."""
    return {
        name: module
        for name, module in sys.modules.items()
        if (name == package or name.startswith(f"{package}."))
        and str(getattr(module, "__file__", "")).endswith(".py")
    }
