"""Says which names an answer cell lacks, and which of them other cells of the notebook define.

Students move functions to other cells, and an answer may use what another cell defines. Those
cells then run too: see `core.needed_cells`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from autograder.core.cell_names import cell_names
from autograder.core.cell_objects import ALWAYS_DEFINED
from autograder.core.cell_source import MAX_SEARCHED, ParsedCell, parse_cell
from autograder.core.cell_statements import defined_names
from autograder.core.needed_cells import (
    NotebookCells,
    may_bind_any,
    may_bind_unseen,
    names_bound,
)
from autograder.submissions.apparent_definitions import apparent_definitions
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


def note_missing_names(
    cells: Sequence[AnswerCell], notebook: NotebookCells, notes: list[str]
) -> frozenset[str]:
    """Note the names that answer cells should define or use, and that no cell defines.

    Args:
        cells: the release's answer cells in code, in order.
        notes: gets a sentence about each such name.

    Returns the ids of the cells that lack something which another cell defines.
    """
    texts = [cell.answer for cell in cells]
    setup = [cell.source for cell in notebook.given if not cell.is_answer]
    # A cell that cannot be parsed here may still be what the student meant. Running it will tell.
    defined = set().union(*(_bound(parse_cell(text)) for text in (*setup, *texts)))
    others: set[str] | None = None
    elsewhere: set[str] = set()
    for cell in cells:
        parsed = parse_cell(cell.answer)
        missing = defined_names(cell.stub) - defined
        # A stub uses nothing of the student's.
        untouched = cell.answer.strip() == cell.stub.strip()
        used = set() if untouched or parsed is None else _used(parsed) - defined
        if parsed is None or not missing | used:
            continue
        if others is None:
            others = names_bound(notebook)
            if sum(len(other.source) for other in notebook.others) > MAX_SEARCHED:
                notes.append(
                    LeftAside(
                        "only the answer cells are run: the other cells have more than "
                        f"{MAX_SEARCHED} characters"
                    )
                )
        nowhere = (missing | used) - others
        if missing & others:
            elsewhere.add(cell.id)
        apparent = _apparent_definitions(notebook, nowhere)
        for name in sorted(missing & nowhere):
            reason = _why_not_found(name, apparent, "was not found in any cell")
            notes.append(LeftAside(f"{name} {reason}"))
        # With ``import *`` or ``exec(...)`` a name may be defined that no text shows.
        if not may_bind_any(notebook):
            otherwise = "no cell defines"
            if used & nowhere and may_bind_unseen(notebook):
                otherwise = "no cell defines as far as its text tells"
            for name in sorted(used & nowhere):
                reason = _why_not_found(name, apparent, otherwise)
                notes.append(LeftAside(f"the answer cell {cell.id} uses {name}, which {reason}"))
    return frozenset(elsewhere)


def _bound(parsed: ParsedCell | None) -> set[str]:
    return cell_names(parsed.tree).binds if parsed else set()


def _used(parsed: ParsedCell) -> set[str]:
    """The global names that a cell refers to and does not bind, at once or in its functions."""
    names = cell_names(parsed.tree)
    return names.uses.union(*names.later.values()) - names.binds - ALWAYS_DEFINED


def _apparent_definitions(notebook: NotebookCells, names: Collection[str]) -> Mapping[str, int]:
    """The number of the last cell that seems to define a name, by name."""
    if not names or sum(len(cell.source) for cell in notebook.others) > MAX_SEARCHED:
        return {}
    apparent = apparent_definitions([cell.source for cell in notebook.others])
    return {name: notebook.others[number - 1].number for name, number in apparent.items()}


def _why_not_found(name: str, apparent: Mapping[str, int], otherwise: str) -> str:
    """The end of a note on a name that was not found.

    Args:
        apparent: the number of the code cell that seems to define a name, from 1.
        otherwise: the text for a name that no cell seems to define.
    """
    if name not in apparent:
        return otherwise
    return f"cannot be taken from code cell {apparent[name]}, which is not Python 3"
