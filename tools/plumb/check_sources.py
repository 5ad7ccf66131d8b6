"""Reads an assignment's files of checks, and finds all that is wrong in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.cli.author_files import read_text
from autograder.cli.course_folder import COURSE_FILE
from autograder.core.check_files import read_files
from autograder.core.checks import Check
from autograder.errors import CheckError
from plumb.check_arguments import find_wrong_arguments
from plumb.check_bodies import require_bodies_of_students
from plumb.mistakes import Mistakes

_NAMED = re.compile(r"""\bcheck\(\s*["']([a-z][a-z0-9_]*)["']""")
_CELL = re.compile(r"(?m)^#\s?%%")


@dataclass(frozen=True)
class CheckSources:
    """What the files of checks give.

    Attributes:
        checks: those that were made, in order.
        texts: of the files that can be read, by their paths.
        unmade: questions that the files name beside those of `checks`, if something is wrong there.
    """

    checks: tuple[Check, ...]
    texts: Mapping[str, str]
    unmade: frozenset[str] = frozenset()

    @property
    def questions(self) -> frozenset[str]:
        """The questions that have checks, also such as could not be made."""
        return self.unmade.union(check.question for check in self.checks)


def read_check_sources(
    files: Sequence[Path], mistakes: Mistakes, *, all_packages: bool
) -> CheckSources:
    """Read files of checks; what is wrong is added to the mistakes.

    Args:
        all_packages: whether the packages are here that the course names. If not, it is known why
            an import fails.
    """
    read = {path: mistakes.tried(read_text, path) for path in files}
    texts = {path: text for path, text in read.items() if text is not None}
    loaded = read_files(path for path in texts if not path.name.startswith("_"))
    wrong = list(find_wrong_arguments(loaded.checks))
    mistakes.add_errors(
        _advised(error, files)
        for error in loaded.errors
        if all_packages or not isinstance(error.__cause__, ModuleNotFoundError)
    )
    mistakes.add_errors(map(CheckError, wrong))
    for path, text in texts.items():
        if _is_python(text):
            mistakes.tried(require_bodies_of_students, [path])
    made = {check.question for check in loaded.checks}
    named = {name for text in texts.values() for name in _NAMED.findall(text)}
    return CheckSources(
        checks=tuple(
            replace(check, needs=tuple(need for need in check.needs if isinstance(need, str)))
            for check in loaded.checks
        ),
        texts={str(path): text for path, text in texts.items()},
        unmade=frozenset(named - made) if loaded.errors else frozenset(),
    )


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):  # loading the file says so, with its place
        return False
    return True


def _advised(error: CheckError, files: Sequence[Path]) -> CheckError:
    """The error, and if an import failed, what to do."""
    cause = error.__cause__
    if not isinstance(cause, ImportError):
        return error
    name = (cause.name or "").partition(".")[0]
    beside = next(_beside(name, files), None)
    if beside is not None and _holds_answers(beside):
        advice = (
            "checks do not import the answers, they ask a student for them: student.root of a "
            "notebook, student.module.root of a package"
        )
    elif beside is not None or "relative import" in str(cause):
        what = f"{beside.name} beside it" if beside is not None else "another file beside it"
        advice = (
            f"a file of checks is used without the files around it, so it cannot import {what}; "
            "write the functions that it needs into the file itself"
        )
    elif isinstance(cause, ModuleNotFoundError):
        advice = (
            f'install its package, and name it in {COURSE_FILE}, such as python = ["pandas>=2"]'
        )
    else:
        return error
    advised = CheckError(f"{error}; {advice}")
    advised.__cause__ = cause
    return advised


def _beside(name: str, files: Sequence[Path]) -> Iterator[Path]:
    """The modules, notebooks and packages of a name around the files of checks."""
    folders = {path.parent for path in files}
    folders |= {folder.parent for folder in folders if folder.name == "checks"}
    for folder in sorted(folders if name else ()):
        found = (folder / f"{name}.py", folder / f"{name}.ipynb", folder / name / "__init__.py")
        yield from (path for path in found if path.is_file())


def _holds_answers(path: Path) -> bool:
    """Whether it is a package or a notebook's source, and no module of its author's for checks."""
    if path.suffix == ".ipynb" or path.name == "__init__.py":
        return True
    return bool(_CELL.search(path.read_text("utf-8", "replace")))
