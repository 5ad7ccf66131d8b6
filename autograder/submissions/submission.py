"""What a student handed in, as it is understood: archives and folders in, answers out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath

from autograder.cpu_guard import MAX_CPU_SECONDS, limited_cpu_time
from autograder.errors import CpuTimeExceeded, SubmissionError
from autograder.harness import Harness, Manifest
from autograder.submissions.archive import read_submitted
from autograder.submissions.bulk_download import read_attempt
from autograder.submissions.candidates import MAX_UNNAMED, by_depth, notebook_candidates
from autograder.submissions.course_site import Attempt
from autograder.submissions.fingerprint import fingerprint
from autograder.submissions.job import NO_INFO, SubmissionInfo, student_id
from autograder.submissions.modules import choose_modules
from autograder.submissions.notebook import Answers, ReleaseCell, read_answers, release_cells
from autograder.submissions.submitted_files import SubmittedFiles

#: More notes than these say no more.
MAX_NOTES = 20


@dataclass(frozen=True)
class Submission:
    """A submission that could be read.

    Attributes:
        student: their id, safe as a file name.
        name: of the file or folder handed in, without its path.
        sha256: of the archive or file; of a folder's modules and notebooks with their names.
        modules: bytes by path relative to the package: answer files, and helpers of their own.
        notebooks: by the release's name, the answers in it by cell id.
        prose: the answers in words, by region; empty where nothing was written.
        marks: what a course site and the roster say of it.
        unread: how many files of other kinds lay there, by suffix.
        notes: what was ignored or put right, and why.
    """

    student: str
    name: str
    sha256: str
    modules: Mapping[str, bytes]
    notebooks: Mapping[str, Answers]
    notes: tuple[str, ...] = ()
    prose: Mapping[str, str] = field(default_factory=dict)
    info: SubmissionInfo = NO_INFO
    unread: Mapping[str, int] = field(default_factory=dict)

    @property
    def taken(self) -> list[str]:
        """The files that count, in order of their names."""
        return [*sorted(self.modules), *(f"{name}.ipynb" for name in sorted(self.notebooks))]


def read_submission(path: Path, harness: Harness, attempt: Attempt | None = None) -> Submission:
    """Read a folder, an archive, a notebook or a module, or a student's files in a bulk download.

    Raises SubmissionError if it cannot be read, or holds nothing of what is asked for.
    """
    name = attempt.name if attempt else path.name
    try:
        with limited_cpu_time(MAX_CPU_SECONDS):
            return _read(path, harness, attempt)
    except CpuTimeExceeded:
        told = f"reading it took more than {MAX_CPU_SECONDS:g} s; hand in only what is asked for"
        raise SubmissionError(f"{name}: {told}") from None
    except SubmissionError as error:
        raise SubmissionError(f"{name}: {error}") from error


def _read(path: Path, harness: Harness, attempt: Attempt | None) -> Submission:
    contents = read_attempt(path, attempt) if attempt else read_submitted(path)
    notes = list(contents.notes)
    sources = {
        str(PurePosixPath(name).with_suffix(".py")): data
        for name, data in contents.files.items()
        if name.lower().endswith(".py")
    }
    modules = choose_modules(sources, harness, notes)
    prose: dict[str, str] = {}
    notebooks = _notebooks(contents, harness, notes, prose)
    notes += _missing_forms(contents, harness)
    name = attempt.name if attempt else path.name
    sha256 = fingerprint(path, attempt)
    submission = Submission(student_id(path), name, sha256, modules, notebooks, prose=prose)
    if not submission.taken:
        wanted = ", ".join([*harness.answer_files, *(f"{n}.ipynb" for n in harness.notebooks)])
        found = "".join(f"; {note}" for note in notes[:3])
        raise SubmissionError(f"it holds none of {wanted}{found}")
    return replace(submission, notes=tuple(_shortened(notes)), unread=contents.unread)


def _missing_forms(contents: SubmittedFiles, harness: Harness) -> Iterator[str]:
    """What was to be handed in, by its suffix, and was not, or more than once."""
    for suffix in harness.manifest.handin.suffixes:
        count = sum(name.lower().endswith(suffix) for name in (*contents.files, *contents.others))
        if count != 1:
            found = "none was" if count == 0 else f"{count} were"
            yield f"exactly one {suffix} file is to be handed in, and {found}"


def _notebooks(
    contents: SubmittedFiles, harness: Harness, notes: list[str], prose: dict[str, str]
) -> dict[str, Answers]:
    """The answers of each of the release's notebooks that was handed in; those in words too."""
    submitted = [name for name in contents.files if name.lower().endswith(".ipynb")]
    submitted.sort(key=by_depth)
    chosen: dict[str, Answers] = {}
    for name, path in harness.notebooks.items():
        release = release_cells(path, harness.manifest)
        # A file that bears the name of another notebook is that other one.
        others = harness.notebooks.keys() - {name}
        free = [file for file in submitted if PurePosixPath(file).stem not in others]
        candidates = notebook_candidates(
            name, free, partial(_has_answers, contents, release, harness.manifest)
        )
        if not candidates:
            continue
        file = candidates[0]
        submitted.remove(file)
        if PurePosixPath(file).stem != name:
            notes.append(f"{file} was taken for {name}.ipynb")
        if len(candidates) > 1:
            notes.append(f"ignored {', '.join(candidates[1:])}: {file} was taken")
        try:
            answered = read_answers(contents.files[file], release, harness.manifest)
        except SubmissionError as error:
            notes.append(f"ignored {file}: {error}")
        else:
            chosen[name] = answered.code
            prose |= answered.prose
            notes += (f"{file}: {remark}" for remark in answered.notes)
    unnamed = [file for file in submitted if PurePosixPath(file).stem not in harness.notebooks]
    if len(unnamed) > MAX_UNNAMED and len(chosen) < len(harness.notebooks):
        more = len(unnamed) - MAX_UNNAMED
        notes.append(f"{more} notebooks of other names were not looked into: name yours as given")
    for file in submitted[:MAX_UNNAMED]:
        try:
            read_answers(contents.files[file], [], harness.manifest)
        except SubmissionError as error:  # it may have been meant as any of them
            notes.append(f"ignored {file}: {error}")
    return chosen


def _has_answers(
    contents: SubmittedFiles, release: list[ReleaseCell], manifest: Manifest, file: str
) -> bool:
    try:
        return bool(read_answers(contents.files[file], release, manifest).code)
    except SubmissionError:
        return False


def _shortened(notes: list[str]) -> list[str]:
    more = len(notes) - MAX_NOTES
    return notes[:MAX_NOTES] + ([f"and {more} more like these"] if more > 0 else [])
