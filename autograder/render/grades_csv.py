"""``grades.csv``: one row for each student, one column for each question."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from autograder.records import Report
from autograder.render.clean_text import cleaned, one_line
from autograder.render.instructor_page import by_student
from autograder.render.to_look_at import to_look_at

#: A spreadsheet treats a cell that begins with one of these as a formula, and runs it.
_FORMULA = tuple("=+-@＝＋－＠|%")


def grades_csv(reports: Iterable[Report]) -> str:
    """The table as CSV; a cell is empty where nothing was graded."""
    ordered = by_student(map(cleaned, reports))
    questions = list(dict.fromkeys(q.id for report in ordered for q in report.questions))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = ["student", "name", "status", "score", "out_of", "points", "percent"]
    head.append("percent_of_graded")
    writer.writerow([*head, *map(plain_text, questions), "late", "attempt", "to_look_at", "reason"])
    for report in ordered:
        scores = {q.id: q.score for q in report.questions if q.graded_points}
        writer.writerow(
            [
                plain_text(report.student),
                plain_text(report.name),
                report.status.value,
                plain_number(report.score if report.graded_points else None),
                plain_number(report.graded_points),
                plain_number(report.points),
                plain_number(report.percent),
                plain_number(report.percent_of_graded),
                *(plain_number(scores.get(question)) for question in questions),
                "yes" if report.submission.late else "",
                plain_number(report.submission.attempt),
                plain_text("; ".join(to_look_at(report))),
                plain_text(report.reason),
            ]
        )
    return out.getvalue()


def plain_text(text: str) -> str:
    """The text on one line, with an apostrophe before it if a spreadsheet would compute it."""
    text = one_line(text)
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain_number(value: float | None) -> str:
    """The number with at most four decimals; an empty string for None."""
    return "" if value is None else f"{round(value, 4):.10g}"
