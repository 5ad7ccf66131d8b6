"""Reads what a student handed in and understands it as answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from autograder.core.needed_cells import NotebookCells
from autograder.cpu_guard import MAX_CPU_SECONDS, limited_cpu_time
from autograder.errors import CpuTimeExceeded, SubmissionError
from autograder.harness import Harness
from autograder.submissions.archive import read_submitted
from autograder.submissions.attempt import Attempt
from autograder.submissions.bulk_download import read_attempt
from autograder.submissions.fingerprint import fingerprint
from autograder.submissions.given_files import GivenFiles
from autograder.submissions.job import NO_INFO, SubmissionInfo, student_id
from autograder.submissions.modules import choose_modules
from autograder.submissions.notebook import Answers
from autograder.submissions.notebooks import choose_notebooks
from autograder.submissions.notes import LeftAside, shortened
from autograder.submissions.submitted_files import SubmittedFiles, split_kind
from autograder.submissions.unparsed import UnparsedModule, unparsed_modules

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
        package_name: the student's own name for the package; empty if it is the right one, or
            if modules were handed in without their folder.
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
    given_files: GivenFiles = field(default_factory=GivenFiles)

    @property
    def selected_files(self) -> list[str]:
        """The files that count, in order of their names."""
        return [*sorted(self.modules), *(f"{name}.ipynb" for name in sorted(self.notebooks))]


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
    notes = list(submitted.notes)
    modules = choose_modules(_of_kind(".py", submitted), harness, notes)
    notebooks = choose_notebooks(_of_kind(".ipynb", submitted), harness, notes)
    notes += _wrong_counts(submitted, harness)
    submission = Submission(
        student=student_id(path),
        name=attempt.name if attempt else path.name,
        sha256=fingerprint(path, attempt),
        modules=modules.files,
        package_name=modules.package_name,
        given_files=modules.given_files,
        notebooks=notebooks.code,
        cells=notebooks.cells,
        written_answers=notebooks.written_answers,
        unread=submitted.unread,
        unparsed=tuple(unparsed_modules(modules.files)),
    )
    if not submission.selected_files:
        expected = ", ".join([*harness.answer_files, *(f"{n}.ipynb" for n in harness.notebooks)])
        first_notes = "".join(f"; {note}" for note in notes[:3])
        raise SubmissionError(f"it holds none of {expected}{first_notes}")
    return replace(submission, notes=tuple(shortened(notes, MAX_NOTES)))


def _of_kind(suffix: str, submitted: SubmittedFiles) -> dict[str, bytes]:
    """The files of a kind that were handed in, by their paths with this suffix in lower case.

    The path of a file with another suffix behind that one stays as it is.
    """
    return {
        f"{path[: -len(suffix)]}{suffix}" if path.lower().endswith(suffix) else path: data
        for path, data in submitted.files.items()
        if split_kind(path)[1] == suffix
    }


def _wrong_counts(submitted: SubmittedFiles, harness: Harness) -> Iterator[str]:
    """A note for each suffix of which exactly one file is asked for and was not handed in."""
    names = (*submitted.files, *submitted.documents)
    for suffix in harness.manifest.handin.suffixes:
        count = sum(suffix in (split_kind(n)[1], PurePosixPath(n).suffix.lower()) for n in names)
        if count != 1:
            found = "none was" if count == 0 else f"{count} were"
            yield LeftAside(f"exactly one {suffix} file is to be handed in, and {found}")
