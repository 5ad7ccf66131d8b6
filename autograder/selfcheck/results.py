"""What came of checking: the record that everything shown is made from."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.checks import Check

PASSED, PARTLY, FAILED = "passed", "partly right", "not right"
MISSING, ERROR, BROKEN = "missing", "error", "broken"
#: Of a question with options.
READ, UNREAD = "picks read", "picks not read"


@dataclass(frozen=True)
class Result:
    """What came of one check.

    Attributes:
        outcome: passed, partly right, not right, missing, error or broken; of picks, whether they
            were read.
        message: what differs, or what to do next; may have several lines.
    """

    check: Check
    outcome: str
    share: float = 0.0
    message: str = ""

    @property
    def passed(self) -> bool:
        """Whether it earned all its points, as far as can be told here."""
        return self.outcome in (PASSED, READ)
