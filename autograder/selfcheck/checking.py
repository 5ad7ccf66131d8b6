"""Running visible checks on the code in this folder: NumPy and the standard library are enough."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from types import ModuleType
from typing import Any

from ..core.checks import Check
from ..core.errors import StudentError, UnknownQuestion
from ..core.judge import judge, observe, structural_difference
from ..core.local import local_student
from .choices import read_choices
from .notebooks import running_notebook
from .results import BROKEN, ERROR, FAILED, MISSING, PARTLY, PASSED, Result
from .table import Table
from .work import Work, load


def check(*questions: str) -> Table:
    """Run the visible checks of some questions, or of all, and show a table.

    The table is true if all of them passed. Changes to the package's files are picked up, and
    answers that stand in a notebook are taken from the one that is running.
    """
    work = load()
    try:
        chosen = work.choose(questions)
    except UnknownQuestion as error:
        raise ValueError(str(error)) from None
    results: list[Result] = []
    with afresh(work.package), suppress(KeyboardInterrupt):  # what is done so far is shown
        for result in results_of(work, chosen, running_notebook(work.folder, work.about)):
            results.append(result)
    picks = list(read_choices(work, questions))
    return Table([*results, *picks], len(chosen) + len(picks))


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
    student = local_student(work.package, check.seed, notebook, work.locations)
    try:
        verdict = judge(check, observe(check, student), expected)
    except StudentError as error:
        return _stopped(check, error)
    except Exception as error:  # the check could not go on with what the code returned
        words = structural_difference(student.trace, expected.trace)
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
