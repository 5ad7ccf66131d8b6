"""Tries an assignment on its author's own solution, and finds all mistakes at once.

Every check is run on the reference. Then it is run with its own question left out, with all
questions left out that it does not need, and with each question left out that it says it needs. The
run without what it does not need is a second one of what it does: both must agree. A box
serves many runs: what changes is what it reads.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from autograder.check_order import needed_questions
from autograder.core.checks import Check
from autograder.core.judge import Expected, judge
from autograder.errors import CheckError, UserError
from autograder.sandbox.launch import Backend
from plumb.assignment import Assignment
from plumb.assignment_reader import read_assignment
from plumb.record import record_check
from plumb.reference import ReferenceFile, all_regions, reference_files
from plumb.regions import check_unique
from plumb.trial_bench import Bench, Run, lend_benches
from plumb.trial_errors import in_the_authors_files
from plumb.trial_texts import (
    called_with,
    compared_in,
    drift,
    in_short,
    returns_constants,
    untelling,
)

Progress = Callable[[str], None]
#: Up to this many checks are tried in one box, more in two at a time.
_FEW, _BENCHES = 6, 2


@dataclass
class Trial:
    """What was found.

    Attributes:
        checks: the checks that were tried.
        points: of all of them.
        recorded: what each check recorded, in short, by its id.
        errors: what is to be mended, each begins with its place.
        warnings: what should be looked at, each begins with its place.
    """

    checks: list[Check]
    points: float = 0.0
    recorded: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def try_assignment(
    folder: Path,
    solutions: Path,
    variant: str,
    questions: Collection[str],
    box: Backend,
    progress: Progress,
) -> Trial:
    """Try the checks of some questions of an assignment, or of all.

    Raises a UserError with the place for what keeps the sources from being read.
    """
    progress("reading the sources")
    source = read_assignment(folder, solutions, variant)
    for question in questions:
        if question not in source.asked:
            known = ", ".join(q.id for q in source.questions)
            raise UserError(f"{folder}: there is no question {question!r}; there are: {known}")
    reference = list(reference_files(source))
    check_unique(all_regions(source, reference))
    chosen = [c for c in source.checks if not questions or c.question in questions]
    trial = Trial(chosen, sum(check.points for check in chosen))
    for part in _on_benches(chosen, source, reference, box, progress):
        trial.recorded |= part.recorded
        trial.errors += part.errors
        trial.warnings += part.warnings
    return trial


def _on_benches(
    checks: list[Check],
    source: Assignment,
    reference: list[ReferenceFile],
    box: Backend,
    progress: Progress,
) -> list[Trial]:
    """Try the checks, two at a time if there are many; what was found, in their order."""
    count = min(_BENCHES if len(checks) > _FEW else 1, os.cpu_count() or 1)
    with ExitStack() as stack:
        benches = stack.enter_context(lend_benches(source, reference, box, count))
        free: SimpleQueue[Bench] = SimpleQueue()
        for bench in benches[1:]:
            free.put(bench)

        def run_cells() -> Trial:
            """Run the notebooks' cells in the first box, before any check comes there."""
            try:
                return Trial([], errors=benches[0].failed_cells())
            finally:
                free.put(benches[0])

        def tried(check: Check) -> Trial:
            bench = free.get()
            try:
                progress(check.id)
                part = Trial([check])
                _try_check(check, bench, part)
                return part
            finally:
                free.put(bench)

        if count == 1:
            return [run_cells(), *(tried(check) for check in checks)]
        # A box ends with the thread that started it, so the threads live as long as the benches.
        threads = ThreadPoolExecutor(count)
        stack.callback(threads.shutdown, wait=True, cancel_futures=True)
        cells = threads.submit(run_cells)
        parts = list(threads.map(tried, checks))
        return [cells.result(), *parts]


