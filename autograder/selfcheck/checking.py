"""Running visible checks on the code in this folder, with NumPy and the standard library alone."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import replace
from types import ModuleType
from typing import Any

from ..core.checks import Check
from ..core.errors import StudentError, UnknownQuestion
from ..core.judge import judge, observe, structural_difference
from ..core.local import local_student
from ..core.package_alias import package_alias
from ..core.remote import ATTRIBUTE
from ..core.returned_values import one_for_several
from ..core.stubs import EXCEPTION, question_of, stub_message
from ..core.student import Student
from .choices import read_choices
from .notebooks import RunningNotebook, SavedNotebooks
from .notice import Notice, announced, usual_notice
from .regions import unchanged_prompts
from .results import BROKEN, ERROR, FAILED, MISSING, PARTIAL, PASSED, Result
from .table import Table
from .work import Work, load


def check(*questions: str) -> Table:
    """Run the visible checks of some questions, or of all, and return a table to show.

    The table is true if all checks passed. The package's files are read again, so changes count.
    Answers in a notebook are taken from the notebook that is running. Each such check is run on the
    saved file too, as grading does, and the table says where that comes out otherwise.
    """
    work = load()
    try:
        chosen = work.choose(questions)
    except UnknownQuestion as error:
        raise ValueError(work.say(str(error))) from None
    results: list[Result] = []
    saved = work.saved_notebooks()
    running = RunningNotebook(saved)
    notebooks: dict[str, None] = {}
    # If it is stopped, the results so far are shown.
    with reimported(work.package, work.alias), suppress(KeyboardInterrupt):
        notice = usual_notice(work.say)
        for result in results_of(work, chosen, running, notice):
            used = sorted(running.used)
            notebooks |= dict.fromkeys(used)
            running.used.clear()
            results.append(_compared(result, work, saved, notice) if used else result)
    picks = list(read_choices(work, questions))
    remarks = [remark for name in notebooks for remark in _remarks(name, running)]
    remarks += work.remarks(saved)
    planned = len(chosen) + len(picks)
    return Table([*results, *picks], planned, work.titles, work.say, remarks)


def _is_elsewhere() -> bool:
    """Whether this is Colab: the notebook is in a drive then, and its file here is another."""
    return "google.colab" in sys.modules


def _compared(result: Result, work: Work, saved: SavedNotebooks, notice: Notice) -> Result:
    """A result from the running notebook, with what grading would say of the saved file."""
    if _is_elsewhere():
        return result
    # Its cells have printed before.
    with announced(result.check, notice), redirect_stdout(io.StringIO()):
        graded = run(result.check, work, saved)
    if (graded.outcome, graded.share) == (result.outcome, result.share):
        return result
    why = graded.message.strip().splitlines()
    reason = f": {why[-1] if graded.outcome == ERROR else why[0]}" if why else ""
    return replace(result, graded_as=f"graded from the saved file it is {graded.outcome}{reason}")


def _remarks(name: str, running: RunningNotebook) -> Iterator[str]:
    """Sentences on what grading will run otherwise of a notebook that is running."""
    if _is_elsewhere():
        yield (
            f"grading runs the file {name}.ipynb that you hand in, from the top; download it and "
            "run `python -m selfcheck` on it"
        )
        return
    try:
        yield from running.differences(name)
    except StudentError as error:
        yield error.message


def results_of(
    work: Work, checks: Iterable[Check], notebook: Callable[[str], Any], notice: Notice
) -> Iterator[Result]:
    """Run checks in order; if several raise the same exception, only the first shows it in full.

    Args:
        notice: what is said of a check that takes long.
    """
    shown: set[str] = set()
    for check in checks:
        with announced(check, notice):
            result = run(check, work, notebook)
        if result.outcome == ERROR and result.message in shown:
            last = result.message.splitlines()[-1]
            result = replace(result, message=f"the same as above: {last}")
        shown.add(result.message)
        yield result


def run(check: Check, work: Work, notebook: Callable[[str], Any]) -> Result:
    """Run one check on the package in this process."""
    student = local_student(
        work.package,
        check.seed,
        notebook,
        work.locations,
        sources=work.sources,
        use=work.expected[check.id].use,
    )
    result = _run(check, work, student)
    if result.outcome in (FAILED, ERROR):
        saved = notebook if isinstance(notebook, SavedNotebooks) else None
        region = saved and _open_prompt(work, student, saved)
        region = region or work.missing_region(student.names_used)
        if region:
            return _result_of_error(check, StudentError(EXCEPTION, stub_message(region)))
        trace = work.expected[check.id].trace
        cause = one_for_several(student.trace, trace, work.names_returned)
        if cause:
            message = f"{cause}\n{result.message}" if result.outcome == ERROR else cause
            return replace(result, message=message)
    return result


def _open_prompt(work: Work, student: Student, notebooks: SavedNotebooks) -> str:
    """The region of the first name that a check asked for and whose prompt is unchanged.

    A name that a cell of the student's own binds is written.
    """
    names = unchanged_prompts(work)
    for found in map(work.locations.find, student.names_used if names else ()):
        title, name = found[0], found[1].removeprefix(ATTRIBUTE)
        if name in names and not (title and name in notebooks.own_names(title)):
            return names[name]
    return ""


def _run(check: Check, work: Work, student: Student) -> Result:
    expected = work.expected[check.id]
    try:
        with package_alias(work.alias, work.package):
            judgement = judge(check, observe(check, student), expected)
    except StudentError as error:
        return _result_of_error(check, error)
    except Exception as error:  # the check raised, perhaps because of what the code returned
        described = f"{type(error).__name__}: {error}"
        if not student.answered:
            text = f"this check is broken, which is not your fault: {described}"
            return Result(check, BROKEN, message=text)
        difference = structural_difference(student.trace, expected.trace)
        unusable = f"the check could not use what your code returned: {described}"
        return Result(check, FAILED, message=difference or unusable)
    if judgement.share >= 1:
        return Result(check, PASSED, 1.0)
    outcome = PARTIAL if judgement.share > 0 else FAILED
    return Result(check, outcome, judgement.share, judgement.message)


def _result_of_error(check: Check, error: StudentError) -> Result:
    """The result of a check that the student's exception, or a stub, ended."""
    stub = error.unwritten
    if stub is None:
        text = error.traceback.rstrip()
        # The traceback has the exception's own words; ours may say more.
        text = text if str(error) in text else f"{text}\n{error}"
        return Result(check, ERROR, message=text.lstrip())
    if question_of(stub) == check.question:
        return Result(check, MISSING, message="not written yet")
    return Result(check, MISSING, message=f"not written yet: it needs {stub}, write that first")


@contextmanager
def reimported(*packages: str) -> Iterator[None]:
    """Within this context the modules of these packages are imported again from their files.

    Afterwards the modules that a notebook had imported are back. IPython's autoreload needs them:
    it keeps these very modules up to date.
    """
    kept = _modules(packages)
    for name in kept:
        del sys.modules[name]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        for name in _modules(packages):
            del sys.modules[name]
        sys.modules.update(kept)


def _modules(packages: Iterable[str]) -> dict[str, ModuleType]:
    """The packages' loaded modules that are written in Python; a compiled one never changes."""
    return {
        name: module
        for name, module in sys.modules.items()
        if name.partition(".")[0] in packages
        and str(getattr(module, "__file__", "")).endswith(".py")
    }
