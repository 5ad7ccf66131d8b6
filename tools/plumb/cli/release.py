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
    from plumb.course import AssignmentPlace
    from plumb.release import ReleaseSummary


@guarded
def release(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Assignments of the course; by default the one that you are in, or all.",
            metavar="[ASSIGNMENT]",
            show_default=False,
        ),
    ] = None,
    variant: Annotated[
        str | None,
        typer.Option(
            help="Which variant to build; by default the only one, or that of the assignment's "
            "name.",
            show_default=False,
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Build all variants, one by one.")] = False,
    assignment: Annotated[
        Path | None, typer.Option(help="An assignment's folder.", show_default=False)
    ] = None,
    solutions: Annotated[
        Path | None, typer.Option(help="The reference of that folder.", show_default=False)
    ] = None,
    out_folder: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="Where the variants' folders and MANIFEST.json go; by default release/ in the "
            "course.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Build a release: what students get, and what a grader gets.

    Records the expected outputs by running every check on the reference in the sandbox, grades the
    reference and the untouched stubs, and searches everything for leaks. Writes nothing, and says
    why, unless the reference earns all points, the stubs none, and nothing leaks.

    If several are built, each is published or refused by itself; exit code 2 if one was refused.

    [bold]Examples[/]

    plumb release

    plumb release hw1

    plumb release --all

    plumb release --variant hw5 --out /tmp/try
    """
    # Imported here: these imports take a third of the time that other commands need to start.
    from plumb.release import release as build

    def build_one(place: AssignmentPlace, name: str) -> None:
        folder = out_folder or place.out
        summary = _build(
            name, lambda step: build(place.folder, place.solutions, folder, name, step)
        )
        _print_summary(summary)

    chosen = _choose(names or [], variant, assignment, solutions, every=every)
    if len(chosen) == 1:
        build_one(*chosen[0])
        return
    refused = []
    for place, name in chosen:
        try:
            build_one(place, name)
        except (BoxError, UserError) as error:
            refused.append(name)
            print_plain(err(), f"plumb: {name}: {error.sentence}", "red")
    if refused:
        print_plain(err(), f"{len(refused)} of {len(chosen)} refused: {', '.join(refused)}", "red")
        raise typer.Exit(MISTAKE)


def _choose(
    names: list[str],
    variant: str | None,
    assignment: Path | None,
    solutions: Path | None,
    *,
    every: bool,
) -> list[tuple[AssignmentPlace, str]]:
    """What is built: assignments, each with a variant. Raises UserError if that is not clear."""
    from plumb.course import find_course, full_place

    if assignment is not None or solutions is not None:
        folder = assignment or Path("assignment")
        places = [full_place(folder, solutions or Path("solutions"), Path("release"))]
    else:
        course = find_course(Path())
        places = [place for name in names for place in course.choose(name)]
        places = places if names else course.choose(None)
    if every:
        return [(place, name) for place in places for name in place.variants]
    return [(place, place.variant(variant)) for place in places]


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
