"""The processes of a box: how they are started, and how all of them are ended."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess

from autograder.errors import BoxError
from autograder.sandbox.launch import Descriptors, Launch, become
from autograder.sandbox.process_tree import kill_process_tree

#: Seconds for an engine to start a container, or to remove one.
_RUNTIME_TIMEOUT_S = 30.0
#: Seconds for killed processes to be gone.
_KILL_TIMEOUT_S = 3.0


class Running:
    """A started box.

    Args:
        pipes: the box's ends, open here until this returns.

    Attributes:
        pidfd: of the command that was started; readable when it has ended.
        output: the reading end of what the box prints.

    Raises BoxError if it cannot be started; nothing is left of it then.
    """

    def __init__(self, launch: Launch, pipes: Descriptors) -> None:
        self._group = launch.group
        self._cleanup = launch.cleanup
        self._broker = launch.broker
        self._init: int | None = None
        self._started = False
        self.pidfd = -1
        try:
            self._start(launch, pipes)
        except OSError as error:
            self.kill()
            raise BoxError(f"the box could not be started: {error}") from error
        except BaseException:  # told to stop meanwhile: half a box would outlive us
            self.kill()
            raise
        finally:
            for descriptor in (*launch.descriptors, launch.info, launch.go):
                if descriptor is not None:
                    os.close(descriptor)
            self._close_broker()

    @property
    def out_of_memory(self) -> bool:
        """Whether the memory of the box as a whole was used up."""
        return self._group is not None and self._group.out_of_memory()

    def kill(self) -> None:
        """End everything, and wait until it is gone."""
        # The namespace's first process takes all others with it, and cannot dodge this.
        if self._init is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._init, signal.SIGKILL)
            # It is gone only when all others of its namespace are.
            select.select([self._init], [], [], _KILL_TIMEOUT_S)
            os.close(self._init)
            self._init = None
        elif self._started and self._cleanup:
            self._outlast_runtime()
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

    def _start(self, launch: Launch, pipes: Descriptors) -> None:
        inherited = () if launch.broker is not None else pipes.all()
        self._process = subprocess.Popen(
            launch.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(*inherited, *launch.descriptors),
            env=dict(launch.environment),
            cwd=launch.cwd,
            umask=0o077,
            start_new_session=True,
            **become(launch.uid),
        )
        self._started = True
        assert self._process.stdout is not None
        self.output = self._process.stdout.fileno()
        self.pidfd = os.pidfd_open(self._process.pid)
        while launch.descriptors:
            os.close(launch.descriptors.pop())
        if launch.broker is not None:
            try:
                self._init = launch.broker.hand_out(pipes.all(), self.pidfd, _RUNTIME_TIMEOUT_S)
            except BoxError as error:
                raise BoxError(f"{error}: {self._said()}") from None
        elif launch.info is not None:
            self._init = self._meet(launch.info)
        if launch.go is not None:
            with contextlib.suppress(BrokenPipeError):
                os.write(launch.go, b"\0")

    def _outlast_runtime(self) -> None:
        """Wait until the engine's command has ended by itself.

        Killed while it makes a container, podman leaves two processes for ever that it does not
        know any more, whatever it is told to remove. Left alone it starts the runner, which finds
        nobody at the desk and ends.
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

    def _said(self) -> str:
        """What the engine printed, when it is known to have failed."""
        os.set_blocking(self.output, False)
        with contextlib.suppress(BlockingIOError):
            return os.read(self.output, 1 << 12).decode(errors="replace").strip()
        return ""

    def _meet(self, info: int) -> int | None:
        """A pidfd of the namespace's first process, as bubblewrap tells it, put into its group.

        None if it told nothing: then it has failed, and what it printed says why.
        """
        with open(info, "rb", closefd=False) as file:  # bubblewrap closes its end
            told = file.read()
        try:
            pid = int(json.loads(told)["child-pid"])
            init = os.pidfd_open(pid)
        except (ValueError, KeyError, OSError):
            self._process.kill()  # nothing may run outside of the group
            return None
        if self._group is not None:
            self._group.enter(pid)
        return init
