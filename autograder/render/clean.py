"""Text of a student's made safe to show: no control characters, no terminal escapes.

A colour code in a traceback is noise; an escape in a file's name could rewrite a terminal, and a
bidirectional override could make a line read as another. Escaping for HTML is the templates' work.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from autograder.records import Report

_ESCAPES = re.compile(
    r"""
    (?: \x1b\[ | \x9b ) [0-?]* [ -/]* [@-~]             # colours, cursor movements
    | (?: \x1b\] | \x9d ) [^\x07\x1b\x9c\n]* (?: \x07 | \x1b\\ | \x9c )?  # titles, clipboard
    | \x1b [PX^_] [^\x1b\n]* (?: \x1b\\ )?              # device strings
    | \x1b [ -/]* [0-~]                                 # two-character ones
    """,
    re.VERBOSE,
)
#: C0 but for tab and newline, C1, bidirectional marks and overrides, lone surrogates.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def clean(text: str) -> str:
    """The text without control characters but newlines and tabs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", _ESCAPES.sub("", text))


def one_line(text: str) -> str:
    """The text cleaned, every run of white space a single space."""
    return " ".join(clean(text).split())


def cleaned(report: Report) -> Report:
    """The report with every text in it cleaned; what every renderer begins with."""
    return msgspec.convert(_cleaned(msgspec.to_builtins(report)), Report)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(item) for key, item in value.items()}
    return value
