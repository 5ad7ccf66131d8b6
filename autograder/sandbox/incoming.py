"""What has arrived from a box on one pipe, until it is a whole frame."""

from __future__ import annotations

from autograder.box.wire import PREFIX, Message, decode, lengths
from autograder.core.errors import FrameTooLarge, WireError
from autograder.limits import MIB

#: MiB beside the arrays of a frame: its prefix and its header, and what a box sends too early.
_REST_MB = 8


class Incoming:
    """The bytes of one pipe that were not taken yet.

    Args:
        max_mb: the size of the arrays in one frame, in MiB.
    """

    def __init__(self, max_mb: int) -> None:
        self._max_mb = max_mb
        self._bytes = bytearray()

    def __len__(self) -> int:
        return len(self._bytes)

    def add(self, data: bytes) -> None:
        """Keep what was read. Raises FrameTooLarge if it is more than a frame can have."""
        self._bytes += data
        if len(self._bytes) > (self._max_mb + _REST_MB) * MIB:
            raise FrameTooLarge(f"more than {self._max_mb} MiB")

    def is_complete(self) -> bool:
        """Whether a whole frame has arrived.

        Raises WireError if it is no frame, FrameTooLarge if it announces too much.
        """
        if len(self._bytes) < PREFIX.size:
            return False
        header, body = lengths(bytes(self._bytes[: PREFIX.size]), self._max_mb * MIB)
        return len(self._bytes) >= PREFIX.size + header + body

    def take(self, max_body: int) -> Message:
        """The one frame that has arrived. Raises WireError if there is anything after it."""
        data = bytes(self._bytes)
        self._bytes.clear()
        header, body = lengths(data[: PREFIX.size], max_body)
        end = PREFIX.size + header
        if len(data) != end + body:
            raise WireError("more than one answer")
        return decode(data[PREFIX.size : end], data[end:])
