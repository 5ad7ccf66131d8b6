"""A running box, from outside: requests, answers, printed text, deadlines, its end.

Nothing that comes out of a box is trusted, and nothing is waited for without a deadline.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.box.wire import PREFIX, Message, decode, encode, lengths
from autograder.core.errors import FrameTooLarge, StudentError, WireError
from autograder.errors import BoxError, StudentKilled, StudentTimeout
from autograder.limits import MIB, Limits
from autograder.sandbox.launch import Backend, Descriptors
from autograder.sandbox.running import Running

#: Seconds for what only our own code does: starting, forking.
_OWN_CODE_TIMEOUT_S = 30.0
#: Seconds for sweeping up after a check. The student's code can hinder that, to no avail but time.
_SWEEP_TIMEOUT_S = 3.0
_READ = 1 << 18


class Box:
    """One running box.

    Attributes:
        usable: False once anything but values and exceptions came of it: then it must be closed.
    """

    def __init__(self, backend: Backend, run: Path, package: str, limits: Limits) -> None:
        self.usable = True
        self._limits = limits
        self._began = False
        self._deadline = 0.0
        self._seconds = self._left = 0.0
        self._dead = False
        self._printed = bytearray()
        self._printed_total = 0
        control_in, self._control_out = os.pipe()
        self._control_in, control_out = os.pipe()
        data_in, self._data_out = os.pipe()
        self._data_in, data_out = os.pipe()
        theirs = Descriptors(control_in, control_out, data_in, data_out)
        ours = (self._control_out, self._control_in, self._data_out, self._data_in)
        try:
            self._running = Running(backend.launch(run, package, limits, theirs), theirs)
        except BaseException:  # told to stop meanwhile, too: nothing may be left
            for descriptor in ours:
                os.close(descriptor)
            raise
        finally:
            for descriptor in theirs.all():
                os.close(descriptor)
        self._incoming = {self._control_in: bytearray(), self._data_in: bytearray()}
        self._selector = selectors.DefaultSelector()
        self._output = self._running.output
        for descriptor in (*ours, self._output):
            os.set_blocking(descriptor, False)
        for descriptor in (self._control_in, self._data_in, self._output, self._running.pidfd):
            self._selector.register(descriptor, selectors.EVENT_READ)
        self._await_ready()

    def _await_ready(self) -> None:
        self._deadline = time.monotonic() + _OWN_CODE_TIMEOUT_S
        try:
            self._expect("ready")
        except (StudentKilled, StudentTimeout, WireError) as error:
            printed = self.output().strip() or str(error)
            self.close()
            raise BoxError(f"the box did not start: {printed}") from error
        except BaseException:  # told to stop meanwhile, too: nothing may be left
            self.close()
            raise

    def begin(self, seed: int, seconds: float, *, notebooks: bool = False) -> None:
        """Fork a process for one check, with seeded generators and this many seconds to answer in.

        With `notebooks`, what these take long to import is imported before, once in a box.
        Raises BoxError if that fails: none of the student's code has run in it yet.
        """
        self._seconds = self._left = seconds
        self._printed.clear()
        self._printed_total = 0
        self._began = False
        self._nonce = os.urandom(16)
        self._deadline = time.monotonic() + _OWN_CODE_TIMEOUT_S
        try:
            self._send(self._control_out, encode(Message("begin", self._nonce, [seed, notebooks])))
            self._expect("begun")
        except (StudentKilled, StudentTimeout, WireError) as error:
            self.usable = False
            raise BoxError(f"the box could not begin a check: {error}") from error
        self._began = True

    def request(self, op: str, operands: list[Any]) -> Any:
        """Perform an operation on the student's side; see `student.Transport`.

        Raises StudentError, StudentTimeout or StudentKilled; WireError for operands that cannot be
        sent, which is the check's fault.
        """
        if self._incoming[self._data_in]:
            raise self._protocol("it sent bytes that nobody asked for")
        nonce = os.urandom(16)
        question = encode(Message(op, nonce, operands))
        asked = time.monotonic()
        self._deadline = asked + self._left
        try:
            self._send(self._data_out, question)
            self._wait(lambda: self._frame_complete(self._data_in))
            answer = self._take(self._data_in, self._limits.answer_mb * MIB)
        except WireError as error:
            raise self._protocol(str(error)) from None
        finally:  # what the check itself does between two requests is not the student's time
            self._left -= time.monotonic() - asked
        if answer.nonce != nonce:
            raise self._protocol("an answer to another request")
        match answer:
            case Message(kind="value", content=[value]):
                return value
            case Message(kind="raised", content=[str(kind), str(message), str(traceback)]):
                raise StudentError(kind, message, traceback)
        raise self._protocol("an answer of an unknown kind")

    def end(self) -> None:
        """End the check's process and have the box swept; it is not usable if that fails."""
        self._deadline = time.monotonic() + _SWEEP_TIMEOUT_S
        try:
            self._send(self._control_out, encode(Message("end", self._nonce, [])))
            self._wait(lambda: self._frame_complete(self._control_in))
            ended = self._take(self._control_in, MIB)
            # Nobody is left to write more: what is in the pipes now belongs to this check.
            for key, _ in self._selector.select(0):
                self._read(key.fd)
            self.usable = ended.content[:1] == ["over"] and not self._incoming[self._data_in]
        except (StudentKilled, StudentTimeout, WireError):
            self.usable = False

    def output(self) -> str:
        """What the check's code printed so far, cut to the limit."""
        text = bytes(self._printed).decode("utf-8", "replace")
        more = self._printed_total - len(self._printed)
        return f"{text}\n[{more} more bytes were printed]" if more > 0 else text

    def close(self) -> None:
        """Kill everything in the box and wait until it is gone."""
        self.usable = False
        if self._selector.get_map() is None:
            return
        self._running.kill()
        self._selector.close()
        for descriptor in (self._control_in, self._control_out, self._data_in, self._data_out):
            os.close(descriptor)

    def _expect(self, kind: str) -> None:
        """Wait for the runner to say this. Raises WireError if it says something else."""
        self._wait(lambda: self._frame_complete(self._control_in))
        if self._take(self._control_in, MIB).kind != kind:
            raise WireError(f"the runner did not say {kind!r}")

    def _send(self, descriptor: int, frame: bytes) -> None:
        """Write a frame while reading whatever comes; the box may not be listening."""
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

    def _wait(self, done: Callable[[], bool]) -> None:
        """Read all pipes until `done`. Raises StudentTimeout or StudentKilled."""
        while not done():
            if self._frame_complete(self._control_in) and self._began:
                self._ended_early()
            if self._dead:
                raise self._ended_whole()
            left = self._deadline - time.monotonic()
            if left <= 0:
                self.usable = False
                raise StudentTimeout(f"it did not return within {self._seconds:g} s")
            for key, _ in self._selector.select(left):
                self._read(key.fd)

    def _read(self, descriptor: int) -> None:
        if descriptor == self._running.pidfd:
            self._dead = True
            self._selector.unregister(descriptor)
        if descriptor not in (*self._incoming, self._output):
            return
        try:
            data = os.read(descriptor, _READ)
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
            buffer = self._incoming[descriptor]
            buffer += data
            if len(buffer) > (self._limits.answer_mb + 8) * MIB:
                raise self._killed(f"an answer of over {self._limits.answer_mb} MiB", limit=True)

    def _frame_complete(self, descriptor: int) -> bool:
        buffer = self._incoming[descriptor]
        if len(buffer) < PREFIX.size:
            return False
        header, body = self._announced(bytes(buffer[: PREFIX.size]))
        return len(buffer) >= PREFIX.size + header + body

    def _announced(self, prefix: bytes) -> tuple[int, int]:
        try:
            return lengths(prefix, self._limits.answer_mb * MIB)
        except FrameTooLarge:
            text = f"an answer of over {self._limits.answer_mb} MiB"
            raise self._killed(text, limit=True) from None
        except WireError as error:
            raise self._protocol(str(error)) from None

    def _take(self, descriptor: int, max_body: int) -> Message:
        """The one frame that has come; anything behind it is against the protocol."""
        buffer = bytes(self._incoming[descriptor])
        self._incoming[descriptor].clear()
        header, body = lengths(buffer[: PREFIX.size], max_body)
        end = PREFIX.size + header
        if len(buffer) != end + body:
            raise WireError("more than one answer")
        return decode(buffer[PREFIX.size : end], buffer[end:])

    def _ended_early(self) -> None:
        """The runner reports the end of a check that was not told to end."""
        match self._take(self._control_in, MIB).content:
            case [str(how), bool(limit)]:
                raise self._killed(how, limit=limit)
        raise self._protocol("a report of an unknown kind")

    def _ended_whole(self) -> StudentKilled:
        """What to say when nothing of the box is left."""
        if self._running.out_of_memory:
            text = f"the sandbox used up its {self._limits.memory_mb} MiB of memory"
            return self._killed(text, limit=True)
        return self._killed("the whole sandbox was ended from inside", limit=False)

    def _protocol(self, what: str) -> StudentKilled:
        return self._killed(f"the code broke the protocol: {what}", limit=False)

    def _killed(self, how: str, *, limit: bool) -> StudentKilled:
        self.usable = False
        return StudentKilled(how, limit=limit)
