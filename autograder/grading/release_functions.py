"""What the release's own text says of the functions that it asks for."""

from __future__ import annotations

from dataclasses import replace

from autograder.core.cell_statements import extract_statements
from autograder.core.returned_values import names_returned
from autograder.core.source_text import Sources
from autograder.harness import Harness
from autograder.submissions.beside_stubs import regions_beside_code
from autograder.submissions.notebook import ANSWER, release_cells
from autograder.submissions.submission import Submission


def stubs(harness: Harness) -> dict[str, str]:
    """The sources of the release's answer files, by path below the package."""
    package = harness.package_folder
    return {name: (package / name).read_text("utf-8") for name in harness.answer_files}


def sources(harness: Harness, submission: Submission) -> Sources:
    """The texts of a submission. A file that was not handed in is the release's, as in its box."""
    handed_in = submission.sources(harness.locations)
    blank = {name: text.encode() for name, text in stubs(harness).items()}
    return replace(handed_in, modules=blank | dict(handed_in.modules))


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


def regions_beside_stubs(harness: Harness, submission: Submission) -> set[str]:
    """The regions whose stub stands in a function of the submission beside code of the student's.

    See `regions_beside_code`.
    """
    pairs = [
        (stub, submission.modules[path].decode("utf-8-sig", "replace"))
        for path, stub in stubs(harness).items()
        if path in submission.modules
    ]
    for title, path in harness.notebooks.items():
        answers = submission.notebooks.get(title, {})
        pairs += [
            (cell.source, answers[cell.id])
            for cell in release_cells(path, harness.manifest)
            if cell.role == ANSWER and not cell.is_prose and cell.id in answers
        ]
    return {region for pair in pairs for region in regions_beside_code(*pair)}
