"""What a box is: a process apart that answers the calls of checks.

Backends: `bubblewrap` isolates; so do `podman` and `docker`, for machines without it; `none` does
not, for one's own code on one's own machine.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from autograder.errors import SandboxUnavailable
from autograder.limits import Limits
from autograder.sandbox.bare import Bare
from autograder.sandbox.bubblewrap import Bubblewrap
from autograder.sandbox.container import Container
from autograder.sandbox.launch import Backend
from autograder.sandbox.process import Box

__all__ = ["BACKENDS", "Backend", "Box", "Limits", "backend"]

BACKENDS: dict[str, Callable[[], Backend]] = {
    "bubblewrap": Bubblewrap,
    "podman": functools.partial(Container, "podman"),
    "docker": functools.partial(Container, "docker"),
    "none": Bare,
}


def backend(name: str) -> Backend:
    """The backend of that name, ready to start boxes.

    Raises SandboxUnavailable, saying what to install or to change, if it cannot work here.
    """
    if name not in BACKENDS:
        raise SandboxUnavailable(f"no sandbox {name!r}; there are {', '.join(BACKENDS)}")
    return BACKENDS[name]()
