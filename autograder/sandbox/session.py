"""The student's code in a box: lends a `Student` for each check, in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.core.locations import read_locations
from autograder.core.student import Student
from autograder.errors import BoxError
from autograder.limits import Limits
from autograder.sandbox.launch import Backend
from autograder.sandbox.process import Box


class StudentSession:
    """One submission's boxes, started when they are first needed and again after they broke.

    Args:
        limits: of the box, where a check asks for no others.
        answers: the texts of answers in prose; they never enter a box.

    Attributes:
        output: what the code printed during the last check.
        asking: whether a request is on its way; broken off then, no other could follow.
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
        self.asking = False
        self._answers = answers or {}
        self._usual = limits
        self._backend = backend
        self._run = run
        self._package = package
        self._boxes: dict[Limits, Box] = {}
        #: Whether checks look into notebooks: from the start where a variant has answers there.
        self._notebooks = bool(read_locations(run).cells)

    @contextmanager
    def student(
        self, *, seed: int, seconds: float, limits: Limits | None = None
    ) -> Iterator[Student]:
        """A student for one check: a fresh process, seeded generators, so many seconds to answer.

        There is a box for each kind of `limits`, kept for the checks that follow. The seconds are
        those that requests take together; the check's own time does not count.
        Raises BoxError if the box cannot be started.
        """
        self.output = ""
        wanted = limits or self._usual
        box = self._begin(wanted, seed, seconds)
        try:
            transport = _BoxTransport(box, self)
            yield Student(transport, self._answers)
        finally:
            self._notebooks |= transport.notebooks
            if box.usable:
                box.end()
            self.output = box.output()
            if not box.usable:
                self._boxes.pop(wanted).close()

    def close(self) -> None:
        """End the boxes, if there are any."""
        while self._boxes:
            self._boxes.popitem()[1].close()

    def __enter__(self) -> StudentSession:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _begin(self, limits: Limits, seed: int, seconds: float) -> Box:
        """A box that has begun a check; one that died since the last check is replaced."""
        box = self._boxes.get(limits)
        if box is not None:
            try:
                box.begin(seed, seconds, notebooks=self._notebooks)
            except BoxError:
                self._boxes.pop(limits).close()
            else:
                return box
        box = self._boxes[limits] = Box(self._backend, self._run, self._package, limits)
        box.begin(seed, seconds, notebooks=self._notebooks)
        return box


class _BoxTransport:
    """`core.student.Transport` over a box's pipes."""

    def __init__(self, box: Box, session: StudentSession) -> None:
        self._box = box
        self._bench = session
        self.notebooks = False

    def request(self, op: str, *operands: Any) -> Any:
        self.notebooks |= op == "notebook"
        self._bench.asking = True
        try:
            return self._box.request(op, list(operands))
        finally:
            self._bench.asking = False
