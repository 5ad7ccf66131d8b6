"""What the release's own text says of the functions that it asks for."""

from __future__ import annotations

from autograder.core.cell_statements import extract_statements
from autograder.core.returned_values import names_returned
from autograder.harness import Harness
from autograder.submissions.notebook import release_cells


def stubs(harness: Harness) -> dict[str, str]:
    """The sources of the release's answer files, by path below the package."""
    package = harness.package_folder
    return {name: (package / name).read_text("utf-8") for name in harness.answer_files}


def values_returned(harness: Harness, function: str) -> tuple[str, ...]:
    """The names of the values that a function returns, if it returns several; else empty.

    Args:
        function: its dotted name, as checks use it.
    """
    notebook, name = harness.locations.find(function)
    if not notebook:
        return names_returned(stubs(harness)).get(name, ())
    cells = release_cells(harness.notebooks[notebook], harness.manifest)
    code = extract_statements([cell.source for cell in cells if not cell.is_prose])
    text = "\n".join(statement.source for statement in code)
    return names_returned({"cells.py": text}).get(f"cells.{name}", ())
