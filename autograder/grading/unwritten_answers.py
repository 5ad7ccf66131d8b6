"""Which checks need not be run: those that first ask for an answer whose stub is untouched.

Before the first answer a check asks for given functions only: it loads images, for example. That
may take long, and the outcome is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from autograder.core.needed_cells import NotebookCells
from autograder.core.student import TraceEntry
from autograder.harness import Harness
from autograder.submissions.missing_answers import functions_that_are_stubs
from autograder.submissions.notebook import ANSWER, release_cells
from autograder.submissions.submission import Submission


def answers_in_cells(harness: Harness, submission: Submission) -> dict[str, str]:
    """The functions that are asked for in notebooks' cells, with the region of an untouched stub.

    The region is empty if the function may be written: its cell is not as it was handed out, or
    another cell names it.
    """
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


def first_unwritten(trace: Iterable[TraceEntry], cells: Mapping[str, str], harness: Harness) -> str:
    """The region of the first answer that a check asks for; empty if it is or may be written.

    Args:
        trace: the reference's: what the check asks for, in order.
        cells: see `answers_in_cells`.
    """
    modules = {".".join(PurePosixPath(f).with_suffix("").parts) for f in harness.answer_files}
    for entry in trace:
        if entry.subject == "…":  # a given thing is called
            continue
        if entry.subject.startswith("…."):
            return cells.get(entry.subject.removeprefix("…."), "")
        notebook, name = harness.locations.find(entry.subject)
        if notebook:
            return cells.get(name, "")
        if any(name == module or name.startswith(f"{module}.") for module in modules):
            return ""
    return ""
