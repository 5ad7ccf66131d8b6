"""Reports in a terminal: a line for each student, a summary by outcome, one check in full.

All text from students is cleaned of escapes and put into `Text`, never into console markup.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.records import CheckResult, Outcome, Report, Status
from autograder.render.clean_text import clean, cleaned, one_line
from autograder.render.format_numbers import number, percent, plural
from autograder.render.outcome_words import NOT_ISOLATED, STATUS_WORDS, WORDS, differences
from autograder.render.to_look_at import first_to_look_at, to_look_at

STYLES = {
    Outcome.PASSED: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.FAILED: "red",
    Outcome.MISSING: "bright_black",
    Outcome.ERROR: "red",
    Outcome.TIMEOUT: "magenta",
    Outcome.KILLED: "magenta",
    Outcome.SKIPPED: "bright_black",
    Outcome.NOT_GRADED: "blue",
}

STATUS_STYLES = {
    Status.GRADED: "green",
    Status.PARTLY_GRADED: "blue",
    Status.UNREADABLE: "red",
    Status.NOT_GRADED: "blue",
    Status.ABSENT: "bright_black",
}


def student_line(report: Report, width: int = 20) -> Text:
    """One student on one line: id, score, status, outcomes of the checks, reason."""
    report = cleaned(report)
    score = f"{number(report.score)}/{number(report.points)}"
    line = Text(f"{one_line(report.student):<{width}}  ")
    line.append(f"{score if report.graded_points else '–':>11}  ")
    line.append(f"{percent(report.percent):>7}  ")
    line.append(f"{STATUS_WORDS[report.status]:<13}", STATUS_STYLES[report.status])
    if report.checks:
        line.append(f"  {count_outcomes(report.checks)}")
    if report.submission.late:
        line.append("  late", "yellow")
    if report.graded_points and not report.fully_graded:
        line.append(f"  {_of_those_graded(report)}", "blue")
    if to_look := first_to_look_at(report):
        line.append(f"  to look at: {to_look}", "yellow")
    elif report.reason:
        line.append(f"  {one_line(report.reason)}", "bright_black")
    if report.sandbox is not None and not report.sandbox.isolated:
        line.append("  NO SANDBOX", "bold red")
    line.rstrip()
    return line


def count_outcomes(checks: Iterable[CheckResult]) -> str:
    """How many checks had each outcome, in a fixed order: ``31 passed, 2 not right``."""
    return said_counts(Counter(check.outcome for check in checks))


def said_counts(counts: Counter[Outcome]) -> str:
    """The counts of outcomes in words, in a fixed order."""
    return ", ".join(f"{counts[o]} {WORDS[o]}" for o in Outcome if counts[o])


def summary(reports: Sequence[Report]) -> RenderableType:
    """How many submissions have each status, and how many of their checks each outcome."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("submissions")
    table.add_column("", justify="right")
    table.add_column("checks")
    table.add_column("", justify="right")
    statuses = Counter(report.status for report in reports)
    outcomes = Counter(check.outcome for report in reports for check in report.checks)
    left = [(STATUS_WORDS[s], STATUS_STYLES[s], statuses[s]) for s in Status if statuses[s]]
    right = [(WORDS[o], STYLES[o], outcomes[o]) for o in Outcome if outcomes[o]]
    blank = ("", "", 0)
    for row in range(max(len(left), len(right))):
        cells: list[RenderableType] = []
        for side in (left, right):
            word, style, count = side[row] if row < len(side) else blank
            cells += [Text(word, style), Text(str(count or ""))]
        table.add_row(*cells)
    return Group(table, *_warnings(reports))


def _warnings(reports: Sequence[Report]) -> Iterator[Text]:
    """What to look at below the summary."""
    doubtful = sum(bool(to_look_at(report)) for report in reports)
    if doubtful:
        text = f"{plural(doubtful, 'submission')} to look at; index.html and grades.csv say why."
        yield Text(text, "yellow")
    unisolated = sum(r.sandbox is not None and not r.sandbox.isolated for r in reports)
    if unisolated:
        yield Text(f"{plural(unisolated, 'report')}: {NOT_ISOLATED}", "bold red")
        return
    limits = {name for r in reports if r.sandbox is not None for name in r.sandbox.unenforced}
    if limits:
        text = f"Not enforced on this machine: {', '.join(sorted(limits))}; see `plumb doctor`."
        yield Text(text, "yellow")


def check_lines(report: Report) -> Text:
    """Every check of a submission with its outcome and the first line of the reason.

    Its lines are to stay whole, so that an id can be copied.
    """
    report = cleaned(report)
    lines = []
    longest = max((len(check.id) for check in report.checks), default=0)
    for check in report.checks:
        points = f"{number(check.score)}/{number(check.points)}"
        line = Text(f"{points:>9}  ")
        line.append(f"{WORDS[check.outcome]:<12}  ", STYLES[check.outcome])
        line.append(f"{'' if check.visible else 'hidden':<6}  ", "bright_black")
        line.append(f"{check.id:<{longest}}  {one_line(_reason(check).partition(chr(10))[0])}")
        line.rstrip()
        lines.append(line)
    lines += [Text(f"to look at: {line}", "yellow") for line in to_look_at(report)]
    total = f"{number(report.score)} of {number(report.points)} points"
    if report.graded_points and not report.fully_graded:
        total += f" ({_of_those_graded(report)})"
    lines.append(Text(f"{total}: {count_outcomes(report.checks)}", "bold"))
    return Text("\n").join(lines)


def check_in_full(check: CheckResult) -> RenderableType:
    """One check as a teaching assistant sees it: observations, traceback, output."""
    head = Text.assemble((clean(check.id), "bold"), "  ", _verdict(check))
    head.append(f"  {number(check.score)}/{number(check.points)} points")
    head.append(f"  {check.seconds:.2f} s", "bright_black")
    parts: list[RenderableType] = [head, Text(clean(check.title), "italic")]
    # The table of observations says what differs.
    if check.message and not check.message.startswith(tuple(differences(check))):
        parts += [Text(), Text(clean(check.message))]
    if check.flagged:
        parts += [Text(), Text(f"to look at: {clean(check.flagged)}", "yellow")]
    if check.observations:
        parts.append(_observations(check))
    for title, text in (("traceback", check.traceback), ("printed output", check.output)):
        if text.strip():
            parts += [Text(), Text(title, "bold"), Text(_indented(clean(text)))]
    if check.hint:
        parts += [Text(), Text(f"hint to the student: {clean(check.hint)}", "bright_black")]
    return Group(*parts)


def _of_those_graded(report: Report) -> str:
    share = percent(report.percent_of_graded)
    return f"{share} of the {number(report.graded_points)} points that were graded"


def _observations(check: CheckResult) -> RenderableType:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("observation")
    table.add_column("share", justify="right", no_wrap=True)
    table.add_column("error", justify="right", no_wrap=True)
    table.add_column("against the expected output", overflow="fold")
    for observation in check.observations:
        message = observation.message
        table.add_row(
            Text(clean(observation.name)),
            Text(percent(100 * observation.share)),
            Text("–" if observation.error is None else f"{observation.error:.3g}"),
            Text(clean(message)) if message else Text("right", "green"),
        )
    return table


def _verdict(check: CheckResult) -> Text:
    return Text(WORDS[check.outcome], STYLES[check.outcome])


def _reason(check: CheckResult) -> str:
    """Why a check is not passed: what differs first, or another reason."""
    if check.outcome is Outcome.PASSED:
        return ""
    return check.message or "\n".join(differences(check))


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.rstrip().splitlines())
