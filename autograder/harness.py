"""The harness: what a grader gets. Checks, expected outputs, limits, given files; no solution."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath

import msgspec

from autograder.check_order import in_question_order
from autograder.core.check_files import load_folder
from autograder.core.checks import Check
from autograder.core.data import Data, read_data
from autograder.core.expected import read_expected
from autograder.core.grader_data import GraderData
from autograder.core.judge import Expected
from autograder.core.locations import Locations
from autograder.course_packages import require_packages
from autograder.errors import DAMAGED_ARCHIVE, HarnessError
from autograder.limits import Limits

FORMAT = 4


class Kind(StrEnum):
    """How a question is answered and graded."""

    CODE = "code"
    CHOICE = "choice"
    """The student picks among options; a check compares the picks."""
    PROSE = "prose"
    """The student answers in words; a person grades the answer."""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What points are given for.

    Attributes:
        hand_points: what a person can give for an answer in prose.
        rubric: how that person should grade it.
    """

    id: str
    title: str
    notebook: str
    kind: Kind = Kind.CODE
    hand_points: float = 0.0
    rubric: str = ""


class MarkerWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words around a student's answer; a region's id follows `begin` and `end`."""

    begin: str
    end: str
    tail: str = ""

    def opening(self, region: str) -> str:
        """The text of the first marker of a region; the region's id and then `tail` end it."""
        return f"{self.begin} {region}{self.tail}"

    def closing(self, region: str) -> str:
        """The text of the last marker of a region."""
        return f"{self.end} {region}{self.tail}"


#: Around a student's answers, where a variant chooses no others.
YOUR_CODE = MarkerWords("BEGIN YOUR CODE", "END YOUR CODE")
YOUR_ANSWER = MarkerWords("BEGIN YOUR ANSWER", "END YOUR ANSWER")


class HandinRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What students hand in.

    Attributes:
        suffixes: exactly one file with each of these, such as ``(".ipynb", ".pdf")``; if empty,
            students hand in the assignment's folder, as a folder or an archive.
    """

    suffixes: tuple[str, ...] = ()


class Leaderboard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A competition for predictions of an unlabelled set. The labels are in the harness.

    If these are floats, numbers are predicted, else classes.

    Attributes:
        phases: how many there are; they are numbered from 1.
        classes: how many there are; a predicted class is an integer from 0 to below this.
    """

    phases: int = 1
    classes: int = 10


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``harness.json``: what the assignment is, and what the other files of a harness are for.

    Attributes:
        answer_files: the package's modules that a student writes in, relative to the package.
        notebooks: their names, in order.
        modules, cells: see `core.locations.Locations`.
        code_marker, prose_marker: what stands around answers in code and in Markdown.
        data: the data set of training checks, ``grader_data/<name>.npz``; empty if there is
            none.
        training: the limits of training checks.
        submission_seconds: what all checks of a submission may take together, on a machine that is
            slower than usual so many times more; None: see `grading.time_budget`.
        python: the Python packages that checks and students' code need.
        features: the variant's; a check that is asked `when` one is there belongs to it.
        factors: by a question's id, the number that multiplies the points of its checks; 1 for
            a question that is not in it.
        language: of what students read.
        texts: titles and hints of checks in that language, by the English ones.
    """

    format: int = FORMAT
    assignment: str
    title: str
    variant: str
    package: str
    questions: tuple[Question, ...]
    answer_files: tuple[str, ...]
    notebooks: tuple[str, ...]
    modules: dict[str, str] = {}
    cells: dict[str, str] = {}
    code_marker: MarkerWords = YOUR_CODE
    prose_marker: MarkerWords = YOUR_ANSWER
    handin: HandinRules = HandinRules()
    data: str = ""
    limits: Limits = msgspec.field(default_factory=Limits)
    training: Limits = msgspec.field(default_factory=Limits)
    submission_seconds: float | None = None
    python: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    factors: dict[str, float] = {}
    language: str = "en"
    texts: dict[str, str] = {}
    leaderboard: Leaderboard | None = None


@dataclass(frozen=True)
class Harness:
    """An opened harness.

    Attributes:
        folder: where its files are.
        sha256: of the zip, so that a report says which harness it was graded by.
        checks: in the order of the questions.
        expected: by a check's id.
        data: the data set of training checks, None if there are none.
        package_folder: the package as students received it: given files and stubs.
        notebooks: the release's own .ipynb files by name.
    """

    folder: Path
    sha256: str
    manifest: Manifest
    checks: tuple[Check, ...]
    expected: Mapping[str, Expected]
    data: Data | None = None

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
    def locations(self) -> Locations:
        """Where the variant keeps what the checks ask for."""
        return Locations(self.manifest.modules, self.manifest.cells)

    def limits_of(self, check: Check) -> Limits:
        """The limits of the box that a check is run in."""
        return self.manifest.training if check.training else self.manifest.limits

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
    def data_folder(self) -> Path:
        """The data that students got; the folder may be missing."""
        return self.folder / "data"

    @property
    def grader_data(self) -> GraderData:
        """The files that no student has, and that enter no box."""
        return GraderData(self.folder / "grader_data")

    @property
    def leaderboard_labels(self) -> Path:
        """The labels of the leaderboard's examples, a .npy file.

        It holds classes, integers (N,), or numbers, floats (N, ...).
        """
        return self.folder / "leaderboard" / "labels.npy"

    @property
    def has_hidden_checks(self) -> bool:
        """Whether there is a check that students do not have."""
        return any(not check.visible for check in self.checks)

    @property
    def points(self) -> float:
        """The points of all checks."""
        return sum(check.points for check in self.checks)


def open_harness(path: Path, into: Path) -> Harness:
    """Open a harness.zip and extract its files to the folder `into`.

    Raises HarnessError if the file is missing, damaged, or of another format.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise HarnessError(f"{path}: {error.strerror}; make one with `plumb release`") from None
    files: dict[PurePosixPath, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                name = PurePosixPath(member.filename)
                if name.is_absolute() or ".." in name.parts or member.is_dir():
                    raise HarnessError(f"{path}: unexpected member {member.filename!r}")
                files[name] = archive.read(member)
    except DAMAGED_ARCHIVE as error:
        raise HarnessError(f"{path} is damaged ({error}); build it again") from None
    for name, content in files.items():
        target = into.joinpath(*name.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return read_harness(into, hashlib.sha256(data).hexdigest(), str(path))


def read_harness(folder: Path, sha256: str, origin: str) -> Harness:
    """Read an extracted harness; `origin` names it in errors.

    Raises UserError if a Python package is missing that the course needs, HarnessError for a file
    that is missing or damaged.
    """
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
    require_packages(manifest.python, manifest.title)
    checks = select_checks(load_folder(folder / "checks"), manifest)
    try:
        expected = read_expected(folder / "expected")
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise HarnessError(f"{origin}: expected outputs: {error}; build it again") from None
    try:
        data = read_harness_data(folder, manifest.data)
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise HarnessError(f"{origin}: data {manifest.data}: {error}; build it again") from None
    absent = [check.id for check in checks if check.id not in expected]
    if absent:
        raise HarnessError(f"{origin}: no expected output for {', '.join(absent)}; build it again")
    return Harness(folder, sha256, manifest, checks, expected, data)


def read_harness_data(folder: Path, name: str) -> Data | None:
    """The data set of that name in an extracted harness, None for no name."""
    if not name:
        return None
    return read_data(name, (folder / "grader_data" / f"{name}.npz").read_bytes())


def select_checks(checks: Iterable[Check], manifest: Manifest) -> tuple[Check, ...]:
    """The checks of the manifest's questions and features, in order.

    They have the manifest's goals and points, and titles and hints in its language.
    """
    ids = {question.id for question in manifest.questions}
    asked = ("", *manifest.features)
    selected = [
        check.on(manifest.data) for check in checks if check.question in ids and check.when in asked
    ]
    selected = [
        replace(
            check,
            points=check.points * manifest.factors.get(check.question, 1.0),
            title=manifest.texts.get(check.title, check.title),
            hint=manifest.texts.get(check.hint, check.hint),
        )
        for check in selected
    ]
    return tuple(in_question_order(selected, [question.id for question in manifest.questions]))
