"""Inside the box: forks a process for each check, which runs the student's code.

The first process never runs the student's code. It listens on two pipes (control) and forks when it
is told to begin a check. When the check is over, it kills all processes that are left and empties
the scratch folders, so that no check passes anything on to the next one. The forks communicate over
two other pipes (data). Nothing here is secret, and nothing here decides a grade.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import gc
import importlib
import importlib.util
import json
import os
import random
import resource
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import numpy.random  # NumPy loads it late; here it is loaded once, before the forks

from autograder.box.wire import PREFIX, Message, WireError, decode, encode, lengths
from autograder.core.errors import StudentError
from autograder.core.locations import read_locations
from autograder.core.objects import Objects

_F_GETSIG, _F_GETPIPE_SZ = 11, 1032
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER = 1, 4, 36
#: In the order in which the pipe broker sends them.
_PIPES = ("control_in", "control_out", "data_in", "data_out")
#: Bytes, enough for any request; requests come from the trusted side.
_MAX_REQUEST = 1 << 30


def main() -> None:
    """Serve checks until the control pipe closes. The one argument is the set-up, as JSON."""
    setup = json.loads(sys.argv[1])
    if importlib.util.find_spec(setup["package"]) is not None:
        # It would be graded in the place of the submission, which comes last on the path.
        sys.exit(f"a package named {setup['package']} is installed where the grader runs")
    if "desk" in setup:
        _fetch(setup)
    _limit(setup["rlimits"])
    libc = ctypes.CDLL(None, use_errno=True)
    # Not dumpable: other processes of the box cannot read this one's memory or descriptors.
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    # Orphaned processes of the student become children of this one, which waits for them.
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # IPython is slow to import: once, before the forks, and only if there are notebooks.
    prepared = not setup["notebooks"]
    control = Pipe(setup["control_in"], setup["control_out"])
    before = _state(setup)
    gc.freeze()  # a garbage collection in a fork would write to, and so copy, every page
    control.send(Message("ready", b"", []))
    while True:
        begin = control.receive()
        seed, notebooks = begin.content
        if notebooks and not prepared:
            importlib.import_module("autograder.box.notebook_cells").prepare(
                Path(setup["notebooks"])
            )
            gc.freeze()
            prepared = True
        child = os.fork()
        if child:
            control.send(Message("begun", begin.nonce, []))
        else:
            # Without a PID namespace only this ends the process when the first one is killed.
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            control.close()
            _serve(setup, seed)
        ending, limit = _watch(child, setup["control_in"])
        swept = _sweep(setup["contained"], setup["scratch"])
        if not swept or (setup["contained"] and _state(setup) != before):
            ending = "something of it was left"  # the trusted side does not use such a box again
        control.send(Message("ended", begin.nonce, [ending, limit]))


class Pipe:
    """Sends and receives frames over two file descriptors; ends the process when they close."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing

    def receive(self) -> Message:
        """Wait for the next message and return it."""
        header, body = lengths(self._read(PREFIX.size), _MAX_REQUEST)
        return decode(self._read(header), self._read(body))

    def send(self, message: Message) -> None:
        """Send a whole message. Raises WireError, before it sends anything, if it cannot."""
        data = memoryview(encode(message))
        while data:
            data = data[os.write(self._writing, data) :]

    def close(self) -> None:
        """Close both ends."""
        os.close(self._reading)
        os.close(self._writing)

    def _read(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            piece = os.read(self._reading, min(count - len(data), 1 << 20))
            if not piece:
                os._exit(0)
            data += piece
        return bytes(data)


def _fetch(setup: dict[str, Any]) -> None:
    """Get the pipes where they could not be inherited; the place is gone before a check begins."""
    with socket.socket(socket.AF_UNIX) as broker:
        broker.connect(setup["desk"])
        _, received, _, _ = socket.recv_fds(broker, 1, len(_PIPES))
    setup |= zip(_PIPES, received, strict=True)


def _limit(rlimits: dict[str, int]) -> None:
    """Set resource limits that nothing in the box can raise again."""
    for name, value in rlimits.items():
        number = getattr(resource, f"RLIMIT_{name}")
        _soft, hard = resource.getrlimit(number)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))


def _serve(setup: dict[str, Any], seed: int) -> NoReturn:
    """Answer the requests of one check, in the process that was forked for it."""
    pipe = Pipe(setup["data_in"], setup["data_out"])
    for descriptor in (setup["data_in"], setup["data_out"]):
        os.set_inheritable(descriptor, False)
    sys.path.append(setup["package_root"])  # last, so that it shadows none of our modules
    random.seed(seed)
    np.random.seed(seed)
    objects = Objects(
        setup["package"],
        lambda name: _notebook(setup["notebooks"], name),
        read_locations(Path(setup["package_root"]).parent),
    )
    while True:
        request = pipe.receive()
        try:
            answer = Message(
                "value", request.nonce, [objects.perform(request.kind, request.content)]
            )
            _flush()
            pipe.send(answer)
        except StudentError as error:
            _flush()
            pipe.send(_raised(request.nonce, _explain(error)))
        except WireError as error:
            text = f"{error} cannot be returned from the box"
            pipe.send(_raised(request.nonce, StudentError("TypeError", text)))


