"""Finds what is handed in for the leaderboard, and whose it is, as `plumb grade` finds submissions.

One thing differs: a student may hand in an archive for each phase, beside the other files or alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.harness import Harness
from autograder.leaderboard.phase_archives import owner_of, phase_of
from autograder.submissions.attempt import Person
from autograder.submissions.bulk_download import listed_download
from autograder.submissions.download_listing import Site
from autograder.submissions.file_names import is_junk
from autograder.submissions.find_submissions import ClassList, find_jobs
from autograder.submissions.job import Job, student_id, with_distinct_ids
from autograder.submissions.roster import RosterEntry
from autograder.submissions.roster_matching import match_to_roster


@dataclass(frozen=True)
class _Found:
    """A job, and the student's name in the name of an archive of one phase; else an empty text."""

    job: Job
    owner: str = ""


def find_leaderboard_jobs(
    paths: Iterable[Path],
    harness: Harness,
    sites: Sequence[Site],
    roster: Sequence[RosterEntry] | None = None,
) -> ClassList:
    """A job for each submission in these paths; a student may have several, one for each phase.

    A folder with ``output/phase_K`` is one submission, and so is a folder or a zip with nothing but
    archives named prediction_phase_K.zip. ``anna_prediction_phase_2.zip`` is anna's, as
    ``anna.zip`` is.

    Args:
        paths, sites, roster: see `find_submissions`.

    Raises SubmissionError and RosterError as `find_submissions` does.
    """
    named = [path if path.name not in ("", "..") else path.resolve() for path in paths]
    alone = [path for path in dict.fromkeys(named) if _is_one_submission(path)]
    others = [path for path in named if path not in alone]
    remarks: list[str] = []
    jobs = [_single(path) for path in alone]
    jobs += find_jobs(others, harness, sites, remarks, beside=len(alone)) if others else []
    found = [_with_owner(job) for job in jobs]
    whole = [one.job for one in found if not one.owner]
    phases = [one.job for one in found if one.owner]
    # Archives of phases are their student's further ones, who is looked up in the roster once.
    known = {job.student.casefold() for job in whole}
    first = {job.student.casefold(): job for job in phases if job.student.casefold() not in known}
    asked = [*whole, *first.values()]
    absent: list[Job] = []
    matched = asked
    if roster is not None:
        matched, absent = match_to_roster(asked, roster, remarks)
    by_name = {a.student.casefold(): m for a, m in reversed(list(zip(asked, matched, strict=True)))}
    further = [_of_student(job, by_name[job.student.casefold()]) for job in phases]
    distinct = with_distinct_ids(matched[: len(whole)], [student.id for student in roster or ()])
    ordered = sorted([*distinct, *further], key=lambda j: (j.student, str(j.path), j.name))
    return ClassList(ordered, absent, remarks)


def _single(path: Path) -> Job:
    student = student_id(path)
    return Job(path, student, person=Person(student_id=student))


def _with_owner(job: Job) -> _Found:
    """The job under the name of the student that its archive's name begins with, if it does so."""
    is_archive = job.attempt.files[0][0] == job.name if job.attempt else not job.path.is_dir()
    owner = owner_of(job.name) if is_archive and not job.info.site else ""
    if not owner:
        return _Found(job)
    student = student_id(Path(f"{owner}.zip"))
    return _Found(replace(job, student=student, person=Person(student_id=student)), owner)


def _of_student(job: Job, other: Job) -> Job:
    """The job as one by the student of another job."""
    return replace(job, student=other.student, notes=other.notes, info=other.info)


def _is_one_submission(path: Path) -> bool:
    """Whether predictions lie in a folder as in an assignment's, or archives of phases alone."""
    if path.is_dir():
        if any((path / "output").glob("phase_*")):
            return True
        return _are_phases(entry.name for entry in path.iterdir() if not is_junk(entry.name))
    if path.suffix.lower() != ".zip" or not path.is_file():
        return False
    try:
        with listed_download(path) as (names, _):
            return _are_phases(names)
    except SubmissionError:  # scoring it will say so
        return False


def _are_phases(names: Iterable[str]) -> bool:
    """Whether there are archives of phases without a student's name, and nothing else."""
    found: Iterator[str] = (name.rpartition("/")[2] for name in names)
    bare = [phase_of(name) > 0 and not owner_of(name) for name in found]
    return bool(bare) and all(bare)
