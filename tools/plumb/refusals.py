"""Finds the reasons to refuse a release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from autograder.cli.author_files import read_text
from autograder.core.checks import Check
from autograder.core.judge import Expected
from autograder.records import Outcome, Report
from plumb.assignment import Assignment
from plumb.data_audit import grader_data_leaks
from plumb.given_texts import GivenTexts, answers, given_texts
from plumb.leaderboard_data import as_npy, secret_labels
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
from plumb.reference import Files, ReferenceFile
from plumb.secret_lines import SecretLines, secrets_of, without_public
from plumb.selfcheck_package import engine_files
from plumb.sources import SourceCell

#: At most this many findings of one kind are shown; a leaked file has hundreds.
MOST_FINDINGS = 12
#: What to do about each kind of finding.
_GIVEN = "; take it out, or put it into the solution region that it answers"
_CHECKS = "; take it out of the checks and of what they read"
_NAME = "; say what is tested in other words, or rename the check"
_SOURCE = "; take it out, or give the check visible=True"
_DATA = "; take it out of what students get"
_VALUE = "; take it out, or give the check another input"


def find_grade_problems(
    reference: Report,
    untouched: Report,
    checks: Iterable[Check] = (),
    cells: Mapping[str, Sequence[SourceCell]] | None = None,
) -> list[str]:
    """Why these reports forbid a release: the reference loses points, or the stubs earn some.

    Args:
        checks: those that were run, for their places.
        cells: of the notebooks, for the places of examples that ran.
    """
    findings = []
    places = {check.id: f"{check.place}: " for check in checks}
    if reference.checks == [] or untouched.checks == []:
        findings.append(f"no check was run: {reference.reason or untouched.reason}")
    for check in reference.checks:
        if check.outcome is not Outcome.PASSED or check.score != check.points:
            findings.append(
                f"{places.get(check.id, '')}the reference does not pass {check.id}: "
                f"{check.outcome.value}; {check.message}"
            )
    if findings:
        findings += _examples_that_ran(reference, cells or {})
    for check in untouched.checks:
        place = places.get(check.id, "")
        if check.score != 0:
            findings.append(
                f"{place}the untouched stubs earn {check.score:g} on {check.id}: "
                "it does not exercise what is to be written"
            )
        elif check.outcome is Outcome.NOT_GRADED:
            findings.append(f"{place}{check.id} breaks on the untouched stubs: {check.message}")
    return findings


def _examples_that_ran(
    reference: Report, notebooks: Mapping[str, Sequence[SourceCell]]
) -> Iterator[str]:
    """A sentence for each example of a notebook that ran when the reference was graded."""
    for record in reference.submission.cells:
        code = [cell for cell in notebooks.get(record.notebook, ()) if cell.kind == "code"]
        if record.names and record.cell <= len(code):
            cell = code[record.cell - 1]
            yield (
                f"{cell.file}:{cell.line}: this example ran too when the reference was graded, "
                f"because it may change {', '.join(record.names)}, and what is expected was "
                "recorded without it; if that is the cause, change a copy there, or give the cell "
                'role="setup"'
            )


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
    files = [read_text(path) for path in assignment.check_files]
    hidden_text = hidden_lines(files, [*public, *shown])
    ids = {check.id for check in hidden}
    hidden_values = {id_: value for id_, value in expected.items() if id_ in ids}
    visible_values = {id_: value for id_, value in expected.items() if id_ not in ids}
    rubrics = {question.id: question.rubric for question in assignment.questions}
    # The engine's own files are public. They need not be searched, which takes its time.
    engine = engine_files()
    own = {name: data for name, data in student.items() if engine.get(name) != data}
    # A column of a table may well be called like a check.
    code = {name: data for name, data in own.items() if name not in assignment.given_data}
    data = _data_leaks(assignment, own) + rubric_leaks(own, rubrics, public)
    found = [
        ("student.zip", solution_leaks(own, solutions), _GIVEN),
        ("harness.zip", solution_leaks(harness, solutions), _CHECKS),
        ("student.zip", closed_files(own), ""),
        ("student.zip", hidden_name_leaks(code, hidden, visible), _NAME),
        ("student.zip", hidden_source_leaks(own, hidden_text), _SOURCE),
        ("student.zip", data, _DATA),
        ("student.zip", value_leaks(own, hidden_values, visible_values, given.code), _VALUE),
    ]
    return [
        line
        for archive, leaks, advice in found
        for line in _first_few(f"{archive}: {leak}{advice}" for leak in leaks)
    ]


def _data_leaks(assignment: Assignment, student: Files) -> list[str]:
    """Where secret labels or other data of the grader stand."""
    labels = secret_labels(assignment.data.read_bytes()) if assignment.data else {}
    # Of the data set for training, students have all but these labels.
    data_set = assignment.data.name if assignment.data else ""
    secret = {n: content for n, content in assignment.grader_data.items() if n != data_set}
    # Numbers to predict are searched for in the forms in which numbers are written.
    numbers = {name: values for name, values in labels.items() if values.dtype.kind == "f"}
    secret |= {f"{data_set}: {name}": as_npy(values) for name, values in numbers.items()}
    classes = {name: values for name, values in labels.items() if name not in numbers}
    return [*label_leaks(student, classes), *grader_data_leaks(student, secret)]


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
