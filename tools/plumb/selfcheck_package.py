"""The package ``selfcheck`` that students get: what checks their work, and the visible checks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

import autograder
from autograder.core.cell_statements import defined_names
from autograder.core.expected import encode_expected
from autograder.core.judge import Expected
from autograder.submissions.notebook import ANSWER, SETUP
from plumb import notebooks
from plumb.assignment import Assignment
from plumb.leaderboard_data import board_size
from plumb.reference import Files, Source, all_regions, answer_files, check_files
from plumb.visible_checks import visible_part

#: What of the engine students get, and what it is called in ``selfcheck``.
_ROOMS = {"core": "core", "selfcheck": "tool"}

#: What makes ``from selfcheck import check`` and ``python -m selfcheck`` work.
_FRONT = {
    "__init__.py": '''\
"""Check your own work: the visible checks, run here on your code.

In a notebook::

    from selfcheck import check
    check("conv_forward")

In a terminal, in the folder of the assignment::

    python -m selfcheck
    python -m selfcheck conv_forward
"""

from .tool import check

__all__ = ["check"]
''',
    "__main__.py": '''\
"""``python -m selfcheck [QUESTION ...]`` and ``python -m selfcheck submit``."""

from .tool.command import run

run()
''',
}


def selfcheck_files(
    assignment: Assignment, sources: list[Source], expected: Mapping[str, Expected]
) -> Files:
    """The package ``selfcheck``: its rooms as they are here, the visible checks, what they expect.

    The rooms import each other by relative names alone, so no text has to be changed.
    """
    files: Files = {f"selfcheck/{name}": text.encode() for name, text in _FRONT.items()}
    for room, name in _ROOMS.items():
        source = Path(autograder.__file__).parent / room
        for path in sorted(source.rglob("*.py")):
            inner = path.relative_to(source).as_posix()
            files[f"selfcheck/{name}/{inner}"] = path.read_bytes()
    names = [check.name for check in assignment.checks if check.visible]
    for path in check_files(assignment):
        part = visible_part(path.read_text("utf-8"), names)
        if part is not None:
            files[f"selfcheck/checks/{path.name}"] = part.encode()
    shown = {c.id: expected[c.id] for c in assignment.checks if c.visible}
    for name, data in encode_expected(shown).items():
        files[f"selfcheck/expected/{name}"] = data
    about = _about(assignment, sources)
    files["selfcheck/assignment.json"] = (json.dumps(about, indent=1) + "\n").encode()
    return files


def _about(assignment: Assignment, sources: list[Source]) -> dict[str, Any]:
    """What ``selfcheck`` has to know; nothing that a grader alone may know."""
    manifest = assignment.manifest
    return {
        "name": archive_name(assignment),
        "package": assignment.package,
        "title": assignment.title,
        "questions": [
            {"id": q.id, "title": q.title, "notebook": q.notebook, "kind": q.kind.value}
            for q in assignment.questions
        ],
        "regions": [region.id for region in all_regions(assignment, sources)],
        "answer_files": answer_files(assignment, sources),
        "notebooks": assignment.notebooks,
        "modules": manifest.modules,
        "cells": manifest.cells,
        "setup": {name: _sources(assignment, name, SETUP) for name in assignment.notebooks},
        "defines": {
            name: sorted(set().union(*map(defined_names, _sources(assignment, name, ANSWER))))
            for name in assignment.notebooks
        },
        "markers": [msgspec.to_builtins(m) for m in (manifest.code_marker, manifest.prose_marker)],
        "suffixes": manifest.handin.suffixes,
        "leaderboard": _board(assignment),
    }


def archive_name(assignment: Assignment) -> str:
    """What students hand in is called so: after their package, and what tells courses apart."""
    package, variant = assignment.package, assignment.variant_name
    return package if variant.lower() == package.lower() else f"{package}-{variant}"


def _board(assignment: Assignment) -> dict[str, int] | None:
    """How many phases, classes and images the leaderboard has, if there is one."""
    form = assignment.variant.leaderboard
    if form is None or assignment.data is None:
        return None
    size = board_size(assignment.data.read_bytes())
    return {"phases": form.phases, "classes": form.classes, "images": size}


def _sources(assignment: Assignment, notebook: str, role: str) -> list[str]:
    """The code cells of a role in a notebook as students get it."""
    built = notebooks.build(assignment.cells[notebook], assignment.style)
    return [
        "".join(cell["source"])
        for cell in json.loads(built)["cells"]
        if cell["cell_type"] == "code" and cell["metadata"]["plumbline"]["role"] == role
    ]
