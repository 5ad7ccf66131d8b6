"""A session: runs a submission's code in boxes, and gives each check a `Student`."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.core.functions import Functions, FunctionUse
from autograder.core.locations import read_locations
from autograder.core.remote import Ref
from autograder.core.source_text import Sources
from autograder.core.student import Student
from autograder.errors import BoxError, StudentError
from autograder.limits import Limits
from autograder.sandbox.box import Box
from autograder.sandbox.function_helper import FunctionHelper, InProcessHelper
from autograder.sandbox.grader_clock import GraderClock
from autograder.sandbox.launch import Backend
from autograder.sandbox.plain_process import PlainProcess, PlainProcessBox


class StudentSession:
    """The boxes of one submission. A box is started when it is first needed, or when it broke.

    Args:
        run: the run folder.
        package: the name of the package that is graded.
        limits: the limits of the box for checks that set none of their own.
        answers: the texts of written answers, by question. They never enter a box.
        sources: gives the texts of what was handed in.

    Attributes:
        output: what the student's code printed during the last check.
        asking: whether a request was sent and its answer has not come. If we stopped waiting for
            it now, no further request could be sent to this box.
        overslept: for how many seconds the grader itself was stopped during the last check.
        keep_requests: whether to keep what a check asks of the student's code, for people to see.
        requests: of the last check, if they are kept: each operation with copies of its operands.
        from_notebooks: for these requests, the notebook and the dotted name there that a handle's
            number stands for.
    """

    def __init__(
        self,
        backend: Backend,
        run: Path,
        package: str,
        limits: Limits,
        answers: Mapping[str, str] | None = None,
        sources: Callable[[], Sources] = Sources,
    ) -> None:
        self.output = ""
        self.asking = False
        self.overslept = 0.0
        self.keep_requests = False
        self.requests: list[tuple[str, tuple[Any, ...]]] = []
        self.from_notebooks: dict[int, tuple[str, str]] = {}
        self._clock = GraderClock()
        self._answers = answers or {}
        self._sources = sources
        self._default_limits = limits
        self._backend = backend
        self._run = run
        self._package = package
        self._boxes: dict[Limits, Box] = {}
        #: The kinds of boxes that were started before, and the seconds that the first ones took.
        self._kinds: set[Limits] = set()
        self._first_starts = 0.0
        #: Whether the student's code has got the inputs of a hidden check, in whatever box.
        self._saw_hidden = False
        #: Whether boxes prepare to run notebooks: from the start if a variant has answers there,
        #: else once a check has asked for a notebook.
        self._notebooks = bool(read_locations(run).cells)

    @contextmanager
    def student(
        self,
        *,
        seed: int,
        seconds: float,
        limits: Limits | None = None,
        visible: bool = False,
        use: FunctionUse | None = None,
    ) -> Iterator[Student]:
        """A student for one check: a new process, with seeded random generators.

        There is one box for each value of `limits`. It is kept for the checks that follow.

        Args:
            seconds: how long all requests may take together. The time that the check itself takes
                does not count.
            visible: whether the student will read what this check prints and returns. Such checks
                come first.
            use: how the reference called the check's functions; None if it is the reference. What
                the functions compute has so many seconds of its own.

        Raises BoxError if the box cannot be started. Raises RuntimeError if a visible check comes
        after a hidden one: even a new box shares the machine's counters with the one that saw the
        hidden inputs.
        """
        with self.transport(
            seed=seed, seconds=seconds, limits=limits, visible=visible
        ) as transport:
            functions = Functions(use)
            transport.helper = self._helper(functions, seconds)
            yield Student(transport, self._answers, self._sources, functions)

    @contextmanager
    def trial(self, seconds: float) -> Iterator[BoxTransport]:
        """A new process in which the cells of notebooks are tried, before any check.

        Raises BoxError if the box cannot be started.
        """
        self._notebooks = True  # so that IPython is there when the first cell is timed
        with self.transport(seed=0, seconds=seconds, visible=True) as transport:
            yield transport

    def now(self) -> float:
        """The seconds of a clock that does not count while the grader itself is stopped."""
        return self._clock.now()

    @contextmanager
    def transport(
        self, *, seed: int, seconds: float, limits: Limits | None = None, visible: bool = False
    ) -> Iterator[BoxTransport]:
        """What carries requests to a new process; see `student`."""
        if visible and self._saw_hidden:
            raise RuntimeError("a visible check cannot be run after a hidden one")
        self._saw_hidden |= not visible
        self.output = ""
        self.overslept = 0.0
        self.requests, self.from_notebooks = [], {}
        limits = limits or self._default_limits
        box = self._begin(limits, seed, seconds)
        before = self._clock.overslept
        transport = BoxTransport(box, self)
        try:
            yield transport
        finally:
            transport.ended = True
            self._clock.tick()
            self.overslept = self._clock.overslept - before
            self._notebooks |= transport.notebooks
            if box.usable:
                box.end()
            self.output = box.output()
            if not box.usable:
                self._boxes.pop(limits).close()

    @property
    def not_theirs(self) -> float:
        """Seconds so far that no submission is to blame for, in all checks together.

        For so long the grader itself was stopped, or started the first box of each kind.
        """
        return self._clock.overslept + self._first_starts

    def close(self) -> None:
        """Close all boxes. The session can be used again: it then starts new ones."""
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
        """A box that has begun a check. A box that died since the last check is replaced."""
        box = self._boxes.get(limits)
        if box is not None:
            try:
                box.begin(seed, seconds, notebooks=self._notebooks)
            except BoxError:
                self._boxes.pop(limits).close()
            else:
                return box
        before = self._clock.now()
        box = self._boxes[limits] = self._start(limits)
        box.begin(seed, seconds, notebooks=self._notebooks)
        if limits not in self._kinds:
            self._kinds.add(limits)
            self._first_starts += self._clock.now() - before
        return box

    def _helper(self, functions: Functions, seconds: float) -> FunctionHelper:
        """What answers the calls of a check's functions."""
        bare = isinstance(self._backend, PlainProcess)
        made = InProcessHelper if bare else FunctionHelper
        return made(functions, seconds, self._clock)

    def _start(self, limits: Limits) -> Box:
        if isinstance(self._backend, PlainProcess):
            return PlainProcessBox(self._run, self._package, limits, self._clock)
        return Box(self._backend, self._run, self._package, limits, self._clock)


