"""A submission that is to be graded, before anything of it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.submissions.archive_suffixes import suffix_of
from autograder.submissions.course_site import NOBODY, Attempt, Person
from autograder.submissions.student_ids import safe_id


@dataclass(frozen=True)
class SubmissionInfo:
    """What a course site and the roster say of a submission.

    Attributes:
        site: whose download it is from; empty if it is from none.
        late: the site marked it as late.
        attempt: which one of the student's it is, from 1; None if that is not known.
        earlier: the names of earlier attempts, which do not count.
        name: the student's name; empty if it is not known.
    """

    site: str = ""
    late: bool = False
    attempt: int | None = None
    earlier: tuple[str, ...] = ()
    name: str = ""


NO_INFO = SubmissionInfo()


@dataclass(frozen=True)
class Job:
    """A submission that is to be graded.

    Attributes:
        path: of the submission, or of the bulk download that it is in.
        student: the id that its report bears. No other job of the class has it.
        notes: what the report says about that id.
        attempt: which files of a bulk download it is; None for what lies by itself.
        info: what a course site and the roster say of it.
        person: whom the download names.
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
    """The student's id from the name of what they handed in, safe as a file name."""
    suffix = "" if path.is_dir() else suffix_of(path.name) or path.suffix
    return safe_id(path.name[: len(path.name) - len(suffix)])


def name_students(paths: Iterable[Path]) -> list[Job]:
    """A job for each submission; of two by the same student the second gets a suffix."""
    return with_distinct_ids(Job(path, student_id(path)) for path in paths)


def with_distinct_ids(jobs: Iterable[Job]) -> list[Job]:
    """The jobs in order; of two with the same student's id the second gets a suffix."""
    ordered = sorted(jobs, key=lambda job: (job.student, str(job.path), job.name))
    natural = {job.student.casefold() for job in ordered}
    taken: set[str] = set()
    result = []
    for job in ordered:
        if job.student.casefold() in taken:
            number = 2
            while f"{job.student}-{number}".casefold() in natural | taken:
                number += 1
            label = f"{job.student}-{number}"
            # The student reads it too, so it does not name the other.
            note = f"another submission bears the same student id; this one is {label}"
            job = replace(job, student=label, notes=(*job.notes, note))
        taken.add(job.student.casefold())
        result.append(job)
    return result
