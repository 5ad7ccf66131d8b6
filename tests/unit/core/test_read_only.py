"""What code may read and not write while it is tried."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

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
def test_nothing_is_written_or_started(write, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # which may be in a folder for temporary files
    path = tmp_path / "x.txt"
    path.write_text("old")
    with pytest.raises(PermissionError, match=SENTENCE), read_only():
        write(path)
    assert path.read_text() == "old"
    write(path)  # afterwards all is as before


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """A folder for temporary files, beside the one with a student's."""
    folders = tmp_path / "temporary", tmp_path / "own"
    for folder in folders:
        folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", str(folders[0]))
    monkeypatch.chdir(folders[1])
    return folders[0]


@pytest.mark.skipif(sys.platform != "linux", reason="open folders have no names elsewhere")
def test_temporary_files_are_written_and_removed(temporary):
    with read_only():
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "x.txt"
            path.write_text("new")
            path.rename(path.with_suffix(".other"))
            (path.parent / "folder").mkdir()
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"new")
    assert [*temporary.iterdir()] == []


@pytest.mark.parametrize(
    "write",
    [
        lambda file, own: file.replace(own),
        lambda file, own: own.replace(file),
        lambda file, own: os.link(own, file.with_name("link")),
        lambda file, own: own.with_name("link").symlink_to(file),
        lambda file, own: (file.parent / "link").write_text("new"),
        lambda file, own: subprocess.run([file], check=True),
    ],
)
def test_through_temporary_files_nothing_else_is_written(write, temporary):
    file, own = temporary / "x.txt", Path("x.txt").absolute()
    file.write_text("new")
    own.write_text("old")
    (temporary / "link").symlink_to(own)
    with pytest.raises(PermissionError, match=SENTENCE), read_only():
        write(file, own)
    assert own.read_text() == "old"


def test_in_a_folder_for_temporary_files_whole_paths_are_written_alone(temporary, monkeypatch):
    """The box runs code in such a folder, so a relative path may mean a file of the student's."""
    monkeypatch.chdir(temporary)
    with read_only():
        (temporary / "whole.txt").write_text("new")
        with pytest.raises(PermissionError, match=SENTENCE):
            Path("x.txt").write_text("new")
    monkeypatch.syspath_prepend(temporary)
    with read_only(), pytest.raises(PermissionError, match=SENTENCE):
        (temporary / "whole.txt").write_text("newer")


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
