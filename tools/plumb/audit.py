"""The instructor's work, graded: what must hold before a release is published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from autograder.core.judge import Expected
from autograder.records import Outcome, Report
from plumb.assignment import Assignment
from plumb.leaderboard_data import secret_labels
from plumb.leaks import (
    hidden_name_leaks,
    hidden_source_leaks,
    label_leaks,
    rubric_leaks,
    secret_lines,
    solution_leaks,
    value_leaks,
)
from plumb.reference import Files, Source, check_files

#: So many findings of one kind are shown; a leaked file has hundreds.
SHOWN = 12


def grade_findings(reference: Report, untouched: Report) -> list[str]:
    """Why these two reports forbid a release: the reference is not perfect, the stubs not zero."""
    findings = []
    if reference.checks == [] or untouched.checks == []:
        findings.append(f"no check was run: {reference.reason or untouched.reason}")
    for check in reference.checks:
        if check.outcome is not Outcome.PASSED or check.score != check.points:
            findings.append(
                f"the reference does not pass {check.id}: {check.outcome.value}; {check.message}"
            )
    for check in untouched.checks:
        if check.score != 0:
            findings.append(
                f"the untouched stubs earn {check.score:g} on {check.id}: "
                "it does not exercise what is to be written"
            )
        elif check.outcome is Outcome.NOT_GRADED:
            findings.append(f"{check.id} breaks on the untouched stubs: {check.message}")
    return findings


def leak_findings(
    assignment: Assignment,
    sources: list[Source],
    student: Files,
    harness: Files,
    expected: Mapping[str, Expected],
) -> list[str]:
    """What of the solutions and the hidden checks stands where it must not."""
    inside, outside = solution_lines(assignment, sources)
    secrets = secret_lines(inside, outside)
    hidden = [check for check in assignment.checks if not check.visible]
    texts = [path.read_text("utf-8") for path in check_files(assignment)]
    shown = [
        data.decode() for name, data in student.items() if name.startswith("selfcheck/checks/")
    ]
    ids = {check.id for check in hidden}
    return [
        *_some(f"student.zip: {finding}" for finding in solution_leaks(student, secrets)),
        *_some(f"harness.zip: {finding}" for finding in solution_leaks(harness, secrets)),
        *_some(f"student.zip: {finding}" for finding in hidden_name_leaks(student, hidden)),
        *_some(f"student.zip: {f}" for f in hidden_source_leaks(student, texts, shown)),
        *_some(f"student.zip: {finding}" for finding in _data_leaks(assignment, student)),
        *_some(
            f"student.zip: {finding}"
            for finding in value_leaks(
                student,
                {name: one for name, one in expected.items() if name in ids},
                {name: one for name, one in expected.items() if name not in ids},
            )
        ),
    ]


def _data_leaks(assignment: Assignment, student: Files) -> list[str]:
    """Where the classes stand by which models and predictions are graded, or a rubric."""
    labels = secret_labels(assignment.data.read_bytes()) if assignment.data else {}
    rubrics = {question.id: question.rubric for question in assignment.questions}
    return label_leaks(student, labels) + rubric_leaks(student, rubrics)


def solution_lines(assignment: Assignment, sources: list[Source]) -> tuple[list[str], list[str]]:
    """The lines inside solution regions, and all others, of modules and notebooks with regions."""
    inside: list[str] = []
    outside: list[str] = []
    for source in sources:
        # A file without regions vouches for nothing: it may be a copy that was never stripped.
        if not source.regions and not source.gives:
            continue
        lines = source.data.decode().splitlines()
        answers = {n for region in source.regions for n in region.answer_line_numbers}
        for number, line in enumerate(lines, 1):
            (inside if number in answers else outside).append(line)
    for cell in (cell for cells in assignment.cells.values() for cell in cells):
        answers = {n - cell.line for region in cell.regions for n in region.answer_line_numbers}
        for number, line in enumerate(cell.text.split("\n")):
            (inside if number in answers else outside).append(line)
    return inside, outside


def _some(findings: Iterable[str]) -> list[str]:
    listed = list(findings)
    rest = len(listed) - SHOWN
    return listed[:SHOWN] + ([f"… and {rest} more like these"] if rest > 0 else [])
