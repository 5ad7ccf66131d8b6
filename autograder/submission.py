"""What a student handed in, as it is understood: archives and folders in, answers out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from autograder.archive import read_contents, suffix_of
from autograder.errors import SubmissionError
from autograder.harness import Harness, Manifest
from autograder.members import Contents, is_junk
from autograder.modules import choose_modules
from autograder.naming import safe_id
from autograder.notebook import Answers, Cell, read_answers, release_cells
from autograder.owntime import MOST_SECONDS, TooLong, own_time
from autograder.parcel import NO_MARKS, Marks, Parcel, parcel_fingerprint, read_parcel

#: More notes than these say no more.
MAX_NOTES = 20
#: Notebooks of other names that are read to find out which they are.
_MAX_UNNAMED = 10
#: Files that lie beside submissions, not among them.
_CLERICAL = {".csv", ".html", ".json", ".log", ".md", ".toml", ".tsv", ".txt", ".xlsx", ".yml"}


@dataclass(frozen=True)
class Handin:
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
    marks: Marks = NO_MARKS
    unread: Mapping[str, int] = field(default_factory=dict)

    @property
    def taken(self) -> list[str]:
        """The files that count, in order of their names."""
        return [*sorted(self.modules), *(f"{name}.ipynb" for name in sorted(self.notebooks))]


def read_submission(path: Path, harness: Harness, parcel: Parcel | None = None) -> Handin:
    """Read a folder, an archive, a notebook or a module, or a student's files in a bulk download.

    Raises SubmissionError if it cannot be read, or holds nothing of what is asked for.
    """
    name = parcel.name if parcel else path.name
    try:
        with own_time(MOST_SECONDS):
            return _read(path, harness, parcel)
    except TooLong:
        told = f"reading it took more than {MOST_SECONDS:g} s; hand in only what is asked for"
        raise SubmissionError(f"{name}: {told}") from None
    except SubmissionError as error:
        raise SubmissionError(f"{name}: {error}") from error


def _read(path: Path, harness: Harness, parcel: Parcel | None) -> Handin:
    contents = read_parcel(path, parcel) if parcel else read_contents(path)
    if not contents.files and len(contents.archives) == 1:
        inner = contents.archives[0]
        contents = read_contents(path / inner)
        contents.notes.insert(0, f"the archive {inner} in the folder was taken")
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
    name = parcel.name if parcel else path.name
    sha256 = fingerprint(path, parcel)
    handin = Handin(student_id(path), name, sha256, modules, notebooks, prose=prose)
    if not handin.taken:
        wanted = ", ".join([*harness.answer_files, *(f"{n}.ipynb" for n in harness.notebooks)])
        found = "".join(f"; {note}" for note in notes[:3])
        raise SubmissionError(f"it holds none of {wanted}{found}")
    return replace(handin, notes=tuple(_shortened(notes)), unread=contents.unread)


def fingerprint(path: Path, parcel: Parcel | None = None) -> str:
    """The SHA-256 that tells one version of a submission from another."""
    if parcel:
        return parcel_fingerprint(path, parcel)
    digest = hashlib.sha256()
    if not path.is_dir():
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    contents = read_contents(path)
    for name, data in sorted(contents.files.items()):
        digest.update(f"{len(name.encode())} {name} {len(data)}\n".encode())
        digest.update(data)
    for name in contents.others:
        digest.update(f"{name} {(path / name).stat().st_size}\n".encode())
    for name in contents.archives:
        digest.update(f"{name} {fingerprint(path / name)}\n".encode())
    return digest.hexdigest()


def student_id(path: Path) -> str:
    """The student's id from the name of what they handed in, safe as a file name."""
    suffix = "" if path.is_dir() else suffix_of(path.name) or path.suffix
    return safe_id(path.name[: len(path.name) - len(suffix)])


