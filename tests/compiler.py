"""A C compiler that takes a third of the time, for tests of what is done with what it makes."""

import shutil
from pathlib import Path


def hasty_compiler(folder: Path) -> str:
    """The machine's compiler, which optimises nothing whatever it is told: a program's path."""
    program = folder / "hasty-cc"
    compiler = shutil.which("cc") or shutil.which("gcc") or "cc"
    program.write_text(f'#!/bin/sh\nexec {compiler} "$@" -O0\n')
    program.chmod(0o755)
    return str(program)
