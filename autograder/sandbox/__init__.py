"""The sandbox: starts boxes, the isolated processes that run a student's code.

There are four backends. `bubblewrap` isolates; so do `podman` and `docker`, for machines without
bubblewrap. `none` does not isolate: it is for your own code on your own machine.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from autograder.errors import SandboxUnavailable
from autograder.sandbox.box import Box
from autograder.sandbox.bubblewrap import Bubblewrap
from autograder.sandbox.container import Container
from autograder.sandbox.launch import Backend
from autograder.sandbox.no_sandbox import NoSandbox

__all__ = ["BACKENDS", "Backend", "Box", "backend"]

BACKENDS: dict[str, Callable[[], Backend]] = {
    "bubblewrap": Bubblewrap,
    "podman": functools.partial(Container, "podman"),
    "docker": functools.partial(Container, "docker"),
    "none": NoSandbox,
}


def backend(name: str) -> Backend:
    """The backend of that name, ready to start boxes.

    Raises SandboxUnavailable, with what to install or to change, if it cannot work here.
    """
    if name not in BACKENDS:
        raise SandboxUnavailable(f"no sandbox {name!r}; there are {', '.join(BACKENDS)}")
    return BACKENDS[name]()
