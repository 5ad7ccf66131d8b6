"""What one student handed in at one time, as a course site's download tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.parcel import Parcel


@dataclass(frozen=True)
class Person:
    """Whom a download names; each is empty where it does not say.

    Attributes:
        name: as the site writes it, which may be squeezed ("lastfirst").
        number: the site's own for this person.
        sid: the university's id.
    """

    name: str = ""
    number: str = ""
    sid: str = ""
    email: str = ""


@dataclass(frozen=True)
class Delivery:
    """One submission in a download.

    Attributes:
        people: those who handed it in, together if they are several.
        attempt: which one of theirs it is, from 1; None if the download does not say.
        moment: greater for what was handed in later; comparable within one form of download.
        earlier: the names of files in the download that a later attempt replaced.
        notes: what was understood, for the report.
    """

    parcel: Parcel
    people: tuple[Person, ...]
    late: bool = False
    attempt: int | None = None
    moment: str = ""
    earlier: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def titled(names: list[str]) -> str:
    """A name for several files that were handed in together."""
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def by_number(text: str) -> str:
    """A text as a key that sorts the numbers in it by their size."""
    return re.sub(r"[0-9]+", lambda found: found[0].lstrip("0").zfill(20), text)
