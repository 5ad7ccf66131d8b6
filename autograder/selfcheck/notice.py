"""Says which check is running when it takes long, and how to stop it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TextIO

from ..core.checks import Check
from ..core.language import IN_ENGLISH, Language
from .table import printable


@dataclass(frozen=True)
class Notice:
    """What is said of a check that takes long, and where.

    Attributes:
        stop: how to stop it, a sentence.
        stream: where it is written.
        name_after_s: seconds until the check is named.
        stop_after_s: seconds until it is said how to stop it.
        say: translates the notice.
    """

    stop: str
    stream: TextIO
    name_after_s: float = 1.0
    stop_after_s: float = 10.0
    say: Language = IN_ENGLISH


def usual_notice(say: Language = IN_ENGLISH) -> Notice:
    """The notice for a notebook if this is one, else for a terminal."""
    if "ipykernel" in sys.modules:
        stop = "To stop it, interrupt the kernel: the square button above, or Kernel > Interrupt."
        return Notice(stop, sys.stdout, say=say)  # a notebook shows standard error like a failure
    return Notice("To stop it, press Ctrl+C.", sys.stderr, say=say)


@contextmanager
def announced(check: Check, notice: Notice) -> Iterator[None]:
    """Within this context the check is running; if that takes long, the notice says so."""
    named = f"… {check.question}: {check.title} This check is running."
    endless = (
        f"… {check.question} has been running for {notice.stop_after_s:g} seconds. Perhaps a loop "
        f"in your code does not end. {notice.stop}"
    )
    timers = [
        threading.Timer(seconds, write_line, (notice.say(text), notice.stream))
        for seconds, text in ((notice.name_after_s, named), (notice.stop_after_s, endless))
    ]
    for timer in timers:
        timer.daemon = True
        timer.start()
    try:
        yield
    finally:
        for timer in timers:
            timer.cancel()


def write_line(text: str, stream: TextIO) -> None:
    """Write a line, unless the stream has been closed."""
    with suppress(OSError, ValueError):
        print(printable(text, stream), file=stream, flush=True)
