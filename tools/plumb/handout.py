"""Builds the files that students get besides code and notebooks."""

from __future__ import annotations

from pathlib import Path

import jinja2

from autograder.cli.author_files import read_text
from autograder.errors import AssignmentError
from plumb.assignment import Assignment
from plumb.given_files import TEMPLATE, handout_paths


def handout(assignment: Assignment) -> dict[str, bytes]:
    """The files of ``handout/``; a file in the variant's language replaces the English one.

    A file that ends in ``.j2`` is a Jinja template; it can use the `assignment`.

    Raises AssignmentError for a template that is wrong.
    """
    return {
        name: _rendered(path, assignment) if path.suffix == TEMPLATE else path.read_bytes()
        for name, path in handout_paths(assignment.folder, assignment.variant.language).items()
    }


def _rendered(path: Path, assignment: Assignment) -> bytes:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # Markdown, for people
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    try:
        text = environment.from_string(read_text(path)).render(assignment=assignment)
    except jinja2.TemplateError as error:
        line = getattr(error, "lineno", None) or 1
        raise AssignmentError(f"{path}:{line}: {error}") from None
    return text.encode()
