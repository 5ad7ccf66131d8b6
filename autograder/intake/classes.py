"""What an instructor names, as one job a student and a list of who handed in nothing.

A bulk download counts as one only if every path named is one: among a class's own archives, one
that looks like a download is a student's, and must not speak for others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from autograder.batch import Job, told_apart
from autograder.errors import SubmissionError
from autograder.harness import Harness
from autograder.intake import gradescope
from autograder.intake.delivery import Delivery, Person
from autograder.intake.forms import Form, form_of, sort_out, top_of
from autograder.intake.roster import Matcher, Student
from autograder.members import is_junk
from autograder.naming import safe_id
from autograder.parcel import Marks, Open, opened_bulk
from autograder.submission import collect, student_id


@dataclass(frozen=True)
class ClassList:
    """All that is to be graded, and who is missing.

    Attributes:
        jobs: one a submission that counts, each with another student's id.
        absent: students of the roster of whom nothing was found; no job of these is graded.
        remarks: what the instructor should know, for staff only: they name students.
    """

    jobs: list[Job]
    absent: list[Job]
    remarks: list[str]


@dataclass(frozen=True)
class _Claim:
    """A submission, and whom it says it is by."""

    job: Job
    person: Person
    moment: str = ""


def gather(
    paths: Iterable[Path], harness: Harness, roster: Sequence[Student] | None = None
) -> ClassList:
    """Sort out submissions, folders of them, and bulk downloads.

    Args:
        roster: the students of the class; their ids are those of the jobs.

    Raises SubmissionError for a path that does not exist.
    """
    named = list(paths)
    known = {PurePosixPath(file).name for file in harness.answer_files}
    known |= {f"{name}.ipynb" for name in harness.notebooks}
    forms = {path: form for path in named if (form := _form(path, known))}
    remarks: list[str] = []
    claims: list[_Claim] = []
    if forms and len(forms) == len(set(named)):
        for path, form in forms.items():
            claims += _claims(path, form, known, remarks)
        claims = _newest(claims)
    else:
        remarks += (
            f"{path} looks like a bulk download ({form.value}), but not all that was named does; "
            "it counts as one submission. Name it without the others to grade what is in it"
            for path, form in forms.items()
            if not path.is_dir()
        )
        asked = (harness.package, harness.answer_files, harness.notebooks)
        for path in collect(named, *asked):
            student = student_id(path)
            claims.append(_Claim(Job(path, student), Person(sid=student)))
    if roster is None:
        return ClassList(told_apart(claim.job for claim in claims), [], remarks)
    return _by_roster(claims, roster, remarks)


def _form(path: Path, known: set[str]) -> Form | None:
    """The form of a download; a folder is told by its names and those of the files in it alone."""
    if path.is_symlink() or not path.exists():
        return None
    if path.is_dir():
        form = form_of(_shallow(path), known)
        return None if form is Form.ARCHIVES else form  # `collect` knows folders of submissions
    if path.suffix.lower() != ".zip":
        return None
    try:
        with opened_bulk(path) as (names, _):
            return form_of(names, known)
    except SubmissionError:  # a row will say so
        return None


def _shallow(folder: Path) -> list[str]:
    names = []
    for entry in folder.iterdir():
        if entry.is_symlink() or is_junk(entry.name):
            continue
        if entry.is_dir():
            names += [f"{entry.name}/{e.name}" for e in entry.iterdir() if not is_junk(e.name)]
        else:
            names.append(entry.name)
    return names


def _claims(path: Path, form: Form, known: set[str], remarks: list[str]) -> list[_Claim]:
    with opened_bulk(path) as (names, open_member):
        entries: Mapping[str, gradescope.Entry] = {}
        if form is Form.GRADESCOPE:
            entries = _metadata(f"{top_of(names)}{gradescope.METADATA}", open_member, remarks)
        deliveries = sort_out(form, names, known, entries)
    return [_claim(path, form, one, person) for one in deliveries for person in one.people]


def _metadata(name: str, open_member: Open, remarks: list[str]) -> Mapping[str, gradescope.Entry]:
    try:
        with open_member(name) as file:
            return gradescope.read_metadata(file)
    except SubmissionError as error:
        remarks.append(f"{error}; students are named by their folders")
        return {}


def _claim(path: Path, form: Form, delivery: Delivery, person: Person) -> _Claim:
    notes = delivery.notes
    if len(delivery.people) > 1:
        notes = (*notes, f"handed in for {len(delivery.people)} students together")
    site = "" if form is Form.ARCHIVES else form.value
    job = Job(
        path=path,
        student=_label(person),
        notes=notes,
        parcel=delivery.parcel,
        marks=Marks(site, delivery.late, delivery.attempt, delivery.earlier, person.name),
    )
    return _Claim(job, person, delivery.moment)


def _label(person: Person) -> str:
    """An id for a student of whom no roster tells."""
    if person.number.isdigit():
        return safe_id(f"{person.name or 'participant'}_{person.number}")
    return safe_id(person.sid or person.email or person.number or person.name)


def _newest(claims: Iterable[_Claim]) -> list[_Claim]:
    """Of each student's attempts the newest, with the names of the others.

    Where nothing tells which is newer, that of the download that was named last.
    """
    groups: dict[tuple[str, str, str], list[_Claim]] = defaultdict(list)
    for claim in claims:
        site = claim.job.marks.site
        # Files that nobody's system named: two names may make one id, and are two students.
        own = "" if site else claim.job.name
        groups[site, _label(claim.person).casefold(), own].append(claim)
    result = []
    for group in groups.values():
        *older, newest = sorted(group, key=lambda claim: claim.moment)
        if older:
            marks = newest.job.marks
            earlier = [name for claim in older for name in _names_of(claim, newest)]
            newest = replace(
                newest,
                job=replace(
                    newest.job,
                    marks=replace(
                        marks,
                        attempt=marks.attempt or len(older) + 1,
                        earlier=(*earlier, *marks.earlier),
                    ),
                ),
            )
        result.append(newest)
    return result


def _names_of(claim: _Claim, newest: _Claim) -> list[str]:
    """The names of an older attempt, with the download's if it is another."""
    job = claim.job
    where = "" if job.path == newest.job.path else f" in {job.path.name}"
    return [*job.marks.earlier, f"{job.name}{where}"]


