"""Finds out before grading whether this machine has every module that the course's files import.

A student cannot help it if one is missing. But once their code runs, nobody can tell: any code can
raise a ModuleNotFoundError. So the course's files are imported by themselves, in a box.
"""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.core.cell_statements import extract_statements
from autograder.errors import StudentFault, UserError
from autograder.harness import Harness
from autograder.sandbox import import_probe
from autograder.sandbox.launch import Backend
from autograder.sandbox.run_folder import make_readable
from autograder.sandbox.session import StudentSession
from autograder.scratch import scratch_folder
from autograder.submissions.notebook import release_cells

#: The package of the probe in the box.
_PROBE = "plumb_import_probe"
#: Seconds for all imports.
_TIMEOUT_S = 60.0
#: Files that tools run. Nothing imports them.
_NOT_IMPORTED = {"__main__", "conftest", "setup"}


def require_course_modules(harness: Harness, backend: Backend) -> None:
    """Import the course's files in a box. Raises UserError if they need what is not installed.

    These are the modules of the package, as students received it, and what the cells of the
    notebooks import that are run in grading. Raises BoxError if the box fails.
    """
    missing = [name for name in _missing(harness, backend) if not _is_of_package(name, harness)]
    if missing:
        names = ", ".join(missing)
        raise UserError(
            f"the course's own files import what is not installed where the grader runs: {names}. "
            "Nothing was graded, because students would lose points by it. Install what is "
            "missing into the Python environment that runs plumb, and run the command again"
        )


def _missing(harness: Harness, backend: Backend) -> tuple[str, ...]:
    """The modules that importing the course's files finds missing."""
    names = [*_package_modules(harness), *_imported_by_cells(harness)]
    with scratch_folder("plumb-imports-") as run:
        shutil.copytree(
            harness.package_folder,
            run / "package" / harness.package,
            copy_function=shutil.copyfile,
        )
        probe = run / "package" / _PROBE
        probe.mkdir()
        shutil.copyfile(import_probe.__file__, probe / "__init__.py")
        make_readable(run)
        with StudentSession(backend, run, _PROBE, harness.limits) as session:
            try:
                with session.student(seed=0, seconds=_TIMEOUT_S) as student:
                    return tuple(map(str, student.missing(names)))
            except StudentFault:
                # A script of the course that does not return, or ends the process. No check
                # imports such a file, or the release would not have been made.
                return ()


def _package_modules(harness: Harness) -> Iterator[str]:
    """The dotted names of the package's modules."""
    folder = harness.package_folder
    for path in sorted(folder.rglob("*.py")):
        if path.stem not in _NOT_IMPORTED:
            parts = path.relative_to(folder.parent).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported_by_cells(harness: Harness) -> list[str]:
    """The dotted names of the modules that the notebooks' own cells import when they are run."""
    cells = [
        cell.source
        for path in harness.notebooks.values()
        for cell in release_cells(path, harness.manifest)
        if not cell.is_prose
    ]
    sources = (statement.source for statement in extract_statements(cells))
    return list(dict.fromkeys(_imported(sources)))


def _imported(sources: Iterable[str]) -> Iterator[str]:
    for source in sources:
        for node in ast.parse(source).body:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module


def _is_of_package(name: str, harness: Harness) -> bool:
    """Whether a module belongs to the course's package: a stub, or an extension to compile."""
    files = (path for path in harness.package_folder.rglob("*") if path.suffix in (".py", ".pyx"))
    return name.partition(".")[0] in {harness.package, *(Path(file).stem for file in files)}
