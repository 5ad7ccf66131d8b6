"""Finds the submissions in what an instructor names, one job for each student.

A path counts as a bulk download only if every path that was named is one. Among a class's archives,
one that looks like a download is a student's. It must not hand in anything for other students.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from autograder.errors import SubmissionError
from autograder.harness import Harness
from autograder.submissions.archive_suffixes import is_archive
from autograder.submissions.attempt import Attempt, Person
from autograder.submissions.bulk_download import listed_download
from autograder.submissions.class_folder import collect, is_empty
from autograder.submissions.download_format import Download, attempts_in, recognize
from autograder.submissions.download_listing import Site, read_listing
from autograder.submissions.file_names import is_left_by_tools
from autograder.submissions.job import Job, SubmissionInfo, student_id, with_distinct_ids
from autograder.submissions.roster import RosterEntry
from autograder.submissions.roster_matching import match_to_roster
from autograder.submissions.student_ids import safe_id


@dataclass(frozen=True)
class ClassList:
    """The submissions of a class, and the students without one.

    Attributes:
        jobs: one for each submission that counts. No two have the same student's id.
        absent: one for each student of the roster without a submission. They are not graded.
        remarks: sentences for staff only: they name students.
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
    """Find the submissions in these paths.

    Args:
        paths: submissions, folders of submissions, or bulk downloads.
        sites: the course sites whose downloads are recognized.
        roster: the students of the class. Jobs get their ids.

    Raises SubmissionError for a path that does not exist, RosterError for the roster of another
    class.
    """
    remarks: list[str] = []
    jobs = find_jobs(paths, harness, sites, remarks)
    absent: list[Job] = []
    if roster is not None:
        jobs, absent = match_to_roster(jobs, roster, remarks)
    reserved = [student.id for student in roster or ()]
    return ClassList(with_distinct_ids(jobs, reserved), absent, remarks)


def find_jobs(
    paths: Iterable[Path],
    harness: Harness,
    sites: Sequence[Site],
    remarks: list[str],
    beside: int = 0,
) -> list[Job]:
    """A job for each submission that counts in these paths, before anybody asks whose they are.

    Args:
        paths, sites: see `find_submissions`.
        remarks: gets sentences for staff.
        beside: how many submissions were named beside these paths.

    Raises SubmissionError for a path that does not exist.
    """
    named = []
    for path in paths:
        if is_empty(path):
            remarks.append(f"{path} is an empty folder, so that it is nobody's submission")
        else:
            named.append(path)
    downloads = _downloads(named, harness, sites)
    if downloads and len(downloads) == len(set(named)) + beside:
        jobs = [
            job
            for path, download in downloads.items()
            for job in _download_jobs(path, download, remarks)
        ]
        return _newest(jobs)
    remarks += (
        f"{path} looks like a bulk download ({download.format}), but not all that was named "
        "is one, so it counts as one submission. Name only bulk downloads to grade what is in "
        "them"
        for path, download in downloads.items()
        if not path.is_dir()
    )
    return _single_jobs(named, harness)


def _downloads(
    paths: Iterable[Path], harness: Harness, sites: Sequence[Site]
) -> dict[Path, Download]:
    """The bulk downloads among these paths."""
    expected_files = {PurePosixPath(file).name for file in harness.answer_files}
    expected_files |= {f"{name}.ipynb" for name in harness.notebooks}
    recognized = {path: _recognize(path, expected_files, sites) for path in paths}
    return {path: download for path, download in recognized.items() if download}


def _recognize(path: Path, expected_files: set[str], sites: Sequence[Site]) -> Download | None:
    """The download that a path is. Of a folder only two levels of names are read for this."""
    if path.is_symlink() or not path.exists():
        return None
    if path.is_dir():
        download = recognize(_two_levels(path), expected_files, sites)
        # A folder of archives is a folder of submissions; `collect` reads those.
        return download if download and download.site else None
    if not is_archive(path.name):
        return None
    try:
        with listed_download(path) as (names, _):
            return recognize(names, expected_files, sites)
    except SubmissionError:  # the submission's report will say so
        return None


def _two_levels(folder: Path) -> list[str]:
    names = []
    for entry in folder.iterdir():
        if entry.is_symlink() or is_left_by_tools(entry.name):
            continue
        if entry.is_dir():
            names += [f"{entry.name}/{inside.name}" for inside in entry.iterdir()]
        else:
            names.append(entry.name)
    return names


def _single_jobs(paths: Iterable[Path], harness: Harness) -> list[Job]:
    """The jobs of submissions that lie by themselves, or in folders of submissions."""
    found = collect(paths, harness.package, harness.answer_files, harness.notebooks)
    jobs = []
    for path in found:
        student = student_id(path)
        jobs.append(Job(path, student, person=Person(student_id=student)))
    return jobs


def _download_jobs(path: Path, recognized: Download, remarks: list[str]) -> list[Job]:
    """The jobs of a download, one for each student of each attempt."""
    with listed_download(path) as (names, open_member):
        # To recognize a folder, not all names in it were read.
        listing = read_listing(names, recognized.listing.expected_files, recognized.sites)
        download = replace(recognized, listing=listing)
        attempts = attempts_in(download, open_member, remarks)
    return [
        _download_job(path, download, attempt, person)
        for attempt in attempts
        for person in attempt.people
    ]


def _download_job(path: Path, download: Download, attempt: Attempt, person: Person) -> Job:
    notes = attempt.notes
    if len(attempt.people) > 1:
        notes = (*notes, f"handed in for {len(attempt.people)} students together")
    return Job(
        path=path,
        student=_id_without_roster(person),
        notes=notes,
        attempt=attempt,
        info=SubmissionInfo(
            site=download.site.name if download.site else "",
            late=attempt.late,
            attempt_number=attempt.number,
            earlier=attempt.earlier,
            name=person.name,
        ),
        person=person,
    )


def _id_without_roster(person: Person) -> str:
    """The student's id, made of what the download says."""
    if person.site_number.isdigit():
        return safe_id(f"{person.name or 'participant'}_{person.site_number}")
    return safe_id(person.student_id or person.email or person.site_number or person.name)


def _newest(jobs: Iterable[Job]) -> list[Job]:
    """The newest attempt of each student; it names the others.

    If nothing tells which is newer, the one in the download that was named last counts.
    """
    groups: dict[tuple[str, str, str], list[Job]] = defaultdict(list)
    for job in jobs:
        site = job.info.site
        # No site has named this file. Two such names may make one id and are two students.
        file_name = "" if site else job.name
        groups[site, _id_without_roster(job.person).casefold(), file_name].append(job)
    return [_newest_of(attempts) for attempts in groups.values()]


def _newest_of(jobs: Iterable[Job]) -> Job:
    """The newest of one student's jobs."""
    *older, newest = sorted(jobs, key=lambda job: job.attempt.time_key if job.attempt else "")
    if not older:
        return newest
    earlier = [name for job in older for name in _names_of(job, newest)]
    info = replace(
        newest.info,
        attempt_number=newest.info.attempt_number or len(older) + 1,
        earlier=(*earlier, *newest.info.earlier),
    )
    return replace(newest, info=info)


def _names_of(older: Job, newest: Job) -> list[str]:
    """The names of an older attempt, with the download's name if that is another."""
    where = "" if older.path == newest.path else f" in {older.path.name}"
    return [*older.info.earlier, f"{older.name}{where}"]
