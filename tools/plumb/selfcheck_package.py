"""Builds the package ``selfcheck``, with which students check their own work."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

import autograder
from autograder.cli.author_files import read_text
from autograder.core.cell_statements import defined_names
from autograder.core.expected import encode_expected
from autograder.core.files import digest_of_text
from autograder.core.judge import Expected
from autograder.core.language import catalogue_path
from autograder.core.prompts import prompted_names, prompts_in
from autograder.core.stubs import regions_of_variables
from autograder.core.written_regions import digest_of_lines, regions_of
from autograder.errors import AssignmentError
from autograder.submissions.additions import global_names
from autograder.submissions.notebook import ANSWER, SETUP
from plumb import notebooks
from plumb.assignment import Assignment
from plumb.leaderboard_data import read_board_labels
from plumb.reference import Files, ReferenceFile, all_regions, answer_files
from plumb.visible_checks import cut_visible_checks
from plumb.visible_import import require_loadable

#: The grader's rooms that students get, and their names in ``selfcheck``.
_ROOMS = {"core": "core", "selfcheck": "tool"}

_GRADERS_IMPORT = re.compile(r"^[ \t]*(?:from|import)[ \t]+(?:autograder|plumb)\b.*", re.MULTILINE)

#: The files for ``from selfcheck import check`` and ``python -m selfcheck``.
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
    assignment: Assignment,
    sources: list[ReferenceFile],
    expected: Mapping[str, Expected],
    others: Files,
) -> Files:
    """The package ``selfcheck``: rooms of the grader, visible checks, their expected outputs.

    The rooms import each other by relative names alone, so they are copied byte for byte.

    Args:
        others: the students' other files, by name.
    """
    files = engine_files()
    catalogue = catalogue_path(assignment.variant.language)
    if catalogue.is_file():
        files[f"selfcheck/core/languages/{catalogue.name}"] = catalogue.read_bytes()
    visible = [check for check in assignment.checks if check.visible]
    names = [check.name for check in visible]
    for path in assignment.check_files:
        source = cut_visible_checks(read_text(path), names)
        if source is not None:
            _require_public_imports(source, path)
            require_loadable(source, path, visible)
            files[f"selfcheck/checks/{path.name}"] = source.encode()
    for name, data in encode_expected({c.id: expected[c.id] for c in visible}).items():
        files[f"selfcheck/expected/{name}"] = data
    facts = _assignment_facts(assignment, sources, others)
    files["selfcheck/assignment.json"] = (json.dumps(facts, indent=1) + "\n").encode()
    return files


def engine_files() -> Files:
    """The files of ``selfcheck`` that are the same for every assignment."""
    files: Files = {f"selfcheck/{name}": text.encode() for name, text in _FRONT.items()}
    for room, name in _ROOMS.items():
        folder = Path(autograder.__file__).parent / room
        for path in sorted(folder.rglob("*.py")):
            inner = path.relative_to(folder).as_posix()
            files[f"selfcheck/{name}/{inner}"] = path.read_bytes()
    return files


def _require_public_imports(source: str, path: Path) -> None:
    """Raise AssignmentError for a visible check that imports what students do not have."""
    if found := _GRADERS_IMPORT.search(source):
        text = read_text(path)
        # The import was cut out, and its names may have been fewer; its module is the same.
        module = " ".join(found[0].split()[:2])
        place = next((n for n, line in enumerate(text.splitlines(), 1) if module in line), 1)
        raise AssignmentError(
            f"{path}:{place}: a visible check says {found[0].strip()!r}, and students have no such "
            "package; write `from plumbline import ...`"
        )


def _assignment_facts(
    assignment: Assignment, sources: list[ReferenceFile], others: Files
) -> dict[str, Any]:
    """The content of ``assignment.json``: what ``selfcheck`` must know, and no secrets."""
    manifest = assignment.manifest
    answers = [f"{assignment.package}/{name}" for name in answer_files(assignment, sources)]
    answers += [f"{name}.ipynb" for name in assignment.notebooks]
    defines = {
        name: sorted(set().union(*map(defined_names, _cell_texts(assignment, name, ANSWER))))
        for name in assignment.notebooks
    }
    facts = {
        "name": assignment.student_folder,
        "package": assignment.package,
        "title": assignment.title,
        "language": assignment.variant.language,
        "check_titles": {check.id: check.title for check in assignment.checks if check.visible},
        "questions": [
            {"id": q.id, "title": q.title, "notebook": q.notebook, "kind": q.kind.value}
            for q in assignment.questions
        ],
        "regions": [region.id for region in all_regions(assignment, sources)],
        "answer_files": {
            name: regions_of(others[f"{assignment.package}/{name}"].decode())
            for name in answer_files(assignment, sources)
        },
        "stub_digests": {
            name: digest_of_lines(others[f"{assignment.package}/{name}"])
            for name in answer_files(assignment, sources)
        },
        "given": {name: digest_of_text(others[name]) for name in sorted(others.keys() - answers)},
        "given_names": {
            name.removeprefix(f"{assignment.package}/"): sorted(global_names(others[name].decode()))
            for name in sorted(others.keys() - answers)
            if name.startswith(f"{assignment.package}/") and name.endswith(".py")
        },
        "notebooks": assignment.notebooks,
        "modules": manifest.modules,
        "cells": manifest.cells,
        "setup": {name: _cell_texts(assignment, name, SETUP) for name in assignment.notebooks},
        "defines": defines,
        "markers": [msgspec.to_builtins(m) for m in (manifest.code_marker, manifest.prose_marker)],
        "suffixes": manifest.handin.suffixes,
        "leaderboard": _leaderboard(assignment),
    }
    further = {
        "prompts": _prompts(assignment, sources, others),
        "variables": _variables(assignment, defines),
    }
    return facts | {name: value for name, value in further.items() if value}


def _variables(
    assignment: Assignment, functions: Mapping[str, Collection[str]]
) -> dict[str, list[str]]:
    """By notebook, the regions of its code cells in which no function is to be written."""
    found = {}
    for name in assignment.notebooks:
        cells = [cell for cell in assignment.cells[name] if cell.kind == "code"]
        ids = [region.id for cell in cells for region in cell.regions]
        if regions := regions_of_variables(ids, functions[name]):
            found[name] = regions
    return found


def _prompts(
    assignment: Assignment, sources: list[ReferenceFile], others: Files
) -> dict[str, dict[str, Any]]:
    """The code and the names of every prompt, by its region."""
    marker = (assignment.manifest.code_marker.begin, assignment.manifest.code_marker.end)
    texts = {
        text: f"{PurePosixPath(name).with_suffix('').as_posix().replace('/', '.')}."
        for name in answer_files(assignment, sources)
        for text in [others[f"{assignment.package}/{name}"].decode()]
    }
    for name in assignment.notebooks:
        texts |= dict.fromkeys(_cell_texts(assignment, name, ANSWER), "")
    return {
        region: {
            "code": code,
            "names": [
                prefix + name
                for name, its_region in prompted_names(text, marker).items()
                if its_region == region
            ],
        }
        for text, prefix in texts.items()
        for region, code in prompts_in(text, marker).items()
    }


def _leaderboard(assignment: Assignment) -> dict[str, Any] | None:
    """What predictions the leaderboard takes, if there is one; see `selfcheck.board`."""
    leaderboard = assignment.variant.leaderboard
    if leaderboard is None or assignment.data is None:
        return None
    labels = read_board_labels(assignment.data.read_bytes())
    if labels.dtype.kind == "f":
        return {"phases": leaderboard.phases, "shape": labels.shape}
    return {"phases": leaderboard.phases, "classes": leaderboard.classes, "images": len(labels)}


def _cell_texts(assignment: Assignment, notebook: str, role: str) -> list[str]:
    """The texts of the code cells with a role, in a notebook as students get it."""
    built = notebooks.build(assignment.cells[notebook], assignment.style)
    return [
        "".join(cell["source"])
        for cell in json.loads(built)["cells"]
        if cell["cell_type"] == "code" and cell["metadata"]["plumbline"]["role"] == role
    ]
