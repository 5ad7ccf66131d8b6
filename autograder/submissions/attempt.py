"""An attempt: one handing-in by a student, as a course site's bulk download tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A student as a download names them. A field is empty if the download does not say it.

    Attributes:
        name: as the site writes it, maybe without spaces ("lastfirst").
        site_number: the site's own number or code for this student.
        student_id: the id that the university gave them.
        email: their address.
    """

    name: str = ""
    site_number: str = ""
    student_id: str = ""
    email: str = ""


NOBODY = Person()


@dataclass(frozen=True)
class Attempt:
    """One handing-in by one or more students, as a course site's download tells it.

    Attributes:
        name: of the file or folder that was handed in, as the download has it.
        files: for each file its path in the submission, and its name in the download.
        people: the students; several if they handed it in together.
        late: whether the site marked it as late.
        number: which attempt of theirs it is, from 1; None if the download does not say.
        time_key: a text that sorts attempts by time; comparable within one site's downloads.
        earlier: the names of files in the download that a later attempt replaced.
        notes: sentences for the report on how the download was understood.
    """

    name: str
    files: tuple[tuple[str, str], ...]
    people: tuple[Person, ...] = ()
    late: bool = False
    number: int | None = None
    time_key: str = ""
    earlier: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
