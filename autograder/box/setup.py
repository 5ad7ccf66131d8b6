"""What the runner in a box has to know, as the grader hands it over on the command line."""

from __future__ import annotations

import msgspec


class BoxPipes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The box's ends of its pipes, as file descriptors, in the order in which they are sent.

    The control pipes lead to the runner's first process, the data pipes to the process of a check.
    """

    control_in: int
    control_out: int
    data_in: int
    data_out: int

    def all(self) -> tuple[int, int, int, int]:
        """All four, in the order above."""
        return (self.control_in, self.control_out, self.data_in, self.data_out)


class BoxSetup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a box is set up. All paths are those inside the box.

    Attributes:
        package: the name of the package that is graded.
        package_root: the folder that the package lies in.
        notebooks: the folder of the notebooks; empty if there are none.
        scratch: the folders that the student's code can write to.
        contained: whether the box has its own process namespace, so that the runner is process 1.
        rlimits: the limits that the runner sets on itself: names without ``RLIMIT_``, and values.
        pipes: the pipes that the runner inherits; None if it fetches them.
        broker: the path of the socket where the runner fetches its pipes; empty if it inherits
            them.
    """

    package: str
    package_root: str
    notebooks: str
    scratch: tuple[str, ...]
    contained: bool
    rlimits: dict[str, int]
    pipes: BoxPipes | None = None
    broker: str = ""


def encode_setup(setup: BoxSetup) -> str:
    """A setup as JSON, for the command line."""
    return msgspec.json.encode(setup).decode()


def decode_setup(text: str) -> BoxSetup:
    """A setup that `encode_setup` wrote."""
    return msgspec.json.decode(text, type=BoxSetup)
