"""Scratch folders are removed, even if their run was killed at any moment."""

import errno
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from autograder.errors import UserError
from autograder.scratch import SCRATCH_VARIABLE, scratch_folder
from tests.processes import started

ROOT = Path(__file__).parents[3]
DIES = """
import os, shutil, tempfile
from pathlib import Path
from autograder import scratch

def die(*args, **kwargs):
    os._exit(9)

{patch}
with scratch.scratch_folder("plumb-x-") as folder:
    (folder / "file").write_text("left")
    {inside}
"""


@pytest.fixture(autouse=True)
def top(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_a_folder_is_ours_alone_and_gone_afterwards(top):
    with scratch_folder("plumb-x-", 0o711) as folder:
        assert folder.stat().st_mode & 0o777 == 0o711
        (folder / "deep" / "er").mkdir(parents=True)
    assert list(top.iterdir()) == []


def test_a_path_that_leaves_no_room_for_files_below_it_is_refused(top, monkeypatch):
    """Else a submission would fail later, where its files are laid out."""
    names = ["d" * 200] * 13
    for length, refused in ((9, False), (13, True)):
        deep = top.joinpath(*names[:length])
        deep.mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv("TMPDIR", str(deep))
        monkeypatch.setattr(tempfile, "tempdir", None)
        expected = pytest.raises(UserError, match="set TMPDIR") if refused else nullcontext()
        with expected, scratch_folder("plumb-x-") as folder:
            assert folder.is_dir()
    assert list(deep.iterdir()) == []


def test_where_no_folder_can_be_written_to_a_sentence_says_so(monkeypatch):
    def none():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    with pytest.raises(UserError, match="set TMPDIR to one"), scratch_folder("plumb-x-"):
        pass


def test_a_folder_in_use_stays(top):
    with scratch_folder("plumb-x-") as first:
        with scratch_folder("plumb-x-") as second:
            assert first.is_dir()
            assert second != first
        assert first.is_dir()
    assert list(top.iterdir()) == []


@pytest.mark.parametrize(
    ("patch", "inside"),
    [
        ("scratch.fcntl.flock = die", ""),
        ("Path.mkdir = die", ""),
        ("Path.chmod = die", ""),
        ("", "die()"),
        ("", "shutil.rmtree = die"),
        ("", "Path.unlink = die"),
    ],
    ids=["locking", "making", "opening", "working", "removing", "unlocking"],
)
def test_what_a_killed_run_leaves_goes_with_the_next(top, patch, inside):
    done = subprocess.run(
        [sys.executable, "-c", DIES.format(patch=patch, inside=inside)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 9
    assert list(top.iterdir()) != []
    with scratch_folder("plumb-x-"):
        assert len(list(top.iterdir())) == 2
    assert list(top.iterdir()) == []


def test_nothing_is_made_without_a_lock_beside_it(top):
    """To try a folder, tempfile writes a file with a random name into it."""
    watch = f"""
def look(event, args):
    path = str(args[0]) if event == "open" else ""
    if path.startswith({str(top)!r}) and "/plumb-x-" not in path:
        die()
sys.addaudithook(look)"""
    done = subprocess.run(
        [sys.executable, "-c", DIES.format(patch="import sys\n" + watch, inside="")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0
    assert list(top.iterdir()) == []


def test_a_process_that_a_killed_run_left_is_ended(top):
    lock, folder = top / "plumb-x-a.lock", top / "plumb-x-a"
    folder.mkdir()
    lock.touch()
    with (
        waiting(folder) as first,
        waiting(folder / "run") as second,
        waiting(top / "plumb-x-another" / "run") as other,
        scratch_folder("plumb-x-"),
    ):
        assert first.wait(10) == second.wait(10) == -signal.SIGKILL
        assert other.poll() is None


def test_a_container_that_a_killed_run_left_half_made_is_ended(top):
    """It is found by conmon, its parent, whose command line has the container's name."""
    (top / "plumb-x-a").mkdir()
    (top / "plumb-x-a.lock").touch()
    with watched("plumb-x-a.run.0") as ours, watched("plumb-x-another.run.0") as other:
        with scratch_folder("plumb-x-"):
            assert ours.wait(10) == 0
            assert other.poll() is None
        children = Path(f"/proc/{other.pid}/task/{other.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)


@contextmanager
def watched(name):
    """A process that waits for its child, as conmon waits for the first of a container."""
    words = ["/usr/bin/conmon", "-c", "sleep 100 & echo; wait; exit 0", "-n", name]
    with started(words, executable="/bin/sh", stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"\n"
        yield process


@contextmanager
def waiting(run):
    """A process that waits in a run folder, as bubblewrap's."""
    with started(["sleep", "100"], env={**os.environ, SCRATCH_VARIABLE: str(run)}) as process:
        yield process


def test_what_is_not_a_scratch_folder_stays(top, tmp_path):
    victim = top / "victim"
    victim.mkdir()
    (top / "plumb-x-old").mkdir()
    (top / "plumb-x-link").symlink_to(victim)
    (top / "plumb-x-link.lock").touch()
    (top / "plumb-x-other.lock").symlink_to(victim)
    with scratch_folder("plumb-x-"):
        pass
    assert victim.is_dir()
    assert (top / "plumb-x-old").is_dir()
    assert (top / "plumb-x-link").is_symlink()
