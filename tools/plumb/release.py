"""Publishes a release: builds, records, audits and only then writes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.core.files import write_whole
from autograder.core.judge import Expected
from autograder.errors import ReleaseRefused
from autograder.folder_lock import locked_folder
from autograder.grading.one_submission import grade
from autograder.harness import Harness, open_harness, read_harness_data
from autograder.records import Report
from autograder.sandbox import Backend, author_backend
from autograder.sandbox.run_folder import lay_out
from autograder.sandbox.session import StudentSession
from autograder.scratch import scratch_folder
from autograder.submissions.submission import read_submission
from plumb import bundle
from plumb.assignment import Assignment
from plumb.assignment_reader import read_assignment
from plumb.cell_run import failed_cells
from plumb.record import record
from plumb.reference import Files, ReferenceFile, all_regions, reference_files
from plumb.refusals import find_grade_problems, find_leaks
from plumb.regions import check_unique
from plumb.release_files import harness_files, harness_manifest, solved_files, student_files

Progress = Callable[[str], None]


@dataclass(frozen=True)
class ReleaseSummary:
    """What was published.

    Attributes:
        folder: the folder with ``student.zip`` and ``harness.zip``.
        manifest: the path of the manifest.
        checks: the number of checks.
        hidden: the number of hidden checks.
        points: the points of all checks.
        seconds: how long it took.
        remarks: which translations are missing or outdated.
        without_sandbox: why the reference ran without a sandbox, for the author; empty if not.
    """

    folder: Path
    manifest: Path
    checks: int
    hidden: int
    points: float
    seconds: float
    remarks: tuple[str, ...] = ()
    without_sandbox: str = ""


def release(
    assignment: Path, solutions: Path, out: Path, variant: str, progress: Progress
) -> ReleaseSummary:
    """Build, record, audit and publish one variant to ``out/<variant>/``.

    Nothing is written unless the audit finds nothing. Raises a UserError with the place and the
    reason: MarkerError, CheckError, AssignmentError, or ReleaseRefused with
    everything that the audit found; also if another run is writing into `out`.
    """
    started = time.monotonic()
    progress("reading the sources")
    source = read_assignment(assignment, solutions, variant)
    reference = list(reference_files(source))
    check_unique(all_regions(source, reference))
    box, without_sandbox = author_backend()
    with scratch_folder("plumb-release-") as folder:
        bundle.write_tree(solved_files(source, reference), folder / "reference")
        expected = _record(source, reference, folder, box, progress)
        student = student_files(source, reference, expected)
        harness = harness_files(source, reference, expected)
        progress("searching for leaks")
        findings = find_leaks(source, reference, student, harness, expected)
        findings += _graded(source, folder, student, harness, box, progress)
    if findings:
        raise ReleaseRefused(findings)
    progress("writing")
    # Unpacked, the students' files lie in a folder of their own, whatever program unpacks them.
    manifest = _publish(out, variant, bundle.below(source.student_folder, student), harness)
    return ReleaseSummary(
        folder=out / variant,
        manifest=manifest,
        checks=len(source.checks),
        hidden=sum(not check.visible for check in source.checks),
        points=sum(check.points for check in source.checks),
        seconds=time.monotonic() - started,
        without_sandbox=without_sandbox,
        remarks=(*source.remarks, *(remark for file in reference for remark in file.remarks)),
    )


def _record(
    source: Assignment,
    reference: list[ReferenceFile],
    folder: Path,
    box: Backend,
    progress: Progress,
) -> dict[str, Expected]:
    """Record the expected outputs of the reference, laid out like a submission.

    Raises ReleaseRefused for cells of the notebooks that fail.
    """
    bundle.write_tree(harness_files(source, reference, {}), folder / "blank")
    manifest = harness_manifest(source, reference)
    data = read_harness_data(folder / "blank", manifest.data)
    blank = Harness(folder / "blank", "", manifest, source.checks, {}, data)
    submission = read_submission(folder / "reference", blank)
    with lay_out(blank, submission) as run:
        total, recorded = len(source.checks), 0

        def report(check: str) -> None:
            nonlocal recorded
            recorded += 1
            progress(f"recording {recorded}/{total} {check}")

        limits = manifest.limits
        with StudentSession(
            box,
            run,
            source.package,
            limits,
            submission.written_answers,
            lambda: submission.sources(blank.locations),
        ) as session:
            progress("running the notebooks")
            seconds = manifest.training.seconds
            if failed := failed_cells(session, submission.cells, source.cells, seconds):
                raise ReleaseRefused(failed)
            return record(blank, session, report)


def _graded(
    source: Assignment,
    folder: Path,
    student: Files,
    harness: Files,
    box: Backend,
    progress: Progress,
) -> list[str]:
    """Grade the reference and the untouched stubs in the box; what forbids a release."""
    built = folder / "harness.zip"
    built.write_bytes(bundle.pack(harness))
    bundle.write_tree(student, folder / "untouched")
    opened = open_harness(built, folder / "harness")
    reports: list[Report] = []
    for name in ("reference", "untouched"):
        progress(f"grading the {name} package")
        reports.append(grade(opened, read_submission(folder / name, opened), box))
    reference, untouched = reports
    return find_grade_problems(reference, untouched, source.checks, source.cells)


def _publish(out: Path, variant: str, student: Files, harness: Files) -> Path:
    """Write both zips and the manifest, each atomically."""
    folder, manifest = out / variant, out / "MANIFEST.json"
    with locked_folder(out, "a release"):  # the manifest keeps the entries of other variants
        folder.mkdir(exist_ok=True)
        write_whole(folder / "student.zip", bundle.pack(student))
        write_whole(folder / "harness.zip", bundle.pack(harness))
        bundles = {"student": student, "harness": harness}
        write_whole(manifest, bundle.manifest(manifest, variant, bundles))
    return manifest
