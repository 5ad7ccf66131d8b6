"""The program that runs inside a box. For each check it forks a process for the student's code.

Its first process never runs any of the student's code. It receives messages on the control pipes,
and forks when a check begins. When the check is over, it kills all processes that are left and
empties the scratch folders, so that nothing is carried from one check to the next. The forked
processes use two other pipes, the data pipes. Nothing here is secret, and nothing here decides a
grade.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import importlib.util
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from autograder.box.function_calls import FunctionCalls
from autograder.box.given_data import link_data
from autograder.box.plotting import link_fonts
from autograder.box.setup import BoxPipes, BoxSetup, decode_setup
from autograder.box.slow_imports import LIBRARIES, import_libraries
from autograder.box.wire import PREFIX, Message, decode, encode, lengths
from autograder.core.errors import StudentError, WireError
from autograder.core.locations import read_locations
from autograder.core.objects import Objects, to_student_error
from autograder.core.package_alias import package_alias, read_package_alias
from autograder.core.seeds import set_seeds

with contextlib.suppress(ImportError):  # Windows, where `plain_runner` uses a part of this module
    import fcntl
    import resource

_F_GETSIG, _F_GETPIPE_SZ = 11, 1032
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER = 1, 4, 36
#: The largest request, in bytes. Requests come from the grader, which is trusted.
_MAX_REQUEST = 1 << 30


def main() -> None:
    """Run checks until the control pipe closes. The one argument is a `BoxSetup`, as JSON."""
    # A module of the student's may read the arguments too, with argparse. It gets none.
    setup = decode_setup(sys.argv.pop())
    sys.orig_argv.pop()
    if importlib.util.find_spec(setup.package) is not None:
        # It would be graded instead of the submission, which comes last on the path.
        sys.exit(f"a package named {setup.package} is installed where the grader runs")
    pipes = setup.pipes or _fetch_pipes(setup.broker)
    _limit(setup.rlimits)
    libc = ctypes.CDLL(None, use_errno=True)
    # Not dumpable: no other process of the box can look into this one's memory or descriptors.
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    # Orphans among the student's processes become our children, so that we can wait for them.
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # IPython is slow to import, and so are some libraries. We do it once, before we fork, but only
    # if notebooks are used, or if the student's modules use them.
    prepared = not setup.notebooks
    run = Path(setup.package_root).parent
    link_fonts(run)
    if (run / LIBRARIES).exists():
        import_libraries((run / LIBRARIES).read_text("utf-8").split())
    control = Pipe(pipes.control_in, pipes.control_out)
    initial_state = _state(setup, pipes)
    gc.freeze()  # without it, a garbage collection in a fork would touch and so copy every page
    control.send(Message("ready", b"", []))
    while True:
        begin = control.receive()
        seed, notebooks = begin.content
        if notebooks and not prepared:
            importlib.import_module("autograder.box.notebook_cells").prepare(Path(setup.notebooks))
            gc.freeze()
            prepared = True
        link_fonts(run)
        link_data(run)
        child = os.fork()
        if child:
            control.send(Message("begun", begin.nonce, []))
        else:
            # Outside a process namespace, nothing else ends this process if the runner is killed.
            libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            control.close()
            serve(setup, pipes, seed)
        finished, reason, limit = _watch(child, pipes.control_in)
        cleaned = _clean_up(setup)
        if not cleaned or (setup.contained and _state(setup, pipes) != initial_state):
            finished = False  # such a box is not used again
            reason = reason or "something of the check was left"
        control.send(Message("ended", begin.nonce, [finished, reason, limit]))


class Pipe:
    """Sends and receives frames on two file descriptors, and waits for them.

    When the other side closes, this process ends.
    """

    def __init__(self, reading: int, writing: int) -> None:
        self._reading = reading
        self._writing = writing

    def receive(self) -> Message:
        """Wait for the grader's next message and return it."""
        header, body = lengths(self._read(PREFIX.size), _MAX_REQUEST)
        return decode(self._read(header), self._read(body), request=True)

    def send(self, message: Message) -> None:
        """Send a whole message. Raises WireError, before anything is sent, if it cannot be."""
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


def _fetch_pipes(broker: str) -> BoxPipes:
    """Fetch the pipes from the grader's socket, which is removed before a check begins."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(broker)
        _, received, _, _ = socket.recv_fds(connection, 1, len(BoxPipes.__struct_fields__))
    return BoxPipes(**dict(zip(BoxPipes.__struct_fields__, received, strict=True)))


def _limit(rlimits: dict[str, int]) -> None:
    """Set limits that no process in the box can raise again."""
    for name, value in rlimits.items():
        number = getattr(resource, f"RLIMIT_{name}")
        _soft, hard = resource.getrlimit(number)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (value, value))


def serve(setup: BoxSetup, pipes: BoxPipes, seed: int) -> NoReturn:
    """Answer the requests of one check. Runs in the check's own process."""
    pipe = Pipe(pipes.data_in, pipes.data_out)
    for descriptor in (pipes.data_in, pipes.data_out):
        os.set_inheritable(descriptor, False)
    sys.path.append(setup.package_root)  # last, so that it cannot replace any of our modules
    set_seeds(seed)
    run = Path(setup.package_root).parent
    calls = FunctionCalls(pipe.send, pipe.receive)
    objects = Objects(
        setup.package,
        lambda name: _notebook(setup.notebooks, name, seed),
        read_locations(run),
        calls,
    )
    with package_alias(read_package_alias(run), setup.package):
        while True:
            request = pipe.receive()
            calls.nonce = request.nonce
            _answer(setup, pipe, objects, request)
            calls.nonce = None