class BoxTransport:
    """`core.student.Transport` over a box's pipes.

    Attributes:
        notebooks: whether a notebook was asked for.
        helper: answers calls of the check's functions; None if there is no check.
        ended: whether the check is over. Who compares what it saw may have a handle; the answer to
            a request would reach the next check.
    """

    def __init__(self, box: Box, session: StudentSession) -> None:
        self._box = box
        self._session = session
        self.notebooks = False
        self.helper: FunctionHelper | None = None
        self.ended = False

    def request(self, op: str, *operands: Any) -> Any:
        if self.ended:
            raise StudentError("TypeError", "got an object, expected a value")
        self.notebooks |= op == "notebook"
        if self._session.keep_requests:  # the check may change its arrays after the call
            self._session.requests.append((op, copy.deepcopy(operands)))
        self._session.asking = True
        try:
            answer = self._box.request(op, list(operands), self.helper)
            if self._session.keep_requests:
                self._keep_name(op, operands, answer)
            return answer
        finally:
            if self.helper is not None:
                self.helper.close()
            self._session.asking = False

    def _keep_name(self, op: str, operands: tuple[Any, ...], answer: Any) -> None:
        """Keep what an answer is called in a notebook, if it is a handle of something there."""
        names = self._session.from_notebooks
        if not isinstance(answer, Ref):
            return
        names.pop(answer.number, None)
        if op == "notebook":
            names[answer.number] = str(operands[0]), ""
        elif op == "attribute" and isinstance(operands[0], Ref) and operands[0].number in names:
            notebook, path = names[operands[0].number]
            names[answer.number] = notebook, f"{path}.{operands[1]}".lstrip(".")
