"""The grading of one submission, check by check."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from autograder.core.checks import Check
from autograder.core.judge import observe
from autograder.core.missing_answers import missing_answers, missing_region
from autograder.core.remote import ATTRIBUTE
from autograder.core.returned_values import one_for_several
from autograder.core.student import Student
from autograder.core.written_regions import regions_of
from autograder.cpu_guard import GRACE_S, MAX_CPU_SECONDS, limited_cpu_time
from autograder.errors import BoxError, CpuTimeExceeded, SandboxUnavailable, StudentFault
from autograder.grading.check_run import (
    CheckRun,
    broken,
    judged,
    missing,
    stopped_by_student,
    unusable,
    with_cause,
)
from autograder.grading.given_put_back import cause_in_given_file
from autograder.grading.notebook_trial import ChosenCells, Unfit, choose_cells
from autograder.grading.package_name_missed import cause_in_package_name
from autograder.grading.release_functions import (
    regions_beside_stubs,
    sources,
    stubs,
    values_returned,
)
from autograder.grading.reporting import check_result
from autograder.grading.slowness import slowness
from autograder.grading.time_budget import Allowance, TimeBudget, submission_seconds
from autograder.grading.unwritten_answers import (
    first_unwritten,
    unchanged_prompts,
    unwritten_answers,
)
from autograder.harness import Harness
from autograder.records import CheckResult, Outcome
from autograder.sandbox.compile_extension import Compiled
from autograder.sandbox.launch import Backend
from autograder.sandbox.package_names import why_no_alias
from autograder.sandbox.run_folder import lay_out
from autograder.sandbox.session import StudentSession
from autograder.submissions.notes import LeftAside
from autograder.submissions.submission import Submission

#: How often a check is tried anew because the grader itself was stopped.
MAX_NEW_TRIES = 2


@dataclass
class GradingSession:
    """All that belongs to the grading of one submission.

    Attributes:
        harness: what it is graded by.
        submission: the student's answers.
        student_session: lends its code as a `Student`, in boxes.
        cells: which cells of its notebooks run besides the set-up and answer cells.
        missing_answers: the functions that its modules do not have or left open, with the regions
            that they belong to; see `core.missing_answers`.
        unwritten_answers: see the function of that name.
        time_budget: how long the next checks may take.
        notes: sentences for the report on how it is graded.
        beside_stubs: the regions whose stub was left in a function beside an answer.
        results: of the checks that were graded, by the check's id.
        open_prompts: the names that an unchanged prompt leaves without a value, with its region.
    """

    harness: Harness
    submission: Submission
    student_session: StudentSession
    missing_answers: Mapping[str, str]
    unwritten_answers: Mapping[str, str]
    cells: ChosenCells = field(default_factory=ChosenCells)
    time_budget: TimeBudget = field(default_factory=TimeBudget)
    notes: tuple[str, ...] = ()
    beside_stubs: Collection[str] = ()
    results: dict[str, CheckResult] = field(default_factory=dict)
    open_prompts: Mapping[str, str] = field(default_factory=dict)

    def grade_check(self, check: Check, *, endless: bool = False) -> CheckResult:
        """Run a check within the time budget, whatever it needs, and keep its result.

        A check that first asks for an untouched stub is not run, since its outcome is known. Nor
        is one that is known to be `endless`: a call of its own never returned.

        A failure of ours is a result too. Raises SandboxUnavailable alone.
        """
        try:
            run = _never_returned(check) if endless else self._run_within_budget(check)
            result = check_result(check, run)
        except SandboxUnavailable:
            raise
        except Exception as error:  # ours, whatever it is: this check is not graded
            self.student_session.close()
            text = f"Plumbline failed: {type(error).__name__}: {error}"
            result = check_result(check, CheckRun(Outcome.NOT_GRADED, message=text))
        self.results[check.id] = result
        return result

    def run_check(self, check: Check, allowance: Allowance | None = None) -> CheckRun:
        """Run a check, whatever it needs, and judge its observations.

        If the box fails, the check is run once more in a new one. If the check is not passed, and
        the grader itself was stopped meanwhile, it is tried anew, at most `MAX_NEW_TRIES` times. A
        failure of the student's or of the box is an outcome. Raises SandboxUnavailable, and
        nothing else on purpose.

        Args:
            allowance: what the check may take; by default what it or its limits say.
        """
        started = time.monotonic()
        allowance = allowance or Allowance(check.seconds or self.harness.limits_of(check).seconds)
        if not allowance.seconds:
            return CheckRun(Outcome.TIMEOUT, message=allowance.sentence())
        seconds = allowance.seconds + self._seconds_for_cells
        result = self._run(check, seconds)
        tries = 1
        while result.overslept and result.outcome is not Outcome.PASSED:
            if tries > MAX_NEW_TRIES:
                text = f"the grader was stopped in each of {tries} tries of this check"
                result = replace(result, flagged="; ".join(filter(None, (result.flagged, text))))
                break
            result = self._run(check, seconds)
            tries += 1
        if result.outcome is Outcome.TIMEOUT and allowance.reason:
            sentence = allowance.sentence(self._seconds_for_cells)
            result = replace(result, message=f"{result.message}; {sentence}")
        return replace(result, seconds=time.monotonic() - started)

    @property
    def _seconds_for_cells(self) -> float:
        """What a check may take longer because it runs cells of the student's own first."""
        return float(math.ceil(2 * max(self.cells.seconds.values(), default=0.0)))

    def _run(self, check: Check, seconds: float) -> CheckRun:
        """Run a check in a box, and once more in a new one if the box fails."""
        try:
            return self._run_once(check, seconds)
        except BoxError:
            self.student_session.close()
        try:
            return self._run_once(check, seconds)
        except BoxError as error:
            self.student_session.close()
            return CheckRun(Outcome.NOT_GRADED, message=f"the box failed twice: {error}")

    def _run_within_budget(self, check: Check) -> CheckRun:
        trace = self.harness.expected[check.id].trace
        region = first_unwritten(trace, self.unwritten_answers, self.harness)
        if region:
            return missing(region)
        limits, stuck = self.harness.limits_of(check), self._stuck(check)
        allowance = self.time_budget.allowance(check, limits, stuck=stuck)
        if not allowance.seconds:
            return self.run_check(check, allowance)
        with charged(self.time_budget, self.student_session):
            result = self.run_check(check, allowance)
        self.time_budget.record(limits, result.outcome, stuck=stuck)
        return result

    def _stuck(self, check: Check) -> bool:
        """Whether it needs another question that ran out of time in every check so far."""
        for needed in check.needs:
            outcomes = {r.outcome for r in self.results.values() if r.question == needed}
            if outcomes == {Outcome.TIMEOUT} and needed != check.question:
                return True
        return False

    def _run_once(self, check: Check, seconds: float) -> CheckRun:
        """Run a check in a box. Raises BoxError if the box fails."""
        expected = self.harness.expected[check.id]
        limits = self.harness.limits_of(check)
        session = self.student_session
        student: Student | None = None
        try:
            with (
                session.student(
                    seed=check.seed,
                    seconds=seconds,
                    limits=limits,
                    visible=check.visible,
                    use=expected.use,
                ) as student,
                limited_cpu_time(MAX_CPU_SECONDS, lambda: session.asking),
            ):
                observations = observe(check, student, self.harness.data, self.harness.grader_data)
            with limited_cpu_time(MAX_CPU_SECONDS):
                result = judged(check, observations, expected)
        except (BoxError, SandboxUnavailable):
            raise
        except StudentFault as fault:
            result = stopped_by_student(fault, self.beside_stubs)
        except (
            Exception,
            CpuTimeExceeded,
        ) as error:  # a check is an instructor's code: it may raise anything
            result = broken(error, check, expected, student)
        if student is None:
            return result
        if result.outcome is Outcome.ERROR:
            cause = cause_in_given_file(result.message, self.submission.given_files)
            cause = cause or cause_in_package_name(
                result.message, self.submission.dotted_names, self.harness.package
            )
            result = replace(result, message="; ".join(filter(None, [result.message, cause])))
        if result.outcome in (Outcome.FAILED, Outcome.ERROR):
            region = self._missing_region(student.names_used)
            if region:
                result = missing(region)
            else:
                names = partial(values_returned, self.harness)
                cause = one_for_several(student.trace, expected.trace, names)
                result = with_cause(result, cause)
        result = self._with_fall_backs(result, student)
        return replace(result, output=session.output, overslept=session.overslept)

    def _with_fall_backs(self, result: CheckRun, student: Student) -> CheckRun:
        """The result, flagged where what the check used may not be what the student wrote.

        It used a notebook of which a needed cell is not whole, or a text that may not be what runs.
        """
        located = (self.harness.locations.find(name)[0] for name in student.names_used)
        notebooks = dict.fromkeys(filter(None, [*student.notebooks_used, *located]))
        sentences = [self.cells.fall_backs(notebook) for notebook in notebooks]
        remarks = dict.fromkeys(student.remarks)
        flagged = "; ".join(filter(None, [result.flagged, *sentences, *remarks]))
        return replace(result, flagged=flagged)

    def _missing_region(self, names_used: Iterable[str]) -> str | None:
        """The region that is not written, of what a check asked for; None if all is written.

        A check that asked for it and earned nothing is missing, not wrong.
        """
        names_used = list(names_used)
        places = [self.harness.locations.find(name) for name in names_used]
        for _, name in places:
            name = name.removeprefix(ATTRIBUTE)
            for asked in (name, name.rpartition(".")[0]):
                if asked in self.open_prompts:
                    return self.open_prompts[asked]
        names = [name for notebook, name in places if not notebook]
        return missing_region(names, self.missing_answers)


