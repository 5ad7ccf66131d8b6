"""No sandbox, on any system: each check has a Python process of its own. For an author's own code.

The runner of the other backends forks, and watches its processes, by means that Linux alone has.
Here a process serves one check and ends. It has no limits but the clock, and starting it takes
longer than a fork.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.box.setup import encode_setup
from autograder.errors import BoxError
from autograder.limits import Limits
from autograder.records import Enforcement
from autograder.sandbox.box import Box
from autograder.sandbox.box_modules import BOX_MODULES, copy_box_modules
from autograder.sandbox.box_setup import box_setup
from autograder.sandbox.environment import box_environment
from autograder.sandbox.grader_clock import GraderClock
from autograder.sandbox.incoming import Incoming
from autograder.sandbox.no_sandbox import NoSandbox

_READ_SIZE = 1 << 18
#: Seconds to read what is left. What the process started may go on, and keep its pipes open.
_CLEANUP_TIMEOUT_S = 3.0
#: The sources of what arrives: frames, printed text, the end of the process, our own writing.
_FRAMES, _PRINTED, _ENDED, _WRITTEN = 0, 1, 2, 3
#: So many bytes any system's pipe takes at once while nobody reads.
_SMALL = 4096
#: Windows needs this variable to start Python, and PATH to find libraries.
_OF_WINDOWS = ("SYSTEMROOT", "PATH")


@dataclass(frozen=True)
class _Arrived:
    """What `selectors` would call a key: where something has arrived."""

    fd: int


class _Arrivals:
    """Takes what threads read, in the place of a selector: Windows cannot select on pipes."""

    def __init__(self) -> None:
        self._queue: queue.Queue[tuple[int, bytes]] = queue.Queue(maxsize=64)
        self._ready: dict[int, bytes] = {}
        self._open = True

    def follow(self, descriptor: int, source: int) -> threading.Thread:
        """Read a pipe to its end in a thread, and close it."""

        def read() -> None:
            with contextlib.suppress(OSError):
                while data := os.read(descriptor, _READ_SIZE):
                    self.put(source, data)
            os.close(descriptor)
            if source == _FRAMES:  # the process has it open until it ends
                self.put(_ENDED, b"")

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread

    def put(self, source: int, data: bytes) -> None:
        """Add what has arrived, once there is room for it."""
        while self._open:
            with contextlib.suppress(queue.Full):
                self._queue.put((source, data), timeout=0.1)
                return

    def select(self, timeout: float) -> list[tuple[_Arrived, int]]:
        """Wait at most so long for one arrival."""
        try:
            source, data = self._queue.get(timeout=max(timeout, 1e-3))
        except queue.Empty:
            return []
        self._ready[source] = data
        return [(_Arrived(source), 0)]

    def take(self, source: int) -> bytes:
        """What has arrived from a source, and was told by `select`."""
        return self._ready.pop(source, b"")

    def unregister(self, source: int) -> None:
        """Nothing: a thread ends by itself."""

    def get_map(self) -> object:
        """None once it is closed, as of a selector."""
        return self if self._open else None

    def is_empty(self) -> bool:
        """Whether nothing more has arrived."""
        return self._queue.empty()

    def close(self) -> None:
        """Let the threads end."""
        self._open = False


class PlainProcess(NoSandbox):
    """The backend: its boxes are `PlainProcessBox`es."""

    def describe(self, limits: Limits) -> dict[str, Enforcement]:
        """What enforces each limit on this machine, by the limit's name."""
        return super().describe(limits) | {"memory of a process": Enforcement(False)}


class _Process:
    """The process of one check, as `Box` wants it."""

    pidfd = _ENDED
    out_of_memory = False

    def __init__(self, running: subprocess.Popen[bytes]) -> None:
        self._running = running

    def kill(self) -> None:
        """End the process. What it started goes on: there is no sandbox."""
        self._running.kill()
        self._running.wait()


