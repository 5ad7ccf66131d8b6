"""Finds out before grading whether this machine has every module that the course's files import.

A student cannot help it if one is missing. But once their code runs, nobody can tell: any code can
raise a ModuleNotFoundError. So the course's files are imported by themselves, in a box.
"""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.core.cell_statements import extract_statements
from autograder.errors import StudentFault, UserError
from autograder.harness import Harness
from autograder.sandbox import import_probe
from autograder.sandbox.launch import Backend
from autograder.sandbox.run_folder import lay_beside_package, make_readable
from autograder.sandbox.session import StudentSession
from autograder.scratch import scratch_folder
from autograder.submissions.notebook import release_cells

#: The package of the probe in the box.
_PROBE = "plumb_import_probe"
#: Seconds for the imports in one process. After it the search goes on in another one.
_TIMEOUT_S = 60.0
#: Files that tools run. Nothing imports them.
_NOT_IMPORTED = {"__main__", "conftest", "setup"}


@dataclass(frozen=True)
class _Target:
    """A module to import.

    Attributes:
        name: its dotted name.
        folder: of the course's file that it is, or that imports it, as a path from the folder that
            holds the package; empty if a notebook imports it.
        file: the course's file that it is, if it is one.
    """

    name: str
    folder: str = ""
    file: Path | None = None


def require_course_modules(harness: Harness, backend: Backend) -> None:
    """Import the course's files in a box. Raises UserError if what they need cannot be imported.

    These are the modules of the package, as students received it, and what the cells of the
    notebooks import that are run in grading. Raises BoxError if the box fails.
    """
    problems = import_problems(harness, backend)
    missing = ", ".join(name for name, why in problems.items() if not why)
    broken = ", ".join(f"{name} ({why})" for name, why in problems.items() if why)
    texts = [f"is not installed where the grader runs: {missing}"] if missing else []
    texts += [f"is installed where the grader runs and fails there: {broken}"] if broken else []
    if texts:
        raise UserError(
            f"the course's own files import what {', and what '.join(texts)}. "
            "Nothing was graded, because students would lose points by it. Install what is "
            "missing, and mend what fails, in the Python environment that runs plumb, and run the "
            "command again"
        )


def import_problems(harness: Harness, backend: Backend) -> dict[str, str]:
    """The modules outside the package that importing the course's files finds missing or broken.

    Each has what it raised, or an empty text if it is missing. Raises BoxError if the box fails.
    """
    targets = [*_package_modules(harness), *map(_Target, _imported_by_cells(harness))]
    with scratch_folder("plumb-imports-") as run:
        shutil.copytree(
            harness.package_folder,
            run / "package" / harness.package,
            copy_function=shutil.copyfile,
        )
        lay_beside_package(harness, run)
        probe = run / "package" / _PROBE
        probe.mkdir()
        shutil.copyfile(import_probe.__file__, probe / "__init__.py")
        make_readable(run)
        with StudentSession(backend, run, _PROBE, harness.limits) as session:
            return {
                name: why
                for name, why, folder in _search(session, targets)
                if not _is_of_course(name, folder, harness)
            }


def _search(session: StudentSession, targets: list[_Target]) -> Iterator[tuple[str, str, str]]:
    """The problems as `import_probe.find_problems` tells them, for all targets.

    A script of the course may end its process, or never return. No check imports such a file, or
    the release would not have been made. Of it only the import statements are tried.
    """
    targets = list(targets)
    while targets:
        with session.student(seed=0, seconds=_TIMEOUT_S) as student:
            try:
                while targets:
                    for name, why, folder in student.find_problems(targets[0].name):
                        yield str(name), str(why), str(folder) or targets[0].folder
                    del targets[0]
            except StudentFault:
                targets[:1] = _imported_by_file(targets[0])


def _package_modules(harness: Harness) -> Iterator[_Target]:
    """The package's modules."""
    top = harness.package_folder.parent
    for path in sorted(harness.package_folder.rglob("*.py")):
        if path.stem not in _NOT_IMPORTED:
            parts = path.relative_to(top).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield _Target(name, path.relative_to(top).parent.as_posix(), path)


def _imported_by_file(target: _Target) -> list[_Target]:
    """The modules that the statements of a course's file import; none for another target."""
    if target.file is None:
        return []
    names = _imported([target.file.read_text("utf-8", "replace")])
    return [_Target(name, target.folder) for name in dict.fromkeys(names)]


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
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module


def _is_of_course(name: str, folder: str, harness: Harness) -> bool:
    """Whether a module belongs to the course's package: a stub, or an extension to compile.

    A file beside the one that imports it, in this folder, may be imported by its name alone, as in
    a script that is run there.
    """
    first = name.partition(".")[0]
    beside = (harness.package_folder.parent / folder).iterdir() if folder else ()
    files = {path.stem for path in beside if path.is_dir() or path.suffix in (".py", ".pyx")}
    return first in {harness.package, *files}
