"""Run folders with any module and notebooks, and sessions on them: real boxes for tests."""

import json
import os
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.core.source_text import Sources
from autograder.limits import Limits
from autograder.sandbox import backend
from autograder.sandbox.session import StudentSession


@contextmanager
def run_folder(module="", notebooks=None, files=None) -> Iterator[Path]:
    """A run folder whose package ``pocket`` has one module ``m``, and these further files.

    Not below pytest's own folder, which is closed to the box's user.
    """
    with tempfile.TemporaryDirectory(prefix="plumb-test-", ignore_cleanup_errors=True) as name:
        run = Path(name)
        for path, source in {
            "pocket/__init__.py": "",
            "pocket/m.py": module,
            **(files or {}),
        }.items():
            target = run / "package" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(textwrap.dedent(source))
        for title, cells in (notebooks or {}).items():
            listed = [
                {"label": f"cell {i}", "source": textwrap.dedent(source), "own": False}
                for i, source in cells.items()
            ]
            target = run / "notebooks" / f"{title}.json"
            target.parent.mkdir(exist_ok=True)
            target.write_text(json.dumps({"name": title, "cells": listed}))
        for path in run.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        yield run


@contextmanager
def session_on(
    module="", *, box="bubblewrap", limits=None, answers=None, sources=Sources, **folder
) -> Iterator[StudentSession]:
    """A session on such a run folder, with these answers in words and texts of what is written."""
    with (
        run_folder(module, **folder) as run,
        StudentSession(
            backend(box), run, "pocket", limits or Limits(), answers, sources
        ) as session,
    ):
        yield session


def once(session, act, seconds=20.0, seed=0):
    """What `act` returns for a student, in a check of its own."""
    with session.student(seed=seed, seconds=seconds) as student:
        return act(student)


def processes_of(run: Path) -> set[int]:
    """The processes that serve a run folder, as this machine sees them.

    A check's process keeps the name of the bare runner that it was forked from; those in a
    namespace have the run folder mounted.
    """
    found = set()
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        for file in ("cmdline", "mountinfo"):
            try:
                if str(run).encode() in Path(entry.path, file).read_bytes():
                    found.add(int(entry.name))
            except OSError:
                continue
    return found
