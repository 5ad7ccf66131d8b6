"""A running box, as the grader sees it: requests, answers, printed text, deadlines, its end.

The grader trusts nothing that comes out of a box, and never waits for a box without a deadline.
"""

from __future__ import annotations

import array
import contextlib
import os
import selectors
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.box.setup import BoxPipes
from autograder.box.wire import Message, encode
from autograder.core.errors import FrameTooLarge, StudentError, WireError
from autograder.errors import AnswerTooLarge, BoxError, StudentKilled, StudentTimeout
from autograder.limits import MIB, Limits
from autograder.sandbox.box_process import BoxProcess
from autograder.sandbox.function_helper import FunctionHelper
from autograder.sandbox.grader_clock import TICK_S, GraderClock
from autograder.sandbox.incoming import Incoming
from autograder.sandbox.launch import Backend

#: Seconds to start a box or to begin a check. Only our own code runs then.
_START_TIMEOUT_S = 30.0
#: Seconds to clean up after a check. The student's code can delay that; the box is then replaced.
_CLEANUP_TIMEOUT_S = 3.0
#: Bytes to read from a pipe at once.
_READ_SIZE = 1 << 18


class Box:
    """One running box.

    Attributes:
        usable: whether a further check can run in this box. It becomes False if a request ends
            with anything but a value or an exception of the student's code. Such a box must be
            closed.

    Raises BoxError if the box does not start.
    """

    def __init__(
        self,
        backend: Backend,
        run: Path,
        package: str,
        limits: Limits,
        clock: GraderClock | None = None,
    ) -> None:
        self.usable = True
        self._clock = clock or GraderClock()
        self._limits = limits
        self._began = False
        self._deadline = 0.0
        self._seconds = self._seconds_left = 0.0
        self._dead = False
        self._printed = bytearray()
        self._printed_total = 0
        control_in, self._control_out = os.pipe()
        self._control_in, control_out = os.pipe()
        data_in, self._data_out = os.pipe()
        self._data_in, data_out = os.pipe()
        theirs = BoxPipes(
            control_in=control_in, control_out=control_out, data_in=data_in, data_out=data_out
        )
        ours = (self._control_out, self._control_in, self._data_out, self._data_in)
        try:
            self._process = BoxProcess(backend.launch(run, package, limits, theirs), theirs)
        except BaseException:  # also if the grader is told to stop: nothing may be left
            for descriptor in ours:
                os.close(descriptor)
            raise
        finally:
            for descriptor in theirs.all():
                os.close(descriptor)
        self._incoming = {p: Incoming(limits.answer_mb) for p in (self._control_in, self._data_in)}
        self._selector = selectors.DefaultSelector()
        self._output = self._process.output
        for descriptor in (*ours, self._output):
            os.set_blocking(descriptor, False)
        for descriptor in (self._control_in, self._data_in, self._output, self._process.pidfd):
            self._selector.register(descriptor, selectors.EVENT_READ)
        self._await_ready()

    def _await_ready(self) -> None:
        self._set_deadline(_START_TIMEOUT_S)
        try:
            self._expect("ready")
        except (StudentKilled, StudentTimeout, WireError) as error:
            printed = self.output().strip() or str(error)
            self.close()
            raise BoxError(f"the box did not start: {printed}") from error
        except BaseException:  # also if the grader is told to stop: nothing may be left
            self.close()
            raise

    def begin(self, seed: int, seconds: float, *, notebooks: bool = False) -> None:
        """Fork a process for one check.

        Args:
            seed: for the random generators in the box.
            seconds: how long all requests of the check may take together.
            notebooks: whether to import first what notebooks need. It takes long, and is done once
                in a box.

        Raises BoxError if that fails. It is our failure: no code of the student has run yet.
        """
        self._seconds = self._seconds_left = seconds
        self._began = False
        self._nonce = os.urandom(16)
        self._set_deadline(_START_TIMEOUT_S)
        try:
            self._send(self._control_out, encode(Message("begin", self._nonce, [seed, notebooks])))
            self._expect("begun")
        except (StudentKilled, StudentTimeout, WireError) as error:
            self.usable = False
            raise BoxError(f"the box could not begin a check: {error}") from error
        # What was printed until now is ours: of the start, or of an import before the fork.
        with contextlib.suppress(BlockingIOError):
            while os.read(self._output, _READ_SIZE):
                continue
        self._printed.clear()
        self._printed_total = 0
        self._began = True

    def request(self, op: str, operands: list[Any], helper: FunctionHelper | None = None) -> Any:
        """Perform an operation in the box; see `core.student.Transport`.

        Args:
            helper: answers calls of the check's functions meanwhile.

        Raises StudentError, StudentTimeout, StudentKilled or AnswerTooLarge. Raises WireError,
        before anything is sent, if the operands cannot be sent. Raises BoxError if the pipes fail.
        """
        if self._incoming[self._data_in]:
            raise self._protocol_error("it sent bytes without a request")
        self._clock.tick()  # since the last answer the check itself computed
        nonce = os.urandom(16)
        question = encode(Message(op, nonce, operands))
        started = self._clock.now()
        self._deadline = started + self._seconds_left
        try:
            self._send(self._data_out, question)
            answer = self._receive()
            while helper is not None and answer.kind == "function" and answer.nonce == nonce:
                before = self._clock.now()
                reply = helper.answer(answer.content)
                self._clock.tick()
                # For so long the student's code has waited for us.
                waited = self._clock.now() - before
                started += waited
                self._deadline += waited
                self._send_reply(encode(reply))
                answer = self._receive()
        except (StudentTimeout, StudentKilled):
            self.usable = False
            raise
        except WireError as error:
            raise self._protocol_error(str(error)) from None
        except MemoryError:
            self.usable = False
            raise AnswerTooLarge("the grader's memory did not suffice to read its answer") from None
        except OSError as error:
            self.usable = False
            raise BoxError(f"the pipes of the box failed: {error}") from error
        finally:  # the time between two requests is the check's own, not the student's
            self._seconds_left -= self._clock.now() - started
        if answer.nonce != nonce:
            raise self._protocol_error("an answer to another request")
        match answer:
            case Message(kind="value", content=[value]):
                return value
            case Message(kind="raised", content=[str(kind), str(message), str(traceback)]):
                raise StudentError(kind, message, traceback)
        raise self._protocol_error("an answer of an unknown kind")

    def end(self) -> None:
        """End the check's process and let the runner clean up. If that fails, `usable` is False."""
        self._set_deadline(_CLEANUP_TIMEOUT_S)
        try:
            self._send(self._control_out, encode(Message("end", self._nonce, [])))
            self._wait(lambda: self._frame_complete(self._control_in))
            ended = self._incoming[self._control_in].take(MIB)
            # No process of the check is left: what is in the pipes now was written by this check.
            for key, _ in self._selector.select(0):
                self._read(key.fd)
            # The runner says whether it ended the check itself, as it was told, and cleaned up.
            as_told = ended.content[:1] == [True]
            left = self._incoming[self._data_in] or self._unread_by_the_box()
            self.usable = as_told and not left
        except (StudentKilled, StudentTimeout, WireError):
            self.usable = False

    def output(self) -> str:
        """What the student's code has printed during this check, cut to the limit."""
        text = bytes(self._printed).decode("utf-8", "replace")
        dropped = self._printed_total - len(self._printed)
        return f"{text}\n[{dropped} more bytes were printed]" if dropped > 0 else text

    def close(self) -> None:
        """Kill all processes of the box and wait until they are gone."""
        self.usable = False
        if self._selector.get_map() is None:
            return
        self._process.kill()
        self._selector.close()
        for descriptor in (self._control_in, self._control_out, self._data_in, self._data_out):
            os.close(descriptor)

    def _receive(self) -> Message:
        """Wait for the answer of the student's code. Raises WireError if it is none."""
        self._wait(lambda: self._frame_complete(self._data_in))
        return self._incoming[self._data_in].take(self._limits.answer_mb * MIB)

    def _send_reply(self, frame: bytes) -> None:
        """Answer a call. Raises WireError if the box has not waited for it."""
        for key, _ in self._selector.select(0):
            self._read(key.fd)
        if self._incoming[self._data_in]:
            raise WireError("it sent bytes before its call was answered")
        self._send(self._data_out, frame)

    def _unread_by_the_box(self) -> int:
        """How many bytes are left in the pipe to the student's code, for a next check to read."""
        import fcntl  # not everywhere that releases are made
        import termios

        count = array.array("i", [0])
        fcntl.ioctl(self._data_out, termios.FIONREAD, count)
        return count[0]

    def _expect(self, kind: str) -> None:
        """Wait for a message of this kind from the runner. Raises WireError for another kind."""
        self._wait(lambda: self._frame_complete(self._control_in))
        if self._incoming[self._control_in].take(MIB).kind != kind:
            raise WireError(f"the runner did not send {kind!r}")

    def _send(self, descriptor: int, frame: bytes) -> None:
        """Write a frame, and read from all pipes meanwhile, since the box may not read now."""
        data = memoryview(frame)

        def sent() -> bool:
            nonlocal data
            with contextlib.suppress(BlockingIOError, BrokenPipeError):
                while data:
                    data = data[os.write(descriptor, data[: 1 << 16]) :]
            return not data

        if sent():
            return
        self._selector.register(descriptor, selectors.EVENT_WRITE)
        try:
            self._wait(sent)
        finally:
            self._selector.unregister(descriptor)

    def _set_deadline(self, seconds: float) -> None:
        """Set the deadline for the runner, so many seconds from now."""
        self._clock.restart()
        self._deadline = self._clock.now() + seconds

    def _wait(self, done: Callable[[], bool]) -> None:
        """Read all pipes until `done`. Raises StudentTimeout or StudentKilled.

        The time is over only once all was read that had arrived by then: the grader itself may be
        late.
        """
        over = False
        while not done():
            if self._frame_complete(self._control_in) and self._began:
                self._handle_early_end()
            if self._dead:
                raise self._box_ended()
            if over:
                self.usable = False
                raise StudentTimeout(f"it did not return within {self._seconds:g} s")
            pause = min(max(self._deadline - self._clock.now(), 0.0), TICK_S)
            ready = self._selector.select(pause)
            self._clock.tick(pause)
            # If the grader was stopped meanwhile, the deadline has moved.
            over = pause == 0.0 and self._clock.now() >= self._deadline
            for key, _ in ready:
                self._read(key.fd)

    def _read(self, descriptor: int) -> None:
        """Read what a descriptor has ready. Raises StudentKilled if it is too much."""
        if descriptor == self._process.pidfd:
            self._dead = True
            self._selector.unregister(descriptor)
        if descriptor not in (*self._incoming, self._output):
            return
        try:
            data = self._take(descriptor)
        except BlockingIOError:
            return
        if not data:
            self._selector.unregister(descriptor)
        elif descriptor == self._output:
            self._printed_total += len(data)
            self._printed += data[: max(0, self._limits.output_kept - len(self._printed))]
            if self._printed_total > self._limits.output_killed:
                text = f"it printed more than {self._limits.output_killed // MIB} MiB"
                raise self._killed(text, limit=True)
        else:
            try:
                self._incoming[descriptor].add(data)
            except FrameTooLarge:
                raise self._answer_too_large() from None

    def _take(self, descriptor: int) -> bytes:
        """What a descriptor has ready; nothing at its end. Raises BlockingIOError."""
        return os.read(descriptor, _READ_SIZE)

    def _frame_complete(self, descriptor: int) -> bool:
        """Whether a whole frame was received. Raises StudentKilled for what is no frame."""
        try:
            return self._incoming[descriptor].is_complete()
        except FrameTooLarge:
            raise self._answer_too_large() from None
        except WireError as error:
            raise self._protocol_error(str(error)) from None

    def _handle_early_end(self) -> None:
        """Read the runner's report that a check's process ended before we ended the check."""
        match self._incoming[self._control_in].take(MIB).content:
            case [bool(), str(reason), bool(limit)]:
                raise self._killed(reason, limit=limit)
        raise self._protocol_error("a report of an unknown kind")

    def _box_ended(self) -> StudentKilled:
        """The exception for a box whose processes have all ended."""
        if self._process.out_of_memory:
            text = f"the sandbox used up its {self._limits.memory_mb} MiB of memory"
            return self._killed(text, limit=True)
        return self._killed("the whole sandbox was ended from inside", limit=False)

    def _answer_too_large(self) -> StudentKilled:
        return self._killed(f"an answer of over {self._limits.answer_mb} MiB", limit=True)

    def _protocol_error(self, reason: str) -> StudentKilled:
        return self._killed(f"the code broke the protocol: {reason}", limit=False)

    def _killed(self, reason: str, *, limit: bool) -> StudentKilled:
        self.usable = False
        return StudentKilled(reason, limit=limit)
