"""Tries whether cells of a notebook can run whole in grading: in a process of its own.

``python -m selfcheck.tool.cell_trial`` is that process. It reads the cells, and the package's
names, as JSON, runs the cells one after another, and writes a line for each: an empty string, or
what it raised, as JSON. It may not write files, and begins in an empty folder, as in grading: only
what is handed in is there, and the assignment's data.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..core.cell_statements import extract_statements
from ..core.errors import StudentError
from ..core.needed_cells import NotebookCells, Part, Planner
from ..core.objects import to_student_error
from ..core.package_alias import package_alias
from ..core.read_only import read_only
from ..core.seeds import CELLS_SEED, set_seeds
from ..core.trial_rule import TOO_SLOW, Step, Tried, find_unfit, judge_try

#: Seconds that Python and NumPy may take to start.
_START_SECONDS = 20.0


def unfit_cells(
    notebook: NotebookCells, folder: Path, *, package: str = "", alias: str = ""
) -> dict[int, str]:
    """Why cells of the student's own cannot run whole in grading, by number.

    Args:
        folder: the student's, which holds the package.
        package: its name there.
        alias: the name that it was handed out under, if the student has renamed it.
    """
    planner = Planner(notebook)
    with contextlib.ExitStack() as stack:
        try:
            working = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
            empty = Path(stack.enter_context(working))
            _lay_data(folder, empty)
        except OSError:  # a full disk: the cells are taken as they are
            return {}

        def run_try(parts: Sequence[Part], seconds: float) -> Tried:
            return _try(parts, seconds, empty, folder, package, alias)

        return find_unfit(planner.plan, run_try, time.monotonic)[0]


def _try(
    parts: Sequence[Part], seconds: float, empty: Path, folder: Path, package: str, alias: str
) -> Tried:
    """Run these parts one after another, in a new process."""
    cells = [{"source": part.source, "own": part.is_own} for part in parts]
    paths = [str(folder), *(path for path in sys.path if path)]
    variables = {"PYTHONPATH": os.pathsep.join(paths), "MPLBACKEND": "Agg"}
    command = [sys.executable, "-P" if sys.version_info >= (3, 11) else "-u", "-m", __name__]
    try:
        _remove_all_but_data(empty)
        process = subprocess.Popen(
            command, cwd=empty, env=os.environ | variables,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:  # no program can be started here: the cells are taken as they are
        return Tried()
    with process:
        sent = {"cells": cells, "package": package, "alias": alias, "seconds": seconds}
        written, slow = _answers(process, json.dumps(sent).encode(), seconds)

    def step(number: int) -> Step:
        if number < len(written):
            return Step(f"it raised {written[number]}" if written[number] else "")
        return TOO_SLOW if slow else Step("it ended its own process", over=True)

    return judge_try(parts, step)


def _lay_data(folder: Path, empty: Path) -> None:
    """Lead ``data/`` to the assignment's data; where there are no links, copy them."""
    if not (folder / "data").is_dir():
        return
    try:
        (empty / "data").symlink_to(folder.resolve() / "data", target_is_directory=True)
    except OSError:  # Windows lets only some users make links
        shutil.copytree(folder / "data", empty / "data")


def _remove_all_but_data(empty: Path) -> None:
    """Remove what an earlier try left beside the data, by set-up cells that write files."""
    for path in empty.iterdir():
        if path.is_dir() and not path.is_symlink():
            if path.name != "data":
                shutil.rmtree(path)
        elif path.name != "data":
            path.unlink()


def _answers(
    process: subprocess.Popen[bytes], sent: bytes, seconds: float
) -> tuple[list[str], bool]:
    """The lines that the process wrote, and whether it had to be stopped."""
    slow = False
    try:
        output, _ = process.communicate(sent, timeout=seconds + _START_SECONDS)
    except subprocess.TimeoutExpired:
        slow = True
        process.kill()
        output, _ = process.communicate()
    lines = output.decode("utf-8", "replace").splitlines()
    if lines and lines[-1] == _TOO_SLOW:
        slow = True
        lines.pop()
    answers = []
    for line in lines:
        try:
            answers.append(str(json.loads(line)))
        except ValueError:
            break
    return answers, slow


#: The last line of a process that ran out of time.
_TOO_SLOW = "too slow"


def main() -> None:
    """Run the cells that stand on standard input. See above."""
    import threading

    output = os.dup(1)
    os.dup2(2, 1)  # what the cells print does not count
    sent: dict[str, Any] = json.load(sys.stdin)

    def stop() -> None:
        os.write(output, f"{_TOO_SLOW}\n".encode())
        os._exit(1)

    set_seeds(CELLS_SEED)
    names: dict[str, Any] = {"__name__": "__main__", "display": print}
    clock = threading.Timer(sent["seconds"], stop)
    clock.daemon = True
    clock.start()
    with package_alias(sent["alias"], sent["package"]):
        for cell in sent["cells"]:
            with read_only() if cell["own"] else contextlib.nullcontext():
                reason = _run(cell["source"], names)
            os.write(output, f"{json.dumps(reason)}\n".encode())
    os._exit(0)


def _run(source: str, names: dict[str, Any]) -> str:
    """Run a cell; if it raises, its definitions one by one, as in grading.

    Returns the first line of what it raised, or an empty string.
    """
    error = _raised(source, names)
    if error is None:
        return ""
    if error.unwritten is None:
        for statement in extract_statements([source]):
            if not statement.names <= names.keys():
                _raised(statement.source, names)
    return (str(error).splitlines() or ["an exception"])[0][:200]


def _raised(source: str, names: dict[str, Any]) -> StudentError | None:
    try:
        exec(compile(source, "cell", "exec", dont_inherit=True), names)
    except BaseException as error:  # a student's code may raise anything
        return to_student_error(error)
    return None


if __name__ == "__main__":
    main()
