"""Whether an attack got what it should, and nothing else."""

import html
import re
from collections import Counter
from dataclasses import dataclass

from autograder.records import CheckResult, Outcome, Report, encode
from tests.attacks.corpus import Attack

#: An attack that got what it should not prints this first in a line.
TROPHY = "GOT "
_ACTIVE = ("<script>fetch", "<img src=x", "<svg onload", "<a href='javascript")
#: All that is no text but tab and line end, and what turns the direction of writing.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Verdict:
    """What came of an attack.

    Attributes:
        broken: what should not have been, a sentence each; empty if the attack failed.
        lacking: the limit that is not enforced here, which is why it got further than it should.
    """

    attack: Attack
    report: Report | None
    broken: tuple[str, ...] = ()
    lacking: str = ""

    @property
    def line(self) -> str:
        """All of it on one line."""
        word = "SUCCEEDS" if self.broken else "NO LIMIT" if self.lacking else "held"
        came = "no report" if self.report is None else outcomes(self.report)
        score = "-" if self.report is None else f"{self.report.score:g}"
        why = "".join(f"  !! {text}" for text in self.broken)
        why += f"  (not enforced here: {self.lacking})" if self.lacking else ""
        return (
            f"{word:<9}{self.attack.kind:<12}{self.attack.name:<30}"
            f"{score:>3} points, should be {self.attack.score:<3g} {came:<42} "
            f"tries {self.attack.tries}{why}"
        )


def judge(attack: Attack, report: Report | None, page: str, canaries: dict[str, str]) -> Verdict:
    """Set a report, and the page that the student gets, against what the attack's head says."""
    if report is None:
        return Verdict(attack, None, ("it has no report",))
    broken = leaks(report, page, canaries) + active(page)
    if report.status.value != attack.status:
        broken.append(f"{report.status.value}, not {attack.status}: {report.reason}")
    if report.score != attack.score:
        broken.append(f"{report.score:g} points, not {attack.score:g}")
    further = []
    for check in report.checks:
        allowed = attack.outcomes.get(check.name, frozenset())
        if check.outcome.value not in allowed:
            wanted = " or ".join(sorted(allowed))
            further.append(f"{check.name} is {check.outcome.value}, not {wanted}: {check.message}")
        further += [line for line in check.output.splitlines() if line.startswith(TROPHY)]
    lacking = attack.needs if attack.needs and not enforced(attack.needs, report) else ""
    if not lacking:
        broken += further
    plain = (" ".join(text.split())[:400] for text in broken)
    return Verdict(attack, report, tuple(plain), lacking if further else "")


def enforced(limit: str, report: Report) -> bool:
    """Whether a report says that this limit was enforced."""
    found = report.sandbox.limits.get(limit) if report.sandbox else None
    return found is not None and found.enforced


def active(page: str) -> list[str]:
    """What in a page could do anything in a browser or in a terminal that shows it."""
    broken = [f"{tag!r} stands in the page" for tag in _ACTIVE if tag in page]
    if found := _CONTROLS.search(page):
        broken.append(f"the character {found[0]!r} stands in the page")
    return broken


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
