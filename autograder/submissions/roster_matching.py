"""Finds out which student of the roster has handed in which submission."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.errors import RosterError
from autograder.submissions.attempt import Person
from autograder.submissions.job import Job, SubmissionInfo
from autograder.submissions.notes import LeftAside
from autograder.submissions.roster import RosterEntry, id_key, name_keys

#: How many hyphens of a name are tried, to part the name of a group from it.
MAX_HYPHENS = 20


class Matcher:
    """Finds the students of a roster by what a download says of a person."""

    def __init__(self, roster: Sequence[RosterEntry]) -> None:
        self._by_key: dict[str, set[RosterEntry]] = defaultdict(set)
        self._by_number: dict[str, set[RosterEntry]] = defaultdict(set)
        self._by_name: dict[str, set[RosterEntry]] = defaultdict(set)
        for student in roster:
            for key in student.keys:
                self._by_key[key].add(student)
            if student.site_number:
                self._by_number[student.site_number].add(student)
            for name in student.names:
                self._by_name[name].add(student)

    def find_by_id(self, person: Person) -> RosterEntry | None:
        """The student with this person's id, address or number; None if there is not exactly one.

        The first of these that belongs to exactly one student decides.
        """
        keys = [id_key(text) for text in (person.student_id, person.email) if text]
        for students in (
            *(self._by_key.get(key, set()) for key in keys),
            self._by_number.get(person.site_number.lstrip("0"), set()),
        ):
            if len(students) == 1:
                return next(iter(students))
        return None

    def find_by_name(self, person: Person) -> set[RosterEntry]:
        """The students with this person's name.

        The name of a group and a hyphen may stand before it, and either may hold hyphens.
        """
        name = person.name or person.student_id
        parts = name.split("-", MAX_HYPHENS)
        for text in ("-".join(parts[start:]) for start in range(len(parts))):
            students = {s for key in name_keys(text) for s in self._by_name.get(key, ())}
            if students:
                return students
        return set()


@dataclass
class _Match:
    """A job, and the students that it may be by.

    Attributes:
        student: the one that it is by; None if that is not clear.
        candidates: the students of the same name, if `student` was not found by an id.
    """

    job: Job
    student: RosterEntry | None
    candidates: set[RosterEntry] = field(default_factory=set)


def match_to_roster(
    jobs: Iterable[Job], roster: Sequence[RosterEntry], remarks: list[str]
) -> tuple[list[Job], list[Job]]:
    """Give the jobs the roster's ids where it is clear whose they are.

    Args:
        remarks: gets a sentence for staff about each job that stays under another id.

    Returns the jobs in their order, and a job for each student without a submission. Raises
    RosterError if there are several submissions, and none may be by anybody on the roster.
    """
    matches = _match_by_id(jobs, roster)
    _match_by_name(matches)
    if len(matches) > 1 and not any(match.student or match.candidates for match in matches):
        raise RosterError(_why_nobody(matches[0].job.person, len(matches), roster[0]))
    present = {match.student.id for match in matches if match.student}
    missing = [student for student in roster if student.id not in present and not student.staff]
    # Two ids that differ in case only make one file name on some systems.
    reserved = {student.id.casefold() for student in roster}
    assigned = [_assigned(match, reserved, remarks) for match in matches]
    return assigned, _absent(matches, missing)


def _match_by_id(jobs: Iterable[Job], roster: Sequence[RosterEntry]) -> list[_Match]:
    """Match the jobs by id, address or number, and find the candidates by name for the others."""
    matcher = Matcher(roster)
    matches = [_Match(job, matcher.find_by_id(job.person)) for job in jobs]
    numbers_known = any(_same_number(match) for match in matches)
    for match in matches:
        if match.student:
            continue
        match.candidates = matcher.find_by_name(match.job.person)
        if numbers_known and match.job.person.site_number:
            # The roster has the site's numbers: a student with another number is another person.
            match.candidates = {s for s in match.candidates if not s.site_number}
    return matches


def _same_number(match: _Match) -> bool:
    """Whether the student has the site's number that the download gives."""
    number = match.student.site_number if match.student else ""
    return bool(number) and number == match.job.person.site_number.lstrip("0")


def _match_by_name(matches: Iterable[_Match]) -> None:
    """Match a job to its only candidate, unless another job may be this student's, too."""
    claims: Counter[str] = Counter()
    for match in matches:
        claims.update(s.id for s in ({match.student} if match.student else match.candidates))
    for match in matches:
        if len(match.candidates) == 1:
            (candidate,) = match.candidates
            if claims[candidate.id] == 1:
                match.student = candidate


def _assigned(match: _Match, reserved: set[str], remarks: list[str]) -> Job:
    """The job under its student's id. Without a student it keeps its id and gets a note.

    Args:
        reserved: the ids of all students of the roster, case-folded.
        remarks: see `match_to_roster`.
    """
    job = match.job
    if match.student:
        name = match.student.name or job.info.name
        return replace(job, student=match.student.id, info=replace(job.info, name=name))
    if match.candidates:
        # The student reads the note, so it names nobody.
        note = LeftAside("more than one student may have handed this in; a person decides")
        names = " or ".join(sorted(student.id for student in match.candidates))
        remarks.append(f"{job.name} may be by {names}")
    else:
        note = LeftAside("it is by nobody on the roster")
        remarks.append(f"{job.name} is by nobody on the roster; it stands under {job.student}")
    label = job.student
    while label.casefold() in reserved:
        # Nobody gets the id of another student.
        label = f"{label}_unclear"
    return replace(job, student=label, notes=(*job.notes, note))


def _why_nobody(person: Person, count: int, student: RosterEntry) -> str:
    """What to look at if no submission is by anybody on the roster."""
    said = (person.student_id, person.name, person.email, person.site_number)
    name = f" ({student.name})" if student.name else ""
    number = f", with the site's number {student.site_number}" if student.site_number else ""
    return (
        f"none of the {count} submissions is by anybody on the roster. The first one is by "
        f"{' '.join(filter(None, said))!r}, and the roster's first id is {student.id!r}{name}"
        f"{number}. Take the roster of this class, and name the column of its ids student_id, that "
        "of the names name, and that of the course site's numbers number"
    )


def _absent(matches: Iterable[_Match], missing: Iterable[RosterEntry]) -> list[Job]:
    """A job for each student without a submission. Its notes name what may be theirs."""
    possible: dict[str, list[str]] = defaultdict(list)
    for match in matches:
        if not match.student:
            for candidate in match.candidates:
                possible[candidate.id].append(match.job.student)
    return [
        Job(
            Path(student.id),
            student.id,
            tuple(f"{label} may be theirs" for label in possible[student.id]),
            info=SubmissionInfo(name=student.name),
        )
        for student in missing
    ]
