"""Submissions onto the leaderboard: what each holds for it, whose it is, what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.core.predictions import read_predictions, size_limit, too_large
from autograder.errors import SubmissionError
from autograder.harness import Harness, Leaderboard
from autograder.leaderboard.board import Board, Labels, enter, refuse, rename, score
from autograder.leaderboard.nicknames import read_nickname
from autograder.submissions.archive import read_files
from autograder.submissions.archive_suffixes import is_archive
from autograder.submissions.candidates import nearest_to_top
from autograder.submissions.class_folder import collect
from autograder.submissions.file_names import is_junk
from autograder.submissions.inner_archives import archives_to_open
from autograder.submissions.job import Job, name_students, student_id

#: Bytes of a nickname.txt; more than one name never takes so many.
_NICKNAME_FILE = 4096

_FLAGS = re.IGNORECASE | re.ASCII
_PREDICTION = re.compile(r"(?:.+/)?output/phase_([1-9][0-9]{0,3})/prediction\.npy", _FLAGS)
_NICKNAME = re.compile(r"(?:.+/)?output/nickname\.txt", _FLAGS)
#: In a prediction_phase_K.zip, packed with or without the folder around it.
_BARE_PREDICTION = re.compile(r"(?:[^/]+/)?prediction\.npy", _FLAGS)
_BARE_NICKNAME = re.compile(r"(?:[^/]+/)?nickname\.txt", _FLAGS)
#: Course sites put the student before the name, and a count of attempts behind it.
_PHASE_ZIP = re.compile(
    r"(?P<who>.*?)[-_. ]*prediction_phase_(?P<phase>[1-9][0-9]{0,3})(?:[-_ ]?\(?[0-9]+\)?)?\.zip",
    _FLAGS | re.DOTALL,
)


@dataclass
class Handed:
    """What a submission holds for the leaderboard.

    Attributes:
        predictions: the bytes of an .npy file by phase.
        faults: by phase, why nothing of it counts; by 0 what is wrong with it as a whole.
        nickname: None if it names none, empty if it asks for none.
        remarks: what cost nothing, and is worth knowing.
    """

    predictions: dict[int, bytes] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    nickname: str | None = None
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Found:
    """A file that is looked for: its bytes, or the reason why it was left out."""

    place: str
    data: bytes = b""
    reason: str = ""


@dataclass(frozen=True)
class Judged:
    """A submission that was entered.

    Attributes:
        valid: the phases that it holds a valid prediction for.
        faults: by phase, see `Handed`.
        remarks: likewise, and what there is to say of the student's id.
        board: the leaderboard after it.
    """

    job: Job
    valid: tuple[int, ...]
    faults: dict[int, str]
    remarks: tuple[str, ...]
    board: Board


def judge(job: Job, form: Leaderboard, labels: Labels, board: Board, now: str) -> Judged:
    """Enter a submission, of which nothing may keep the next one from being entered.

    Args:
        now: UTC, ISO 8601.
    """
    try:
        handed = read_handed(job.path, form.phases, len(labels))
    except Exception as error:  # ours, or the disk's; said as such
        told = f"Plumbline failed to read it ({type(error).__name__}: {error})"
        handed = Handed(faults={0: told})
    faults = dict(handed.faults)
    right: dict[int, int] = {}
    for phase, data in handed.predictions.items():
        try:
            right[phase] = score(read_predictions(data, len(labels), form.classes), labels)
        except SubmissionError as error:
            faults[phase] = str(error)
    board = refuse(board, job.student, faults)
    if handed.nickname is not None:
        board = rename(board, job.student, handed.nickname)
    for phase, count in right.items():
        sha256 = hashlib.sha256(handed.predictions[phase]).hexdigest()
        board = enter(board, job.student, phase, count, sha256, now)
    return Judged(job, tuple(right), faults, (*job.notes, *handed.remarks), board)


def read_handed(path: Path, phases: int, count: int) -> Handed:
    """What a folder or an archive holds for `phases` phases of `count` predictions each."""
    handed = Handed()
    found: dict[int, list[_Found]] = {}
    whole = _phase_of(path.name) if not path.is_dir() else 0
    try:
        if not path.is_dir() and not is_archive(path.name):
            raise SubmissionError("it is no archive; hand in a zip of the assignment's folder")
        inner = _look(path, whole, count, found)
    except SubmissionError as error:
        handed.faults[whole] = str(error)
        return handed
    for name in inner:
        phase = _phase_of(name)
        try:
            _look(path / name, phase, count, found)
        except SubmissionError as error:
            handed.faults[phase] = f"{name}: {error}"
    nicknames = found.pop(0, [])
    if nicknames:
        nearest = _nearest(nicknames)[0]
        handed.nickname = read_nickname(nearest.data)
        if handed.nickname is None:
            handed.remarks.append(f"{nearest.place} is no UTF-8 text; no name was taken from it")
    for phase, files in sorted(found.items()):
        try:
            handed.predictions[phase] = _choose(files, phase, phases, count)
        except SubmissionError as error:
            handed.faults[phase] = str(error)
    if not handed.predictions and not handed.faults:
        handed.faults[whole] = (
            "it holds no predictions; they belong in output/phase_1/prediction.npy, "
            "in the assignment's folder"
        )
    return handed


def _look(path: Path, phase: int, count: int, found: dict[int, list[_Found]]) -> list[str]:
    """Read predictions and nicknames into `found`.

    Args:
        phase: that of a prediction_phase_K.zip; 0 for any other path.
        count: how many predictions are expected.
        found: predictions by phase, and nicknames by 0.

    Returns the names of the archives in the folder that are to be opened, too.
    """

    def key(name: str) -> int | None:
        if _NICKNAME.fullmatch(name) or (phase and _BARE_NICKNAME.fullmatch(name)):
            return 0
        if match := _PREDICTION.fullmatch(name):
            return int(match[1])
        return phase if phase and _BARE_PREDICTION.fullmatch(name) else None

    limits = {None: 0, 0: _NICKNAME_FILE}
    submitted = read_files(path, lambda name: limits.get(key(name), size_limit(count)))
    for name, data in submitted.files.items():
        found.setdefault(key(name) or 0, []).append(_Found(name, data))
    for name, reason in submitted.ignored.items():
        if number := key(name):
            found.setdefault(number, []).append(_Found(name, reason=reason))
    of_phases = [name for name in submitted.archives if _phase_of(name)]
    inner = archives_to_open(submitted.archives, answers_beside=bool(found))
    return of_phases or [archive.name for archive in inner]


def _nearest(files: list[_Found]) -> list[_Found]:
    return nearest_to_top(files, lambda file: file.place)


def _choose(files: list[_Found], phase: int, phases: int, count: int) -> bytes:
    """The bytes of the file that counts: the one that is nearest to the top.

    Raises SubmissionError if several are and differ, or if that file was ignored.
    """
    if phase > phases:
        known = "only phase 1" if phases == 1 else f"phases 1 to {phases}"
        raise SubmissionError(f"this leaderboard has {known}")
    nearest = _nearest(files)
    if len({(f.data, f.reason) for f in nearest}) > 1:
        names = " and ".join(f.place for f in nearest[:2])
        raise SubmissionError(f"{names} differ, and only one can count; hand in one of them")
    if nearest[0].reason.startswith("it is larger"):
        raise SubmissionError(f"{nearest[0].reason}, {too_large(count)}")
    if nearest[0].reason:
        raise SubmissionError(f"{nearest[0].place} was left out: {nearest[0].reason}")
    return nearest[0].data


def _phase_of(name: str) -> int:
    """The phase that an archive is named by, 0 if it is not."""
    match = _PHASE_ZIP.fullmatch(name)
    return int(match["phase"]) if match else 0


def collect_entries(paths: Iterable[Path], harness: Harness) -> list[Path]:
    """The submissions that these paths name, see `class_folder.collect`.

    A folder with ``output/phase_K``, or with archives named prediction_phase_K.zip alone, is one.
    """
    found: dict[Path, None] = {}
    for path in paths:
        named = path if path.name not in ("", "..") else path.resolve()
        if named.is_dir() and _is_one(named):
            found[named] = None
            continue
        asked = (harness.package, harness.answer_files, harness.notebooks)
        found.update(dict.fromkeys(collect([path], *asked)))
    return list(found)


def _is_one(folder: Path) -> bool:
    if any((folder / "output").glob("phase_*")):
        return True
    entries = [entry for entry in folder.iterdir() if not is_junk(entry.name)]
    packed = [_PHASE_ZIP.fullmatch(entry.name) for entry in entries]
    return bool(packed) and all(match is not None and not match["who"] for match in packed)


def entrants(paths: Iterable[Path]) -> Iterator[Job]:
    """The submissions by student; ``anna_prediction_phase_2.zip`` is anna's, like ``anna.zip``."""
    whole, packed = [], []
    for path in paths:
        match = None if path.is_dir() else _PHASE_ZIP.fullmatch(path.name)
        if match and match["who"]:
            packed.append((student_id(path.with_name(f"{match['who']}.zip")), path))
        else:
            whole.append(path)
    jobs = name_students(whole)
    known = {job.student.casefold(): job.student for job in jobs}
    jobs += [Job(path, known.setdefault(who.casefold(), who)) for who, path in packed]
    yield from sorted(jobs, key=lambda job: (job.student, str(job.path)))
