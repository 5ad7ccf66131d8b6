"""Runs a check's functions on what a student's code sent, in a forked process of the grader.

The process holds what the grader holds in memory, and runs nothing but the check's own functions,
on plain values. It can open nothing, and its time and memory are bounded, since a function such as
``lambda n: 2**n`` may be given what it was never meant for. A clock outside ends it.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import math
import os
import select
import signal
import sys
import warnings
from pathlib import Path
from typing import Any, NoReturn

from autograder.box.wire import PREFIX, Message, decode, encode, lengths
from autograder.core import read_only
from autograder.core.errors import CheckError, FrameTooLarge, WireError
from autograder.core.functions import Functions, exception_in_words
from autograder.core.plain import plain_values
from autograder.errors import BoxError, StudentKilled, StudentTimeout
from autograder.limits import MIB
from autograder.sandbox.grader_clock import TICK_S, GraderClock
from autograder.sandbox.incoming import Incoming

_PR_SET_PDEATHSIG = 1
#: MiB that the functions may allocate, beside what the grader has allocated before.
_MEMORY_MB = 512
#: MiB of the arrays in one value.
_VALUE_MB = 64
#: The descriptors of the process: nothing to read, nothing to write, and its two pipes.
_READING, _WRITING, _DESCRIPTORS = 3, 4, 5
_READ_SIZE = 1 << 18
_NO_FILES = "a callback can open no file: import and read outside of it"
#: Audit events of Python's.
_FORBIDDEN = read_only.EVENTS | {
    "os.chmod", "os.chown", "os.exec", "os.fork", "os.posix_spawn", "os.setxattr", "os.utime",
}  # fmt: skip
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class FunctionHelper:
    """Answers the calls of one check's functions, one at a time.

    Its process is forked at the first call within a request, so that the functions see the check's
    variables as they are then. It ends with the request.

    Args:
        seconds: how long all calls of the check may take together.
    """

    def __init__(self, functions: Functions, seconds: float, clock: GraderClock) -> None:
        self._functions = functions
        self._seconds = self._seconds_left = seconds
        self._clock = clock
        self._pid = 0

    def answer(self, content: list[Any]) -> Message:
        """The message for the student's code that answers its call.

        Raises WireError if it is no call of a function of the check's, StudentTimeout or
        StudentKilled if the function did not return. Raises BoxError if no process can be forked.
        """
        match content:
            case [int(number), list(args), dict(kwargs)] if (
                not isinstance(number, bool)
                and 0 <= number < len(self._functions)
                and all(isinstance(name, str) for name in kwargs)
            ):
                pass
            case _:
                raise WireError("a call of an unknown function")
        try:
            self._functions.admit(number, args, kwargs)
            call = encode(Message("function", b"", content))
        except (TypeError, RuntimeError) as error:
            return Message("raised", b"", list(exception_in_words(error)))
        started = self._clock.now()
        try:
            answer = self._ask(call)
        finally:
            self._seconds_left -= self._clock.now() - started
        if answer.kind == "nested":
            self._functions.refuse_nested(str(answer.content[0]))
            return Message("raised", b"", ["RuntimeError", "the callback is broken"])
        return answer

    def close(self) -> None:
        """End the process, if there is one."""
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = 0
            os.close(self._to)
            os.close(self._from)

    def _ask(self, call: bytes) -> Message:
        if not self._pid:
            self._start()
        answer = Incoming(_VALUE_MB)
        deadline = self._clock.now() + self._seconds_left
        rest = memoryview(call)
        while True:
            try:
                if not rest and answer.is_complete():
                    return answer.take(_VALUE_MB * MIB)
            except FrameTooLarge:
                raise StudentKilled("a callback returned too much", limit=True) from None
            left = deadline - self._clock.now()
            if left <= 0:
                raise self._timeout()
            writing = [self._to] if rest else []
            pause = min(left, TICK_S)
            readable, writable, _ = select.select([self._from], writing, [], pause)
            self._clock.tick(pause)
            with contextlib.suppress(BlockingIOError, BrokenPipeError):
                if writable:
                    rest = rest[os.write(self._to, rest[: 1 << 16]) :]
            if readable:
                data = os.read(self._from, _READ_SIZE)
                if not data:
                    raise StudentKilled(
                        "a callback used up its memory or its processor time for what it "
                        "was called with",
                        limit=True,
                    )
                answer.add(data)

    def _timeout(self) -> StudentTimeout:
        return StudentTimeout(
            f"a callback did not return within {self._seconds:g} s for what it was called with"
        )

    def _start(self) -> None:
        theirs_in, self._to = os.pipe()
        self._from, theirs_out = os.pipe()
        grader = os.getpid()
        # No handler of the grader's may run in the new process before it is on its own way.
        unblocked = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            with warnings.catch_warnings():
                # A worker's only other thread waits for the end of its parent, and holds no lock.
                warnings.simplefilter("ignore", DeprecationWarning)
                self._pid = os.fork()
            if not self._pid:
                _serve(self._functions, theirs_in, theirs_out, grader, self._seconds_left)
        except OSError as error:
            os.close(self._to)
            os.close(self._from)
            raise BoxError(f"no process for a check's functions: {error}") from error
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
            signal.pthread_sigmask(signal.SIG_SETMASK, unblocked)
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)


class InProcessHelper(FunctionHelper):
    """Calls the functions in the grader's own process, where a system cannot fork.

    This is for an author's own code (`plain_process`): a function that does not return is not
    stopped, and what it writes into variables stays.
    """

    def _ask(self, call: bytes) -> Message:
        started = self._clock.now()
        asked = _message(call, request=True)
        answer = _message(_answer(self._functions, *asked.content))
        if self._clock.now() - started > self._seconds_left:
            raise self._timeout()
        return answer


def _message(frame: bytes, *, request: bool = False) -> Message:
    """The message of a whole frame. Raises StudentKilled if it is too large."""
    try:
        header, _ = lengths(frame[: PREFIX.size], _VALUE_MB * MIB)
    except FrameTooLarge:
        raise StudentKilled("a callback returned too much", limit=True) from None
    start = PREFIX.size + header
    return decode(frame[PREFIX.size : start], frame[start:], request=request)


def _serve(
    functions: Functions, reading: int, writing: int, grader: int, seconds: float
) -> NoReturn:
    """Answer calls until we are killed. Runs in the process of its own, which never returns."""
    try:
        _confine(reading, writing, grader, seconds)
        while True:
            header, body = lengths(_read(PREFIX.size), _VALUE_MB * MIB)
            message = decode(_read(header), _read(body), request=True)
            data = memoryview(_answer(functions, *message.content))
            while data:
                data = data[os.write(_WRITING, data) :]
    finally:
        os._exit(1)


def _answer(functions: Functions, number: int, args: list[Any], kwargs: dict[str, Any]) -> bytes:
    """The frame with what a function returned or raised."""
    try:
        value = plain_values(functions.perform(number, args, kwargs))
        return encode(Message("value", b"", [value]))
    except CheckError as error:
        return encode(Message("nested", b"", [str(error)]))
    except WireError as error:
        text = f"the callback returned what cannot be sent: {error}"
        return encode(Message("raised", b"", ["TypeError", text]))
    except Exception as error:  # a check's function may raise anything
        return encode(Message("raised", b"", list(_in_words(error))))


def _in_words(error: Exception) -> tuple[str, str]:
    name, text = exception_in_words(error)
    if isinstance(error, (OSError, ImportError)):
        text += f" ({_NO_FILES})"
    return name, text


def _confine(reading: int, writing: int, grader: int, seconds: float) -> None:
    """Bound what the process can do. Nothing of the grader's is open in it."""
    import fcntl  # not everywhere that releases are made
    import resource

    assert _libc is not None
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != grader:
        os._exit(1)
    gc.freeze()
    sys.dont_write_bytecode = True
    os.environ.clear()
    for number in signal.valid_signals():
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            with contextlib.suppress(OSError, ValueError):
                signal.signal(number, signal.SIG_DFL)
    # The grader gets the interrupt too, and ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    nothing = os.open(os.devnull, os.O_RDWR)
    kept = (nothing, nothing, nothing, reading, writing)
    # Above the targets first, so that none is overwritten before it is copied.
    copies = [fcntl.fcntl(each, fcntl.F_DUPFD, _DESCRIPTORS) for each in kept]
    for target, descriptor in enumerate(copies):
        os.dup2(descriptor, target)
    os.closerange(_DESCRIPTORS, os.sysconf("SC_OPEN_MAX"))
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    limits = {
        "AS": size + _MEMORY_MB * MIB,
        "CPU": math.ceil(max(seconds, 1.0)) + 1,
        "FSIZE": 0,
        "CORE": 0,
        "NOFILE": _DESCRIPTORS,
    }
    for name, value in limits.items():
        number = getattr(resource, f"RLIMIT_{name}")
        _soft, hard = resource.getrlimit(number)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))
    sys.addaudithook(_refuse)


def _refuse(event: str, _args: tuple[Any, ...]) -> None:
    """Refuse what needs no open file."""
    if event in _FORBIDDEN:
        raise PermissionError(read_only.SENTENCE)


def _read(count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        piece = os.read(_READING, min(count - len(data), _READ_SIZE))
        if not piece:
            os._exit(0)
        data += piece
    return bytes(data)
