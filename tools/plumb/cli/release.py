"""``plumb release``: source in, student package and harness out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.status import Status

from autograder.cli.common import err, guarded, out, tell
from plumb.release import release as build


@guarded
def release(
    variant: Annotated[
        str, typer.Option(help="Which of assignment/variants/ to build.")
    ] = "convnet",
    assignment: Annotated[Path, typer.Option(help="What an instructor edits.")] = Path(
        "assignment"
    ),
    solutions: Annotated[Path, typer.Option(help="The reference.")] = Path("solutions"),
    out_folder: Annotated[
        Path, typer.Option("--out", help="Where the variant's folder and MANIFEST.json go.")
    ] = Path("release"),
) -> None:
    """Build a release: what students get, and what a grader gets.

    Records the expected outputs by running every check on the reference in the sandbox, grades the
    reference and the untouched stubs, and searches everything for leaks. Writes nothing, and says
    why, unless the reference earns all points, the stubs none, and nothing leaks.

    [bold]Examples[/]

    plumb release

    plumb release --variant convnet --out /tmp/try
    """
    console = err()
    if console.is_terminal:
        with Status("", console=console) as status:
            summary = build(assignment, solutions, out_folder, variant, status.update)
    else:
        summary = build(assignment, solutions, out_folder, variant, lambda _step: None)
    tell(
        out(),
        f"{summary.folder}/student.zip and harness.zip: {summary.checks} checks, "
        f"{summary.hidden} of them hidden, worth {summary.points:g} points "
        f"({summary.seconds:.0f} s)",
    )
