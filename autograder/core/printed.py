"""What a call prints, caught on the student's side: sys.stdout and file descriptor 1 alike."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator

#: A call that prints more characters than this is stopped.
MAX_PRINTED = 500_000


def printed_by(call: Callable[[], object]) -> str:
    """What a call prints, as text with plain line ends. Its result is dropped.

    What compiled code and child processes write to file descriptor 1 is caught, too. Raises
    OverflowError if more than `MAX_PRINTED` characters are printed, and whatever the call raises.
    """
    with tempfile.TemporaryFile() as file:
        with _output_into(file.fileno()):
            call()
        file.seek(0)
        data = file.read(4 * MAX_PRINTED + 1)
    text = data.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    if len(text) > MAX_PRINTED:
        raise _too_much()
    return text


class _Screen(io.TextIOWrapper):
    """A stream in the place of sys.stdout, which stops an endless print before the disk is full."""

    _printed = 0

    def write(self, text: str, /) -> int:
        self._printed += len(text)
        if self._printed > MAX_PRINTED:
            raise _too_much()
        return super().write(text)


def _too_much() -> OverflowError:
    return OverflowError(f"more than {MAX_PRINTED} characters were printed")


@contextlib.contextmanager
def _output_into(target: int) -> Iterator[None]:
    """Lead sys.stdout and file descriptor 1 into another descriptor."""
    before, number = sys.stdout, 1
    _flush(before)
    try:
        kept = os.dup(number)
    except OSError:  # a program without a terminal may have no descriptor 1
        kept, number = -1, target
    # A function may keep this stream for later. It then writes to descriptor 1, as before. So this
    # file is not closed at the end, as ruff would have it.
    raw = open(number, "wb", buffering=0, closefd=False)  # noqa: SIM115
    screen = _Screen(raw, "utf-8", "backslashreplace", newline="", write_through=True)
    try:
        if kept >= 0:
            os.dup2(target, number)
        sys.stdout = screen
        yield
    finally:
        _flush(sys.stdout)  # whatever the student's code has put there
        _flush(before)
        sys.stdout = before
        if kept >= 0:
            os.dup2(kept, number)
            os.close(kept)


def _flush(stream: object) -> None:
    # The student's code may have put anything in its place, also what has no flush.
    with contextlib.suppress(Exception):
        stream.flush()  # type: ignore[attr-defined]
