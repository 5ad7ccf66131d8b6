"""The modules of Plumbline that run inside a box, and the command that starts the runner there."""

from __future__ import annotations

import functools
import importlib.util
import marshal
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

import autograder
from autograder.box.setup import BoxSetup, encode_setup
from autograder.sandbox.box_folders import RUN

#: The rooms of Plumbline that are copied into a box. No other module of ours is there.
BOX_ROOMS = ("box", "core")

#: The folder inside a run folder that they are copied to.
BOX_MODULES = "box_modules"

#: A file beside them: fontconfig's configuration. A box has no /etc, and without one every program
#: that looks for fonts prints an error, which would seem to be the student's output. There are no
#: fonts in it: matplotlib finds those of the machine itself.
FONTS_FILE = f"{BOX_MODULES}/fonts.conf"
_FONTS = b"""<?xml version="1.0"?>
<fontconfig><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
"""


def copy_box_modules(run: Path) -> None:
    """Copy the box modules and `FONTS_FILE` into a run folder, if they are not there yet.

    All of them are copied or none. If the disk were full and some were missing, the runner would
    fail in the student's process, and that would look like an error of the student's code.
    """
    target, part = run / BOX_MODULES, run / f"{BOX_MODULES}.part"
    if target.exists():
        return
    for name, data in {**_box_modules(), Path(FONTS_FILE).name: _FONTS}.items():
        file = part / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    for path in (part, *part.rglob("*")):  # whatever our umask is
        path.chmod(0o755 if path.is_dir() else 0o644)
    part.rename(target)


@functools.cache
def _box_modules() -> dict[str, bytes]:
    """The sources of the box modules and their bytecode, by path.

    A box cannot write bytecode. Without it, every start of a box would compile the modules again.
    """
    files = {}
    source = Path(autograder.__file__).parent
    modules = [path for room in BOX_ROOMS for path in sorted((source / room).rglob("*.py"))]
    for file in [source / "__init__.py", *modules]:
        inside = str(file.relative_to(source.parent))
        files[inside] = text = file.read_bytes()
        code = _placed(_code_of(file, inside), f"{RUN}/{BOX_MODULES}/{inside}")
        # PEP 552: bytecode that Python does not compare with its source.
        head = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little")
        files[importlib.util.cache_from_source(inside)] = (
            head + importlib.util.source_hash(text) + marshal.dumps(code)
        )
    return files


def _code_of(file: Path, inside: str) -> CodeType:
    """The code of a module of ours; Python has compiled most of them before."""
    name = inside.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    code = SourceFileLoader(name, str(file)).get_code(name)
    assert code is not None  # there is a source
    return code


def _placed(code: CodeType, file: str) -> CodeType:
    """The code as if it had been compiled in another place, which tracebacks then name."""
    held = (_placed(one, file) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_filename=file, co_consts=tuple(held))


def runner_command(python: str, run: str, setup: BoxSetup) -> list[str]:
    """The command that starts the runner.

    ``-P -s``: Python imports nothing from the working directory or the home directory. ``-I`` would
    do the same, but it would ignore PYTHONHASHSEED too.

    Args:
        python: the interpreter's path inside the box.
        run: the run folder's path inside the box.
    """
    start = (
        f"import sys; sys.path.insert(0, {f'{run}/{BOX_MODULES}'!r}); "
        "from autograder.box.runner import main; main()"
    )
    return [python, "-P", "-s", "-u", "-c", start, encode_setup(setup)]
