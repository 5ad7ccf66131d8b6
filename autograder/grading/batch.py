"""Many submissions: worker processes grade them, and each report is written when it is finished.

`resume` says which reports of an earlier run are used again.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from autograder.core.files import write_whole
from autograder.cpu_guard import ENDED_BY
from autograder.errors import SandboxUnavailable
from autograder.grading.one_submission import grade
from autograder.grading.reporting import absent, ungraded
from autograder.grading.resume import report_file, reports_folder, reusable_report
from autograder.grading.workers import run_jobs
from autograder.harness import Harness, read_harness
from autograder.limits import MIB
from autograder.records import Report, Status, decode, encode
from autograder.sandbox import backend as open_backend
from autograder.sandbox.compile_extension import Compiled, compile_given
from autograder.scratch import scratch_folder
from autograder.submissions.job import Job
from autograder.submissions.submission import read_submission

#: Bytes that a worker may hold: data sets, answers, and what checks compute from them.
_MAX_MEMORY = 8192 * MIB


@dataclass(frozen=True)
class _Task:
    """What a worker is sent.

    Attributes:
        endless: the checks over which workers were ended, since one call never returned.
        marker: the file in which a worker writes the check that it runs.
    """

    job: Job
    marker: Path
    endless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finished:
    """A report that is written to its file.

    Attributes:
        reused: an earlier run made it, see `resume`.
    """

    job: Job
    report: Report
    file: Path
    reused: bool = False


def grade_jobs(
    jobs: Iterable[Job],
    harness: Harness,
    backend: str,
    out: Path,
    *,
    workers: int = 1,
    again: bool = False,
) -> Generator[Finished, None, None]:
    """Grade submissions, and yield each as soon as its report is written to ``out/reports/``.

    A report of an earlier run is used again where `resume` allows it. Closing the iterator, or
    Ctrl-C, ends the workers and keeps what is finished.

    Args:
        jobs: each with another student's id.
        backend: a sandbox's name.
        again: grade every job, whatever reports there are.

    Raises SandboxUnavailable if the sandbox cannot work here, OSError if reports cannot be written.
    """
    open_backend(backend)
    folder = reports_folder(out)
    to_grade = []
    for job in jobs:
        earlier = None if again else reusable_report(job, harness, backend, folder)
        if earlier is None:
            to_grade.append(job)
        else:
            yield Finished(job, earlier, report_file(folder, job), reused=True)
    if not to_grade:
        return
    compiled = compile_given(harness.package_folder)
    # The box's user must be able to enter its own folder in it, and must not list the others.
    with scratch_folder("plumb-run-", 0o711) as scratch:
        arguments = (harness.folder, harness.sha256, backend, compiled, str(scratch))
        tasks = [_Task(job, scratch / f"check-{n}") for n, job in enumerate(to_grade)]
        for index, result in run_jobs(tasks, workers, _grader, *arguments, explained=_without_it):
            job = to_grade[index]
            if isinstance(result, SandboxUnavailable):
                raise result
            report = _report(harness, job, result)
            write_whole(report_file(folder, job), encode(report))
            yield Finished(job, report, report_file(folder, job))


def _report(harness: Harness, job: Job, result: bytes | Exception) -> Report:
    """The report that a worker made; that of our failure if it made none that can be read."""
    if isinstance(result, bytes):
        try:
            return decode(result)
        except msgspec.MsgspecError as error:  # of a value that no report holds, as of a share of 2
            result = error
    return _failed(harness, job, result)


def report_absent(students: Iterable[Job], harness: Harness, out: Path) -> list[Report]:
    """Write a report for each of these students, who handed in nothing; return these reports.

    A student who has the report of a submission keeps it: it is of an earlier run.
    """
    folder = reports_folder(out)
    reports = []
    for job in students:
        try:
            existing = decode(report_file(folder, job).read_bytes())
        except (OSError, msgspec.MsgspecError):
            existing = None
        if existing is None or existing.status is Status.ABSENT:
            report = absent(harness, job.student, job.info.name, job.notes)
            write_whole(report_file(folder, job), encode(report))
            reports.append(report)
    return reports


def _without_it(task: _Task, exit_code: int | None) -> _Task | None:
    """The task without the check over which a worker was ended by the bound on computing.

    None if it ended for another reason, or outside of a check.
    """
    if ENDED_BY is None or exit_code != -ENDED_BY or not task.marker.is_file():
        return None
    check = task.marker.read_text("utf-8")
    task.marker.unlink()
    return None if check in task.endless else replace(task, endless=(*task.endless, check))


def _grader(
    folder: Path, sha256: str, backend: str, compiled: Compiled, scratch: str
) -> Callable[[_Task], bytes]:
    """The function that grades a job, in a worker.

    The worker reads the checks itself, since functions cannot be sent to another process.
    """
    tempfile.tempdir = scratch  # a worker that dies leaves files; they are removed with the run's
    _bound_memory()
    harness = read_harness(folder, sha256, str(folder))
    box = open_backend(backend)

    def grade_job(task: _Task) -> bytes:
        job, marker = task.job, task.marker
        try:
            submission = read_submission(job.path, harness, job.attempt)
            notes = (*job.notes, *submission.notes)
            submission = replace(submission, student=job.student, notes=notes, info=job.info)
            return encode(
                grade(
                    harness,
                    submission,
                    box,
                    compiled=compiled,
                    begins=lambda check: marker.write_text(check.id, "utf-8"),
                    endless=task.endless,
                )
            )
        except SandboxUnavailable:
            raise
        except Exception as error:  # whatever it is, the next submission is graded
            return encode(_failed(harness, job, error))
        finally:
            marker.unlink(missing_ok=True)

    return grade_job


def _bound_memory() -> None:
    """Bound the memory of this process. A box sets a bound of its own.

    A check computes with what a student's code returned. A small array of a wrong shape, combined
    with another one, can become larger than the machine's memory. Then this check alone fails.
    """
    import resource  # here alone: Windows has no such module, and releases import this one

    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = min(_MAX_MEMORY, physical // 2)
    bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (bound, hard))


def _failed(harness: Harness, job: Job, error: Exception) -> Report:
    return ungraded(
        harness, job.path, job.student, error, job.notes, attempt=job.attempt, info=job.info
    )
