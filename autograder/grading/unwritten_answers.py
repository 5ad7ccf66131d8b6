"""Which checks need not be run: those that first ask for an answer whose stub is untouched.

Before the first answer a check asks for given functions only: it loads images, for example. That
may take long, and the outcome is known.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from autograder.core.missing_answers import functions_that_are_stubs
from autograder.core.needed_cells import NotebookCells, names_bound
from autograder.core.prompts import open_prompts
from autograder.core.remote import ATTRIBUTE
from autograder.core.student import TraceEntry
from autograder.harness import Harness
from autograder.submissions.notebook import ANSWER, release_cells
from autograder.submissions.submission import Submission
from autograder.submissions.written import is_changed


def unwritten_answers(harness: Harness, submission: Submission) -> dict[str, str]:
    """The functions that are asked for, by name, with the region of an untouched stub.

    The region is empty if the function may be written. Those in modules have dotted names below
    the package, those in notebooks' cells have none before theirs.
    """
    return _in_modules(harness, submission) | _in_cells(harness, submission)


def _in_modules(harness: Harness, submission: Submission) -> dict[str, str]:
    """Those of a package that is as it was handed out; none of any other.

    A module that is written may change what an untouched one does, or keep it from being imported.
    """
    stubs = {name: (harness.package_folder / name).read_bytes() for name in harness.answer_files}
    for path, data in submission.modules.items():
        if path not in stubs or is_changed(stubs[path], data):
            return {}
    return {
        f"{'.'.join(PurePosixPath(path).with_suffix('').parts)}.{name}": region
        for path, stub in stubs.items()
        for name, region in functions_that_are_stubs(stub.decode("utf-8")).items()
    }


def _in_cells(harness: Harness, submission: Submission) -> dict[str, str]:
    """Those in cells. One whose name another cell has may be written there."""
    found: dict[str, str] = {}
    for title, path in harness.notebooks.items():
        answers = submission.notebooks.get(title, {})
        of_student = submission.cells.get(title, NotebookCells())
        own = [cell.source for cell in of_student.others]
        for cell in release_cells(path, harness.manifest):
            if cell.role != ANSWER or cell.is_prose:
                continue
            untouched = answers.get(cell.id, cell.source).strip() == cell.source.strip()
            others = "\n".join([text for id_, text in answers.items() if id_ != cell.id] + own)
            for name, region in functions_that_are_stubs(cell.source).items():
                named = re.search(rf"\b{re.escape(name)}\b", others)
                known = found.get(name, region)  # notebooks may share a name
                found[name] = region if untouched and not named and known == region else ""
    return found


def unchanged_prompts(harness: Harness, submission: Submission) -> dict[str, str]:
    """The names that a prompt was to give a value, and does not yet; each with its region.

    Names are those of `unwritten_answers`. One that a cell of the student's own binds is written.
    """
    marker = (harness.manifest.code_marker.begin, harness.manifest.code_marker.end)
    found: dict[str, str] = {}
    for path in harness.answer_files:
        given = (harness.package_folder / path).read_text("utf-8")
        text = submission.modules.get(path, given.encode()).decode("utf-8-sig", "replace")
        module = ".".join(PurePosixPath(path).with_suffix("").parts)
        names = open_prompts(given, text, marker)
        found |= {f"{module}.{name}": region for name, region in names.items()}
    for title, notebook in harness.notebooks.items():
        answers = submission.notebooks.get(title, {})
        names = {}
        for cell in release_cells(notebook, harness.manifest):
            if cell.role == ANSWER and not cell.is_prose:
                names |= open_prompts(cell.source, answers.get(cell.id, cell.source), marker)
        own = names_bound(submission.cells.get(title, NotebookCells())) if names else set()
        found |= {name: region for name, region in names.items() if name not in own}
    return found


def first_unwritten(
    trace: Iterable[TraceEntry], answers: Mapping[str, str], harness: Harness
) -> str:
    """The region of the first answer that a check asks for; empty if it is or may be written.

    Args:
        trace: the reference's: what the check asks for, in order.
        answers: see `unwritten_answers`.
    """
    for entry in trace:
        if entry.subject == "…":  # a given thing is called
            continue
        if entry.subject.startswith(ATTRIBUTE):
            return answers.get(entry.subject.removeprefix(ATTRIBUTE), "")
        notebook, name = harness.locations.find(entry.subject)
        for answer in (name, f"{name}.__init__"):
            if answer in answers:
                return answers[answer]
        if notebook or not _calls_no_answer(name, harness):
            return ""
    return ""


def _calls_no_answer(name: str, harness: Harness) -> bool:
    """Whether a function lies in a given module that imports nothing of the package."""
    parts = name.split(".")
    for end in range(len(parts) - 1, 0, -1):
        path = PurePosixPath(*parts[:end]).with_suffix(".py").as_posix()
        if path in harness.answer_files:
            return False
        if (harness.package_folder / path).is_file():
            return not _imports(harness.package_folder / path, harness.package)
    return False


@functools.lru_cache(maxsize=256)
def _imports(path: Path, package: str) -> bool:
    """Whether a given module imports the package or a part of it."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [package if node.level else node.module or ""]
        else:
            continue
        if any(name.partition(".")[0] == package for name in names):
            return True
    return False
