"""Whether an attack got what it should, and nothing else."""

import html
import re
from collections import Counter
from dataclasses import dataclass

from autograder.records import CheckResult, Outcome, Report, encode
from tests.attacks.corpus import Attack


@dataclass(frozen=True)
class Verdict:
    """What came of an attack.

    Attributes:
        broken: what should not have been, a sentence each; empty if the attack failed.
    """

    attack: Attack
    report: Report | None
    broken: tuple[str, ...]

    @property
    def line(self) -> str:
        """All of it on one line."""
        word = "SUCCEEDS" if self.broken else "held"
        came = "no report" if self.report is None else outcomes(self.report)
        score = "-" if self.report is None else f"{self.report.score:g}"
        why = f"  !! {'; '.join(self.broken)}" if self.broken else ""
        return (
            f"{word:<9}{self.attack.kind:<12}{self.attack.name:<30}"
            f"{score:>3} points, should be {self.attack.score:<3g} {came:<42} "
            f"tries {self.attack.tries}{why}"
        )


def judge(
    attack: Attack, report: Report | None, page: str, canaries: dict[str, str]
) -> Verdict:
    """Set a report, and the page that the student gets, against what the attack's head says."""
    if report is None:
        return Verdict(attack, None, ("it has no report",))
    broken = []
    if report.status.value != attack.status:
        broken.append(f"{report.status.value}, not {attack.status}: {report.reason}")
    if report.score != attack.score:
        broken.append(f"{report.score:g} points, not {attack.score:g}")
    memory = report.sandbox.limits.get("memory", "") if report.sandbox else ""
    bounded = "not enforced" not in memory.lower()
    allowed = attack.outcomes if bounded else attack.unbounded
    for check in report.checks:
        if check.outcome.value not in allowed[check.name]:
            wanted = " or ".join(sorted(allowed[check.name]))
            broken.append(f"{check.name} is {check.outcome.value}, not {wanted}: {check.message}")
    broken += leaks(report, page, canaries)
    return Verdict(attack, report, tuple(" ".join(text.split())[:400] for text in broken))


def leaks(report: Report, page: str, canaries: dict[str, str]) -> list[str]:
    """What stands in anything that the student's code made, or that the student is shown."""
    texts = {"the feedback page": html.unescape(page)}
    for check in report.checks:
        texts[f"what it printed in {check.name}"] = check.output
        texts[f"the traceback of {check.name}"] = check.traceback
        if _theirs(check):
            texts[f"the message of {check.name}"] = check.message
    return [
        f"{what} stands in {where}"
        for canary, what in canaries.items()
        for where, text in texts.items()
        if canary in text
    ]


def _theirs(check: CheckResult) -> bool:
    """Whether a message is the text of the student's own exception."""
    return check.outcome is Outcome.ERROR


def outcomes(report: Report) -> str:
    """``2 passed, 1 failed``, or the status of a submission that no check was run on."""
    if not report.checks:
        return report.status.value
    counts = Counter(check.outcome.value for check in report.checks)
    return ", ".join(f"{counts[o.value]} {o.value}" for o in Outcome if counts[o.value])


def without_times(report: Report) -> str:
    """A report as text, times taken out."""
    text = encode(report).decode()
    return re.sub(r'^( *"(?:seconds|started)": ).*$', r"\1", text, flags=re.MULTILINE)
