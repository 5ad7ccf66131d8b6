"""The command ``plumb``: the instructor's commands here, the grader's from `autograder.cli`."""

from __future__ import annotations

import importlib
import importlib.metadata
import sys
from collections.abc import Iterable
from typing import Annotated

import typer

#: The function of each command. One call imports that of its command alone: importing all of them
#: takes as long as `plumb try` does for one question.
COMMANDS = {
    "new": "plumb.cli.new:new",
    "try": "plumb.cli.try_:try_",
    "release": "plumb.cli.release:release",
    "grade": "autograder.cli.grade:grade",
    "rerun": "autograder.cli.rerun:rerun",
    "leaderboard": "autograder.cli.leaderboard:leaderboard",
    "doctor": "autograder.cli.doctor:doctor",
}


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"Plumbline {_version()}")
        raise typer.Exit


def _version() -> str:
    """The version of the distribution that brought this command; only pyproject.toml names it."""
    found = importlib.metadata.entry_points(group="console_scripts", value="plumb.cli:main")
    return next((point.dist.version for point in found if point.dist), "of a source folder")


def make_app(commands: Iterable[str] = COMMANDS) -> typer.Typer:
    """The program with these commands."""
    app = typer.Typer(
        help="Make and grade programming assignments whose answers are numbers.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_show_locals=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for name in commands:
        module, _, function = COMMANDS[name].partition(":")
        app.command(name)(getattr(importlib.import_module(module), function))
    app.callback()(plumb)
    return app


def plumb(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and exit.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Options of the command itself."""


def run() -> None:
    """Run the command."""
    wanted = [name for name in sys.argv[1:2] if name in COMMANDS]
    make_app(wanted or COMMANDS)()
