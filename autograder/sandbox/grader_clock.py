"""The grader's own clock. It stands still while the grader itself is stopped."""

from __future__ import annotations

import time

#: Seconds between two ticks while the grader waits for a box.
TICK_S = 0.25
#: A tick that comes so many seconds late shows that the grader was stopped. A busy machine lets a
#: process wait for a processor too, but not as long.
_LATE_S = 0.5


class GraderClock:
    """Measures seconds in which the grader was running, or waited no longer than it meant to.

    SIGSTOP and a paused machine stop the grader, and the time of day goes on. CLOCK_MONOTONIC goes
    on with it (it stands still only while a Linux machine is suspended). So the grader looks at the
    clock again and again. If much more time has passed between two such ticks than the grader
    computed and meant to wait, the grader was stopped, and that time does not count. What a box
    does, or does not do, never makes a tick late.

    Attributes:
        overslept: how many seconds did not count, all in all.
    """

    def __init__(self) -> None:
        self.overslept = 0.0
        self.restart()

    def now(self) -> float:
        """The time in seconds, from an arbitrary point."""
        return time.monotonic() - self.overslept

    def restart(self) -> None:
        """Begin a new series of ticks. The grader may have waited for something else before."""
        self._time, self._computed = time.monotonic(), time.thread_time()

    def tick(self, waited: float = 0.0) -> None:
        """Find out whether the grader was stopped since the last tick.

        Args:
            waited: the seconds that the grader meant to wait at most since the last tick.
        """
        before, computed = self._time, self._computed
        self.restart()
        late = self._time - before - waited - (self._computed - computed)
        if late > _LATE_S:
            self.overslept += late
