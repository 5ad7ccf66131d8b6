"""Reads what a student handed in and understands it as answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from autograder.core.locations import Locations
from autograder.core.needed_cells import NotebookCells
from autograder.core.own_modules import own_modules
from autograder.core.source_text import Sources
from autograder.core.written_regions import Regions, regions_of
from autograder.cpu_guard import MAX_CPU_SECONDS, limited_cpu_time
from autograder.errors import CpuTimeExceeded, SubmissionError
from autograder.harness import Harness
from autograder.submissions.answers_in_cells import note_answers_in_cells
from autograder.submissions.archive import read_submitted
from autograder.submissions.archive_suffixes import split_kind
from autograder.submissions.attempt import Attempt
from autograder.submissions.bulk_download import read_attempt
from autograder.submissions.file_names import printable
from autograder.submissions.fingerprint import fingerprint
from autograder.submissions.given_files import GivenFiles
from autograder.submissions.job import NO_INFO, SubmissionInfo, student_id
from autograder.submissions.modules import ChosenModules, choose_modules, stubs_of
from autograder.submissions.notebook import Answers
from autograder.submissions.notebooks import choose_notebooks
from autograder.submissions.notes import LeftAside, shortened
from autograder.submissions.submitted_files import SubmittedFiles
from autograder.submissions.unparsed import UnparsedModule, unparsed_modules
from autograder.submissions.unread_work import note_unread_answers, note_unread_work

#: More notes are counted and not kept.
MAX_NOTES = 20


@dataclass(frozen=True)
class Submission:
    """A submission that could be read.

    Attributes:
        student: their id, safe as a file name.
        name: of the file or folder handed in, without its path.
        sha256: see `fingerprint`.
        modules: bytes by path relative to the package: answer files, and the student's helpers.
        notebooks: by the release's name, the answers in it by cell id.
        cells: by the release's name of a notebook, its code cells, for `core.needed_cells`.
        notes: sentences on what was ignored or corrected, and why.
        written_answers: the answers in words, by region; empty where nothing was written.
        info: what a course site and the roster say of it.
        unread: how many files of other kinds were handed in, by suffix.
        unparsed: the modules that Python cannot read.
        package_name: the student's own name for the package; empty if they have none.
        dotted_names: see `PackageNames`.
        given_files: what the submission adds to the given files.
    """

    student: str
    name: str
    sha256: str
    modules: Mapping[str, bytes]
    notebooks: Mapping[str, Answers]
    cells: Mapping[str, NotebookCells] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    written_answers: Mapping[str, str] = field(default_factory=dict)
    info: SubmissionInfo = NO_INFO
    unread: Mapping[str, int] = field(default_factory=dict)
    unparsed: tuple[UnparsedModule, ...] = ()
    package_name: str = ""
    dotted_names: tuple[str, ...] = ()
    given_files: GivenFiles = field(default_factory=GivenFiles)

    @property
    def selected_files(self) -> list[str]:
        """The files that count, in order of their names."""
        return [*sorted(self.modules), *(f"{name}.ipynb" for name in sorted(self.notebooks))]

    def sources(self, locations: Locations) -> Sources:
        """The texts of its functions and variables. Of a notebook, the answer cells come last."""
        notebooks = {
            title: {
                cell.label: cell.source
                for cell in (*cells.others, *(cell for cell in cells.given if cell.is_answer))
            }
            for title, cells in self.cells.items()
        }
        return Sources(self.modules, notebooks, locations)


def read_submission(path: Path, harness: Harness, attempt: Attempt | None = None) -> Submission:
    """Read a folder, an archive, a notebook or a module, or a student's files in a bulk download.

    Args:
        path: of the submission, or of the download that it is in.
        attempt: the student's files in the download.

    Raises SubmissionError if it cannot be read, or holds nothing of what is asked for.
    """
    name = attempt.name if attempt else path.name
    try:
        with limited_cpu_time(MAX_CPU_SECONDS):
            return _read(path, harness, attempt)
    except CpuTimeExceeded:
        problem = f"reading it took more than {MAX_CPU_SECONDS:g} s; hand in only what is asked for"
        raise SubmissionError(f"{name}: {problem}") from None
    except SubmissionError as error:
        raise SubmissionError(f"{name}: {error}") from error


def _read(path: Path, harness: Harness, attempt: Attempt | None) -> Submission:
    submitted = read_attempt(path, attempt) if attempt else read_submitted(path)
    on_choice: list[str] = []
    sources, books = _of_kind(".py", submitted), _of_kind(".ipynb", submitted)
    on_notebooks: list[str] = []
    notebooks = choose_notebooks(_data(books, submitted), harness, on_notebooks)
    cells = (
        c.source for all_of in notebooks.cells.values() for c in (*all_of.given, *all_of.others)
    )
    modules = choose_modules(_data(sources, submitted), harness, on_choice, cells)
    on_choice += note_answers_in_cells(_asked(harness), modules.files, notebooks.cells)
    own = _own_modules(modules, harness)
    notes = [*submitted.notes, *_as_written([*on_choice, *on_notebooks], sources | books)]
    notes += _wrong_counts(submitted, harness)
    missing = {PurePosixPath(answer).name: some for answer, some in modules.missing.items()}
    missing |= {f"{name}.ipynb": some for name, some in notebooks.missing.items()}
    asked = {path.name for path in harness.package_folder.rglob("*")}
    asked |= set(harness.manifest.handin.suffixes)
    files = submitted.unread_files
    named = note_unread_work(files, missing, harness.package, asked, notes)
    texts = {path: data for path, data in submitted.texts.items() if path not in named}
    note_unread_answers(texts, stubs_of(harness), modules.files, notes)
    submission = Submission(
        student=student_id(path),
        name=attempt.name if attempt else path.name,
        sha256=fingerprint(path, attempt),
        modules=modules.files,
        package_name=modules.package_names.own,
        dotted_names=modules.package_names.dotted,
        given_files=modules.given_files,
        notebooks=notebooks.code,
        cells={n: replace(its, own_modules=own) for n, its in notebooks.cells.items()},
        written_answers=notebooks.written_answers,
        unread=submitted.unread,
        unparsed=tuple(unparsed_modules(modules.files)),
    )
    if not submission.selected_files:
        expected = ", ".join([*harness.answer_files, *(f"{n}.ipynb" for n in harness.notebooks)])
        first_notes = "".join(f"; {note}" for note in notes[:3])
        of_tools = next(iter(submitted.tool_folders), "")
        unread = f"; what lies in {printable(of_tools)} is not read" if of_tools else ""
        raise SubmissionError(f"it holds none of {expected}{first_notes}{unread}")
    return replace(submission, notes=tuple(shortened(notes, MAX_NOTES)))


def _asked(harness: Harness) -> dict[str, Regions]:
    """What the release's answer files ask for."""
    stubs = {name: harness.package_folder / name for name in harness.answer_files}
    return {name: regions_of(path.read_text("utf-8")) for name, path in stubs.items()}


