"""Reads texts and TOML of an instructor's; what cannot be read is an error with its line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar, get_args

import msgspec

from autograder.errors import AssignmentError

T = TypeVar("T", bound=msgspec.Struct)

#: Where a decoder of TOML met what is none.
_AT = re.compile(r" \(at line (\d+), column (\d+)\)")


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, with or without a byte order mark, as Windows writes it.

    Raises AssignmentError if the file cannot be read or has another encoding.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AssignmentError(f"{path}: {error.strerror}") from None
    return decoded(data, str(path)).replace("\r\n", "\n").replace("\r", "\n")


def decoded(data: bytes, file: str) -> str:
    """The text of a file's bytes; its lines end as they did. Raises AssignmentError as above."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AssignmentError(
            f"{file}:{line}: this is not UTF-8 ({error.reason}); save the file with the encoding "
            "UTF-8"
        ) from None


def read_toml(path: Path, type_: type[T]) -> T:
    """The content of a TOML file. Raises AssignmentError with the place if it is wrong."""
    text = read_text(path)
    try:
        return msgspec.toml.decode(text, type=type_)
    except msgspec.DecodeError as error:
        raise toml_error(path, text, error, type_) from None


def toml_error(
    path: Path, text: str, error: msgspec.DecodeError, type_: type[msgspec.Struct]
) -> AssignmentError:
    """The error to raise for what msgspec found wrong in the text of a TOML file."""
    words = str(error)
    if found := _AT.search(words):
        reason = f"{_AT.sub('', words)} at column {found[2]}"
        return AssignmentError(
            f"{path}:{found[1]}: this is not TOML: {reason}; a line is KEY = VALUE, and a text "
            "stands in quotes"
        )
    if "unknown field" in words:
        words += f"; known are: {', '.join(_fields_at(type_, words.partition('$')[2]))}"
    return AssignmentError(f"{path}{_line_of(text, words)}: {words}")


def _line_of(text: str, words: str) -> str:
    """A colon and the line of the key that msgspec speaks of; empty if it is not found."""
    named = re.findall(r"unknown field `(\w+)`|[.](\w+)(?:\[...\])*`", words)
    key = "".join(named[0]) if named else "?"
    where = re.search(rf"^[ \t\[]*(?:\w+\.)*{re.escape(key)}\b", text, re.MULTILINE)
    return f":{text.count(chr(10), 0, where.start()) + 1}" if where else ""


def _fields_at(type_: Any, path: str) -> list[str]:
    """The keys of the table that a path such as ``.questions[...]`` leads to."""
    for key in re.findall(r"\w+", path):
        fields = {field.encode_name: field.type for field in msgspec.structs.fields(type_)}
        type_ = next(iter(_structs(fields.get(key))), type_)
    return [field.encode_name for field in msgspec.structs.fields(type_)]


def _structs(type_: Any) -> list[type[msgspec.Struct]]:
    """The structures that a type is made of."""
    if isinstance(type_, type) and issubclass(type_, msgspec.Struct):
        return [type_]
    return [found for part in get_args(type_) for found in _structs(part)]