class PlainProcessBox(Box):
    """The process of one check; it is usable once."""

    def __init__(self, run: Path, package: str, limits: Limits, clock: GraderClock) -> None:
        self.usable = True
        self._run, self._package = run, package
        self._clock, self._limits = clock, limits
        self._began, self._dead = False, False
        self._deadline = self._seconds = self._seconds_left = 0.0
        self._printed, self._printed_total = bytearray(), 0
        self._control_in, self._data_in, self._output = -1, _FRAMES, _PRINTED
        self._incoming = {_FRAMES: Incoming(limits.answer_mb), -1: Incoming(1)}
        self._arrivals = _Arrivals()
        self._threads: list[threading.Thread] = []
        copy_box_modules(run)

    def begin(self, seed: int, seconds: float, *, notebooks: bool = False) -> None:
        """Start the process. Raises BoxError if that fails, or if a check was begun before."""
        if self._began:
            raise BoxError("such a process serves one check")
        self._began = True
        self._seconds = self._seconds_left = seconds
        home = tempfile.mkdtemp(prefix="home-", dir=self._run)
        setup = box_setup(
            self._run, self._package, {}, inside=self._run.as_posix(), scratch=[home],
            contained=False,
        )  # fmt: skip
        modules = str(self._run / BOX_MODULES)
        start = (
            f"import sys; sys.path.insert(0, {modules!r}); "
            "from autograder.box.plain_runner import main; main()"
        )
        variables = box_environment(home, self._run.as_posix())
        variables |= {"TMPDIR": home, "TEMP": home}
        if sys.platform == "win32":
            variables |= {n: os.environ[n] for n in _OF_WINDOWS if n in os.environ}
        try:
            running = subprocess.Popen(
                [sys.executable, "-P", "-s", "-u", "-c", start, str(seed), encode_setup(setup)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env=variables, cwd=home, bufsize=0,
            )  # fmt: skip
        except OSError as error:
            raise BoxError(f"the process could not be started: {error}") from error
        assert running.stdin is not None
        assert running.stdout is not None
        assert running.stderr is not None
        # Both have the methods that a box calls, and are no subclasses of what a box has else.
        self._process = _Process(running)  # type: ignore[assignment]
        self._selector = self._arrivals  # type: ignore[assignment]
        self._stdin = running.stdin
        self._data_out = running.stdin.fileno()
        self._threads = [
            self._arrivals.follow(os.dup(running.stdout.fileno()), _FRAMES),
            self._arrivals.follow(os.dup(running.stderr.fileno()), _PRINTED),
        ]
        running.stdout.close()
        running.stderr.close()

    def end(self) -> None:
        """End the process, and keep what it printed last."""
        self.usable = False
        self._process.kill()
        deadline = time.monotonic() + _CLEANUP_TIMEOUT_S
        while time.monotonic() < deadline and not self._all_read():
            for key, _ in self._arrivals.select(0.05):
                self._printed += self._take(key.fd) if key.fd == _PRINTED else b""
        del self._printed[self._limits.output_kept :]

    def close(self) -> None:
        """End the process and wait until it has ended."""
        self.usable = False
        if self._arrivals.get_map() is None:
            return
        self._arrivals.close()
        if self._began and self._threads:
            self._process.kill()
            self._stdin.close()

    def _all_read(self) -> bool:
        return self._arrivals.is_empty() and not any(t.is_alive() for t in self._threads)

    def _take(self, descriptor: int) -> bytes:
        return self._arrivals.take(descriptor)

    def _send(self, descriptor: int, frame: bytes) -> None:
        """Write a frame; a long one in a thread, since the process may print and not read now."""

        def write() -> None:
            data = memoryview(frame)
            with contextlib.suppress(OSError):
                while data:
                    data = data[os.write(descriptor, data) :]

        if len(frame) <= _SMALL:
            write()
            return

        def write_and_tell() -> None:
            write()
            self._arrivals.put(_WRITTEN, b"")

        thread = threading.Thread(target=write_and_tell, daemon=True)
        thread.start()
        self._wait(lambda: not thread.is_alive() or self._frame_complete(self._data_in))
