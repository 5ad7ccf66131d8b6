"""Collects what an author must mend, so that all of it is told at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from typing import ParamSpec, TypeVar

from autograder.errors import AssignmentError, CheckError, UserError

P = ParamSpec("P")
T = TypeVar("T")

#: What a sentence begins with: a file and a line.
_PLACE = re.compile(r"(?P<file>[^\n]+?):(?P<line>\d+): ")
#: Between two sentences of one error.
_NEXT = re.compile(r"\n(?=[^\n]+?:\d+: )")


class Mistakes:
    """The errors of several stages of reading an assignment.

    A stage that failed gives None. What needs its result is left out, and all other stages go on.
    """

    def __init__(self) -> None:
        self._errors: list[UserError] = []

    @property
    def found(self) -> bool:
        """Whether there are any."""
        return bool(self._errors)

    def tried(self, stage: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """What a stage returns; None if it raises a UserError, which is kept."""
        try:
            return stage(*args, **kwargs)
        except UserError as error:
            self._errors.append(error)
            return None

    def add(self, *sentences: str) -> None:
        """Keep a mistake for each sentence."""
        self._errors += map(AssignmentError, sentences)

    def add_errors(self, errors: Iterable[UserError]) -> None:
        """Keep these errors."""
        self._errors += errors

    def error(self) -> UserError:
        """The error to raise: the only one itself, or one that says all, by files and lines."""
        if len(self._errors) == 1:
            return self._errors[0]
        sentences = [part for error in self._errors for part in _NEXT.split(str(error))]
        of_checks = all(isinstance(error, CheckError) for error in self._errors)
        kind = CheckError if of_checks else AssignmentError
        return kind("\n".join(in_file_order(sentences)))

    def raise_if_any(self) -> None:
        """Raise the error if there is a mistake."""
        if self._errors:
            raise self.error()


def in_file_order(sentences: Iterable[str]) -> list[str]:
    """The sentences, each once: those of one file together, by the lines that they begin with."""
    listed = list(dict.fromkeys(sentences))
    files: dict[str, int] = {}
    keys = []
    for sentence in listed:
        place = _PLACE.match(sentence)
        file = os.path.abspath(place["file"]) if place else sentence
        keys.append((files.setdefault(file, len(files)), int(place["line"]) if place else 0))
    return [sentence for _, sentence in sorted(zip(keys, listed, strict=True))]
