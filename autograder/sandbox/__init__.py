"""The sandbox: starts boxes, the isolated processes that run a student's code.

There are four backends. `bubblewrap` isolates; so do `podman` and `docker`, for machines without
bubblewrap. `none` does not isolate: it is for your own code on your own machine.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable

from autograder.errors import SandboxUnavailable
from autograder.sandbox.box import Box
from autograder.sandbox.bubblewrap import Bubblewrap
from autograder.sandbox.container import Container
from autograder.sandbox.launch import Backend
from autograder.sandbox.no_sandbox import NoSandbox
from autograder.sandbox.plain_process import PlainProcess

__all__ = ["BACKENDS", "Backend", "Box", "author_backend", "backend"]

BACKENDS: dict[str, Callable[[], Backend]] = {
    "bubblewrap": Bubblewrap,
    "podman": functools.partial(Container, "podman"),
    "docker": functools.partial(Container, "docker"),
    # The first one's runner works by means of Linux; only Linux has this function.
    "none": NoSandbox if hasattr(os, "pidfd_open") else PlainProcess,
}


def backend(name: str) -> Backend:
    """The backend of that name, ready to start boxes.

    Raises SandboxUnavailable, with what to install or to change, if it cannot work here.
    """
    if name not in BACKENDS:
        raise SandboxUnavailable(f"no sandbox {name!r}; there are {', '.join(BACKENDS)}")
    return BACKENDS[name]()


def author_backend() -> tuple[Backend, str]:
    """What an author's own code runs in, and a line about it if that is no sandbox, else nothing.

    Others' work is never run by it.
    """
    try:
        return backend("bubblewrap"), ""
    except SandboxUnavailable as error:
        reason = str(error).partition("\n")[0].partition(". ")[0].rstrip(":")
        return backend("none"), (
            f"there is no sandbox here: {reason}. Your own code runs without one; to grade what "
            "others wrote takes one, on Linux"
        )
