"""The run folder of one submission: all of it that the box can see."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.core.locations import write_locations
from autograder.harness import Harness
from autograder.sandbox.compile_extension import Compiled, compile_given
from autograder.scratch import scratch_folder
from autograder.submissions.notebook import fill, release_cells
from autograder.submissions.submission import Submission


@contextmanager
def lay_out(
    harness: Harness, submission: Submission, compiled: Compiled | None = None
) -> Iterator[Path]:
    """A folder to run a submission in, gone afterwards.

    The harness's package with the student's modules laid over it and the given extension in it,
    and the release's notebooks with the student's answers. The folder's name says nothing of the
    student: boxed code can read it.
    """
    compiled = compiled or compile_given(harness.package_folder)
    with scratch_folder("plumb-submission-") as run:
        package = run / "package" / harness.package
        shutil.copytree(harness.package_folder, package, copy_function=shutil.copyfile)
        for path, data in submission.modules.items():
            target = package / path
            if target.exists() and path not in harness.answer_files:
                raise AssertionError(f"{path} is given and would be replaced")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        for path, built in compiled.files.items():
            shutil.copyfile(built, package / path)
        for title, notebook in harness.notebooks.items():
            cells = fill(
                release_cells(notebook, harness.manifest), submission.notebooks.get(title, {})
            )
            target = run / "notebooks" / f"{title}.json"
            target.parent.mkdir(exist_ok=True)
            target.write_text(json.dumps({"name": title, "cells": cells}), encoding="ascii")
        write_locations(run, harness.manifest.modules, harness.manifest.cells)
        _let_read(run)
        yield run


def _let_read(run: Path) -> None:
    """Whatever our umask is, the box's user can read what lies inside the closed top folder."""
    for path in run.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
