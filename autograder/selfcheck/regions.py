"""The answers between the markers of a student's files, and which of them are not written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ..core.errors import StudentError
from ..core.prompts import code_in_regions
from ..core.stubs import does_nothing, is_prose_todo, stubs_left, variables_of
from .cells import read_cells
from .notebooks import from_files
from .work import Work

#: So many notebooks that are not handed in are looked into.
_MOST_COPIES = 20


def answer_file_names(work: Work) -> Iterator[str]:
    """The names of the files that answers are written in; answers in other files do not count."""
    yield from (f"{name}.ipynb" for name in work.about["notebooks"])
    yield from (f"{work.package}/{name}" for name in work.about["answer_files"])


def unwritten(work: Work, files: Iterable[Path]) -> list[str]:
    """The regions without an answer, in the order of the assignment.

    A region that is in none of the files has no answer either. One whose variable a cell of the
    student's own binds has one, because grading counts it.
    """
    written = _written(work, files) - set(unchanged_prompts(work).values())
    written |= _in_own_cells(work)
    return [r for r in work.about["regions"] if r not in written]


def _written(work: Work, files: Iterable[Path]) -> set[str]:
    """The regions with an answer in some files; a prompt counts as one."""
    stubs: set[str] = set()
    written: set[str] = set()
    for path in files:
        for text in read_texts(path):
            stubs |= set(stubs_left(text))
            for marker in work.about["markers"]:
                for region, body in regions(text, marker):
                    (written if has_answer(body) else stubs).add(region)
    return written - stubs


def _in_own_cells(work: Work) -> set[str]:
    """The regions whose variables, or names of their prompts, cells of the student's own bind."""
    found: set[str] = set()
    saved = from_files(work.folder, work.about)
    prompts = work.about.get("prompts", {})
    for name, regions in work.about.get("variables", {}).items():
        try:
            bound = saved.own_names(name)
        except StudentError:  # it is not there, or is no notebook
            continue
        for region in regions:
            prompted = prompts[region]["names"] if region in prompts else ()
            if variables_of([region], bound) or not bound.isdisjoint(prompted):
                found.add(region)
    return found


def fuller_copies(work: Work, others: Iterable[str]) -> dict[str, str]:
    """The notebooks of the assignment of which more is written in a file of another name.

    Grading reads the one in which more is written, but what is left here never gets there.

    Args:
        others: names of files in the student's folder.

    Returns the name of the other file, by that of the notebook.
    """
    copies = [name for name in others if name.endswith(".ipynb")][:_MOST_COPIES]
    written = {name: _written(work, [work.folder / name]) for name in copies}
    found = {}
    for title in work.about["notebooks"]:
        asked = {question["id"] for question in work.questions if question["notebook"] == title}
        file = work.folder / f"{title}.ipynb"
        most = _written(work, [file]) if file.is_file() else set()
        for name, regions_there in written.items():
            there = {region for region in regions_there if region.partition(".")[0] in asked}
            if len(there) > len(most):
                found[f"{title}.ipynb"], most = name, there
    return found


def unchanged_prompts(work: Work) -> dict[str, str]:
    """The names whose region, in the files that lie here, still holds its prompt; by its region."""
    found: dict[str, str] = {}
    prompts = work.about.get("prompts", {})
    if prompts:
        marker = work.about["markers"][0]
        words = (str(marker["begin"]), str(marker["end"]))
        for path in map(work.folder.joinpath, answer_file_names(work)):
            for text in read_texts(path) if path.is_file() else ():
                for region, code in code_in_regions(text, words).items():
                    if region in prompts and code == prompts[region]["code"]:
                        found |= dict.fromkeys(prompts[region]["names"], region)
    return found


def unclosed(work: Work, files: Mapping[str, Path]) -> dict[str, str]:
    """The regions whose closing marker is missing, each with a sentence that says what to do.

    Args:
        files: by their names, for the sentences.
    """
    found: dict[str, str] = {}
    for name, path in files.items():
        for text in read_texts(path):
            for marker in work.about["markers"]:
                closed = {region for region, _ in regions(text, marker)}
                for region in _opening(marker).findall(text):
                    if region not in closed:
                        end = f"{marker['end']} {region}{marker['tail']}"
                        found[region] = (
                            f"{name}: the line {end!r} is missing; put it back below your answer"
                        )
    return found


def read_texts(path: Path) -> Iterator[str]:
    """The text of a module, or of each cell of a notebook; none if it cannot be read."""
    if path.suffix == ".py":
        yield path.read_text("utf-8", "replace")
    elif path.suffix == ".ipynb":
        try:
            cells = read_cells(path)
        except (OSError, ValueError):
            return
        yield from (cell["source"] for cell in cells)


def regions(text: str, marker: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The regions between a pair of markers: the id and the text in it."""
    end = re.escape(marker["end"])
    for found in _opening(marker).finditer(text):
        closing = re.search(
            rf"^[ \t]*(?:#|<!--) {end} {re.escape(found[1])}(?![a-z0-9_.])",
            text[found.end() :],
            re.M,
        )
        if closing:
            yield found[1], text[found.end() : found.end() + closing.start()]


def _opening(marker: dict[str, str]) -> re.Pattern[str]:
    """Matches the line that opens a region; its group is the id."""
    begin, tail = re.escape(marker["begin"]), re.escape(marker["tail"])
    return re.compile(rf"^[ \t]*(?:#|<!--) {begin} ([a-z0-9_.]+?){tail}(?: -->)?[ \t]*$", re.M)


def has_answer(body: str) -> bool:
    """Whether a region does or says anything besides its TODO."""
    lines = [line.strip() for line in body.split("\n")]
    return any(
        line and not (line.startswith("# ") or is_prose_todo(line) or does_nothing(line))
        for line in lines
    )
