"""The processes of a box: starts the first one, and kills all of them."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess

from autograder.box.setup import BoxPipes
from autograder.errors import BoxError
from autograder.sandbox.launch import Launch
from autograder.sandbox.process_tree import kill_process_tree
from autograder.sandbox.unprivileged import run_as

#: Seconds for a container runtime to start a container, or to remove one.
_RUNTIME_TIMEOUT_S = 30.0
#: Seconds to wait until killed processes are gone.
_KILL_TIMEOUT_S = 3.0


class BoxProcess:
    """A box that was started.

    Args:
        pipes: the box's ends of the pipes. The caller closes them once the box is started.

    Attributes:
        pidfd: a pidfd of the command that was started. It is readable once the command has ended.
        output: the descriptor from which we read what the box prints.

    Raises BoxError if the box cannot be started; then nothing of it is left.
    """

    def __init__(self, launch: Launch, pipes: BoxPipes) -> None:
        self._group = launch.group
        self._cleanup = launch.cleanup
        self._broker = launch.broker
        self._first: int | None = None
        self._started = False
        self.pidfd = -1
        try:
            self._start(launch, pipes)
        except OSError as error:
            self.kill()
            raise BoxError(f"the box could not be started: {error}") from error
        except BaseException:  # the grader is told to stop: half a box would outlive it
            self.kill()
            raise
        finally:
            for descriptor in (*launch.extra_fds, launch.info_fd, launch.block_fd):
                if descriptor is not None:
                    os.close(descriptor)
            self._close_broker()

    @property
    def out_of_memory(self) -> bool:
        """Whether the memory of the box as a whole was used up."""
        return self._group is not None and self._group.out_of_memory()

    def kill(self) -> None:
        """Kill all processes of the box, and wait until they are gone."""
        # If the first process of a namespace is killed, the kernel kills all others in it.
        if self._first is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._first, signal.SIGKILL)
            # It ends only after all others in its namespace.
            select.select([self._first], [], [], _KILL_TIMEOUT_S)
            os.close(self._first)
            self._first = None
        elif self._started and self._cleanup:
            self._wait_for_runtime()
        elif self._started:
            kill_process_tree(self._process.pid)
        if self._started:
            self._process.kill()
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1
        if self._group is not None:
            self._group.close()
            self._group = None
        if self._cleanup:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(
                    self._cleanup, timeout=_RUNTIME_TIMEOUT_S, check=False,
                    stdin=subprocess.DEVNULL, capture_output=True,
                )  # fmt: skip
            self._cleanup = ()

    def _start(self, launch: Launch, pipes: BoxPipes) -> None:
        inherited = () if launch.broker is not None else pipes.all()
        self._process = subprocess.Popen(
            launch.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(*inherited, *launch.extra_fds),
            env=dict(launch.environment),
            cwd=launch.cwd,
            umask=0o077,
            start_new_session=True,
            **run_as(launch.uid),
        )
        self._started = True
        assert self._process.stdout is not None
        self.output = self._process.stdout.fileno()
        self.pidfd = os.pidfd_open(self._process.pid)
        while launch.extra_fds:
            os.close(launch.extra_fds.pop())
        if launch.broker is not None:
            try:
                self._first = launch.broker.hand_out(pipes.all(), self.pidfd, _RUNTIME_TIMEOUT_S)
            except BoxError as error:
                raise BoxError(f"{error}: {self._printed()}") from None
        elif launch.info_fd is not None:
            self._first = self._first_process(launch.info_fd)
        if launch.block_fd is not None:
            with contextlib.suppress(BrokenPipeError):
                os.write(launch.block_fd, b"\0")

    def _wait_for_runtime(self) -> None:
        """Wait until the command of the container runtime has ended by itself.

        If podman is killed while it makes a container, two of its processes stay for ever, and
        podman does not know them, so that its ``rm`` does not end them. If we wait, podman starts
        the runner, which cannot connect to the pipe broker and ends.
        """
        self._close_broker()
        try:
            self._process.wait(_RUNTIME_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            kill_process_tree(self._process.pid)

    def _close_broker(self) -> None:
        if self._broker is not None:
            self._broker.close()
            self._broker = None

    def _printed(self) -> str:
        """What a command printed that has failed."""
        os.set_blocking(self.output, False)
        with contextlib.suppress(BlockingIOError):
            return os.read(self.output, 1 << 12).decode(errors="replace").strip()
        return ""

    def _first_process(self, info_fd: int) -> int | None:
        """A pidfd of the namespace's first process, which is put into the control group here.

        None if bubblewrap did not tell us the process: then bubblewrap has failed, and what it
        printed says why.
        """
        with open(info_fd, "rb", closefd=False) as file:  # to the end: bubblewrap closes its end
            info = file.read()
        try:
            pid = int(json.loads(info)["child-pid"])
            first = os.pidfd_open(pid)
        except (ValueError, KeyError, OSError):
            self._process.kill()  # nothing may run outside the group
            return None
        if self._group is not None:
            self._group.enter(pid)
        return first
