"""Which course site a download is from, told by the names in it alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum
from pathlib import PurePosixPath

from autograder.archive import is_archive, suffix_of
from autograder.intake import canvas, gradescope, moodle
from autograder.intake.delivery import Delivery, Person
from autograder.parcel import Parcel

#: Files that lie beside submissions, not among them.
CLERICAL = {".csv", ".html", ".json", ".log", ".md", ".toml", ".tsv", ".txt", ".xlsx", ".yml"}


class Form(Enum):
    """A form of download; the value is how people call it."""

    CANVAS = canvas.SITE
    MOODLE = moodle.SITE
    GRADESCOPE = gradescope.SITE
    ARCHIVES = "archive of archives"


def form_of(names: Sequence[str], known: Collection[str]) -> Form | None:
    """The form of a download with these files in it; None for anything else, as a submission.

    Args:
        names: of all files, with their folders.
        known: the names of the files that the assignment asks for; where one of them lies at the
            top it is a submission.
    """
    top = top_of(names)
    entries = Counter(name.removeprefix(top).partition("/")[0] for name in names)
    files = {name.removeprefix(top) for name in names if "/" not in name.removeprefix(top)}
    if not names or not files.isdisjoint(known):
        return None
    if gradescope.METADATA in files:
        return Form.GRADESCOPE
    weighty = [name for name in entries if is_weighty(name) or name not in files]
    if _most(map(moodle.is_entry, entries), len(weighty)):
        return Form.MOODLE
    if _most(map(canvas.is_file, files), len(weighty)):
        return Form.CANVAS
    packed = [name for name in files if is_archive(name)]
    if len(packed) > 1 and not any(suffix_of(n) and not is_archive(n) for n in names):
        return Form.ARCHIVES
    return None


def is_weighty(name: str) -> bool:
    """Whether a file among submissions may be one, by its suffix."""
    return PurePosixPath(name).suffix.lower() not in CLERICAL or canvas.is_file(name)


def _most(fits: Iterable[bool], total: int) -> bool:
    found = sum(fits)
    return found > 0 and 2 * found > total


def top_of(names: Sequence[str]) -> str:
    """The one folder that everything lies in, with a slash; empty if there is none.

    A student's own folder in a download of one student is none.
    """
    first = {name.partition("/")[0] for name in names if "/" in name}
    if len(first) != 1 or any("/" not in name for name in names):
        return ""
    (folder,) = first
    return "" if moodle.is_entry(folder) else f"{folder}/"


def sort_out(
    form: Form,
    names: Sequence[str],
    known: Collection[str],
    entries: Mapping[str, gradescope.Entry],
) -> list[Delivery]:
    """The submissions in a download; what does not fit its form is a submission by itself.

    Args:
        entries: Gradescope's metadata.
    """
    top = top_of(names)
    if form is Form.GRADESCOPE:
        return gradescope.deliveries(names, top, dict(entries))
    if form is Form.MOODLE:
        found = moodle.deliveries(names, top)
    elif form is Form.CANVAS:
        flat = [name for name in names if "/" not in name.removeprefix(top)]
        found = canvas.deliveries(flat, known)
    else:
        found = []
    placed = {member for delivery in found for _, member in delivery.parcel.files}
    others: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        entry, _, below = name.removeprefix(top).partition("/")
        belongs = (form is Form.MOODLE and moodle.is_entry(entry)) or (
            form is Form.CANVAS and not below and canvas.is_file(entry)
        )
        if name not in placed and not belongs and (below or is_weighty(entry)):
            others.setdefault(entry, []).append((below or entry, name))
    for entry, files in others.items():
        who = entry[: len(entry) - len(suffix_of(entry))] if files[0][0] == entry else entry
        found.append(Delivery(Parcel(entry, tuple(files)), (Person(sid=who),)))
    return found
