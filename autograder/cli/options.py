"""Options that several commands have, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.printing import err, print_plain
from autograder.errors import SandboxUnavailable
from autograder.harness import Harness, open_harness
from autograder.scratch import scratch_folder

HarnessOption = Annotated[
    Path, typer.Option(help="The harness.zip of the release.", show_default=False)
]
RosterOption = Annotated[
    Path | None,
    typer.Option(
        help="The class list, a CSV file. It tells whose each submission is and who handed in "
        "nothing.",
        show_default=False,
    ),
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


@contextmanager
def opened(harness: Path) -> Iterator[Harness]:
    """A harness, extracted to a temporary folder."""
    with scratch_folder("plumb-harness-") as folder:
        yield open_harness(harness, folder / "harness")


def need_trust(sandbox: str, harness: Harness, trusted: bool) -> None:
    """Warn that there is no sandbox.

    Raises SandboxUnavailable if the harness has hidden checks, which the submissions' code could
    read, and the user did not say that the submissions are trusted.
    """
    if sandbox != "none":
        return
    if not trusted and harness.has_hidden_checks:
        raise SandboxUnavailable(
            "this harness has hidden checks, and without a sandbox a submission's code could read "
            "and forge whatever the grader can. If you trust all of these submissions, say so with "
            "--trust-submissions; every report will be marked"
        )
    print_plain(err(), "NO SANDBOX: the submissions' code runs with all your rights.", "bold red")
