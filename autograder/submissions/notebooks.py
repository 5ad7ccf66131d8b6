"""Chooses the notebooks of a submission that count, and reads the answers in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.core.needed_cells import NotebookCells
from autograder.errors import SubmissionError
from autograder.harness import Harness, Manifest
from autograder.submissions.candidates import MAX_UNNAMED, by_depth, notebook_candidates
from autograder.submissions.meant_names import EXACT, nearness
from autograder.submissions.notebook import (
    Answers,
    NotebookAnswers,
    ReleaseCell,
    amount_to_write,
    amount_written,
    read_answers,
    release_cells,
)
from autograder.submissions.notes import LeftAside, under
from autograder.submissions.written import Written

#: How many notebooks that have the name of one of the release in theirs are read.
MAX_NAMED = 10


@dataclass
class ChosenNotebooks:
    """The answers in the notebooks that count.

    Attributes:
        code: the answers in code, by the release's name of a notebook and by cell id.
        cells: the code cells, by the release's name of a notebook.
        written_answers: the answers in words, by region.
        missing: the notebooks of the release in which answers are missing, and whether any is
            written there.
    """

    code: dict[str, Answers] = field(default_factory=dict)
    cells: dict[str, NotebookCells] = field(default_factory=dict)
    written_answers: dict[str, str] = field(default_factory=dict)
    missing: dict[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class _Candidate:
    """A file that may be a notebook of the release.

    Attributes:
        found: the answers in it; None if it cannot be read.
        error: why it cannot be read.
        written: how many answers are written in it, and how many are no untouched stubs; -1 each
            if it cannot be read.
    """

    file: str
    found: NotebookAnswers | None
    error: str
    written: Written


def choose_notebooks(
    files: Mapping[str, bytes], harness: Harness, notes: list[str]
) -> ChosenNotebooks:
    """The answers in the notebooks that count.

    Args:
        files: the bytes of the notebooks that were handed in, by path.
        notes: gets a sentence for everything that was corrected, ignored or not found.
    """
    remaining = sorted(files, key=by_depth)
    chosen = ChosenNotebooks()
    left: dict[str, list[str]] = {}
    for name, path in harness.notebooks.items():
        release = release_cells(path, harness.manifest)
        ranked = _ranked(name, release, remaining, files, harness)
        written = ranked[0].written[0] if ranked else 0
        if written < amount_to_write(release):
            chosen.missing[name] = written > 0
        if not ranked:
            continue
        best, *others = ranked
        remaining.remove(best.file)
        if nearness(PurePosixPath(best.file).name, f"{name}.ipynb") != EXACT:
            notes.append(f"{best.file} was read as {name}.ipynb")
        for other in others:
            left.setdefault(other.file, []).append(_why_left(other, best, name))
        if best.found is None:
            notes.append(LeftAside(f"ignored {best.file}: {best.error}"))
            continue
        chosen.code[name] = best.found.code
        chosen.cells[name] = best.found.cells
        chosen.written_answers |= best.found.written_answers
        notes += (under(best.file, note) for note in best.found.notes)
    for file in remaining:
        notes += (LeftAside(f"ignored {file}: {why}") for why in left.get(file, ()))
    all_found = len(chosen.code) == len(harness.notebooks)
    unknown = [file for file in remaining if file not in left]
    _note_unknown(unknown, files, harness, notes, all_found=all_found)
    return chosen


def _ranked(
    name: str,
    release: Sequence[ReleaseCell],
    remaining: Sequence[str],
    files: Mapping[str, bytes],
    harness: Harness,
) -> list[_Candidate]:
    """The files that may be a notebook of the release; the first one counts.

    The one in which most answers are written counts; among equals the one with the nearest name,
    then the one nearest to the top, then the first by name. Files of quite other names are looked
    into only if answers are missing in the others, and they are candidates only if they hold some.

    Args:
        remaining: the notebooks that count for no other one so far.
    """
    named, unnamed = notebook_candidates(name, harness.notebooks, remaining)
    candidates = [
        _candidate(file, release, files[file], harness.manifest) for file in named[:MAX_NAMED]
    ]
    if max((c.written[0] for c in candidates), default=-1) < amount_to_write(release):
        others = (
            _candidate(file, release, files[file], harness.manifest)
            for file in unnamed[:MAX_UNNAMED]
        )
        # Where a file has the right name, another one has to have more than untouched stubs.
        least = (0, 1) if candidates else (0, 0)
        candidates += [c for c in others if c.found and c.found.any_code and c.written >= least]
    # Sorting is stable, in reverse too: they stand in the order of their names and places.
    candidates.sort(key=lambda candidate: candidate.written, reverse=True)
    return candidates + [_Candidate(file, None, _TOO_MANY, _NOTHING) for file in named[MAX_NAMED:]]


_NOTHING: Written = (-1, -1)
_TOO_MANY = f"more than {MAX_NAMED} notebooks may be meant as the same one"


def _candidate(
    file: str, release: Sequence[ReleaseCell], data: bytes, manifest: Manifest
) -> _Candidate:
    try:
        found = read_answers(data, release, manifest)
    except SubmissionError as error:
        return _Candidate(file, None, str(error), _NOTHING)
    return _Candidate(file, found, "", amount_written(found, release))


def _why_left(other: _Candidate, best: _Candidate, name: str) -> str:
    """The end of a note: why a file does not count for a notebook of the release."""
    if other.found is None:
        return other.error
    wanted = f"{name}.ipynb"
    near = nearness(PurePosixPath(other.file).name, wanted)
    if other.written[0] < best.written[0]:
        why = "more answers are written there"
    elif other.written < best.written:
        why = "as many answers are written there, and more are begun"
    elif near == nearness(PurePosixPath(best.file).name, wanted):
        why = "as many answers are written there, and it lies nearer to the top or comes first"
    else:
        why = "as many answers are written there, and its name is nearer to the right one"
    return f"{best.file} counts; {why}"


def _note_unknown(
    unknown: Sequence[str],
    files: Mapping[str, bytes],
    harness: Harness,
    notes: list[str],
    *,
    all_found: bool,
) -> None:
    """Note which other notebooks there are, and why they do not count.

    Args:
        all_found: whether every notebook of the release was found.
    """
    unnamed = [file for file in unknown if PurePosixPath(file).stem not in harness.notebooks]
    not_read = len(unnamed) - MAX_UNNAMED
    if not_read > 0 and not all_found:
        notes.append(
            LeftAside(
                f"{not_read} notebooks with other names were not read; "
                "give yours the name that it had"
            )
        )
    for file in unknown[:MAX_UNNAMED]:
        try:
            read_answers(files[file], [], harness.manifest)
            why = "no answer was taken from it; its name is of no notebook that is asked for"
        except SubmissionError as error:  # it may have been meant as any of the notebooks
            why = str(error)
        notes.append(LeftAside(f"ignored {file}: {why}"))
