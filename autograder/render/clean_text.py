"""A student's text, made safe to show: without control characters and terminal escapes.

A colour code in a traceback is not readable. An escape in a file's name could rewrite a terminal. A
bidirectional override could change how a line reads. The templates escape for HTML.
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
#: C0 except tab and newline, C1, bidirectional marks and overrides, lone surrogates.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def clean(text: str) -> str:
    """The text without control characters, except newlines and tabs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", _ESCAPES.sub("", text))


def one_line(text: str) -> str:
    """The text cleaned, with a single space for every run of white space."""
    return " ".join(clean(text).split())


def cleaned(report: Report) -> Report:
    """The report with every text in it cleaned. Every page and table starts with this."""
    return msgspec.convert(_cleaned(msgspec.to_builtins(report)), Report)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(item) for key, item in value.items()}
    return value
