"""What code may read and not write while it is tried."""

import os
import subprocess
import sys

import pytest

from autograder.core.read_only import SENTENCE, read_only


@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_text("new"),
        lambda path: path.open("a").close(),
        lambda path: path.open("r+").close(),
        lambda path: os.close(os.open(path, os.O_RDWR)),
        lambda path: path.unlink(),
        lambda path: path.rename(path.with_suffix(".other")),
        lambda path: path.with_name("folder").mkdir(),
        lambda path: os.truncate(path, 0),
        lambda path: subprocess.run([sys.executable, "--version"], check=True),
    ],
)
def test_nothing_is_written_or_started(write, tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("old")
    with pytest.raises(PermissionError, match=SENTENCE), read_only():
        write(path)
    assert path.read_text() == "old"
    write(path)  # afterwards all is as before


def test_files_are_read_and_caches_are_written(tmp_path, monkeypatch):
    path = tmp_path / "x.txt"
    path.write_text("old")
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    with read_only():
        assert path.read_text() == "old"
        (tmp_path / "cache" / "fonts.json").write_text("{}")
        with open(os.devnull, "w") as nowhere:
            nowhere.write("x")