def _by_roster(
    claims: Sequence[_Claim], roster: Sequence[Student], remarks: list[str]
) -> ClassList:
    """The claims under the roster's ids where it is clear whose they are."""
    matcher = Matcher(roster)
    sure = [matcher.surely(claim.person) for claim in claims]
    numbered = any(
        student and student.number and student.number == claim.person.number.lstrip("0")
        for student, claim in zip(sure, claims, strict=True)
    )
    guesses: list[set[Student]] = []
    for student, claim in zip(sure, claims, strict=True):
        found = set() if student else matcher.perhaps(claim.person)
        if numbered and claim.person.number:  # another number is another person
            found = {one for one in found if not one.number}
        guesses.append(found)
    wanted: dict[str, int] = defaultdict(int)
    for student, found in zip(sure, guesses, strict=True):
        for one in {student} if student else found:
            wanted[one.id] += 1
    jobs, perhaps = [], defaultdict(list)
    present = {student.id for student in sure if student}
    for claim, student, found in zip(claims, sure, guesses, strict=True):
        job = claim.job
        if not student and len(found) == 1 and wanted[next(iter(found)).id] == 1:
            (student,) = found
            present.add(student.id)
        if student:
            name = student.name or job.marks.name
            jobs.append(replace(job, student=student.id, marks=replace(job.marks, name=name)))
            continue
        if found:
            note = "more than one student may have handed this in; a person decides"
            remarks.append(f"{job.name} may be by {' or '.join(sorted(s.id for s in found))}")
        else:
            note = "it is by nobody on the roster"
            remarks.append(f"{job.name} is by nobody on the roster; it stands under {job.student}")
        for one in found:
            perhaps[one.id].append(job.student)
        jobs.append(replace(job, notes=(*job.notes, note)))
    taken = {student.id.casefold() for student in roster}
    jobs = [
        job
        if job.student in present or job.student.casefold() not in taken
        else replace(job, student=f"{job.student}_unclear")
        for job in jobs
    ]
    missing = [
        Job(
            Path(student.id),
            student.id,
            tuple(f"{other} may be theirs" for other in perhaps[student.id]),
            marks=Marks(name=student.name),
        )
        for student in roster
        if student.id not in present
    ]
    return ClassList(told_apart(jobs), missing, remarks)
