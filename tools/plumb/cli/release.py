"""``plumb release``: source in, student packages and harnesses out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.status import Status

from autograder.cli.exits import MISTAKE, guarded
from autograder.cli.printing import err, out, print_plain
from autograder.errors import BoxError, UserError

if TYPE_CHECKING:
    from plumb.release import ReleaseSummary


@guarded
def release(
    variant: Annotated[
        str, typer.Option(help="Which of assignment/variants/ to build.")
    ] = "convnet",
    every: Annotated[bool, typer.Option("--all", help="Build all variants, one by one.")] = False,
    assignment: Annotated[Path, typer.Option(help="What an instructor edits.")] = Path(
        "assignment"
    ),
    solutions: Annotated[Path, typer.Option(help="The reference.")] = Path("solutions"),
    out_folder: Annotated[
        Path, typer.Option("--out", help="Where the variants' folders and MANIFEST.json go.")
    ] = Path("release"),
) -> None:
    """Build a release: what students get, and what a grader gets.

    Records the expected outputs by running every check on the reference in the sandbox, grades the
    reference and the untouched stubs, and searches everything for leaks. Writes nothing, and says
    why, unless the reference earns all points, the stubs none, and nothing leaks.

    With --all every variant is published or refused by itself; exit code 2 if one was refused.

    [bold]Examples[/]

    plumb release

    plumb release --all

    plumb release --variant hw5 --out /tmp/try
    """
    # Imported here: these imports take a third of the time that other commands need to start.
    from plumb.config import variants
    from plumb.release import release as build

    def build_one(name: str) -> None:
        summary = _build(name, lambda step: build(assignment, solutions, out_folder, name, step))
        _print_summary(summary)

    if not every:
        build_one(variant)
        return
    names = variants(assignment)
    if not names:
        raise UserError(f"{assignment} has no variants; name the folder with --assignment")
    refused = []
    for name in names:
        try:
            build_one(name)
        except (BoxError, UserError) as error:
            refused.append(name)
            print_plain(err(), f"plumb: {name}: {error.sentence}", "red")
    if refused:
        print_plain(err(), f"{len(refused)} of {len(names)} refused: {', '.join(refused)}", "red")
        raise typer.Exit(MISTAKE)


def _build(variant: str, act: Callable[[Callable[[str], None]], ReleaseSummary]) -> ReleaseSummary:
    """Build, with a line of progress if a person watches."""
    console = err()
    if not console.is_terminal:
        return act(lambda _step: None)
    with Status("", console=console) as status:
        return act(lambda step: status.update(f"{variant}: {step}"))


def _print_summary(summary: ReleaseSummary) -> None:
    print_plain(
        out(),
        f"{summary.folder}/student.zip and harness.zip: {summary.checks} checks, "
        f"{summary.hidden} of them hidden, worth {summary.points:g} points "
        f"({summary.seconds:.0f} s)",
    )
    if summary.without_sandbox:
        print_plain(err(), f"  {summary.without_sandbox}", "yellow")
    for remark in summary.remarks:  # all of them, because a translator needs every head
        print_plain(err(), f"  not translated: {remark}", "yellow")
