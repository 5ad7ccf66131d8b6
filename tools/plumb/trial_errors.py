"""Says what broke a check on the reference in the lines of the author's own files."""

from __future__ import annotations

import difflib
import re

from plumb.assignment import Assignment

#: A line of a traceback out of the box, and the line of code below it.
_CELL = re.compile(r'File "([^"/\n]+)\.ipynb, cell ([\w-]+)", line (\d+)(.*)\n( *)(.*)')
_MODULE = re.compile(r'File "/submission/package/([^"]+)"')


def in_the_authors_files(message: str, source: Assignment) -> str:
    """A message with the author's files and lines in its traceback, and the names that there are.

    Args:
        message: what kept a check from being recorded.
    """
    message = _CELL.sub(lambda found: _of_cell(found, source), message)
    message = _MODULE.sub(lambda found: f'File "{_of_module(found[1], source)}"', message)
    unknown = re.search(r"AttributeError: [^\n]+ does not define (\w+)$", message)
    return message + _instead(unknown[1], source) if unknown else message


def _of_cell(found: re.Match[str], source: Assignment) -> str:
    """The place in a notebook's source of a line that a traceback shows."""
    notebook, cell_id, number, rest, indent, code = found.groups()
    for cell in source.cells.get(notebook, ()):
        if cell.id == cell_id:
            lines = [n for n, line in enumerate(cell.text.split("\n"), 1) if line.strip() == code]
            # The cell that ran may have other lines before this one: those of its markers.
            nearest = min(lines, key=lambda n: abs(n - int(number)), default=int(number))
            return f'File "{cell.file}", line {cell.line + nearest - 1}{rest}\n{indent}{code}'
    return found[0]


def _of_module(path: str, source: Assignment) -> str:
    own = source.solutions / path
    return str(own) if own.is_file() else path


def _instead(name: str, source: Assignment) -> str:
    """The names that a check can ask for, the most similar one first."""
    modules = [
        path.stem for path in source.package_source.glob("*.py") if path.name != "__init__.py"
    ]
    known = sorted({*source.manifest.cells, *(modules if source.has_package else ())})
    if close := difflib.get_close_matches(name, known, n=1):
        return f"; did you mean student.{close[0]}?"
    return f"; there are: {', '.join(f'student.{one}' for one in known) or 'none'}"
