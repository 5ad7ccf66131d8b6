"""Builds the files that students get besides code and notebooks."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2

from autograder.cli.author_files import read_text
from autograder.errors import AssignmentError
from plumb.assignment import Assignment

#: ``README.zh.md``: the stem, the language, the suffix.
_TRANSLATED = re.compile(r"(.+)\.([a-z]{2})(\.\w+)")
_TEMPLATE = ".j2"


def handout(assignment: Assignment) -> dict[str, bytes]:
    """The files of ``handout/``; a file in the variant's language replaces the English one.

    A file that ends in ``.j2`` is a Jinja template; it can use the `assignment`.

    Raises AssignmentError for a template that is wrong.
    """
    folder, language = assignment.folder / "handout", assignment.variant.language
    files: dict[str, Path] = {}
    translated: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        # The template's suffix goes first, or ``README.md.j2`` would be in the language "md".
        name = path.relative_to(folder).as_posix().removesuffix(_TEMPLATE)
        match = _TRANSLATED.fullmatch(name)
        if match is None:
            files[name] = path
        elif match[2] == language:
            translated[match[1] + match[3]] = path
    return {
        name: _rendered(path, assignment) if path.suffix == _TEMPLATE else path.read_bytes()
        for name, path in (files | translated).items()
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
