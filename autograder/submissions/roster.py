"""Reads the class list: the students of a course, with the names that course sites give them.

It is a CSV file with a header, written by an instructor or exported from a course site. `COLUMNS`
lists the columns that are understood.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import RosterError
from autograder.limits import MIB
from autograder.submissions.roster_languages import column_key, participant_number
from autograder.submissions.student_ids import safe_id, with_letters_for_marks
from autograder.submissions.texts import caseless, decoded_text

MAX_ROSTER = 16 * MIB

#: The names that a column may have. Of several, the first one that a row fills counts. Case and
#: punctuation do not matter, nor does the language, see `roster_languages`.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    # the id in reports
    "id": (
        "student id", "sid", "sis user id", "id number", "username", "sis login id", "login",
        "id", "email", "email address", "identifier",
    ),
    "name": ("name", "full name", "student", "student name"),
    "first": ("first name", "given name"),
    "last": ("last name", "surname", "family name"),
    "email": ("email", "email address"),
    "login": ("username", "sis login id", "login"),
    "role": ("role", "roles"),
}  # fmt: skip
#: Columns with the course site's number of a student, which stands in the names of its downloads.
#: Moodle's `Identifier` is "Participant 12345". `ID` is such a column only if there is a column
#: `Student`, as in Canvas's export.
_NUMBER_COLUMNS = ("number", "site number", "identifier")
#: Accents, and the points of Hebrew and Arabic: people leave them out when they write a name.
_ACCENT = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
#: Rows of an export that are no students: Canvas's maximum points and its test student.
_NO_STUDENT = re.compile(r"\s*points possible\s*|student, test", re.IGNORECASE)
#: Roles of staff, as Gradescope, Canvas and Moodle call them. Any other role is a student's.
_STAFF = re.compile(
    r"(?:(?:non-?)?editing |co-?|course |head )?"
    r"(?:instructor|teacher|ta|teaching assistant|assistant|grader|reader|designer|observer|manager"
    r"|owner|staff|admin|lecturer|professor)s?(?: ?enrollment)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class RosterEntry:
    """A row of the roster.

    Attributes:
        id: safe as a file name.
        name: as the roster writes it.
        keys: keys of every id, address and login of theirs, see `id_key`.
        names: keys of their name, see `name_keys`.
        site_number: the course site's number of theirs, without leading zeros; empty if the roster
            has none.
        staff: whether they teach. They may hand in something to try it, and are never absent.
    """

    id: str
    name: str
    keys: frozenset[str]
    names: frozenset[str]
    site_number: str = ""
    staff: bool = False


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
    """The students of a class list, from the bytes of its file; see `read_roster`."""
    if len(data) > MAX_ROSTER:
        raise RosterError(f"it is larger than {MAX_ROSTER // MIB} MiB; that is no class list")
    rows = _rows(re.sub(r"\Asep=.\r?\n", "", _text(data)))
    header = next(rows, None)
    if header is None:
        raise RosterError("it is empty; it needs a line of column names and a line a student")
    columns = {column_key(name): number for number, name in reversed(list(enumerate(header[1])))}
    if not any(name in columns for name in COLUMNS["id"]):
        found = ", ".join(name.strip() for name in header[1] if name.strip())[:200]
        raise RosterError(
            "no column holds the students' ids; name one of them student_id (or sid, "
            f"SIS User ID, ID number, username, email); its columns are: {found or 'none'}"
        )
    students: list[RosterEntry] = []
    lines_of: dict[str, int] = {}
    for line, row in rows:
        cells = {name: row[place].strip() for name, place in columns.items() if place < len(row)}
        if participant_number(cells.get("id", "")):
            # In some languages Moodle's `Identifier` is called ID. It is no id of the university's.
            cells["identifier"] = cells.pop("id")
        values = {cells.get(name, "") for names in COLUMNS.values() for name in names}
        if values == {""} or _NO_STUDENT.fullmatch(cells.get("student", "")):
            continue
        student = _student(cells, line)
        if student is None:
            continue
        first = lines_of.setdefault(student.id.casefold(), line)
        if first != line:
            raise RosterError(f"line {line}: the id {student.id} stands in line {first} already")
        students.append(student)
    if all(student.staff for student in students):
        raise RosterError("it names no student")
    return students


def _text(data: bytes) -> str:
    try:
        text = decoded_text(data)
    except UnicodeError as error:
        raise RosterError("it is no UTF-8 text; save it as CSV UTF-8") from error
    if "\0" in text:
        raise RosterError("it is no text; save it as CSV UTF-8")
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with its line number.

    Cells are separated by commas, semicolons or tabs, whichever the first row has most of.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise RosterError(f"line {reader.line_num}: {error}; it is no proper CSV") from error


def _student(cells: Mapping[str, str], line: int) -> RosterEntry | None:
    """The person in a row; None for staff without an id. Raises RosterError for such a student."""

    def first_filled(columns: Iterable[str]) -> str:
        return next((cells[column] for column in columns if cells.get(column)), "")

    student_id = first_filled(COLUMNS["id"])
    staff = bool(_STAFF.fullmatch(first_filled(COLUMNS["role"])))
    if not student_id and staff:
        return None
    if not student_id:
        raise RosterError(f"line {line}: this student has no id")
    first_and_last = f"{first_filled(COLUMNS['first'])} {first_filled(COLUMNS['last'])}".strip()
    name = first_filled(COLUMNS["name"]) or first_and_last
    number_columns = ("id", *_NUMBER_COLUMNS) if "student" in cells else _NUMBER_COLUMNS
    numbers = (_site_number(cells.get(column, "")) for column in number_columns)
    columns = (column for group in ("id", "email", "login") for column in COLUMNS[group])
    ids = {cells.get(column, "") for column in columns} - {""}
    return RosterEntry(
        id=safe_id(student_id),
        name=name,
        keys=frozenset(id_key(text) for id_ in ids for text in (id_, safe_id(id_))),
        names=frozenset(name_keys(name)),
        site_number=next(filter(None, numbers), ""),
        staff=staff,
    )


def _site_number(cell: str) -> str:
    """The number in a cell, without leading zeros, a word may stand before it; else empty."""
    found = re.fullmatch(r"(?:\D* )?([0-9]+)", cell)
    return (found[1] if found else participant_number(cell)).lstrip("0")


def id_key(text: str) -> str:
    """A key that is the same for an id, an address or a login in any case."""
    return caseless(text).strip()


def name_keys(name: str) -> set[str]:
    """Keys of a person's name: two names that share a key may be one person's.

    Sites write a name in many ways. A key has no spaces, punctuation and accents, but the marks
    that write vowels and tones in other scripts, and there is one
    key for each word of the name, which begins with it. "First Middle Last" and
    "Last, First Middle" share one.
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(c for c in plain if not _ACCENT.fullmatch(c))
    found = re.finditer(r"[^\W_]+", with_letters_for_marks(plain))
    words = [plain[word.start() : word.end()] for word in found]
    return {"".join(words[n:] + words[:n]) for n in range(len(words))}
