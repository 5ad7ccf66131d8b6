"""Where commands print: results on standard output, everything else on standard error."""

from __future__ import annotations

import io
import sys

from rich.console import Console


def out() -> Console:
    """Standard output, for a command's results. Lines stay whole where it is a pipe.

    A character that it cannot write is written as its number, so that no name stops a batch.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    return Console(soft_wrap=not sys.stdout.isatty(), highlight=False)


def err() -> Console:
    """Standard error: progress, warnings and errors."""
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")
    return Console(stderr=True, highlight=False)


def print_plain(console: Console, text: str, style: str = "") -> None:
    """Print text as it is: no markup, no emoji, no wrapping of our own."""
    console.print(text, style=style or None, markup=False, emoji=False, soft_wrap=True)
