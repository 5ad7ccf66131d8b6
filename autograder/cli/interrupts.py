"""Ctrl-C and SIGTERM: both stop a command in the same way, so that boxes and folders are removed.

Worker processes ignore Ctrl-C, see `grading.workers`: the command decides, and ends them.
"""

from __future__ import annotations

import signal
from types import FrameType

import typer

from autograder.cli.printing import err, print_plain

#: The exit code of a command that was stopped.
STOPPED = 130


def stop_on_sigterm() -> None:
    """Make SIGTERM raise KeyboardInterrupt, as Ctrl-C does."""
    signal.signal(signal.SIGTERM, _terminated)


def stopped(message: str = "Stopped.") -> typer.Exit:
    """Print how far a stopped command got; the caller raises what is returned."""
    print_plain(err(), message)
    return typer.Exit(STOPPED)


def _terminated(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
