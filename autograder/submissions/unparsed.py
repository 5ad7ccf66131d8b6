"""Finds the modules of a submission that Python cannot read, without running them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.core.source_text import syntax_error

#: How many characters of a message and of a line are kept.
_KEPT = 300


@dataclass(frozen=True)
class UnparsedModule:
    """A module that is no Python: its path, what the parser says, and the line it stopped at."""

    name: str
    message: str
    line: str


def unparsed_modules(modules: Mapping[str, bytes]) -> Iterator[UnparsedModule]:
    """The modules that an import would end at with a SyntaxError.

    The message is the one of that SyntaxError, if the box has the Python that grades.
    """
    for name, data in modules.items():
        error = syntax_error(data, PurePosixPath(name).name)
        if error is not None:
            yield UnparsedModule(name, str(error)[:_KEPT], _line(data, error)[:_KEPT])


def _line(data: bytes, error: SyntaxError | ValueError) -> str:
    """The line that the parser stopped at; empty if it does not say which."""
    number = getattr(error, "lineno", None) or 0
    line = data.splitlines()[number - 1 : number] if number else []
    return b"".join(line).strip().decode("utf-8", "replace")
