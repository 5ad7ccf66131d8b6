"""The student's code in a box: lends a `Student` for each check, in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.core.student import Student
from autograder.errors import BoxError
from autograder.sandbox.launch import Backend
from autograder.sandbox.limits import Limits
from autograder.sandbox.process import Box


class Bench:
    """One submission's box, started when it is first needed and again after it broke.

    Args:
        limits: of the box, where a check asks for no others.
        answers: the texts of answers in prose; they never enter a box.

    Attributes:
        output: what the code printed during the last check.
    """

    def __init__(
        self,
        backend: Backend,
        run: Path,
        package: str,
        limits: Limits,
        answers: Mapping[str, str] | None = None,
    ) -> None:
        self.output = ""
        self._answers = answers or {}
        self._usual = limits
        self._backend = backend
        self._run = run
        self._package = package
        self._limits = limits
        self._box: Box | None = None

    @contextmanager
    def student(
        self, *, seed: int, seconds: float, limits: Limits | None = None
    ) -> Iterator[Student]:
        """A student for one check: a fresh process, seeded generators, so many seconds to answer.

        Other `limits` than those of the last check take another box. The seconds are those that
        requests take together; the check's own time does not count.
        Raises BoxError if the box cannot be started.
        """
        self.output = ""
        if (limits or self._usual) != self._limits:
            self.close()
            self._limits = limits or self._usual
        box = self._begin(seed, seconds)
        try:
            yield Student(_BoxTransport(box), self._answers)
        finally:
            if box.usable:
                box.end()
            self.output = box.output()
            if not box.usable:
                self.close()

    def close(self) -> None:
        """End the box, if there is one."""
        if self._box is not None:
            self._box.close()
            self._box = None

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _begin(self, seed: int, seconds: float) -> Box:
        """A box that has begun a check; one that died since the last check is replaced."""
        if self._box is not None:
            try:
                self._box.begin(seed, seconds)
            except BoxError:
                self.close()
            else:
                return self._box
        self._box = Box(self._backend, self._run, self._package, self._limits)
        self._box.begin(seed, seconds)
        return self._box


class _BoxTransport:
    """`core.student.Transport` over a box's pipes."""

    def __init__(self, box: Box) -> None:
        self._box = box

    def request(self, op: str, *operands: Any) -> Any:
        return self._box.request(op, list(operands))
