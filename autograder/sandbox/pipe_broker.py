"""Hands the pipes to a runner in a container.

Container runtimes do not let a container inherit our file descriptors.
"""

from __future__ import annotations

import os
import secrets
import select
import socket
import struct
import time
from pathlib import Path

from autograder.errors import BoxError


class PipeBroker:
    """A socket in the run folder, from which the runner fetches its pipes.

    Args:
        run: the run folder, to which no other user has access.

    Attributes:
        name: the name of the socket in the run folder.
    """

    def __init__(self, run: Path) -> None:
        self.name = f"{secrets.token_hex(8)}.socket"
        self._path = run / self.name
        self._socket = socket.socket(socket.AF_UNIX)
        # A socket's address has 107 bytes at most. The path of a run folder may be longer, so we
        # name the folder by a descriptor.
        folder = os.open(run, os.O_PATH | os.O_DIRECTORY)
        try:
            self._socket.bind(f"/proc/self/fd/{folder}/{self.name}")
            self._path.chmod(0o666)
            self._socket.listen(1)
        except BaseException:  # also if the grader is told to stop: nothing may be left
            self.close()
            raise
        finally:
            os.close(folder)

    def hand_out(self, descriptors: tuple[int, ...], runtime: int, seconds: float) -> int | None:
        """Send the descriptors to the runner, which has not run any student's code yet.

        Args:
            runtime: a pidfd of the container runtime's command. If it ends, we stop waiting.
            seconds: how long to wait for the runner.

        Returns a pidfd of the runner, the first process of its namespace, or None if it has ended.
        Raises BoxError if no runner connects.
        """
        deadline = time.monotonic() + seconds
        listening = self._socket.fileno()
        ready, _, _ = select.select([listening, runtime], [], [], seconds)
        if listening not in ready:
            raise BoxError("the container did not start")
        connection, _ = self._socket.accept()
        with connection:
            connection.settimeout(max(0.0, deadline - time.monotonic()))
            credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
            socket.send_fds(connection, [b"\0"], descriptors)
        pid, _uid, _gid = struct.unpack("3i", credentials)
        try:
            return os.pidfd_open(pid)
        except OSError:
            return None

    def close(self) -> None:
        """Close the socket and remove it."""
        self._socket.close()
        self._path.unlink(missing_ok=True)
