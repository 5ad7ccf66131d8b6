"""``plumb doctor``: what is installed, and what the sandbox enforces on this machine."""

from __future__ import annotations

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from autograder.cli.common import INCOMPLETE, SandboxOption, guarded, out
from autograder.sandbox import doctor as tests

_MARKS = {True: ("ok", "green"), False: ("NO", "bold red"), None: ("", "")}


@guarded
def doctor(sandbox: SandboxOption = "bubblewrap") -> None:
    """Tell what is installed and what the sandbox keeps apart, found by attacking it.

    The attacks are real, and harm nothing where they succeed. `plumb grade` tries the quick ones
    before it grades hidden checks, and refuses to if one succeeds.

    Exit code: 0 if all is as it should be, 3 if not.

    [bold]Example[/]

    plumb doctor

    plumb doctor --sandbox podman
    """
    console = out()
    parts = (
        ("Installed", list(tests.installed())),
        (f"The sandbox, {sandbox}: limits", list(tests.limits(sandbox))),
        (f"The sandbox, {sandbox}: attacks on it", list(tests.trial(sandbox))),
    )
    for title, findings in parts:
        table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, show_header=False)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for finding in findings:
            table.add_row(Text(finding.subject), Text(*_MARKS[finding.ok]), Text(finding.detail))
        console.print(table)
    if any(finding.ok is False for _, findings in parts for finding in findings):
        raise typer.Exit(INCOMPLETE)
