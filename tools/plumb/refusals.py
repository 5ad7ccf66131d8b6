"""Finds the reasons to refuse a release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from autograder.core.judge import Expected
from autograder.records import Outcome, Report
from plumb.assignment import Assignment
from plumb.given_texts import GivenTexts, answers, given_texts
from plumb.leaderboard_data import secret_labels
from plumb.leak_audit import (
    closed_files,
    hidden_lines,
    hidden_name_leaks,
    hidden_source_leaks,
    label_leaks,
    rubric_leaks,
    solution_leaks,
    value_leaks,
)
from plumb.reference import Files, ReferenceFile, check_files
from plumb.secret_lines import SecretLines, secrets_of, without_public
from plumb.selfcheck_package import engine_files

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
    solutions, given = secret_solutions(assignment, sources)
    public = [*_engine_texts(), *given.code, *given.prose]
    hidden = [check for check in assignment.checks if not check.visible]
    visible = [check for check in assignment.checks if check.visible]
    shown = [d.decode() for name, d in student.items() if name.startswith("selfcheck/checks/")]
    files = [path.read_text("utf-8") for path in check_files(assignment)]
    hidden_text = hidden_lines(files, [*public, *shown])
    hidden_values = {check.id: expected[check.id] for check in hidden}
    visible_values = {id_: value for id_, value in expected.items() if id_ not in hidden_values}
    labels = secret_labels(assignment.data.read_bytes()) if assignment.data else {}
    rubrics = {question.id: question.rubric for question in assignment.questions}
    # The engine's own files are public. They need not be searched, which takes its time.
    engine = engine_files()
    own = {name: data for name, data in student.items() if engine.get(name) != data}
    found = [
        ("student.zip", solution_leaks(own, solutions)),
        ("harness.zip", solution_leaks(harness, solutions)),
        ("student.zip", closed_files(own)),
        ("student.zip", hidden_name_leaks(own, hidden, visible)),
        ("student.zip", hidden_source_leaks(own, hidden_text)),
        ("student.zip", label_leaks(own, labels) + rubric_leaks(own, rubrics, public)),
        ("student.zip", value_leaks(own, hidden_values, visible_values, given.code)),
    ]
    return [
        line
        for archive, leaks in found
        for line in _first_few(f"{archive}: {leak}" for leak in leaks)
    ]


def secret_solutions(
    assignment: Assignment, sources: list[ReferenceFile]
) -> tuple[SecretLines, GivenTexts]:
    """What of the solutions is a secret: what stands neither in the engine nor in given texts."""
    solutions = secrets_of(answers(assignment, sources))
    given = given_texts(assignment, sources, solutions)
    return without_public(solutions, [*_engine_texts(), *given.code, *given.prose]), given


def _engine_texts() -> list[str]:
    return [data.decode() for data in engine_files().values()]


def _first_few(findings: Iterable[str]) -> list[str]:
    """At most MOST_FINDINGS of the findings, and a line that counts the others."""
    listed = list(findings)
    rest = len(listed) - MOST_FINDINGS
    return listed[:MOST_FINDINGS] + ([f"… and {rest} more like these"] if rest > 0 else [])
