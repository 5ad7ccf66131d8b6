"""Names the answers that are asked for in modules, and that a student wrote in a notebook instead.

They do not count: no check looks for them there. Somebody may have meant them to, or has a cell
with ``%%writefile`` whose file was not handed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from autograder.core.cell_source import MAX_SEARCHED
from autograder.core.needed_cells import NotebookCells
from autograder.core.stubs import stubs_left
from autograder.core.written_regions import Regions, missing_functions
from autograder.submissions.notes import LeftAside
from autograder.submissions.written import apparent_names


def note_answers_in_cells(
    asked: Mapping[str, Regions],
    modules: Mapping[str, bytes],
    notebooks: Mapping[str, NotebookCells],
) -> Iterator[LeftAside]:
    """A note for each such function or class.

    Args:
        asked: of the release's answer files, by path below the package; see `regions_of`.
        modules: the bytes of the modules that count, by path below the package.
        notebooks: the code cells, by the release's name of a notebook.
    """
    open_names = {
        name.partition(".")[0]: path
        for path, regions in asked.items()
        for name in _open_names(regions, modules.get(path))
    }
    for title, cells in notebooks.items():
        if sum(len(cell.source) for cell in cells.others) > MAX_SEARCHED:
            continue
        there = {
            name: cell.number
            for cell in cells.others
            for name in apparent_names([cell.source.encode("utf-8", "replace")])
        }
        for name in sorted(open_names.keys() & there.keys()):
            yield LeftAside(
                f"{name} in code cell {there[name]} of {title}.ipynb does not count: it is asked "
                f"for in {open_names[name]}, where it is not written"
            )


def _open_names(regions: Regions, module: bytes | None) -> Iterator[str]:
    """The functions that a module, perhaps one that is not there, leaves unwritten."""
    if module is None:
        yield from (name for functions in regions.values() for name in functions)
        return
    text = module.decode("utf-8-sig", "replace")
    yield from missing_functions(regions, text)
    yield from (name for region in stubs_left(text) for name in regions.get(region, ()))
