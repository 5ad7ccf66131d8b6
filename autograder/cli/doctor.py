"""``plumb doctor``: shows what is installed and what the sandbox enforces on this machine."""

from __future__ import annotations

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from autograder.cli.exits import INCOMPLETE, guarded
from autograder.cli.options import SandboxOption
from autograder.cli.printing import out
from autograder.sandbox.doctor import attack_sandbox, enforced_limits, installed

_VERDICTS = {True: ("ok", "green"), False: ("NO", "bold red"), None: ("", "")}


@guarded
def doctor(sandbox: SandboxOption = "bubblewrap") -> None:
    """Show what is installed, and attack the sandbox to see what it enforces.

    The attacks are real, but do no harm if they succeed. `plumb grade` tries the quick ones before
    it grades hidden checks, and refuses to grade if one succeeds.

    Exit code: 0 if all is as it should be, 3 if not.

    [bold]Example[/]

    plumb doctor

    plumb doctor --sandbox podman
    """
    console = out()
    tables = (
        ("Installed", installed()),
        (f"The sandbox, {sandbox}: limits", enforced_limits(sandbox)),
        (f"The sandbox, {sandbox}: attacks on it", list(attack_sandbox(sandbox))),
    )
    for title, findings in tables:
        table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, show_header=False)
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for finding in findings:
            table.add_row(Text(finding.subject), Text(*_VERDICTS[finding.ok]), Text(finding.detail))
        console.print(table)
    if any(finding.ok is False for _, findings in tables for finding in findings):
        raise typer.Exit(INCOMPLETE)
