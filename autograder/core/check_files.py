"""Loads files of checks, and finds the checks in them that would get lost."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

from .checks import Check, noting
from .errors import CheckError
from .source_line import SourceLine

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_IMPORTS = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class LoadedChecks:
    """What files of checks gave.

    Attributes:
        checks: those that were made, in order, also such as would get lost.
        errors: what is wrong, each with its place. The cause is what Python raised, if it did.
    """

    checks: tuple[Check, ...] = ()
    errors: tuple[CheckError, ...] = ()

    def all_well(self) -> list[Check]:
        """The checks. Raises CheckError with everything that is wrong."""
        if len(self.errors) == 1:
            raise self.errors[0]
        if self.errors:
            raise CheckError("\n".join(str(error) for error in self.errors))
        return list(self.checks)


def load_checks(path: Path) -> list[Check]:
    """The checks that one Python file defines, in their order.

    Raises CheckError with every line and reason if the file cannot be imported, or if a check would
    get lost.
    """
    return read_checks(path).all_well()


def load_folder(folder: Path) -> list[Check]:
    """The checks of all ``*.py`` in a folder, in the order of the files' names.

    A file whose name begins with an underscore is skipped. Raises CheckError as `load_checks` does,
    and if two checks of one question have the same name.
    """
    files = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    return read_files(files).all_well()


def read_files(files: Iterable[Path]) -> LoadedChecks:
    """What several files of checks give together."""
    loaded = [read_checks(path) for path in files]
    errors = [error for one in loaded for error in one.errors]
    first: dict[str, Check] = {}
    for one in loaded:
        for check in one.checks:
            other = first.setdefault(check.id, check)
            if other.place.file != check.place.file:
                errors.append(
                    CheckError(
                        f"{check.place}: a second check named {check.id}, beside that at "
                        f"{other.place}; rename one of them"
                    )
                )
    return LoadedChecks(tuple(check for one in loaded for check in one.checks), tuple(errors))


def read_checks(path: Path) -> LoadedChecks:
    """What one file of checks gives. It is run statement by statement.

    A mistake in the arguments of one check does not keep the next one from being made.
    """
    file = str(path)  # relative for an author, in all messages
    try:
        tree = ast.parse(path.read_bytes(), file)
        statements = _compiled(tree, file)
    except (SyntaxError, ValueError) as error:
        return LoadedChecks(errors=(_error(path, error),))
    name = f"_checks_{re.sub(r'[^A-Za-z0-9]', '_', path.stem)}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None:
        return LoadedChecks(errors=(CheckError(f"{path}: not a Python file"),))
    names = vars(importlib.util.module_from_spec(spec))
    own: list[tuple[Check, int]] = []
    errors: list[CheckError] = []
    undefined: set[str] = set()
    for node, code in statements:
        with noting() as made:
            try:
                exec(code, names)
            except Exception as error:  # whatever an instructor's file raises
                if isinstance(error, NameError) and error.name in undefined:
                    continue
                errors.append(_error(path, error))
                if not isinstance(node, _FUNCTIONS):
                    break  # what it would define, the statements below may need
                undefined.add(node.name)
        if not isinstance(node, _IMPORTS):  # checks of an imported file are that file's
            own += ((check, node.lineno) for check in made)
    errors += (CheckError(sentence) for sentence in dict.fromkeys(_lost(path, tree, names, own)))
    return LoadedChecks(tuple(check for check, _ in own), tuple(errors))


def _compiled(tree: ast.Module, file: str) -> list[tuple[ast.stmt, CodeType]]:
    """The statements of a file, each compiled by itself; raises as `compile` does."""
    futures = [n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
    return [
        (node, compile(ast.Module([*futures, node], []), file, "exec", dont_inherit=True))
        for node in tree.body
    ]


def _error(path: Path, error: Exception) -> CheckError:
    """The error for what Python raised in a file of checks, with its place there."""
    place = SourceLine(str(path), 1).reached_by(error)
    if isinstance(error, CheckError):
        return CheckError(f"{place}: {error}")
    text = str(error)
    if isinstance(error, SyntaxError):  # it has no frame in the file, and may be in an imported one
        place, text = SourceLine(error.filename or str(path), error.lineno or 1), error.msg
    found = CheckError(f"{place}: {type(error).__name__}: {text}")
    found.__cause__ = error
    return found


def _lost(
    path: Path, tree: ast.Module, names: Mapping[str, Any], own: Iterable[tuple[Check, int]]
) -> Iterator[str]:
    """A sentence for each check that is not the function of its name at the file's top level.

    A loop keeps the last of its checks and a function none. The visible checks are cut out of the
    file for students by their names.

    Args:
        names: what the file has defined.
        own: its checks, each with the line of the statement that made it.
    """
    lines: dict[str, list[int]] = {}
    for node in _functions(tree.body):
        lines.setdefault(node.name, []).append(node.lineno)
    for check, line in own:
        its_name = names.get(check.name)
        if check.name in lines and its_name is check:
            continue
        if len(lines.get(check.name, ())) > 1 and isinstance(its_name, Check):
            first, *others = lines[check.name]
            for other in others:
                yield (
                    f"{path}:{other}: a second check named {check.name}, which would replace that "
                    f"of line {first}; rename one of them"
                )
            continue
        code = inspect.unwrap(check.body).__code__
        line = code.co_firstlineno if code.co_filename == str(path) else line
        yield (
            f"{path}:{line}: check {check.name} would get lost: it is not the function of this "
            "name at the top level of the file; write one check with the loop in it, which returns "
            'a list such as {"y": [student.f(x) for x in (1, 2, 3)]}, or a function with its own '
            "@check(...) for each"
        )


def _functions(body: Iterable[ast.stmt]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions that stand at the top level of a file, or in an ``if`` there."""
    for node in body:
        if isinstance(node, _FUNCTIONS):
            yield node
        elif isinstance(node, ast.If):
            yield from _functions([*node.body, *node.orelse])
