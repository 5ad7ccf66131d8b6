"""What a command and its workers import before they begin their work."""

import subprocess
import sys


def imported_by(module):
    command = [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_tables_of_lookalikes_are_not_read_by_every_command():
    imported = imported_by("plumb.cli.app")
    assert "autograder.leaderboard.lookalikes" in imported
    assert "confusable_homoglyphs.confusables" not in imported


def test_a_worker_imports_no_command():
    """It imports the module that the command was started from, as every spawned process does."""
    imported = imported_by("plumb.cli")
    assert "plumb.cli" in imported
    assert [name for name in imported if name.startswith(("typer", "rich", "autograder"))] == []