def _never_returned(check: Check) -> CheckRun:
    """The run of a check whose own computing had to be ended with its process."""
    described = f"it computed for more than {MAX_CPU_SECONDS + GRACE_S:g} s"
    file, line = Path(check.place.file).name, check.place.line
    return unusable(described, f"the check broke ({file}:{line}): {described}")


@contextmanager
def grading_session(
    harness: Harness,
    submission: Submission,
    backend: Backend,
    compiled: Compiled | None = None,
    known_cells: Unfit | None = None,
) -> Iterator[GradingSession]:
    """Lay out a submission's run folder and make it ready for its checks.

    Args:
        compiled: the given extension; by default it is compiled or found in the cache.
        known_cells: which cells cannot run whole, from an earlier run; by default a trial tells.
    """
    listed = [(check, harness.limits_of(check)) for check in harness.checks]
    total = submission_seconds(listed, harness.manifest.submission_seconds, slowness())
    time_budget = TimeBudget(total)
    alias, notes = _package_alias(harness, submission, backend, compiled)
    with (
        lay_out(harness, submission, compiled, alias=alias) as run,
        StudentSession(
            backend,
            run,
            harness.package,
            harness.limits,
            submission.written_answers,
            partial(sources, harness, submission),
        ) as student_session,
    ):
        with charged(time_budget, student_session):
            cells = choose_cells(submission, run, student_session, known_cells)
        yield GradingSession(
            harness,
            submission,
            student_session,
            _missing_answers(harness, submission),
            unwritten_answers(harness, submission),
            cells,
            time_budget,
            open_prompts=_open_prompts(harness, submission),
            notes=notes,
            beside_stubs=_beside_stubs(harness, submission),
        )


