"""How a command ends: its exit code, and a sentence where a traceback would help nobody.

`autograder.errors` says which exception has which exit code.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from errno import ENOSPC
from typing import ParamSpec

import typer

from autograder.cli.interrupts import stop_on_sigterm, stopped
from autograder.cli.printing import err, print_plain
from autograder.errors import BoxError, PlumblineError, UserError

P = ParamSpec("P")

#: All is well; a user's mistake; something was not graded. `interrupts` has a fourth: stopped.
DONE, MISTAKE, INCOMPLETE = 0, UserError.exit_code, BoxError.exit_code


def guarded(command: Callable[P, None]) -> Callable[P, None]:
    """Make a command end with a sentence on standard error and an exit code.

    An exception without an exit code is a bug of ours, and keeps its traceback.
    """

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        stop_on_sigterm()
        try:
            command(*args, **kwargs)
        except PlumblineError as error:
            if error.exit_code is None:
                raise
            print_error(error.sentence)
            raise typer.Exit(error.exit_code) from None
        except BrokenPipeError:  # the reader of our output closed the pipe; it needs no more
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(DONE) from None
        except KeyboardInterrupt:
            raise stopped() from None
        except OSError as error:
            file = f"{error.filename}: " if error.filename else ""
            advice = (
                "; make room where the results go and in TMPDIR" if error.errno == ENOSPC else ""
            )
            print_error(f"{file}{error.strerror or error}{advice}")
            raise typer.Exit(MISTAKE) from None

    return run


def print_error(sentence: str) -> None:
    """Print on standard error, in red, why a command failed."""
    print_plain(err(), f"plumb: {sentence}", "red")
