"""What ``plumb grade`` shows while it works: a line for each student, and a bar in a terminal."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from autograder.cli.printing import print_plain
from autograder.records import Outcome, Report, Status
from autograder.render.clean_text import one_line
from autograder.render.format_times import time_left
from autograder.render.terminal import said_counts, student_line
from autograder.submissions.find_submissions import ClassList


class ClassProgress:
    """Shows how far the grading of a class is.

    The lines go to standard output. The bar goes there too if that is a terminal, so that one
    console draws both and no line stands on the bar's; else it goes to standard error.

    Args:
        workers: how many submissions are graded at a time.
    """

    def __init__(self, out: Console, err: Console, workers: int) -> None:
        self._out, self._err = out, err
        self._workers = workers
        console = out if out.is_terminal else err
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[done]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            TextColumn("{task.fields[counts]}"),
            console=console,
            disable=not console.is_interactive,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("starting", total=None, done="", left="", counts="")
        self._width = self._total = self._finished = self._graded = 0
        self._counts: Counter[Outcome] = Counter()
        self._started = 0.0

    def __enter__(self) -> ClassProgress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the bar away while something else is printed."""
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()

    def step(self, what: str) -> None:
        """Say what is done before the first submission is graded."""
        self._bar.update(self._task, description=what)

    def found(self, submissions: ClassList) -> None:
        """Print the remarks, and count what is to be graded."""
        with self.paused():
            for remark in submissions.remarks:
                print_plain(self._err, one_line(remark), "yellow")
        everybody = (*submissions.jobs, *submissions.absent)
        self._width = min(40, max(len(job.student) for job in everybody))
        self._total = len(submissions.jobs)
        self._started = time.monotonic()
        self._bar.update(
            self._task, description="grading", total=self._total, done=f"0/{self._total}"
        )

    def finished(self, report: Report, *, reused: bool = False) -> None:
        """Print the student's line, and say how much is left."""
        self._out.print(student_line(report, self._width), soft_wrap=True)
        if report.status is Status.ABSENT:
            return
        self._finished += 1
        self._graded += not reused
        self._counts.update(check.outcome for check in report.checks)
        seconds = seconds_left(
            time.monotonic() - self._started,
            self._graded,
            self._total - self._finished,
            self._workers,
        )
        self._bar.update(
            self._task,
            completed=self._finished,
            done=f"{self._finished}/{self._total}",
            left=time_left(seconds),
            counts=said_counts(self._counts),
        )

    def how_far(self, out_folder: object) -> str:
        """The message if the command is stopped now."""
        if not self._total:
            return "Stopped."
        return (
            f"Stopped: {self._finished} of {self._total} reports are finished and kept in "
            f"{out_folder}; the same command goes on with the others."
        )


def seconds_left(seconds: float, graded: int, left: int, workers: int) -> float | None:
    """An estimate of the seconds that the rest takes; None if nothing is known yet.

    Args:
        seconds: how long the grading has taken so far.
        graded: how many submissions were graded in this time.
        left: how many are not finished. As many as there are workers are half done.
    """
    if not graded or not left:
        return None
    half = min(workers, left) / 2
    return seconds * (left - half) / (graded + half)