def collect(
    paths: Iterable[Path], package: str, answer_files: Iterable[str], notebooks: Iterable[str]
) -> list[Path]:
    """The submissions that these paths name: each itself, or those in a folder of them.

    Args:
        package, answer_files, notebooks: what a submission holds, as the harness names them.

    Raises SubmissionError for a path that does not exist.
    """
    modules, books = set(answer_files), {f"{name}.ipynb" for name in notebooks}
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise SubmissionError(f"{path} does not exist")
        named = path if path.name not in ("", "..") else path.resolve()
        among = _class_folder(named, package, modules, books) if named.is_dir() else []
        found.update(dict.fromkeys(among or [named]))
    return list(found)


def _class_folder(folder: Path, package: str, modules: set[str], notebooks: set[str]) -> list[Path]:
    """The submissions in a folder; none if it is a submission itself."""

    def holds(where: Path, names: set[str]) -> bool:
        return any((where / name).is_file() for name in names)

    entries = sorted(e for e in folder.iterdir() if not is_junk(e.name))
    folders = [e for e in entries if e.is_dir() and not e.is_symlink()]
    if holds(folder, modules | notebooks) or any(e.name == package for e in folders):
        return []
    files = [e for e in entries if e not in folders and e.suffix.lower() not in _CLERICAL]
    # One folder with the modules right in it, and nothing beside: a package by another name.
    if not files and len(folders) == 1 and holds(folders[0], modules):
        return []
    known = [e for e in files if suffix_of(e.name)]
    return sorted([*folders, *files]) if folders or known else []


def _missing_forms(contents: Contents, harness: Harness) -> Iterator[str]:
    """What was to be handed in, by its suffix, and was not, or more than once."""
    for suffix in harness.manifest.handin.suffixes:
        count = sum(name.lower().endswith(suffix) for name in (*contents.files, *contents.others))
        if count != 1:
            found = "none was" if count == 0 else f"{count} were"
            yield f"exactly one {suffix} file is to be handed in, and {found}"


def _notebooks(
    contents: Contents, harness: Harness, notes: list[str], prose: dict[str, str]
) -> dict[str, Answers]:
    """The answers of each of the release's notebooks that was handed in; those in words too."""
    submitted = [name for name in contents.files if name.lower().endswith(".ipynb")]
    submitted.sort(key=lambda name: (name.count("/"), name))
    chosen: dict[str, Answers] = {}
    for name, path in harness.notebooks.items():
        release = release_cells(path, harness.manifest)
        # A file that bears the name of another notebook is that other one.
        others = harness.notebooks.keys() - {name}
        free = [file for file in submitted if PurePosixPath(file).stem not in others]
        candidates = _candidates(name, free, contents, release, harness.manifest)
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
    if len(unnamed) > _MAX_UNNAMED and len(chosen) < len(harness.notebooks):
        more = len(unnamed) - _MAX_UNNAMED
        notes.append(f"{more} notebooks of other names were not looked into: name yours as given")
    for file in submitted[:_MAX_UNNAMED]:
        try:
            read_answers(contents.files[file], [], harness.manifest)
        except SubmissionError as error:  # it may have been meant as any of them
            notes.append(f"ignored {file}: {error}")
    return chosen


def _candidates(
    name: str, submitted: list[str], contents: Contents, release: list[Cell], manifest: Manifest
) -> list[str]:
    """The files that may be this notebook: of its name, else with it in theirs, else by content."""
    stems = {file: PurePosixPath(file).stem for file in submitted}
    for fits in (str.__eq__, lambda stem, name: name.casefold() in stem.casefold()):
        found = [file for file in submitted if fits(stems[file], name)]
        if found:
            return found
    few = submitted[:_MAX_UNNAMED]
    return [file for file in few if _answered(contents.files[file], release, manifest)]


def _answered(data: bytes, release: list[Cell], manifest: Manifest) -> bool:
    try:
        return bool(read_answers(data, release, manifest).code)
    except SubmissionError:
        return False


def _shortened(notes: list[str]) -> list[str]:
    more = len(notes) - MAX_NOTES
    return notes[:MAX_NOTES] + ([f"and {more} more like these"] if more > 0 else [])
