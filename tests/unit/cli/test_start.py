"""What a command does before it begins its work."""

import subprocess
import sys


def test_the_tables_of_lookalikes_are_not_read_by_every_command():
    command = [sys.executable, "-c", "import sys, plumb.cli; print(*sys.modules)"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "autograder.leaderboard.lookalikes" in loaded
    assert "confusable_homoglyphs.confusables" not in loaded
