"""Worker processes that may die: each does one job at a time, so that no other job is lost."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, NoReturn

from autograder.errors import WorkerDied

#: Workers are started afresh and not forked, so that they inherit neither threads nor open files.
_SPAWN = multiprocessing.get_context("spawn")
#: Seconds that a worker has to end its box after it was told to stop.
_STOP_TIMEOUT_S = 10.0

#: Called once in each worker; returns the function that takes a job and returns its result. It must
#: be importable by name.
Prepare = Callable[..., Callable[[Any], Any]]


@dataclass
class _Worker:
    process: SpawnProcess
    pipe: Connection
    job: int

    def stop(self) -> None:
        """End the process, by force if it does not end by itself."""
        self.pipe.close()
        if self.process.is_alive():
            self.process.terminate()
            self.process.join(_STOP_TIMEOUT_S)
        if self.process.is_alive():
            self.process.kill()
        self.process.join()


def run_jobs(
    jobs: Iterable[Any],
    workers: int,
    prepare: Prepare,
    *arguments: Any,
    explained: Callable[[Any, int | None], Any] = lambda _job, _exit_code: None,
) -> Iterator[tuple[int, Any]]:
    """Do jobs in worker processes; yields (index of the job, result) in order of completion.

    ``prepare(*arguments)`` makes the function that does a job. A result is what this function
    returned or the exception that it raised. A job whose worker dies is tried once more; if that
    worker dies too, the result is `WorkerDied`. However the iteration ends, no worker is left.

    Args:
        explained: takes a job whose worker died and the exit code; returns the job as it is to be
            done then, if the death is explained and does not count, else None.
    """
    listed = list(jobs)
    waiting = deque(range(len(listed)))
    attempts = dict.fromkeys(waiting, 0)
    busy: dict[Connection, _Worker] = {}
    idle: list[_Worker] = []
    try:
        while waiting or busy:
            while waiting and len(busy) < workers:
                worker = idle.pop() if idle else _start(prepare, arguments)
                worker.job = waiting.popleft()
                attempts[worker.job] += 1
                busy[worker.pipe] = worker
                with contextlib.suppress(BrokenPipeError):  # `recv` below notices that it died
                    worker.pipe.send(listed[worker.job])
            for pipe in wait(list(busy)):
                assert isinstance(pipe, Connection)
                worker = busy[pipe]
                try:
                    result = pipe.recv()
                except (EOFError, OSError):
                    del busy[pipe]
                    worker.stop()
                    changed = explained(listed[worker.job], worker.process.exitcode)
                    if changed is not None:
                        listed[worker.job] = changed
                        attempts[worker.job] -= 1
                    if attempts[worker.job] < 2:
                        waiting.appendleft(worker.job)
                        continue
                    yield worker.job, WorkerDied(_ending(worker.process.exitcode))
                else:
                    del busy[pipe]
                    idle.append(worker)
                    yield worker.job, result
    finally:
        # A second Ctrl-C waits until all are ended: none may be left.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            for worker in [*busy.values(), *idle]:
                worker.process.terminate()
            for worker in [*busy.values(), *idle]:
                worker.stop()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _start(prepare: Prepare, arguments: tuple[Any, ...]) -> _Worker:
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_work, args=(theirs, prepare, arguments), daemon=True)
    # Ctrl-C reaches the whole group of processes. Only the parent reacts to it.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    theirs.close()
    return _Worker(process, ours, -1)


def _work(pipe: Connection, prepare: Prepare, arguments: tuple[Any, ...]) -> None:
    """Work until the pipe is closed or SIGTERM arrives."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    threading.Thread(target=_stop_with_parent, daemon=True).start()
    try:
        _do_jobs(pipe, prepare, arguments)
    finally:
        # It is ending already. With SIG_IGN Python complains of a SIGTERM that came just before.
        signal.signal(signal.SIGTERM, lambda number, frame: None)


def _do_jobs(pipe: Connection, prepare: Prepare, arguments: tuple[Any, ...]) -> None:
    function: Callable[[Any], Any] | None = None
    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        result: Any
        try:
            function = function or prepare(*arguments)
            result = function(job)
        except Exception as error:  # whatever a job raises is its result
            result = error
        pipe.send(result)


def _stop(_signal: int, _frame: object) -> NoReturn:
    # It raises SystemExit, so that everything open is closed, above all the box.
    sys.exit(128 + signal.SIGTERM)


def _stop_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"the grading process was ended by {signal.Signals(-code).name}, twice"
    return f"the grading process ended with exit code {code}, twice"
