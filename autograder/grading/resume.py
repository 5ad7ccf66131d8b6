"""How a run goes on after one that was killed or stopped: which reports are used again.

Every report is written whole as soon as its submission is graded. So a run that ends early leaves
finished reports, and at most one file half written by each process. The next run uses a report
again if grading the submission again would give the same.
"""

from __future__ import annotations

import platform
from pathlib import Path

import msgspec
import numpy as np

from autograder.errors import SubmissionError
from autograder.grading.reporting import info_of
from autograder.harness import Harness
from autograder.records import SCHEMA_VERSION, Report, Status, decode
from autograder.submissions.fingerprint import fingerprint
from autograder.submissions.job import Job


def reports_folder(out: Path) -> Path:
    """The folder of reports, made if it is not there, without files that were half written."""
    folder = out / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    for part in folder.glob(".*.part"):  # see `core.files.write_whole`
        part.unlink(missing_ok=True)
    return folder


def report_file(folder: Path, job: Job) -> Path:
    """Where the report of a job is written."""
    return folder / f"{job.student}.json"


def reusable_report(job: Job, harness: Harness, backend: str, folder: Path) -> Report | None:
    """The report of an earlier run, if grading again would give the same; else None."""
    try:
        report = decode(report_file(folder, job).read_bytes())
        same = (
            report.schema == SCHEMA_VERSION
            and report.status is Status.GRADED
            and report.student == job.student
            and report.harness_sha256 == harness.sha256
            and not report.submission.missing_modules  # they may have been installed since
            and report.sandbox is not None
            and report.sandbox.backend == backend
            and report.sandbox.python == platform.python_version()
            and report.sandbox.numpy == np.__version__
            and report.submission.name == job.name
            and info_of(report) == job.info
            and report.submission.sha256 == fingerprint(job.path, job.attempt)
        )
    except (OSError, msgspec.DecodeError, SubmissionError):
        return None
    return report if same else None


class _Head(msgspec.Struct):
    """What is read of a report to know whose it is, whatever the version of its schema."""

    assignment: str


def another_assignment(out: Path, assignment: str) -> str:
    """The first other assignment of which there are reports in ``out/reports/``; else empty."""
    for file in sorted((out / "reports").glob("*.json")):
        try:
            found = msgspec.json.decode(file.read_bytes(), type=_Head).assignment
        except (OSError, msgspec.MsgspecError):
            continue
        if found != assignment:
            return found
    return ""


def read_reports(out: Path) -> list[Report]:
    """Every report in ``out/reports/``, of earlier runs too; other files are ignored."""
    reports = []
    for file in sorted((out / "reports").glob("*.json")):
        try:
            reports.append(decode(file.read_bytes()))
        except (OSError, msgspec.MsgspecError):
            continue
    return reports
