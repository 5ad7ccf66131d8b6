"""``plumb try``: the author's loop."""

from __future__ import annotations

import importlib
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.status import Status

from autograder.cli.exits import MISTAKE, guarded, print_error
from autograder.cli.printing import err, out, print_plain
from autograder.errors import BoxError, UserError

if TYPE_CHECKING:
    from autograder.sandbox.launch import Backend
    from plumb.course import AssignmentPlace
    from plumb.trial import Trial

#: Seconds between two looks at the files.
_WATCH_S = 0.5


@guarded
def try_(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="An assignment of the course, by default the one that you are in; then questions "
            "of it, by default all.",
            metavar="[ASSIGNMENT] [QUESTION]",
            show_default=False,
        ),
    ] = None,
    variant: Annotated[
        str | None, typer.Option(help="Of an assignment with several.", show_default=False)
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Try again whenever a file changes, until Ctrl-C.")
    ] = False,
) -> None:
    """Try the checks on your own solution, and show all mistakes at once.

    Every check must pass on the reference, twice alike. It must earn nothing without an answer to
    its question, and everything without the questions that it does not need. Shows what each check
    records. Nothing is written; no model is trained.

    Exit code: 2 if something is to be mended.

    [bold]Examples[/]

    plumb try

    plumb try hw1 bisection

    plumb try hw1 --watch
    """
    with ThreadPoolExecutor(1) as threads:
        # Finding a sandbox waits for other processes, and the imports take as long.
        found = threads.submit(_box)
        from plumb.course import find_course

        importlib.import_module("plumb.trial")
        course = find_course(Path())
        words = list(names or [])
        known = {place.name for place in course.assignments}
        if words and (words[0].rstrip("/") in known or course.here is None):
            places, questions = course.choose(words[0]), words[1:]
        else:
            places, questions = course.choose(None), words
        box = found.result()
    before = _state(places)
    good = _try_all(places, variant, questions, box)
    while watch:
        while _state(places) == before:
            time.sleep(_WATCH_S)
        print_plain(out(), "")
        before = _state(places)  # what is saved during a trial is tried after it
        good = _try_all(places, variant, questions, box)
    if not good:
        raise typer.Exit(MISTAKE)


def _box() -> Backend:
    """What the author's own code runs in: the sandbox, or nothing where there is none."""
    from autograder.sandbox import author_backend

    box, without_sandbox = author_backend()
    if without_sandbox:
        print_plain(err(), f"plumb: {without_sandbox}", "yellow")
    return box


def _try_all(
    places: list[AssignmentPlace], variant: str | None, questions: list[str], box: Backend
) -> bool:
    """Try all of them, also after one with mistakes; whether nothing is to be mended."""
    found = [_try(place, variant, questions, box) for place in places]
    return all(found)


def _try(place: AssignmentPlace, variant: str | None, questions: list[str], box: Backend) -> bool:
    """Try one assignment and print what was found; whether nothing is to be mended."""
    from plumb.trial import try_assignment

    started = time.monotonic()
    console = err()
    try:
        chosen = place.variant(variant)
        with Status("", console=console) as status:
            trial = try_assignment(
                place.folder,
                place.solutions,
                chosen,
                questions,
                box,
                lambda step: status.update(f"{place.name}: {step}"),
            )
    except (BoxError, UserError) as error:
        print_error(error.sentence)
        return False
    _print(trial, place.name, time.monotonic() - started)
    return not trial.errors


def _print(trial: Trial, name: str, seconds: float) -> None:
    for check in trial.checks:
        recorded = trial.recorded.get(check.id)
        if recorded is not None:
            print_plain(out(), f"  {check.id}: {recorded}")
    for warning in trial.warnings:
        print_plain(err(), f"warning: {warning}", "yellow")
    for error in trial.errors:
        print_plain(err(), f"error: {error}", "red")
    count = len(trial.checks)
    verdict = f"{len(trial.errors)} to mend" if trial.errors else "all is well"
    print_plain(
        out(),
        f"{name}: {count} {'check' if count == 1 else 'checks'}, worth {trial.points:g} points: "
        f"{verdict} ({seconds:.1f} s)",
    )


def _state(places: list[AssignmentPlace]) -> dict[str, int]:
    """When each source of the assignments was changed."""
    return {
        str(path): path.stat().st_mtime_ns
        for place in places
        for folder in {place.folder, place.solutions}
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
