"""``plumb new``: the smallest working assignment, to be changed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.exits import guarded
from autograder.cli.printing import err, out, print_plain


@guarded
def new(
    name: Annotated[str, typer.Argument(help="Of the assignment, such as hw1.")],
    like: Annotated[
        str,
        typer.Option(
            help="small: two files. package: answers in modules. notebook: variables, a choice, "
            "prose. full: every kind of question and check."
        ),
    ] = "small",
) -> None:
    """Write a new assignment that works. In an empty folder, make the course as well.

    [bold]Examples[/]

    plumb new hw1

    plumb new hw2 --like notebook
    """
    from plumb.course import shown
    from plumb.new import new_assignment, without_course_file

    for path in new_assignment(Path(), name, like):
        print_plain(out(), shown(path))
    if remark := without_course_file(Path()):
        print_plain(err(), remark)
    print_plain(err(), f"Next: `plumb try {name}`, `plumb release {name}`.")
