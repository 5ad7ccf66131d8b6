"""Finds what an answer cell lacks in the other cells of a student's notebook.

Students move functions to other cells, and an answer may use what another cell defines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.core.cell_statements import (
    Statement,
    defined_names,
    extract_statements,
    is_python,
    names_of,
)
from autograder.core.definitions import apparent_definitions, joined, select_definitions
from autograder.submissions.notes import LeftAside


@dataclass(frozen=True)
class AnswerCell:
    """An answer cell in code.

    Attributes:
        id: of the release's cell.
        stub: the source that students get.
        answer: the student's source; empty if the cell was not found.
    """

    id: str
    stub: str
    answer: str


def complete_answers(
    cells: Iterable[AnswerCell], setup: Sequence[str], submitted: Sequence[str], notes: list[str]
) -> dict[str, str]:
    """The sources of answer cells with what they lack put before it.

    An answer cell lacks the functions and classes that its stub defines and it does not. It also
    lacks the names that it uses and no cell that is run defines.

    Args:
        cells: the release's answer cells in code, in order.
        setup: the sources of the release's set-up cells.
        submitted: the sources of all code cells that were handed in.
        notes: gets a sentence about each name that was found elsewhere, or was not found.

    Returns the new source by the cell's id, for the cells that lacked something that was found.
    """
    cells = list(cells)
    # A cell that cannot be parsed here may still be what the student meant. Running it will tell.
    defined = set().union(*(names_of(text)[0] for text in (*setup, *(c.answer for c in cells))))
    star_import = any("import *" in text for text in (*setup, *(c.stub for c in cells)))
    statements: list[Statement] | None = None
    completed = {}
    for cell in cells:
        missing = defined_names(cell.stub) - defined
        untouched = cell.answer.strip() == cell.stub.strip()
        # A stub uses nothing of the student's.
        used = frozenset() if untouched else names_of(cell.answer)[1] - defined
        if not missing | used or not is_python(cell.answer):
            continue
        if statements is None:
            statements = extract_statements(submitted)
        selected = select_definitions(missing | used, defined, statements)
        found = {name for statement in selected for name in statement.names}
        apparent = apparent_definitions(submitted) if (missing | used) - found else {}
        for name in sorted(missing - found):
            reason = _why_not_found(name, apparent, "was not found in any cell")
            notes.append(LeftAside(f"{name} {reason}"))
        # With ``import *``, a name that no cell defines may be an imported one.
        if not (star_import or "import *" in cell.answer):
            for name in sorted(used - found):
                reason = _why_not_found(name, apparent, "no cell defines")
                notes.append(LeftAside(f"the answer cell {cell.id} uses {name}, which {reason}"))
        names = (missing | used) & found
        if names:
            completed[cell.id] = _put_before(cell.answer, joined(selected))
            defined |= found
            numbers = ", ".join(str(n + 1) for n in sorted({s.cell for s in selected}))
            notes.append(f"{', '.join(sorted(names))}: taken from code cell {numbers}, by name")
    return completed


def _put_before(answer: str, definitions: str) -> str:
    """The answer below the definitions; above them if it begins with a magic for the whole cell."""
    magic_first = answer.lstrip().startswith("%%")
    parts = [answer, definitions] if magic_first else [definitions, answer]
    return "\n\n\n".join(part for part in parts if part)


def _why_not_found(name: str, apparent: Mapping[str, int], otherwise: str) -> str:
    """The end of a note on a name that was not found.

    Args:
        apparent: the number of the code cell that seems to define a name, from 1.
        otherwise: the text for a name that no cell seems to define.
    """
    if name not in apparent:
        return otherwise
    return (
        f"cannot be taken from code cell {apparent[name]}: "
        "only imports, functions, classes and plain constants are, in Python 3"
    )
