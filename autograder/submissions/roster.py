"""The class list: who is in the course, under which names a course site may know them.

A CSV file with a header, ours or a course site's own export; `COLUMNS` says what is understood.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import RosterError
from autograder.limits import MIB
from autograder.submissions.course_site import Person
from autograder.submissions.student_ids import safe_id

MAX_ROSTER = 16 * MIB

#: What each column is called, the first that a row fills counts. Case and signs do not matter.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    # the id in reports and in the gradebook
    "id": (
        "student id", "sid", "sis user id", "id number", "username", "sis login id", "login",
        "id", "email", "email address", "identifier",
    ),
    "name": ("name", "full name", "student", "student name"),
    "first": ("first name", "given name"),
    "last": ("last name", "surname", "family name"),
    "email": ("email", "email address"),
    "login": ("username", "sis login id", "login"),
}  # fmt: skip
#: The course site's number of a student, which its downloads are named by. Moodle's `Identifier`
#: is "Participant 12345"; `ID` is Canvas's only beside Canvas's own `RosterEntry`.
_NUMBER = ("number", "site number", "identifier")
#: Rows that an export adds: Canvas's maximum points and its test student.
_NOBODY = re.compile(r"\s*points possible\s*|student, test", re.IGNORECASE)


@dataclass(frozen=True)
class RosterEntry:
    """A row of the roster.

    Attributes:
        id: safe as a file name.
        keys: every id, address and login of theirs, folded.
        names: their name as sites may write it, folded and squeezed.
        number: the course site's; empty if the roster has none.
    """

    id: str
    name: str
    keys: frozenset[str]
    names: frozenset[str]
    number: str = ""


def read_roster(path: Path) -> list[RosterEntry]:
    """The students of a class list.

    Raises RosterError, with the line, if it cannot be read, lacks a column or names an id twice.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_ROSTER + 1)
    except OSError as error:
        raise RosterError(f"{path}: the roster cannot be read: {error.strerror}") from error
    try:
        return parse_roster(data)
    except RosterError as error:
        raise RosterError(f"{path.name}: {error}") from error


def parse_roster(data: bytes) -> list[RosterEntry]:
    """The students of a class list, see `read_roster`."""
    if len(data) > MAX_ROSTER:
        raise RosterError(f"it is larger than {MAX_ROSTER // MIB} MiB; that is no class list")
    lines = _rows(re.sub(r"\Asep=.\r?\n", "", _text(data)))
    head = next(lines, None)
    if head is None:
        raise RosterError("it is empty; it needs a line of column names and a line a student")
    columns = {_folded(name): number for number, name in reversed(list(enumerate(head[1])))}
    if not any(name in columns for name in COLUMNS["id"]):
        found = ", ".join(name.strip() for name in head[1] if name.strip())[:200]
        raise RosterError(
            "no column holds the students' ids; name one of them student_id (or sid, "
            f"SIS User ID, ID number, username, email); its columns are: {found or 'none'}"
        )
    students: list[RosterEntry] = []
    lines_of: dict[str, int] = {}
    for line, row in lines:
        cells = {name: row[place].strip() for name, place in columns.items() if place < len(row)}
        told = {cells.get(name, "") for group in COLUMNS.values() for name in group}
        if told == {""} or _NOBODY.fullmatch(cells.get("student", "")):
            continue
        student = _student(cells, line)
        first = lines_of.setdefault(student.id.casefold(), line)
        if first != line:
            raise RosterError(f"line {line}: the id {student.id} stands in line {first} already")
        students.append(student)
    if not students:
        raise RosterError("it names no student")
    return students


def _text(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RosterError("it is no UTF-8 text; save it as CSV UTF-8") from error
    if "\0" in text:
        raise RosterError("it is no text; save it as CSV UTF-8")
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with its line; parted by comma, semicolon or tab."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    comma = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise RosterError(f"line {reader.line_num}: {error}; it is no proper CSV") from error


def _student(cells: Mapping[str, str], line: int) -> RosterEntry:
    def get(names: Iterable[str]) -> str:
        return next((cells[name] for name in names if cells.get(name)), "")

    written = get(COLUMNS["id"])
    if not written:
        raise RosterError(f"line {line}: this student has no id")
    parted = f"{get(COLUMNS['first'])} {get(COLUMNS['last'])}".strip()
    name = get(COLUMNS["name"]) or parted
    own = ("id", *_NUMBER) if "student" in cells else _NUMBER
    numbers = (re.fullmatch(r"(?:\D* )?([0-9]+)", get([column])) for column in own)
    ids = {get([column]) for group in ("id", "email", "login") for column in COLUMNS[group]}
    return RosterEntry(
        id=safe_id(written),
        name=name,
        keys=frozenset(_key(form) for text in ids - {""} for form in (text, safe_id(text))),
        names=frozenset(_squeezed(name)),
        number=next((found[1].lstrip("0") for found in numbers if found), ""),
    )


def _folded(column: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", column.casefold()).split())


def _key(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _squeezed(name: str) -> set[str]:
    """A name without signs and accents, with any of its words first: sites part them in many ways.

    "First Middle Last" and "Last, First Middle" share one.
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    words = re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))
    return {"".join(words[n:] + words[:n]) for n in range(len(words))}


class Matcher:
    """Finds the students of a roster by what a download says of them."""

    def __init__(self, students: Sequence[RosterEntry]) -> None:
        self._by_key: dict[str, set[RosterEntry]] = defaultdict(set)
        self._by_number: dict[str, set[RosterEntry]] = defaultdict(set)
        self._by_name: dict[str, set[RosterEntry]] = defaultdict(set)
        for student in students:
            for key in student.keys:
                self._by_key[key].add(student)
            if student.number:
                self._by_number[student.number].add(student)
            for name in student.names:
                self._by_name[name].add(student)

    def surely(self, person: Person) -> RosterEntry | None:
        """The student with this id, address or number, if there is exactly one."""
        keys = [_key(text) for text in (person.sid, person.email) if text]
        for found in (
            *(self._by_key.get(key, set()) for key in keys),
            self._by_number.get(person.number.lstrip("0"), set()),
        ):
            if len(found) == 1:
                return next(iter(found))
        return None

    def perhaps(self, person: Person) -> set[RosterEntry]:
        """The students of this name; a group's name may stand before it."""
        for written in (person.name or person.sid, (person.name or person.sid).rpartition("-")[2]):
            found = {s for name in _squeezed(written) for s in self._by_name.get(name, ())}
            if found:
                return found
        return set()
