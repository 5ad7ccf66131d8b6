"""Whether the student's own name for the package can be a second name of it in their boxes."""

from __future__ import annotations

import keyword
from dataclasses import replace
from pathlib import Path

from autograder.errors import BoxError, StudentFault
from autograder.harness import Harness
from autograder.sandbox.box import Box
from autograder.sandbox.compile_extension import Compiled
from autograder.sandbox.launch import Backend
from autograder.sandbox.run_folder import lay_out
from autograder.submissions.given_files import GivenFiles
from autograder.submissions.submission import Submission


def why_no_alias(
    backend: Backend, harness: Harness, submission: Submission, compiled: Compiled | None = None
) -> str:
    """Why imports by the student's own name cannot give the package; empty if they can.

    What can be imported in a box is found out in one without any file of the student's. If that box
    fails twice, nothing is known, and an alias might hide a module.
    """
    name = submission.package_name
    if not name.isidentifier() or keyword.iskeyword(name):
        return "no import can name it"
    if name in {path.stem for path in harness.package_folder.iterdir()}:
        return f"{harness.package} has a module of that name"
    without_files = replace(
        submission, modules={}, notebooks={}, cells={}, given_files=GivenFiles()
    )
    with lay_out(harness, without_files, compiled) as run:
        try:
            taken = _is_module(backend, run, harness, name)
        except BoxError:  # once more, as each check is run once more
            try:
                taken = _is_module(backend, run, harness, name)
            except BoxError as error:
                return f"the box that was asked for such a module failed twice: {error}"
    return "Python, or a package that is installed, has a module of that name" if taken else ""


def _is_module(backend: Backend, run: Path, harness: Harness, name: str) -> bool:
    box = Box(backend, run, harness.package, harness.limits)
    try:
        box.begin(0, harness.limits.seconds)
        return bool(box.request("is_module", [name]))
    except StudentFault as fault:  # it is not the student's: there is no code of theirs
        raise BoxError(str(fault)) from fault
    finally:
        box.close()