@contextmanager
def charged(time_budget: TimeBudget, session: StudentSession) -> Iterator[None]:
    """Add the seconds of the body to what a submission has spent, but those that are not theirs."""
    begun = time.monotonic() - session.not_theirs
    try:
        yield
    finally:
        time_budget.spend(time.monotonic() - session.not_theirs - begun)


def _package_alias(
    harness: Harness, submission: Submission, backend: Backend, compiled: Compiled | None
) -> tuple[str, tuple[str, ...]]:
    """The second name of the package in the submission's boxes, or an empty text, and notes."""
    name = submission.package_name
    if not name:
        return "", ()
    reason = why_no_alias(backend, harness, submission, compiled)
    if reason:
        note = f"imports from {name} do not give the package {harness.package}: {reason}"
        # A name that no import can use costs nothing.
        return "", (LeftAside(note) if name.isidentifier() else note,)
    return name, (f"imports from {name} give the package {harness.package}",)


def _open_prompts(harness: Harness, submission: Submission) -> dict[str, str]:
    try:
        with limited_cpu_time(MAX_CPU_SECONDS):
            return unchanged_prompts(harness, submission)
    except CpuTimeExceeded:
        return {}


def _missing_answers(harness: Harness, submission: Submission) -> dict[str, str]:
    try:
        with limited_cpu_time(MAX_CPU_SECONDS):
            asked = {path: regions_of(stub) for path, stub in stubs(harness).items()}
            return missing_answers(asked, submission.modules)
    except CpuTimeExceeded:  # then an answer that is not written fails, as any wrong answer does
        return {}


def _beside_stubs(harness: Harness, submission: Submission) -> set[str]:
    try:
        with limited_cpu_time(MAX_CPU_SECONDS):
            return regions_beside_stubs(harness, submission)
    except CpuTimeExceeded:  # then the message of such a stub is that nothing is written
        return set()
