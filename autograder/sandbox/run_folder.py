"""The run folder of one submission: all that a box can see of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from autograder.box.given_data import DATA
from autograder.box.plotting import FONTS
from autograder.box.slow_imports import LIBRARIES, libraries_in
from autograder.core.locations import write_locations
from autograder.core.needed_cells import Part, plan_cells
from autograder.core.package_alias import write_package_alias
from autograder.harness import Harness
from autograder.sandbox.compile_extension import Compiled, compile_given
from autograder.sandbox.font_list import font_list
from autograder.scratch import scratch_folder
from autograder.submissions.notebook import notebook_cells, release_cells
from autograder.submissions.submission import Submission

_SELFCHECK = '''\
"""In the place of the package with which students check themselves."""


def check(*_questions):
    """Check nothing."""
'''


@contextmanager
def lay_out(
    harness: Harness,
    submission: Submission,
    compiled: Compiled | None = None,
    *,
    alias: str = "",
) -> Iterator[Path]:
    """A run folder for a submission, removed afterwards.

    It holds the harness's package, in which the student's modules replace the stubs and what they
    added to given files stands below the given text, with the compiled extension, the release's
    notebooks with the student's answers, the data that students got, and matplotlib's list of
    fonts. The folder's name tells nothing about the student, because code in the box can read it.

    Args:
        alias: a second name for the package; see `core.package_alias`.

    Raises AssertionError if a module of the submission would replace or change a given file.
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
        for path, data in submission.given_files.additions.items():
            target = package / path
            if path in harness.answer_files or not data.startswith(target.read_bytes()):
                raise AssertionError(f"{path} is given and would be changed")
            target.write_bytes(data)
        for path, built in compiled.files.items():
            shutil.copyfile(built, package / path)
        for title, notebook in harness.notebooks.items():
            cells = submission.cells.get(title)
            if cells is None:
                release = release_cells(notebook, harness.manifest)
                cells = notebook_cells(release, {}, [])
            # The student's own cells that are needed are added after their trial.
            write_notebook(run, title, plan_cells(replace(cells, others=())).parts)
        lay_beside_package(harness, run)
        used = sorted(libraries_in(submission.modules.values()))
        run.joinpath(LIBRARIES).write_text("\n".join(used), "utf-8")
        if fonts := font_list():
            shutil.copytree(fonts, run / FONTS, copy_function=shutil.copyfile)
        write_locations(run, harness.manifest.modules, harness.manifest.cells)
        write_package_alias(run, alias)
        make_readable(run)
        yield run


def lay_beside_package(harness: Harness, run: Path) -> None:
    """Lay into a run folder what students have beside the package: data, and ``selfcheck``.

    The latter does nothing here. A cell that imports it for its author's own use would fail.
    """
    if harness.data_folder.is_dir():
        shutil.copytree(harness.data_folder, run / DATA, copy_function=shutil.copyfile)
    (run / "package" / "selfcheck.py").write_text(_SELFCHECK, "utf-8")


def write_notebook(run: Path, title: str, parts: Sequence[Part]) -> None:
    """Write into a run folder what is run of a notebook, in the place of what was there."""
    cells = [
        {"label": part.cell.label, "source": part.source, "own": part.is_own} for part in parts
    ]
    target = run / "notebooks" / f"{title}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps({"name": title, "cells": cells}), encoding="ascii")


def make_readable(run: Path) -> None:
    """Let every user read what lies in the run folder, whatever our umask is.

    The run folder itself stays closed to all users but the box's.
    """
    for path in run.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