def _answer(setup: BoxSetup, pipe: Pipe, objects: Objects, request: Message) -> None:
    """Perform what is asked for, and send the result or the exception."""
    try:
        if request.kind == "try_cell":
            value = _try_cell(setup.notebooks, *request.content)
        else:
            value = objects.perform(request.kind, request.content)
        _flush()
        pipe.send(Message("value", request.nonce, [value]))
    except StudentError as error:
        _flush()
        pipe.send(_raised(request.nonce, _explain(error)))
    except WireError as error:
        text = f"{error} cannot be sent as the result"
        pipe.send(_raised(request.nonce, StudentError("TypeError", text)))


def _raised(nonce: bytes, error: StudentError) -> Message:
    """An exception as a message. Its texts are cut: a deep recursion has a long traceback."""
    texts = [error.kind[:200], error.message[:4000], error.traceback[-8000:]]
    return Message("raised", nonce, texts)


def _flush() -> None:
    """Write out printed text before the answer. The student may have replaced the streams."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def _notebook(folder: str, name: str, seed: int) -> Any:
    """Run a notebook. Raises StudentError if there is none of this name."""
    if not folder:
        raise StudentError("FileNotFoundError", f"there is no notebook {name}")
    return importlib.import_module("autograder.box.notebook_cells").run_notebook(
        Path(folder, f"{name}.json"), seed
    )


def _try_cell(folder: str, name: str, number: int) -> str:
    """Run one cell of a notebook, and return what it raised, in words; empty if nothing."""
    cells = importlib.import_module("autograder.box.notebook_cells")
    try:
        return str(cells.try_cell(Path(folder, f"{name}.json"), number))[:1000]
    except BaseException as error:  # a student's code may raise anything, and break our modules
        raise to_student_error(error) from None


def _explain(error: StudentError) -> StudentError:
    """The exception. If a notebook was run, it says which cell has to do with it."""
    cells = sys.modules.get("autograder.box.notebook_cells")
    return error if cells is None else cells.explain_name_error(error)


def _watch(child: int, control: int) -> tuple[bool, str, bool]:
    """Wait until the check's process ends or the grader ends the check.

    Returns whether the grader ended it; if not, how it ended, in words, and whether that was a
    limit of the box.
    """
    pidfd = os.pidfd_open(child)
    try:
        ready, _, _ = select.select([pidfd, control], [], [])
        if pidfd not in ready:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            Pipe(control, -1).receive()
            return True, "", False
        _, status = os.waitpid(child, 0)
    finally:
        os.close(pidfd)
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return False, f"the code ended its own process (exit code {code})", False
    name = signal.Signals(-code).name
    if -code == signal.SIGKILL:
        return False, "the process was killed, most likely for its use of memory", True
    if -code in (signal.SIGXCPU, signal.SIGXFSZ):
        return False, f"the process ran into a limit ({name})", True
    return False, f"the process crashed ({name})", False


def _clean_up(setup: BoxSetup) -> bool:
    """Kill all processes that are left, and empty the folders that can be written to.

    Returns whether nothing is left. Nothing but files outlives a process here: the filter of system
    calls forbids keys, shared memory and the like.
    """
    # As the first process of a namespace we reach no process outside the box.
    if setup.contained and os.getpid() == 1:
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
        for folder in setup.scratch:
            _empty(folder)
            # The next check could read the folder's two times. We set them to now: in a container
            # the folder belongs to another user, and only its owner may set another time.
            os.utime(folder)
    except OSError:
        return False
    return True


def _state(setup: BoxSetup, pipes: BoxPipes) -> list[object]:
    """All that a check's process can change of this process, its pipes and the scratch folders."""
    numbers = [n for name, n in vars(resource).items() if name.startswith("RLIMIT_")]
    return [
        [resource.getrlimit(number) for number in sorted(set(numbers))],
        os.getpriority(os.PRIO_PROCESS, 0),
        [os.sched_getscheduler(0), os.sched_getparam(0).sched_priority, os.sched_getaffinity(0)],
        [_pipe_state(descriptor) for descriptor in (1, 2, *pipes.all())],
        [(os.stat(folder).st_mode, os.listxattr(folder)) for folder in setup.scratch],
    ]


def _pipe_state(descriptor: int) -> list[int]:
    """All that a process can change of a pipe that it has open, but for its times.

    The times are set back here.
    """
    with contextlib.suppress(OSError):  # only the pipe's owner may do this
        os.utime(descriptor, ns=(0, 0))
    commands = (fcntl.F_GETFL, fcntl.F_GETOWN, _F_GETSIG, _F_GETPIPE_SZ)
    return [os.fstat(descriptor).st_mode, *(fcntl.fcntl(descriptor, cmd) for cmd in commands)]


def _empty(folder: str) -> None:
    """Remove everything in a folder, at any depth and with any permissions.

    Folders inside its folders are first moved up into it, so that no path gets long.
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
