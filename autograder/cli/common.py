"""What the commands share: where they print, how a user's mistake ends them."""

from __future__ import annotations

import functools
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from types import FrameType
from typing import Annotated, ParamSpec

import typer
from rich.console import Console

from autograder.errors import BoxError, SandboxUnavailable, UserError
from autograder.harness import Harness, open_harness
from autograder.scratch import scratch_folder

P = ParamSpec("P")

#: Exit codes: all is well, a user's mistake, something was not graded, stopped with Ctrl-C.
DONE, MISTAKE, INCOMPLETE, STOPPED = 0, 2, 3, 130

HarnessOption = Annotated[
    Path, typer.Option(help="The harness.zip of the release.", show_default=False)
]
SandboxOption = Annotated[
    str, typer.Option(help="bubblewrap, podman, docker; or none: no isolation, for code you trust.")
]
TrustOption = Annotated[
    bool,
    typer.Option(
        "--trust-submissions",
        help="With --sandbox none: run hidden checks too, although the code could read them.",
    ),
]


def out() -> Console:
    """Standard output: what a command is asked for. Lines stay whole where it is a pipe.

    A character that it cannot write is written as its number: no name stops a batch.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    return Console(soft_wrap=not sys.stdout.isatty(), highlight=False)


def err() -> Console:
    """Standard error: progress and what went wrong."""
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")
    return Console(stderr=True, highlight=False)


def tell(console: Console, text: str, style: str = "") -> None:
    """Print text as it is: no markup, no emoji, no wrapping of our own."""
    console.print(text, style=style or None, markup=False, emoji=False, soft_wrap=True)


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """End a command with a sentence and an exit code where a traceback would help nobody."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        signal.signal(signal.SIGTERM, _terminated)
        try:
            command(*args, **kwargs)
        except UserError as error:
            tell(err(), f"plumb: {error}", "red")
            raise typer.Exit(MISTAKE) from None
        except BoxError as error:
            tell(err(), f"plumb: {box_sentence(error)}", "red")
            raise typer.Exit(INCOMPLETE) from None
        except BrokenPipeError:  # the reader of a pipe has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(DONE) from None
        except KeyboardInterrupt:
            tell(err(), "Stopped.")
            raise typer.Exit(STOPPED) from None
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            todo = "; make room where the results go and in TMPDIR" if error.errno == ENOSPC else ""
            tell(err(), f"plumb: {where}{error.strerror or error}{todo}", "red")
            raise typer.Exit(MISTAKE) from None

    return run


def box_sentence(error: BoxError) -> str:
    """What is wrong with the sandbox, and what to do, for people."""
    return f"the sandbox failed: {error}; `plumb doctor` tells what is amiss on this machine"


def _terminated(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends a command as Ctrl-C does, so that boxes and folders are cleared away."""
    raise KeyboardInterrupt


@contextmanager
def opened(harness: Path) -> Iterator[Harness]:
    """An extracted harness, gone afterwards."""
    with scratch_folder("plumb-harness-") as folder:
        yield open_harness(harness, folder / "harness")


def need_trust(sandbox: str, harness: Harness, trusted: bool) -> None:
    """Refuse to run hidden checks beside code that could read them, unless told to."""
    if sandbox != "none":
        return
    if not trusted and any(not check.visible for check in harness.checks):
        raise SandboxUnavailable(
            "this harness has hidden checks, and without a sandbox a submission's code could read "
            "and forge whatever the grader can. If you trust all of these submissions, say so with "
            "--trust-submissions; every report will be marked"
        )
    tell(err(), "NO SANDBOX: the submissions' code runs with all your rights.", "bold red")
