"""Folders that the user of boxes cannot enter are shown to the starter of a box alone."""

import os
import subprocess
from pathlib import Path

import pytest

from autograder.errors import SandboxUnavailable
from autograder.sandbox import closed_folders
from autograder.sandbox.closed_folders import Opened, open_folders

SOMEBODY = 61184


@pytest.fixture
def closed(tmp_path):
    """A folder with a space in its name and a file in it, below a home of mode 0700."""
    tmp_path.chmod(0o755)
    home = tmp_path / "home"
    folder = home / "my venv"
    folder.mkdir(parents=True)
    folder.joinpath("file").write_text("read")
    home.chmod(0o700)
    return str(folder)


def test_open_folders_and_those_of_the_same_user_need_nothing(closed):
    assert open_folders(["/usr"], SOMEBODY) == Opened()
    assert open_folders([closed], None) == Opened()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts boxes as another user")
def test_that_user_reads_the_folder_and_nothing_beside_it(closed):
    opened = open_folders([closed], SOMEBODY)
    place = opened.places[closed]
    look = 'id -u; cat "$1/file"; ls "$2" 2>&1; grep CapEff /proc/self/status'
    command = [*opened.command, "/bin/sh", "-c", look, "sh", place, str(Path(closed).parent)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    user, _, rest = done.stdout.partition("\n")
    assert user == str(SOMEBODY)
    assert rest.startswith("read")
    assert "Permission denied" in rest
    assert rest.endswith("CapEff:\t0000000000000000\n")
    assert not Path(place).exists()
    assert " - tmpfs plumb " not in Path("/proc/self/mountinfo").read_text()


def test_a_place_that_is_needed_itself_is_not_hidden(closed, monkeypatch):
    monkeypatch.setattr(closed_folders, "_PLACES", (os.path.dirname(closed), "/usr", "/no/where"))
    with pytest.raises(SandboxUnavailable, match="closed to other users") as info:
        open_folders([closed], SOMEBODY)
    assert "/opt/plumb" in str(info.value)