def _own_modules(modules: ChosenModules, harness: Harness) -> frozenset[str]:
    paths = [*modules.files, *harness.answer_files]
    packages = [harness.package, modules.package_names.own]
    return own_modules(packages, paths, modules.given_files.names)


def _of_kind(suffix: str, submitted: SubmittedFiles) -> dict[str, str]:
    """The paths of the files of a kind as they were written, by those with a small suffix.

    The path of a file with another suffix behind that one stays as it is. So does one that would
    get the path of another file.
    """

    def plain(path: str) -> str:
        small = f"{path[: -len(suffix)]}{suffix}" if path.lower().endswith(suffix) else path
        return path if small in submitted.files else small

    return {plain(path): path for path in submitted.files if split_kind(path)[1] == suffix}


def _data(paths: Mapping[str, str], submitted: SubmittedFiles) -> dict[str, bytes]:
    return {path: submitted.files[written] for path, written in paths.items()}


def _as_written(notes: Sequence[str], paths: Mapping[str, str]) -> Iterator[str]:
    """The notes, with the names of files as the student wrote them.

    A note shows a path, or the end of it below the package. Of several in one note, only the first
    is what was handed in; the others are the names that it counts as.
    """
    changed = {path: written for path, written in paths.items() if path != written}
    for note in notes[:MAX_NOTES]:
        for path, written in changed.items():
            if PurePosixPath(path).name in note:
                # The new text is of the note's own kind: a `LeftAside` stays one.
                note = type(note)(_renamed(note, path.split("/"), written.split("/")))
        yield note
    yield from notes[MAX_NOTES:]


def _renamed(note: str, parts: list[str], written: list[str]) -> str:
    for first in range(len(parts)):
        end = re.escape("/".join(parts[first:]))
        found = re.search(rf"(?<![\w./]){end}(?![\w/])", note)
        if found:
            return note[: found.start()] + "/".join(written[first:]) + note[found.end() :]
    return note


def _wrong_counts(submitted: SubmittedFiles, harness: Harness) -> Iterator[str]:
    """A note for each suffix of which exactly one file is asked for and was not handed in."""
    names = (*submitted.files, *submitted.documents)
    for suffix in harness.manifest.handin.suffixes:
        count = sum(suffix in (split_kind(n)[1], PurePosixPath(n).suffix.lower()) for n in names)
        if count != 1:
            found = "none was" if count == 0 else f"{count} were"
            yield LeftAside(f"exactly one {suffix} file is to be handed in, and {found}")
