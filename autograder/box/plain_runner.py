"""The program of a process that serves one check, for systems on which `runner` does not work.

There is no sandbox around it, and nothing is cleaned up: see `sandbox.plain_process`.
"""

from __future__ import annotations

import os
import sys

from autograder.box.runner import serve
from autograder.box.setup import BoxPipes, decode_setup


def main() -> None:
    """Serve a check until the standard input ends. The arguments: the seed, a `BoxSetup`.

    Messages come and go on what the standard streams were. What is printed goes to the standard
    error, and nothing can be read from the standard input.
    """
    setup, seed = decode_setup(sys.argv.pop()), int(sys.argv.pop())
    del sys.orig_argv[-2:]
    reading, writing = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        for descriptor in (reading, writing):
            msvcrt.setmode(descriptor, os.O_BINARY)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    pipes = BoxPipes(control_in=-1, control_out=-1, data_in=reading, data_out=writing)
    serve(setup, pipes, seed)
