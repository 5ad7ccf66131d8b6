"""Where a runner fetches its pipes: engines for containers pass no descriptors on."""

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
    """A socket in the run folder, there until its one visitor has come.

    Args:
        run: the run folder, closed to others.

    Attributes:
        name: of the socket, relative to the run folder.
    """

    def __init__(self, run: Path) -> None:
        self.name = f"{secrets.token_hex(8)}.socket"
        self._path = run / self.name
        self._socket = socket.socket(socket.AF_UNIX)
        # By descriptor: a socket's address holds 107 bytes, and a run folder may lie deep.
        folder = os.open(run, os.O_PATH | os.O_DIRECTORY)
        try:
            self._socket.bind(f"/proc/self/fd/{folder}/{self.name}")
            self._path.chmod(0o666)
            self._socket.listen(1)
        except BaseException:  # told to stop meanwhile, too: nothing may be left
            self.close()
            raise
        finally:
            os.close(folder)

    def hand_out(self, descriptors: tuple[int, ...], engine: int, seconds: float) -> int | None:
        """Give the descriptors to the runner, before it has run a line of a student's code.

        Args:
            engine: a pidfd of the engine's command, which may end instead.

        Returns a pidfd of the runner, the first process of its namespace, or None if it has ended.
        Raises BoxError if nobody comes.
        """
        deadline = time.monotonic() + seconds
        listening = self._socket.fileno()
        ready, _, _ = select.select([listening, engine], [], [], seconds)
        if listening not in ready:
            raise BoxError("the container did not start")
        visitor, _ = self._socket.accept()
        with visitor:
            visitor.settimeout(max(0.0, deadline - time.monotonic()))
            told = visitor.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
            socket.send_fds(visitor, [b"\0"], descriptors)
        try:
            return os.pidfd_open(struct.unpack("3i", told)[0])
        except OSError:
            return None

    def close(self) -> None:
        """Nobody else can come."""
        self._socket.close()
        self._path.unlink(missing_ok=True)
