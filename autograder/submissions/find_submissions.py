"""What an instructor names, as one job a student and a list of who handed in nothing.

A bulk download counts as one only if every path named is one: among a class's own archives, one
that looks like a download is a student's, and must not speak for others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.harness import Harness
from autograder.submissions.bulk_download import opened_download
from autograder.submissions.class_folder import collect
from autograder.submissions.course_site import Attempt, Person, Site, read_listing
from autograder.submissions.download_format import Download, attempts_in, recognize
from autograder.submissions.file_names import is_junk
from autograder.submissions.job import Job, SubmissionInfo, student_id, with_distinct_ids
from autograder.submissions.roster import Matcher, RosterEntry
from autograder.submissions.student_ids import safe_id


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


def find_submissions(
    paths: Iterable[Path],
    harness: Harness,
    sites: Sequence[Site],
    roster: Sequence[RosterEntry] | None = None,
) -> ClassList:
    """Sort out submissions, folders of them, and bulk downloads.

    Args:
        sites: the course sites whose downloads are recognized.
        roster: the students of the class; their ids are those of the jobs.

    Raises SubmissionError for a path that does not exist.
    """
    named = list(paths)
    known = {PurePosixPath(file).name for file in harness.answer_files}
    known |= {f"{name}.ipynb" for name in harness.notebooks}
    downloads = {path: download for path in named if (download := _download(path, known, sites))}
    remarks: list[str] = []
    jobs: list[Job] = []
    if downloads and len(downloads) == len(set(named)):
        for path, download in downloads.items():
            jobs += _jobs(path, download, remarks)
        jobs = _newest(jobs)
    else:
        remarks += (
            f"{path} looks like a bulk download ({download.format}), but not all that was named "
            "does; it counts as one submission. Name it without the others to grade what is in it"
            for path, download in downloads.items()
            if not path.is_dir()
        )
        asked = (harness.package, harness.answer_files, harness.notebooks)
        for path in collect(named, *asked):
            student = student_id(path)
            jobs.append(Job(path, student, person=Person(sid=student)))
    if roster is None:
        return ClassList(with_distinct_ids(jobs), [], remarks)
    return _by_roster(jobs, roster, remarks)


def _download(path: Path, known: set[str], sites: Sequence[Site]) -> Download | None:
    """The download that a path is; a folder is judged by its names and those one level below."""
    if path.is_symlink() or not path.exists():
        return None
    if path.is_dir():
        download = recognize(_shallow(path), known, sites)
        # `collect` knows folders of submissions.
        return download if download and download.site else None
    if path.suffix.lower() != ".zip":
        return None
    try:
        with opened_download(path) as (names, _):
            return recognize(names, known, sites)
    except SubmissionError:  # its report will say so
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


def _jobs(path: Path, shallow: Download, remarks: list[str]) -> list[Job]:
    """The jobs of a download, one for each student of each attempt."""
    with opened_download(path) as (names, open_member):
        # Of a folder only the names at the top were read to recognize it.
        listing = read_listing(names, shallow.listing.known, shallow.sites)
        attempts = attempts_in(replace(shallow, listing=listing), open_member, remarks)
    return [_job(path, shallow, one, person) for one in attempts for person in one.people]


def _job(path: Path, download: Download, attempt: Attempt, person: Person) -> Job:
    notes = attempt.notes
    if len(attempt.people) > 1:
        notes = (*notes, f"handed in for {len(attempt.people)} students together")
    return Job(
        path=path,
        student=_label(person),
        notes=notes,
        attempt=attempt,
        info=SubmissionInfo(
            site=download.site.name if download.site else "",
            late=attempt.late,
            attempt=attempt.number,
            earlier=attempt.earlier,
            name=person.name,
        ),
        person=person,
    )


def _label(person: Person) -> str:
    """An id for a student of whom no roster tells."""
    if person.number.isdigit():
        return safe_id(f"{person.name or 'participant'}_{person.number}")
    return safe_id(person.sid or person.email or person.number or person.name)


def _newest(jobs: Iterable[Job]) -> list[Job]:
    """Of each student's attempts the newest, with the names of the others.

    Where nothing tells which is newer, that of the download that was named last.
    """
    groups: dict[tuple[str, str, str], list[Job]] = defaultdict(list)
    for job in jobs:
        site = job.info.site
        # Files that nobody's system named: two names may make one id, and are two students.
        own = "" if site else job.name
        groups[site, _label(job.person).casefold(), own].append(job)
    result = []
    for group in groups.values():
        *older, newest = sorted(group, key=lambda job: job.attempt.moment if job.attempt else "")
        if older:
            info = newest.info
            earlier = [name for job in older for name in _names_of(job, newest)]
            info = replace(
                info,
                attempt=info.attempt or len(older) + 1,
                earlier=(*earlier, *info.earlier),
            )
            newest = replace(newest, info=info)
        result.append(newest)
    return result


def _names_of(job: Job, newest: Job) -> list[str]:
    """The names of an older attempt, with the download's if it is another."""
    where = "" if job.path == newest.path else f" in {job.path.name}"
    return [*job.info.earlier, f"{job.name}{where}"]


def _by_roster(jobs: Sequence[Job], roster: Sequence[RosterEntry], remarks: list[str]) -> ClassList:
    """The jobs under the roster's ids where it is clear whose they are."""
    matcher = Matcher(roster)
    sure = [matcher.surely(job.person) for job in jobs]
    numbered = any(
        student and student.number and student.number == job.person.number.lstrip("0")
        for student, job in zip(sure, jobs, strict=True)
    )
    guesses: list[set[RosterEntry]] = []
    for student, job in zip(sure, jobs, strict=True):
        found = set() if student else matcher.perhaps(job.person)
        if numbered and job.person.number:  # another number is another person
            found = {one for one in found if not one.number}
        guesses.append(found)
    wanted: dict[str, int] = defaultdict(int)
    for student, found in zip(sure, guesses, strict=True):
        for one in {student} if student else found:
            wanted[one.id] += 1
    named: list[Job] = []
    perhaps = defaultdict(list)
    present = {student.id for student in sure if student}
    for job, student, found in zip(jobs, sure, guesses, strict=True):
        if not student and len(found) == 1 and wanted[next(iter(found)).id] == 1:
            (student,) = found
            present.add(student.id)
        if student:
            name = student.name or job.info.name
            named.append(replace(job, student=student.id, info=replace(job.info, name=name)))
            continue
        if found:
            note = "more than one student may have handed this in; a person decides"
            remarks.append(f"{job.name} may be by {' or '.join(sorted(s.id for s in found))}")
        else:
            note = "it is by nobody on the roster"
            remarks.append(f"{job.name} is by nobody on the roster; it stands under {job.student}")
        for one in found:
            perhaps[one.id].append(job.student)
        named.append(replace(job, notes=(*job.notes, note)))
    taken = {student.id.casefold() for student in roster}
    distinct = [
        job
        if job.student in present or job.student.casefold() not in taken
        else replace(job, student=f"{job.student}_unclear")
        for job in named
    ]
    missing = [
        Job(
            Path(student.id),
            student.id,
            tuple(f"{other} may be theirs" for other in perhaps[student.id]),
            info=SubmissionInfo(name=student.name),
        )
        for student in roster
        if student.id not in present
    ]
    return ClassList(with_distinct_ids(distinct), missing, remarks)
