"""Submissions to the leaderboard: reading their predictions and scoring them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from autograder.core.predictions import PredictionForm, read_predictions
from autograder.errors import SubmissionError
from autograder.harness import Leaderboard
from autograder.leaderboard.board import (
    Board,
    Labels,
    add_entry,
    are_numbers,
    score,
    set_faults,
    set_nickname,
)
from autograder.leaderboard.nicknames import read_nickname
from autograder.leaderboard.phase_archives import phase_of
from autograder.submissions.archive import read_files
from autograder.submissions.archive_suffixes import is_archive
from autograder.submissions.attempt import Attempt
from autograder.submissions.bulk_download import read_attempt_archive, read_attempt_files
from autograder.submissions.candidates import nearest_to_top
from autograder.submissions.inner_archives import archives_to_open
from autograder.submissions.job import Job
from autograder.submissions.submitted_files import SubmittedFiles

#: Reads files, if it gets the number of bytes that the file of a path may have.
_Read = Callable[[Callable[[str], int]], SubmittedFiles]

#: The most bytes of a nickname.txt; no name needs as many.
_NICKNAME_FILE_BYTES = 4096

_FLAGS = re.IGNORECASE | re.ASCII
_PREDICTION = re.compile(r"(?:.+/)?output/phase_([1-9][0-9]{0,3})/prediction\.npy", _FLAGS)
_NICKNAME = re.compile(r"(?:.+/)?output/nickname\.txt", _FLAGS)
#: In a prediction_phase_K.zip, packed with or without the folder around it.
_BARE_PREDICTION = re.compile(r"(?:[^/]+/)?prediction\.npy", _FLAGS)
_BARE_NICKNAME = re.compile(r"(?:[^/]+/)?nickname\.txt", _FLAGS)


@dataclass
class SubmittedPredictions:
    """What a submission holds for the leaderboard.

    Attributes:
        predictions: the bytes of an .npy file by phase.
        faults: by phase, why its predictions do not count. The fault of phase 0 concerns the
            submission as a whole.
        nickname: None if there is no nickname.txt, empty if it holds no name.
        remarks: what is worth knowing and is no fault.
    """

    predictions: dict[int, bytes] = field(default_factory=dict)
    faults: dict[int, str] = field(default_factory=dict)
    nickname: str | None = None
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _FoundFile:
    """A file with predictions or a nickname: its bytes, or the reason why it was left out."""

    path: str
    data: bytes = b""
    reason: str = ""
    too_large: bool = False


@dataclass(frozen=True)
class ScoredSubmission:
    """A submission whose predictions were scored.

    Attributes:
        valid: the phases with valid predictions.
        faults: by phase, see `SubmittedPredictions`.
        remarks: see `SubmittedPredictions`; also notes on the student's id.
        board: the leaderboard with this submission.
    """

    job: Job
    valid: tuple[int, ...]
    faults: dict[int, str]
    remarks: tuple[str, ...]
    board: Board


def score_submission(
    job: Job, rules: Leaderboard, labels: Labels, board: Board, now: str
) -> ScoredSubmission:
    """Add a submission to the board. It never raises, so that the next one is scored too.

    Args:
        now: UTC, ISO 8601.
    """
    form = PredictionForm(labels.shape, 0 if are_numbers(labels) else rules.classes)
    try:
        submitted = find_predictions(job.path, rules.phases, form, job.attempt)
    except Exception as error:  # our failure, or the disk's, and the fault says so
        fault = f"Plumbline failed to read it ({type(error).__name__}: {error})"
        submitted = SubmittedPredictions(faults={0: fault})
    faults = dict(submitted.faults)
    scores: dict[int, int | float] = {}
    for phase, data in submitted.predictions.items():
        try:
            scores[phase] = score(read_predictions(data, form), labels)
        except SubmissionError as error:
            faults[phase] = str(error)
    board = set_faults(board, job.student, faults)
    if submitted.nickname is not None:
        board = set_nickname(board, job.student, submitted.nickname)
    for phase, reached in scores.items():
        sha256 = hashlib.sha256(submitted.predictions[phase]).hexdigest()
        board = add_entry(board, job.student, phase, reached, sha256, now)
    return ScoredSubmission(job, tuple(scores), faults, (*job.notes, *submitted.remarks), board)


def find_predictions(
    path: Path, phases: int, form: PredictionForm, attempt: Attempt | None = None
) -> SubmittedPredictions:
    """What a submission holds for `phases` phases of predictions of this form.

    Args:
        path: of a folder or an archive, or of the download that the submission is in.
        attempt: the student's files in the download.
    """
    submitted = SubmittedPredictions()
    found: dict[int, list[_FoundFile]] = {}
    archive_phase = phase_of(path.name) if not path.is_dir() and not attempt else 0
    try:
        if not path.is_dir() and not is_archive(path.name):
            raise SubmissionError("it is no archive; hand in a zip of the assignment's folder")
        read: _Read = partial(read_files, path)
        if attempt:
            read = partial(read_attempt_files, path, attempt)
        inner = _look(read, archive_phase, form, found)
    except SubmissionError as error:
        submitted.faults[archive_phase] = str(error)
        return submitted
    for name in inner:
        phase = phase_of(name)
        read = partial(read_files, path / name)
        if attempt:
            read = partial(read_attempt_archive, path, attempt, name)
        try:
            _look(read, phase, form, found)
        except SubmissionError as error:
            if phase or len(inner) == 1:
                submitted.faults[phase] = f"{name}: {error}"
            else:  # the predictions may be in another one
                submitted.remarks.append(f"{name}: {error}")
    nicknames = found.pop(0, [])
    if nicknames:
        nearest = _nearest(nicknames)[0]
        submitted.nickname = read_nickname(nearest.data)
        if submitted.nickname is None:
            submitted.remarks.append(f"{nearest.path} is no UTF-8 text; no name was taken from it")
    for phase, files in sorted(found.items()):
        try:
            submitted.predictions[phase] = _choose(files, phase, phases, form)
        except SubmissionError as error:
            submitted.faults[phase] = str(error)
    if not submitted.predictions and not submitted.faults:
        submitted.faults[archive_phase] = (
            "it holds no predictions; they belong in output/phase_1/prediction.npy, "
            "in the assignment's folder"
        )
    return submitted


def _look(
    read: _Read,
    phase: int,
    form: PredictionForm,
    found: dict[int, list[_FoundFile]],
) -> list[str]:
    """Add the predictions to `found` by phase, and nicknames by 0; returns archives in it to open.

    Args:
        phase: K if they are in a prediction_phase_K.zip, else 0.
    """

    def key(name: str) -> int | None:
        if _NICKNAME.fullmatch(name) or (phase and _BARE_NICKNAME.fullmatch(name)):
            return 0
        if match := _PREDICTION.fullmatch(name):
            return int(match[1])
        return phase if phase and _BARE_PREDICTION.fullmatch(name) else None

    limits = {None: 0, 0: _NICKNAME_FILE_BYTES}
    contents = read(lambda name: limits.get(key(name), form.max_bytes))
    for name, data in contents.files.items():
        found.setdefault(key(name) or 0, []).append(_FoundFile(name, data))
    for name, reason in contents.ignored.items():
        if number := key(name):
            large = name in contents.too_large
            found.setdefault(number, []).append(_FoundFile(name, b"", reason, large))
    at_top = [name for name in contents.archives if "/" not in name]
    of_phases = [name for name in at_top if phase_of(name)]
    beside = [file.path for files in found.values() for file in files]
    inner = archives_to_open(at_top, beside=beside)
    return of_phases or [archive.name for archive in inner]


def _nearest(files: list[_FoundFile]) -> list[_FoundFile]:
    return nearest_to_top(files, lambda file: file.path)


def _choose(files: list[_FoundFile], phase: int, phases: int, form: PredictionForm) -> bytes:
    """The bytes of the file that counts: the one nearest to the top folder.

    Raises SubmissionError if several are equally near and differ, or if it was left out.
    """
    if phase > phases:
        known = "only phase 1" if phases == 1 else f"phases 1 to {phases}"
        raise SubmissionError(f"this leaderboard has {known}")
    nearest = _nearest(files)
    if len({(f.data, f.reason) for f in nearest}) > 1:
        names = " and ".join(f.path for f in nearest[:2])
        raise SubmissionError(f"{names} differ, and only one can count; hand in one of them")
    if nearest[0].too_large:
        raise SubmissionError(f"{nearest[0].reason}, {form.too_large}")
    if nearest[0].reason:
        raise SubmissionError(f"{nearest[0].path} was left out: {nearest[0].reason}")
    return nearest[0].data
