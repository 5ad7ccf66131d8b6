"""A submission that is to be graded; nothing of it is read yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.submissions.archive_suffixes import without_suffix
from autograder.submissions.attempt import NOBODY, Attempt, Person
from autograder.submissions.notes import LeftAside
from autograder.submissions.student_ids import safe_id


@dataclass(frozen=True)
class SubmissionInfo:
    """What a course site and the roster say of a submission.

    Attributes:
        site: the name of the course site; empty if it is from no site's download.
        late: whether the site marked it as late.
        attempt_number: which attempt of the student's it is, from 1; None if that is not known.
        earlier: the names of earlier attempts, which do not count.
        name: the student's name; empty if it is not known.
    """

    site: str = ""
    late: bool = False
    attempt_number: int | None = None
    earlier: tuple[str, ...] = ()
    name: str = ""


NO_INFO = SubmissionInfo()


@dataclass(frozen=True)
class Job:
    """A submission that is to be graded: where it lies, and whose it is.

    Attributes:
        path: of the submission, or of the bulk download that it is in.
        student: the student's id in the report. No other job of the class has it.
        notes: sentences for the report on how this id was found.
        attempt: which files of the bulk download it is; None if it is in no download.
        info: what a course site and the roster say of it.
        person: the student as the download names them.
    """

    path: Path
    student: str
    notes: tuple[str, ...] = ()
    attempt: Attempt | None = None
    info: SubmissionInfo = NO_INFO
    person: Person = NOBODY

    @property
    def name(self) -> str:
        """The name of what was handed in, without its path."""
        return self.attempt.name if self.attempt else self.path.name


def student_id(path: Path) -> str:
    """The student's id, made from the name of what they handed in; safe as a file name."""
    return safe_id(path.name if path.is_dir() else without_suffix(path.name))


def name_students(paths: Iterable[Path]) -> list[Job]:
    """A job for each submission; of two by the same student the second gets a suffix."""
    return with_distinct_ids(Job(path, student_id(path)) for path in paths)


def with_distinct_ids(jobs: Iterable[Job], reserved: Iterable[str] = ()) -> list[Job]:
    """The jobs sorted by id; of two with the same student's id the second gets a suffix.

    Ids are the same if they differ in case only.

    Args:
        reserved: the ids of all students of the class. No id with a suffix is one of them.
    """
    ordered = sorted(jobs, key=lambda job: (job.student, str(job.path), job.name))
    original_ids = {job.student.casefold() for job in ordered}
    original_ids |= {student.casefold() for student in reserved}
    used_ids: set[str] = set()
    result = []
    for job in ordered:
        if job.student.casefold() in used_ids:
            number = 2
            while f"{job.student}-{number}".casefold() in original_ids | used_ids:
                number += 1
            label = f"{job.student}-{number}"
            # The student reads this note, so it does not name the other student.
            note = LeftAside(f"another submission has the same student id; this one is {label}")
            job = replace(job, student=label, notes=(*job.notes, note))
        used_ids.add(job.student.casefold())
        result.append(job)
    return result
