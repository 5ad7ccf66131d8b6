"""The harness, what a grader gets: checks, expected outputs, limits, given files; no solution."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import msgspec

from autograder.core.checks import Check, load_folder
from autograder.core.expected import read_expected
from autograder.core.run import Expected
from autograder.errors import HarnessError
from autograder.sandbox.limits import Limits

FORMAT = 1


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What points are given for."""

    id: str
    title: str
    notebook: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``harness.json``: what the other files of a harness are for.

    Attributes:
        answer_files: the package's modules that a student writes in, relative to the package.
        notebooks: their names, in order.
    """

    format: int = FORMAT
    assignment: str
    title: str
    variant: str
    package: str
    questions: tuple[Question, ...]
    answer_files: tuple[str, ...]
    notebooks: tuple[str, ...]
    limits: Limits = msgspec.field(default_factory=Limits)


@dataclass(frozen=True)
class Harness:
    """An opened harness.

    Attributes:
        folder: where its files lie.
        sha256: of the zip, so that a report says what it was graded by.
        checks: in the order of the questions.
        expected: by a check's id.
        package_folder: the package as students received it: given files and stubs.
        notebooks: the release's own .ipynb files by name.
    """

    folder: Path
    sha256: str
    manifest: Manifest
    checks: tuple[Check, ...]
    expected: Mapping[str, Expected]

    @property
    def assignment(self) -> str:
        """The assignment's id."""
        return self.manifest.assignment

    @property
    def title(self) -> str:
        """The assignment's title."""
        return self.manifest.title

    @property
    def variant(self) -> str:
        """The released variant's name."""
        return self.manifest.variant

    @property
    def package(self) -> str:
        """The name of the student's package."""
        return self.manifest.package

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions in order."""
        return self.manifest.questions

    @property
    def answer_files(self) -> tuple[str, ...]:
        """The modules that a student writes in, relative to the package folder."""
        return self.manifest.answer_files

    @property
    def limits(self) -> Limits:
        """The limits of the box."""
        return self.manifest.limits

    @property
    def package_folder(self) -> Path:
        """The package as students received it."""
        return self.folder / "package" / self.manifest.package

    @property
    def notebooks(self) -> Mapping[str, Path]:
        """The release's own notebooks by name."""
        return {
            name: self.folder / "notebooks" / f"{name}.ipynb" for name in self.manifest.notebooks
        }

    @property
    def points(self) -> float:
        """The points of all checks."""
        return sum(check.points for check in self.checks)


def open_harness(path: Path, into: Path) -> Harness:
    """Open a harness.zip, its files extracted to the folder `into`.

    Raises HarnessError if the file is missing, damaged, or of another format.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise HarnessError(f"{path}: {error.strerror}; make one with `plumb release`") from None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                name = PurePosixPath(member.filename)
                if name.is_absolute() or ".." in name.parts or member.is_dir():
                    raise HarnessError(f"{path}: unexpected member {member.filename!r}")
                target = into.joinpath(*name.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(member))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as error:
        raise HarnessError(f"{path} is damaged ({error}); build it again") from None
    return read_harness(into, hashlib.sha256(data).hexdigest(), str(path))


def read_harness(folder: Path, sha256: str, origin: str) -> Harness:
    """Read an extracted harness; `origin` names it in errors."""
    try:
        manifest = msgspec.json.decode((folder / "harness.json").read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise HarnessError(f"{origin} is no harness: it holds no harness.json") from None
    except msgspec.DecodeError as error:
        raise HarnessError(f"{origin}: harness.json: {error}; build it again") from None
    if manifest.format != FORMAT:
        raise HarnessError(
            f"{origin} has format {manifest.format}, this Plumbline reads {FORMAT}: "
            "build the release again with the version that grades"
        )
    checks = in_question_order(load_folder(folder / "checks"), manifest.questions)
    try:
        expected = read_expected(folder / "expected")
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise HarnessError(f"{origin}: expected outputs: {error}; build it again") from None
    absent = [check.id for check in checks if check.id not in expected]
    if absent:
        raise HarnessError(f"{origin}: no expected output for {', '.join(absent)}; build it again")
    return Harness(folder, sha256, manifest, checks, expected)


def in_question_order(checks: list[Check], questions: tuple[Question, ...]) -> tuple[Check, ...]:
    """The checks by their questions' order, then by that of their files."""
    place = {question.id: index for index, question in enumerate(questions)}
    return tuple(sorted(checks, key=lambda check: place.get(check.question, len(place))))
