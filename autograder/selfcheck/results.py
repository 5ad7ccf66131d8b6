"""The result of one check, from which everything that is shown is made."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.checks import Check

PASSED, PARTIAL, FAILED = "passed", "partly right", "not right"
MISSING, ERROR, BROKEN = "missing", "error", "broken"
#: Outcomes of a question with options.
PICKS_READ, PICKS_NOT_READ = "picks read", "picks not read"


@dataclass(frozen=True)
class Result:
    """The result of one check.

    Attributes:
        outcome: one of the constants above.
        share: of the points, 0 to 1.
        message: what differs, or what to do next; may have several lines.
        graded_as: what grading would say instead, in a sentence; empty if it would say the same.
    """

    check: Check
    outcome: str
    share: float = 0.0
    message: str = ""
    graded_as: str = ""

    @property
    def passed(self) -> bool:
        """Whether it earns all its points in grading too; picks only have to be readable."""
        return self.outcome in (PASSED, PICKS_READ) and not self.graded_as
