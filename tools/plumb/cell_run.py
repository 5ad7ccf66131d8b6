"""Runs the reference's notebooks once in the box, and tells which cells fail there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from autograder.core.needed_cells import NotebookCells, Part, plan_cells
from autograder.errors import StudentFault
from autograder.sandbox.session import StudentSession
from plumb.sources import SourceCell


def failed_cells(
    session: StudentSession,
    notebooks: Mapping[str, NotebookCells],
    sources: Mapping[str, Sequence[SourceCell]],
    seconds: float,
) -> list[str]:
    """A sentence, with its place, for each set-up or answer cell of the reference that raises.

    Every check that asks for the notebook runs these cells first. What a failed cell should define
    would be missing for all students alike.

    Args:
        session: with the run folder that the notebooks were written into; no check was run yet.
        notebooks: the cells that run, by the notebook's name.
        sources: the cells as the author wrote them.
        seconds: how long the cells of one notebook may take together.

    Raises BoxError if the box fails.
    """
    found = []
    for name, cells in notebooks.items():
        parts = plan_cells(replace(cells, others=())).parts  # as `lay_out` wrote them
        by_id = {cell.id: cell for cell in sources.get(name, ())}
        for part, reason in _raised(session, name, parts, seconds):
            source = by_id.get(part.cell.id)
            place = f"{source.file}:{source.line}" if source else f"{name}.ipynb"
            kind = "answer" if part.cell.is_answer else "set-up"
            found.append(
                f"{place}: the {kind} cell {part.cell.id} fails in the box: {reason}; every check "
                'of this notebook runs it first. Mend it, or give it role="example" if no check '
                "needs it"
            )
    return found


def _raised(
    session: StudentSession, name: str, parts: Sequence[Part], seconds: float
) -> Iterator[tuple[Part, str]]:
    """The parts that raised, with what they raised; after one that ends the process no more."""
    with session.trial(seconds) as transport:
        for number, part in enumerate(parts):
            try:
                reason = str(transport.request("try_cell", name, number))
            except StudentFault as fault:
                yield part, str(fault)
                return
            if reason:
                yield part, reason
