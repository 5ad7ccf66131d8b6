"""The limits of an archive: whatever exceeds them is an archive bomb, not homework."""

from __future__ import annotations

from typing import IO

from autograder.errors import SubmissionError
from autograder.limits import MIB

#: Bytes of all modules and notebooks of a submission.
MAX_TOTAL = 96 * MIB
#: Files of one submission, of all kinds.
MAX_MEMBERS = 50_000
#: A stream that unpacks to more than MAX_SMALL bytes and to more than MAX_RATIO times its packed
#: size is a bomb.
MAX_SMALL, MAX_RATIO = 64 * MIB, 100
#: Bytes of an archive that lies in another one.
MAX_NESTED = 512 * MIB


def too_many(most: int) -> SubmissionError:
    """The error for an archive or a folder with more than `most` files."""
    return SubmissionError(
        f"it holds more than {most} files; hand in the package folder and the notebooks only"
    )


def too_large(most: int) -> SubmissionError:
    """The error for an archive of more than `most` bytes."""
    return SubmissionError(
        f"unpacked it is larger than {most // MIB} MiB; "
        "hand in the package folder and the notebooks only, without data"
    )


def most_unpacked(packed: int, most: int) -> int:
    """How many bytes `packed` bytes may unpack to: at most `most`.

    Homework does not shrink to a hundredth when it is packed.
    """
    return min(most, max(MAX_SMALL, MAX_RATIO * packed))


def copy_bounded(source: IO[bytes], target: IO[bytes], most: int) -> None:
    """Copy a stream piece by piece. Raises SubmissionError once it is longer than `most` bytes."""
    total = 0
    while piece := source.read(MIB):
        total += len(piece)
        if total > most:
            raise too_large(most)
        target.write(piece)
