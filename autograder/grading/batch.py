"""Many submissions: workers, results as they come, and nothing graded twice or lost."""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from autograder.core.files import write_whole
from autograder.errors import SandboxUnavailable, SubmissionError
from autograder.grading.one_submission import grade, ungraded
from autograder.grading.reporting import absent, info_of
from autograder.grading.workers import run_jobs
from autograder.harness import Harness, read_harness
from autograder.records import SCHEMA_VERSION, Report, Status, decode, encode
from autograder.sandbox import backend as open_backend
from autograder.sandbox.compile_extension import Compiled, compile_given
from autograder.scratch import scratch_folder
from autograder.submissions.fingerprint import fingerprint
from autograder.submissions.job import Job, name_students
from autograder.submissions.submission import read_submission

#: Bytes that a worker may hold: data sets, answers, and what checks make of them.
_MOST_MEMORY = 8 << 30


@dataclass(frozen=True)
class Finished:
    """A report that lies in its file.

    Attributes:
        reused: it is an earlier run's, of the same submission by the same harness.
    """

    job: Job
    report: Report
    file: Path
    reused: bool = False


def grade_all(
    paths: Iterable[Path],
    harness: Harness,
    backend: str,
    out: Path,
    *,
    workers: int = 1,
    again: bool = False,
) -> Generator[Finished, None, None]:
    """Grade submissions that lie by themselves; see `grade_jobs`.

    Args:
        paths: see `submission.collect`.
    """
    jobs = name_students(paths)
    yield from grade_jobs(jobs, harness, backend, out, workers=workers, again=again)


def grade_jobs(
    jobs: Iterable[Job],
    harness: Harness,
    backend: str,
    out: Path,
    *,
    workers: int = 1,
    again: bool = False,
) -> Generator[Finished, None, None]:
    """Grade submissions, yielding each as soon as its report lies in ``out/reports/``.

    A report that is there already is used if it is complete and of the same submission, harness
    and backend. Closing the iterator, or Ctrl-C, ends the workers and keeps what is finished.

    Args:
        jobs: each with another student's id.
        backend: a sandbox's name.
        again: grade everything, whatever lies there.

    Raises SandboxUnavailable if the sandbox cannot work here, OSError if reports cannot be written.
    """
    open_backend(backend)
    folder = out / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    for part in folder.glob(".*.part"):  # of a run that was killed
        part.unlink(missing_ok=True)
    open_ = []
    for job in jobs:
        kept = None if again else _reusable(job, harness, backend, folder)
        if kept is None:
            open_.append(job)
        else:
            yield Finished(job, kept, _file(folder, job), reused=True)
    if not open_:
        return
    compiled = compile_given(harness.package_folder)
    # The box's user has to reach its own folder in it, and no other.
    with scratch_folder("plumb-run-", 0o711) as scratch:
        arguments = (harness.folder, harness.sha256, backend, compiled, str(scratch))
        for index, result in run_jobs(open_, workers, _grader, *arguments):
            job = open_[index]
            if isinstance(result, SandboxUnavailable):
                raise result
            if isinstance(result, Exception):
                result = _failed(harness, job, result)
            else:
                result = decode(result)
            write_whole(_file(folder, job), encode(result))
            yield Finished(job, result, _file(folder, job))


def keep_absent(students: Iterable[Job], harness: Harness, out: Path) -> list[Report]:
    """A report for each of these, who handed in nothing, unless a submission's lies there."""
    folder = out / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for job in students:
        try:
            there = decode(_file(folder, job).read_bytes())
        except (OSError, msgspec.MsgspecError):
            there = None
        if there is None or there.status is Status.ABSENT:
            report = absent(harness, job.student, job.info.name, job.notes)
            write_whole(_file(folder, job), encode(report))
            kept.append(report)
    return kept


def read_reports(out: Path) -> list[Report]:
    """Every report in ``out/reports/``, of this run and of earlier ones; no other file there."""
    reports = []
    for file in sorted((out / "reports").glob("*.json")):
        try:
            reports.append(decode(file.read_bytes()))
        except (OSError, msgspec.MsgspecError):
            continue
    return reports


def _grader(
    folder: Path, sha256: str, backend: str, compiled: Compiled, scratch: str
) -> Callable[[Job], bytes]:
    """In a worker: grades a job. The checks are read anew, since functions cannot be sent."""
    tempfile.tempdir = scratch  # what a worker that dies leaves behind goes with the run
    _bound_memory()
    harness = read_harness(folder, sha256, str(folder))
    box = open_backend(backend)

    def grade_job(job: Job) -> bytes:
        try:
            submission = read_submission(job.path, harness, job.attempt)
            notes = (*job.notes, *submission.notes)
            submission = replace(submission, student=job.student, notes=notes, info=job.info)
            return encode(grade(harness, submission, box, compiled=compiled))
        except SandboxUnavailable:
            raise
        except Exception as error:  # whatever it is, the next submission is graded
            return encode(_failed(harness, job, error))

    return grade_job


def _bound_memory() -> None:
    """Bound this process's memory, and no box's, which sets its own.

    A check computes with what a student's code returned: a small array of a wrong shape, taken
    against another, may be as large as the machine. Such a check fails, and no neighbour with it.
    """
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = min(_MOST_MEMORY, physical // 2)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def _failed(harness: Harness, job: Job, error: Exception) -> Report:
    return ungraded(
        harness, job.path, job.student, error, job.notes, attempt=job.attempt, info=job.info
    )


def _file(folder: Path, job: Job) -> Path:
    return folder / f"{job.student}.json"


def _reusable(job: Job, harness: Harness, backend: str, folder: Path) -> Report | None:
    """The report of an earlier run, if grading again would give the same."""
    try:
        report = decode(_file(folder, job).read_bytes())
        same = (
            report.schema == SCHEMA_VERSION
            and report.status is Status.GRADED
            and report.student == job.student
            and report.harness_sha256 == harness.sha256
            and report.sandbox is not None
            and report.sandbox.backend == backend
            and report.submission.name == job.name
            and info_of(report) == job.info
            and report.submission.sha256 == fingerprint(job.path, job.attempt)
        )
    except (OSError, msgspec.DecodeError, SubmissionError):
        return None
    return report if same else None
