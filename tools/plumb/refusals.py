"""Finds the reasons to refuse a release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from autograder.core.judge import Expected
from autograder.records import Outcome, Report
from plumb.assignment import Assignment
from plumb.data_audit import grader_data_leaks
from plumb.leaderboard_data import as_npy, secret_labels
from plumb.leak_audit import (
    hidden_name_leaks,
    hidden_source_leaks,
    label_leaks,
    rubric_leaks,
    secret_lines,
    solution_leaks,
    value_leaks,
)
from plumb.reference import Files, ReferenceFile

#: At most this many findings of one kind are shown; a leaked file has hundreds.
MOST_FINDINGS = 12


def find_grade_problems(reference: Report, untouched: Report) -> list[str]:
    """Why these reports forbid a release: the reference loses points, or the stubs earn some."""
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


def find_leaks(
    assignment: Assignment,
    sources: list[ReferenceFile],
    student: Files,
    harness: Files,
    expected: Mapping[str, Expected],
) -> list[str]:
    """Where a secret stands in the built files: solutions, hidden checks, labels, rubrics."""
    inside, outside = solution_lines(assignment, sources)
    secrets = secret_lines(inside, outside)
    hidden = [check for check in assignment.checks if not check.visible]
    texts = [path.read_text("utf-8") for path in assignment.check_files]
    visible = [
        data.decode() for name, data in student.items() if name.startswith("selfcheck/checks/")
    ]
    ids = {check.id for check in hidden}
    # A column of a table may well be called like a check.
    code = {n: data for n, data in student.items() if n not in assignment.given_data}
    return [
        *_first_few(f"student.zip: {finding}" for finding in solution_leaks(student, secrets)),
        *_first_few(f"harness.zip: {finding}" for finding in solution_leaks(harness, secrets)),
        *_first_few(f"student.zip: {finding}" for finding in hidden_name_leaks(code, hidden)),
        *_first_few(f"student.zip: {f}" for f in hidden_source_leaks(student, texts, visible)),
        *_first_few(f"student.zip: {finding}" for finding in _data_leaks(assignment, student)),
        *_first_few(
            f"student.zip: {finding}"
            for finding in value_leaks(
                student,
                {check: output for check, output in expected.items() if check in ids},
                {check: output for check, output in expected.items() if check not in ids},
            )
        ),
    ]


def _data_leaks(assignment: Assignment, student: Files) -> list[str]:
    """Where secret labels, other data of the grader or a rubric stand."""
    labels = secret_labels(assignment.data.read_bytes()) if assignment.data else {}
    rubrics = {question.id: question.rubric for question in assignment.questions}
    # Of the data set for training, students have all but these labels.
    data_set = assignment.data.name if assignment.data else ""
    secret = {n: content for n, content in assignment.grader_data.items() if n != data_set}
    # Numbers to predict are searched for in the forms in which numbers are written.
    numbers = {name: values for name, values in labels.items() if values.dtype.kind == "f"}
    secret |= {f"{data_set}: {name}": as_npy(values) for name, values in numbers.items()}
    classes = {name: values for name, values in labels.items() if name not in numbers}
    return [
        *label_leaks(student, classes),
        *grader_data_leaks(student, secret),
        *rubric_leaks(student, rubrics),
    ]


def solution_lines(
    assignment: Assignment, sources: list[ReferenceFile]
) -> tuple[list[str], list[str]]:
    """The lines inside solution regions, and the other lines, of files that have regions."""
    inside: list[str] = []
    outside: list[str] = []
    for source in sources:
        # Lines of a file without regions may be secret: it can be a copy that was never stripped.
        if not source.regions and not source.has_given_regions:
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


def _first_few(findings: Iterable[str]) -> list[str]:
    """At most MOST_FINDINGS of the findings, and a line that counts the others."""
    listed = list(findings)
    rest = len(listed) - MOST_FINDINGS
    return listed[:MOST_FINDINGS] + ([f"… and {rest} more like these"] if rest > 0 else [])