def _raised(nonce: bytes, error: StudentError) -> Message:
    """An exception as a message, with its texts cut: some tracebacks have a thousand lines."""
    texts = [error.kind[:200], error.message[:4000], error.traceback[-8000:]]
    return Message("raised", nonce, texts)


def _flush() -> None:
    """Write printed text before the answer is sent; the student may have replaced the streams."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def _notebook(folder: str, name: str) -> Any:
    if not folder:
        raise StudentError("FileNotFoundError", f"there is no notebook {name}")
    return importlib.import_module("autograder.box.notebook_cells").run_notebook(
        Path(folder, f"{name}.json")
    )


def _explain(error: StudentError) -> StudentError:
    """The exception; if a notebook was run, with the cell that caused a NameError."""
    cells = sys.modules.get("autograder.box.notebook_cells")
    return error if cells is None else cells.explain_name_error(error)


def _watch(child: int, control: int) -> tuple[str, bool]:
    """Wait until the check's process ends or the trusted side ends the check.

    Returns how it ended, in words, and whether a limit was the cause.
    """
    pidfd = os.pidfd_open(child)
    try:
        ready, _, _ = select.select([pidfd, control], [], [])
        if pidfd not in ready:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            Pipe(control, -1).receive()
            return "over", False
        _, status = os.waitpid(child, 0)
    finally:
        os.close(pidfd)
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return f"the code ended its own process (exit code {code})", False
    name = signal.Signals(-code).name
    if -code == signal.SIGKILL:
        return "the process was killed, most likely for its use of memory", True
    if -code in (signal.SIGXCPU, signal.SIGXFSZ):
        return f"the process ran into a limit ({name})", True
    return f"the process crashed ({name})", False


def _sweep(contained: bool, scratch: list[str]) -> bool:
    """Kill every process that is left and empty the scratch folders.

    Returns whether the folders could be emptied. Nothing else outlives a process: the system-call
    filter forbids keys, shared memory and the like.
    """
    # As the first process of a namespace it can reach no process of anybody else.
    if contained and os.getpid() == 1:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
    while True:
        for child in _children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            break
    try:
        for folder in scratch:
            _empty(folder)
            # The next check could read the folder's two times, so they become the present time. In
            # a container the folder is not ours, and only its owner may set another time.
            os.utime(folder)
    except OSError:
        return False
    return True


def _state(setup: dict[str, Any]) -> list[object]:
    """What a check's process can change of this process and of the scratch folders."""
    numbers = [n for name, n in vars(resource).items() if name.startswith("RLIMIT_")]
    return [
        [resource.getrlimit(number) for number in sorted(set(numbers))],
        os.getpriority(os.PRIO_PROCESS, 0),
        [os.sched_getscheduler(0), os.sched_getparam(0).sched_priority, os.sched_getaffinity(0)],
        [_pipe_state(descriptor) for descriptor in (1, 2, *(setup[name] for name in _PIPES))],
        [(os.stat(folder).st_mode, os.listxattr(folder)) for folder in setup["scratch"]],
    ]


def _pipe_state(descriptor: int) -> list[int]:
    """What every process can set on a pipe that it has; the pipe's times are set back to 0."""
    with contextlib.suppress(OSError):  # only the pipe's owner may do this
        os.utime(descriptor, ns=(0, 0))
    settings = (fcntl.F_GETFL, fcntl.F_GETOWN, _F_GETSIG, _F_GETPIPE_SZ)
    return [os.fstat(descriptor).st_mode, *(fcntl.fcntl(descriptor, get) for get in settings)]


def _empty(folder: str) -> None:
    """Remove everything in a folder, whatever its depth and its permissions.

    Inner folders are moved up into this one, so that no path gets too long.
    """
    while entries := list(os.scandir(folder)):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.path)
                continue
            os.chmod(entry.path, 0o700)
            for inner in os.scandir(entry.path):
                if inner.is_dir(follow_symlinks=False):
                    os.chmod(inner.path, 0o700)
                    os.rename(inner.path, os.path.join(folder, os.urandom(16).hex()))
                else:
                    os.unlink(inner.path)
            os.rmdir(entry.path)


def _children() -> list[int]:
    path = Path(f"/proc/self/task/{os.getpid()}/children")
    try:
        return [int(pid) for pid in path.read_text().split()]
    except OSError:
        return []
