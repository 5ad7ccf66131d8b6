"""Finds the text of a function or class in what a student handed in, for people to read."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.core.locations import Locations

#: The ends of lines for Python's parser. `str.splitlines` knows further ones.
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True)
class SourceText:
    """A piece of source: the file or cell that it stands in, its first line there, its text."""

    place: str
    line: int
    text: str


def source_of(
    name: str,
    modules: Mapping[str, bytes],
    notebooks: Mapping[str, Mapping[str, str]],
    locations: Locations,
) -> SourceText | None:
    """The text of what a check calls by this name; None if it was not handed in.

    Args:
        name: a dotted name below the package, as the reference has it.
        modules: the submission's, by path below the package.
        notebooks: the code of the answer cells by their ids, by the notebook's name.
        locations: where the variant has what the reference has elsewhere.
    """
    notebook, path = locations.find(name)
    if notebook:
        cells = notebooks.get(notebook, {})
        texts = {f"{notebook}.ipynb, cell {cell}": text for cell, text in cells.items()}
        return next(filter(None, (_in_text(path, *item) for item in texts.items())), None)
    for file, data in modules.items():
        module = ".".join(PurePosixPath(file).with_suffix("").parts)
        if path.startswith(f"{module}."):
            text = data.decode("utf-8-sig", "replace")
            return _in_text(path.removeprefix(f"{module}."), file, text)
    return None


def _in_text(name: str, place: str, text: str) -> SourceText | None:
    """The definition of a function or class, or of a method by its dotted name."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the student's code may cause some
            body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | None = None
    for part in name.split("."):
        named = [
            node
            for node in (found.body if found else body)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and node.name == part
        ]
        if not named:
            return None
        found = named[-1]  # the last definition of a name counts
    if found is None:
        return None
    first = min([found.lineno, *(decorator.lineno for decorator in found.decorator_list)])
    lines = _LINE_END.split(text)[first - 1 : found.end_lineno]
    return SourceText(place, first, "\n".join(lines))
