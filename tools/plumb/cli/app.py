"""The command ``plumb``: the instructor's commands here, the grader's from `autograder.cli`."""

from __future__ import annotations

import importlib.metadata
from typing import Annotated

import typer

from autograder.cli.doctor import doctor
from autograder.cli.grade import grade
from autograder.cli.leaderboard import leaderboard
from autograder.cli.rerun import rerun
from plumb import DISTRIBUTION
from plumb.cli.release import release


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"Plumbline {importlib.metadata.version(DISTRIBUTION)}")
        raise typer.Exit


app = typer.Typer(
    help="Make and grade programming assignments whose answers are numbers.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (release, grade, rerun, leaderboard, doctor):
    app.command()(command)


@app.callback()
def plumb(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and exit.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Options of the command itself."""
