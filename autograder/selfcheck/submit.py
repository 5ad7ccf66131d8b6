"""The files that a student hands in, what is missing among them, and the archive of them."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..core.files import digest_of_text, write_whole
from .board import prediction_faults
from .pdf import print_notebook
from .regions import answer_file_names, fuller_copies, unclosed, unwritten
from .results import MISSING, PICKS_NOT_READ, Result
from .work import Work

#: Folders that programs make; they are not part of the package.
_GENERATED = {"__pycache__", ".ipynb_checkpoints", ".git"}
#: Files in these folders are not listed, though they are not handed in.
_UNLISTED = {*_GENERATED, "selfcheck", "build", ".venv", "venv"}


@dataclass(frozen=True)
class FilesToSubmit:
    """The files of a folder that are handed in, and what a student should know about them.

    Attributes:
        files: by their names in the archive.
        missing: the names of files that should be handed in and do not exist.
        unwritten: the regions without an answer, in the order of the assignment.
        unclosed: sentences about markers that are missing at the end of an answer.
        others: files of the folder that are not handed in, without given ones.
        changed: given modules that are not as they were given.
        fuller: by a notebook that is handed in, the file of another name in which more is written.
    """

    files: dict[str, Path]
    missing: list[str]
    unwritten: list[str]
    unclosed: list[str]
    others: list[str]
    changed: list[str]
    fuller: dict[str, str]


def files_to_submit(work: Work) -> FilesToSubmit:
    """Find the files that are handed in; nothing is run or written."""
    required = dict(_required_files(work))
    files = {name: path for name, path in required.items() if path.is_file()}
    missing = [name for name, path in required.items() if not path.is_file()]
    given = _given(work)
    others = [
        path.relative_to(work.folder).as_posix()
        for path in sorted(work.folder.rglob("*"))
        if path.is_file()
        and path not in files.values()
        and path.suffix in (".py", ".ipynb", ".pdf", ".npy")
        and _UNLISTED.isdisjoint(path.relative_to(work.folder).parts)
        and not any(part.endswith(".egg-info") for part in path.parts)
        and path.relative_to(work.folder).as_posix() not in given
    ]
    answers = {name: files[name] for name in answer_file_names(work) if name in files}
    open_regions = unclosed(work, answers)
    blank = [r for r in unwritten(work, answers.values()) if r not in open_regions]
    return FilesToSubmit(
        files,
        missing,
        blank,
        list(open_regions.values()),
        others,
        list(_changed(work)),
        fuller_copies(work, others),
    )


def _given(work: Work) -> dict[str, str]:
    """The digests of the given files, by their names in this folder."""
    named = f"{work.about['package']}/"
    return {
        f"{work.package}/{name.removeprefix(named)}" if name.startswith(named) else name: digest
        for name, digest in work.about["given"].items()
    }


def _changed(work: Work) -> Iterator[str]:
    """The given modules that are there and are not as they were given."""
    for name, digest in _given(work).items():
        path = work.folder / name
        if path.suffix == ".py" and path.is_file() and digest_of_text(path.read_bytes()) != digest:
            yield name


def _required_files(work: Work) -> Iterator[tuple[str, Path]]:
    """The files that should be handed in, by their names in the archive; without PDFs."""
    for name in work.about["notebooks"]:
        yield f"{name}.ipynb", work.folder / f"{name}.ipynb"
    if work.about["suffixes"]:
        return
    package = work.folder / work.package
    for path in sorted(package.rglob("*.py")):
        if _GENERATED.isdisjoint(path.relative_to(package).parts):
            yield path.relative_to(work.folder).as_posix(), path
    for answer in work.about["answer_files"]:
        yield f"{work.package}/{answer}", package / answer
    if work.about["leaderboard"]:
        for path in sorted((work.folder / "output").rglob("*")):
            if path.name == "prediction.npy" or path.name == "nickname.txt":
                yield path.relative_to(work.folder).as_posix(), path


@dataclass(frozen=True)
class Packed:
    """An archive that was written.

    Attributes:
        names: of the files in it, in order.
        problems: what could not be put into it, and why, in sentences.
    """

    names: list[str]
    problems: list[str]


def write_archive(work: Work, found: FilesToSubmit, target: Path) -> Packed:
    """Write the archive, with a PDF of each notebook if one is asked for."""
    problems = []
    with tempfile.TemporaryDirectory() as scratch:
        files = dict(found.files)
        if ".pdf" in work.about["suffixes"]:
            for name, path in found.files.items():
                pdf = Path(scratch) / f"{Path(name).stem}.pdf"
                problem = print_notebook(path, pdf)
                if problem:
                    problems.append(problem)
                else:
                    files[pdf.name] = pdf
        packed = io.BytesIO()
        # A file from our undated archive may have a date that is too old for a zip.
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            for name, path in sorted(files.items()):
                archive.write(path, name)
        write_whole(target, packed.getvalue())
    return Packed(sorted(files), problems)


def listing(packed: Packed, found: FilesToSubmit) -> Iterator[str]:
    """What is handed in and what is not, line by line."""
    yield "Handed in:"
    yield from (f"    {name}" for name in packed.names)
    others = [name for name in found.others if name not in packed.names]
    if others:
        yield "Not handed in:"
        yield from (f"    {name}" for name in others[:20])
        if len(others) > 20:
            yield f"    and {len(others) - 20} more"


def warnings(
    work: Work, found: FilesToSubmit, results: list[Result], picks: list[Result]
) -> Iterator[str]:
    """What a student should know before handing in, line by line."""
    for name in found.missing:
        yield f"WARNING: {name} is not there; put it into {work.folder} and submit again"
    for name, other in found.fuller.items():
        yield (
            f"WARNING: more is written in {other} than in {name}, and it is not handed in; "
            f"to hand it in, give it the name {name} and submit again"
        )
    board = work.about["leaderboard"]
    for fault in prediction_faults(board, found.files) if board else ():
        yield f"WARNING: {fault}"
    yield from (f"WARNING: {sentence}" for sentence in found.unclosed)
    for name in found.changed:
        if name in found.files:
            yield (
                f"WARNING: {name} was given to you; of your changes to it only added functions, "
                "classes and imports are graded"
            )
        else:
            yield f"WARNING: {name} was given to you; your changes to it are not graded"
    if found.unwritten:
        count = len(found.unwritten)
        several = f"WARNING: nothing is written yet for {count} answers:"
        yield "WARNING: nothing is written yet for 1 answer:" if count == 1 else several
        for region in found.unwritten:
            yield f"    {work.titles.get(region.partition('.')[0], '')} ({region})"
    not_passed = [r for r in results if not r.passed]
    if any(r.outcome != MISSING for r in not_passed):  # else all is said above
        count = len(not_passed)
        several = f"WARNING: {count} of {len(results)} visible checks are not passed"
        one = f"WARNING: 1 of {len(results)} visible checks is not passed"
        yield one if count == 1 else several
    for result in picks:
        if result.outcome == PICKS_NOT_READ:
            yield f"WARNING: {result.check.question}: {result.message}"
