"""The ``pyproject.toml`` of students, if the course names Python packages and has none itself."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from autograder.course_packages import names_of
from autograder.errors import AssignmentError
from plumb.assignment import Assignment

_NAME = "pyproject.toml"
#: What students' own checks need.
_ALWAYS = "numpy"
_TEMPLATE = """\
# `pip install .` in this folder installs the packages that the assignment needs.
[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"

[project]
name = {name}
version = "1.0.0"
description = {title}
requires-python = ">=3.10"
dependencies = {dependencies}

[tool.setuptools]
packages = []
"""


def student_project(assignment: Assignment, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The students' ``pyproject.toml`` by its name, if one is to be made.

    Args:
        files: the students' other files. The course's own ``pyproject.toml`` among them stays.

    Raises AssignmentError if that one does not name what the course needs.
    """
    needed = assignment.manifest.python
    if not needed:
        return {}
    if _NAME in files:
        _require_named(assignment, files[_NAME])
        return {}
    dependencies = list(needed)
    if _ALWAYS not in names_of(needed):
        dependencies.insert(0, _ALWAYS)
    text = _TEMPLATE.format(
        name=_string(re.sub(r"[^A-Za-z0-9]+", "-", assignment.student_folder).strip("-")),
        title=_string(" ".join(assignment.title.split())),
        dependencies=f"[{', '.join(map(_string, dependencies))}]",
    )
    return {_NAME: text.encode()}


def _require_named(assignment: Assignment, project: bytes) -> None:
    place = assignment.solutions / _NAME
    try:
        found: dict[str, Any] = tomllib.loads(project.decode()).get("project", {})
        named = names_of(found.get("dependencies", ()))
    except ValueError as error:
        raise AssignmentError(f"{place}: {error}") from None
    lacking = sorted(names_of(assignment.manifest.python) - named)
    if lacking:
        raise AssignmentError(
            f"{place}: students install what it names, and the course needs "
            f"{', '.join(lacking)} too; add it to dependencies"
        )


def _string(text: str) -> str:
    """A text in TOML, whose strings are written as those of JSON."""
    return json.dumps(text, ensure_ascii=False)