def _try_check(check: Check, bench: Bench, trial: Trial) -> None:
    """Try one check, and add to the trial what is found."""
    if check.training:
        trial.recorded[check.id] = "trains a model; `plumb release` runs it"
        return
    try:
        bench.lay(frozenset())
        expected = record_check(check, bench.harness, bench.session)
        needed = needed_questions(check, bench.source.checks)
        others = bench.written - needed - {check.question}
        alone = bench.run(check, expected, others)
        again = expected
        drifts = drift(check, alone.observations, expected)
        if alone.share < 1 or drifts:
            bench.lay(frozenset())
            again = record_check(check, bench.harness, bench.session)
            drifts = drift(check, again.observations, expected)
    except CheckError as error:
        trial.errors.append(in_the_authors_files(str(error), bench.source))
        return
    trial.recorded[check.id] = in_short(expected.observations) + called_with(expected.use)
    itself = judge(check, expected.observations, expected)
    if itself.share < 1:
        trial.errors.append(
            f"{check.place}: {check.id}: the reference itself does not earn all: {itself.message}; "
            "choose another goal, or mend the reference"
        )
        return
    compared = judge(check, again.observations, expected)
    if compared.share < 1:
        trial.errors.append(
            f"{check.place}: {check.id}: the reference differs between two runs: "
            f"{compared.message}; draw random numbers from seeded generators alone"
        )
        return
    if drifts:
        trial.warnings.append(
            f"{check.place}: {check.id}: the reference differs a little between two runs: "
            f"{drifts}; another day it may differ more, as the clock does; return what is "
            "always the same"
        )
    answerless = list(_answerless(check, expected, bench))
    text = inspect.getsource(check.body)
    if not answerless and returns_constants(text):
        trial.warnings.append(
            f"{check.place}: {check.id} returns constants alone, so that every answer that "
            "does not raise passes; return what the student's code gave"
        )
    elif reason := untelling(expected.observations, check.goals, compared_in(text)):
        trial.warnings.append(
            f"{check.place}: {check.id} records nothing telling: {reason}; choose an input with "
            "another result"
        )
    trial.warnings += _uncalled(check, expected)
    trial.errors += answerless
    if alone.share < 1:
        trial.errors += _undeclared(check, expected, bench, alone, others)
    trial.warnings += _needless(check, expected, bench)


def _answerless(check: Check, expected: Expected, bench: Bench) -> Iterator[str]:
    """A sentence if a check earns something without an answer to its question.

    A question without a region of its own asks what the answers to others do together.
    """
    asked = {check.question} if check.question in bench.written else {*check.needs}
    own = bench.run(check, expected, asked)
    if own.share > 0:
        yield (
            f"{check.place}: {check.id} earns {own.share:.0%} without an answer to "
            f"{check.question}{bench.place_of(check.question)}: it does not exercise what is to be "
            "written"
        )


def _uncalled(check: Check, expected: Expected) -> Iterator[str]:
    """A sentence for each function that a check gives and the reference never calls."""
    for place in expected.use.uncalled:
        yield (
            f"{place or f'{check.place}: '}{check.id} gives a function that the reference never "
            "calls: whatever it computes, the check sees the same"
        )


def _undeclared(
    check: Check, expected: Expected, bench: Bench, alone: Run, others: Collection[str]
) -> Iterator[str]:
    """A sentence for each question that a check depends on and does not name.

    Args:
        alone: how it came out without the `others`, which it does not name.
    """
    culprits = [alone.unwritten] if alone.unwritten in others else sorted(others)
    for question in culprits:
        if bench.run(check, expected, {question}).share < 1:
            yield (
                f"{check.place}: {check.id} fails without {question}"
                f"{bench.place_of(question)}, which it does not name; write "
                f'needs=["{question}"], or make it independent'
                f"{bench.advice(question)}"
            )


def _needless(check: Check, expected: Expected, bench: Bench) -> Iterator[str]:
    """The questions that a check says it needs, and does not."""
    for question in check.needs:
        if question in bench.written and bench.run(check, expected, {question}).share >= 1:
            yield (
                f"{check.place}: {check.id} needs {question!r} by its own words, and passes "
                "without it; leave it out of needs"
            )
