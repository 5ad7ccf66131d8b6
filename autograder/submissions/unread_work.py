"""Files of kinds that are not read, where answers are missing that may be in them.

A student may hand in ``ops.txt`` or ``Tiny.json`` in the place of ``ops.py`` and ``Tiny.ipynb``.
Most files of other kinds are no such thing: pictures, data, a printed notebook, a README.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath

from autograder.submissions.archive_suffixes import is_archive
from autograder.submissions.file_names import printable
from autograder.submissions.meant_names import nearness
from autograder.submissions.notes import LeftAside
from autograder.submissions.other_names import functions_written, open_regions
from autograder.submissions.submitted_files import UNREAD_ARCHIVES
from autograder.submissions.written import defines_answers

#: Documents for a person, pictures and data. They hold no answer that could be read.
_NO_WORK = {
    ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".bmp", ".webp", ".tif", ".tiff", ".heic",
    ".csv", ".tsv", ".xlsx", ".npy", ".npz", ".mat", ".pkl", ".pickle", ".h5", ".pt", ".pth",
    ".log", ".pyc", ".ico", ".mp4", ".mov",
}  # fmt: skip
#: Pages, as a notebook is exported. Where something is written in it, they are copies of it.
_PAGES = {".html", ".htm"}
#: Files of these kinds may hold a whole package.
_PACKED = {".gz", ".bz2", ".xz", ".zst", ".lz", ".lzma", ".z", ".br", ".cab", ".dmg", ".iso"}
#: The most files that are named.
_NAMED = 5


def note_unread_work(
    unread: Iterable[str],
    missing: Mapping[str, bool],
    package: str,
    asked: Collection[str],
    notes: list[str],
) -> set[str]:
    """Note each file that was not read and has the name of a file in which answers are missing.

    Args:
        unread: the paths of the files that were not read.
        missing: the modules and notebooks in which answers are missing, by name without folders,
            and whether any answer is written there.
        package: the name of the package.
        asked: the names of files that students get, and the suffixes of documents that they are
            asked to hand in.

    Returns the paths of the files that were noted.
    """
    found = []
    for path in unread:
        name = PurePosixPath(path).name
        suffix = PurePosixPath(path).suffix.lower()
        if suffix in _NO_WORK or name in asked or suffix in asked:
            continue
        if is_archive(name) or suffix in UNREAD_ARCHIVES:
            continue  # it was opened, or has a note of its own
        meant = [
            wanted
            for wanted, any_written in missing.items()
            if _is_meant_as(name, wanted) and not (any_written and suffix in _PAGES)
        ]
        if meant:
            found.append((path, f"not all that {meant[0]} asks for is written; hand in {meant[0]}"))
        elif missing and suffix in _PACKED and _is_meant_as(name, f"{package}.py"):
            found.append(
                (path, f"answers are missing; hand in the folder {package}, or a zip of it")
            )
    for path, what in found[:_NAMED]:
        shown = printable(path)
        notes.append(LeftAside(f"ignored {shown}: files of this kind are not read, and {what}"))

    return {path for path, _ in found[:_NAMED]}


def note_unread_answers(
    texts: Mapping[str, bytes],
    stubs: Mapping[str, bytes],
    answers: Mapping[str, bytes],
    notes: list[str],
) -> None:
    """Note each file that was not read and defines what is asked for and not written in a module.

    Args:
        texts: of files that may be Python, by path.
        stubs: of the answer files, by path below the package.
        answers: what was handed in for them.
    """
    defining = [
        (path, answer, stub, data)
        for path, data in texts.items()
        for answer, stub in stubs.items()
        if defines_answers([stub], data)
    ]
    for path, answer, stub, data in defining[:_NAMED]:
        there = answers.get(answer)
        names = functions_written(stub, open_regions(stub, there), there, data)
        if names:
            more = ", …" if len(names) > _NAMED else ""
            notes.append(
                LeftAside(
                    f"ignored {printable(path)}: files of this kind are not read, and it defines "
                    f"{', '.join(names[:_NAMED])}{more}, which {answer} does not have written"
                )
            )


def _is_meant_as(name: str, wanted: str) -> bool:
    """Whether a name is like another one but for all that stands behind its first dot."""
    return nearness(name.partition(".")[0] + PurePosixPath(wanted).suffix, wanted) is not None
