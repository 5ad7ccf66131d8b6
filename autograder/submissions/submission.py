"""Reads what a student handed in and understands it as answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from autograder.cpu_guard import MAX_CPU_SECONDS, limited_cpu_time
from autograder.errors import CpuTimeExceeded, SubmissionError
from autograder.harness import Harness, Manifest
from autograder.submissions.archive import read_submitted
from autograder.submissions.attempt import Attempt
from autograder.submissions.bulk_download import read_attempt
from autograder.submissions.candidates import MAX_UNNAMED, by_depth, notebook_candidates
from autograder.submissions.fingerprint import fingerprint
from autograder.submissions.job import NO_INFO, SubmissionInfo, student_id
from autograder.submissions.modules import choose_modules
from autograder.submissions.notebook import Answers, ReleaseCell, read_answers, release_cells
from autograder.submissions.submitted_files import SubmittedFiles

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
        notes: sentences on what was ignored or corrected, and why.
        written_answers: the answers in words, by region; empty where nothing was written.
        info: what a course site and the roster say of it.
        unread: how many files of other kinds were handed in, by suffix.
    """

    student: str
    name: str
    sha256: str
    modules: Mapping[str, bytes]
    notebooks: Mapping[str, Answers]
    notes: tuple[str, ...] = ()
    written_answers: Mapping[str, str] = field(default_factory=dict)
    info: SubmissionInfo = NO_INFO
    unread: Mapping[str, int] = field(default_factory=dict)

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
    modules = choose_modules(_python_sources(submitted), harness, notes)
    notebooks, written_answers = _choose_notebooks(submitted, harness, notes)
    notes += _wrong_counts(submitted, harness)
    submission = Submission(
        student=student_id(path),
        name=attempt.name if attempt else path.name,
        sha256=fingerprint(path, attempt),
        modules=modules,
        notebooks=notebooks,
        written_answers=written_answers,
        unread=submitted.unread,
    )
    if not submission.selected_files:
        expected = ", ".join([*harness.answer_files, *(f"{n}.ipynb" for n in harness.notebooks)])
        first_notes = "".join(f"; {note}" for note in notes[:3])
        raise SubmissionError(f"it holds none of {expected}{first_notes}")
    return replace(submission, notes=tuple(_shortened(notes)))


def _python_sources(submitted: SubmittedFiles) -> dict[str, bytes]:
    """The modules that were handed in, by their paths with a suffix in lower case."""
    return {
        str(PurePosixPath(name).with_suffix(".py")): data
        for name, data in submitted.files.items()
        if name.lower().endswith(".py")
    }


def _wrong_counts(submitted: SubmittedFiles, harness: Harness) -> Iterator[str]:
    """A note for each suffix of which exactly one file is asked for and was not handed in."""
    names = (*submitted.files, *submitted.documents)
    for suffix in harness.manifest.handin.suffixes:
        count = sum(name.lower().endswith(suffix) for name in names)
        if count != 1:
            found = "none was" if count == 0 else f"{count} were"
            yield f"exactly one {suffix} file is to be handed in, and {found}"


def _choose_notebooks(
    submitted: SubmittedFiles, harness: Harness, notes: list[str]
) -> tuple[dict[str, Answers], dict[str, str]]:
    """The answers in the notebooks that count.

    Returns the answers in code, by the release's name of a notebook and by cell id, and the answers
    in words by region.
    """
    remaining = [name for name in submitted.files if name.lower().endswith(".ipynb")]
    remaining.sort(key=by_depth)
    code: dict[str, Answers] = {}
    written_answers: dict[str, str] = {}
    for name, path in harness.notebooks.items():
        release = release_cells(path, harness.manifest)
        file = _choose_notebook(name, release, remaining, submitted, harness, notes)
        if file is None:
            continue
        remaining.remove(file)
        try:
            found = read_answers(submitted.files[file], release, harness.manifest)
        except SubmissionError as error:
            notes.append(f"ignored {file}: {error}")
        else:
            code[name] = found.code
            written_answers |= found.written_answers
            notes += (f"{file}: {note}" for note in found.notes)
    all_found = len(code) == len(harness.notebooks)
    _note_remaining(remaining, submitted, harness, notes, all_found=all_found)
    return code, written_answers


def _choose_notebook(
    name: str,
    release: Sequence[ReleaseCell],
    remaining: Sequence[str],
    submitted: SubmittedFiles,
    harness: Harness,
    notes: list[str],
) -> str | None:
    """The file that counts for a notebook of the release; None if no file does.

    Args:
        remaining: the notebooks that count for no other one so far.
        notes: gets a sentence if the file has another name, or if there are other candidates.
    """

    def has_answers(file: str) -> bool:
        return _has_answers(submitted.files[file], release, harness.manifest)

    candidates = notebook_candidates(name, harness.notebooks, remaining, has_answers)
    if not candidates:
        return None
    file, *others = candidates
    if PurePosixPath(file).stem != name:
        notes.append(f"{file} was read as {name}.ipynb")
    if others:
        notes.append(f"ignored {', '.join(others)}: {file} counts")
    return file


def _has_answers(data: bytes, release: Sequence[ReleaseCell], manifest: Manifest) -> bool:
    try:
        return bool(read_answers(data, release, manifest).code)
    except SubmissionError:
        return False


def _note_remaining(
    remaining: Sequence[str],
    submitted: SubmittedFiles,
    harness: Harness,
    notes: list[str],
    *,
    all_found: bool,
) -> None:
    """Note which of the remaining notebooks may have been meant to count, and why they do not.

    Args:
        all_found: whether every notebook of the release was found.
    """
    unnamed = [file for file in remaining if PurePosixPath(file).stem not in harness.notebooks]
    not_read = len(unnamed) - MAX_UNNAMED
    if not_read > 0 and not all_found:
        notes.append(
            f"{not_read} notebooks with other names were not read; give yours the name that it had"
        )
    for file in remaining[:MAX_UNNAMED]:
        try:
            read_answers(submitted.files[file], [], harness.manifest)
        except SubmissionError as error:  # it may have been meant as any of the notebooks
            notes.append(f"ignored {file}: {error}")


def _shortened(notes: list[str]) -> list[str]:
    more = len(notes) - MAX_NOTES
    return notes[:MAX_NOTES] + ([f"and {more} more like these"] if more > 0 else [])
