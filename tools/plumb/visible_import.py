"""Loads a file of visible checks as students' selfcheck does, to see that nothing in it is lost."""

from __future__ import annotations

import ast
import builtins
import dis
from collections.abc import Collection, Iterator
from pathlib import Path
from types import CodeType

from autograder.cli.author_files import read_text
from autograder.core.check_files import load_checks
from autograder.core.checks import Check
from autograder.core.source_line import SourceLine
from autograder.errors import AssignmentError, CheckError
from autograder.scratch import scratch_folder


def require_loadable(cut: str, path: Path, visible: Collection[Check]) -> None:
    """Raise AssignmentError with a place if students could not load a file of visible checks.

    Args:
        cut: what students get of the file of checks at `path`.
        visible: the visible checks, of this file and of others.
    """
    own = [check for check in visible if Path(check.place.file).resolve() == path.resolve()]
    place = own[0].place if own else SourceLine(str(path), 1)
    with scratch_folder("plumb-visible-") as folder:
        copy = folder / path.name
        copy.write_text(cut, "utf-8")
        try:
            loaded = {check.name: check for check in load_checks(copy)}
        except CheckError as error:
            problem = str(error).removeprefix(f"{copy}:")
            number, _, reason = problem.partition(": ")
            raise _lost(_found_again(cut, number, path) or place, reason) from error
    for check in own:
        if check.name not in loaded:
            raise _lost(check.place, f"there is no check {check.name}")
        needed = set(_global_names(compile(cut, str(path), "exec")))
        there = _namespace(loaded[check.name]) | vars(builtins).keys()
        if lost := sorted((needed - there) & _namespace(check)):
            raise _lost(_first_use(path, lost[0]) or check.place, f"{lost[0]} is not defined")


def _lost(place: SourceLine, reason: str) -> AssignmentError:
    return AssignmentError(
        f"{place}: students get the visible checks of this file without the hidden ones, and then "
        f"{reason}; write plain imports, functions and assignments for what visible checks use"
    )


def _found_again(cut: str, number: str, path: Path) -> SourceLine | None:
    """The line of an author's file that stands in a line of what students get of it."""
    lines = cut.splitlines()
    if not number.isdigit() or int(number) > len(lines):
        return None
    text = read_text(path).splitlines()
    wanted = lines[int(number) - 1]
    return SourceLine(str(path), text.index(wanted) + 1) if wanted in text else None


def _global_names(code: CodeType) -> Iterator[str]:
    """The names that functions read outside of themselves, in a compiled file."""
    for instruction in dis.get_instructions(code):
        if instruction.opname == "LOAD_GLOBAL":
            yield instruction.argval
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _global_names(inner)


def _namespace(check: Check) -> set[str]:
    return set(getattr(check.body, "__globals__", ()))


def _first_use(path: Path, name: str) -> SourceLine | None:
    for node in ast.walk(ast.parse(read_text(path))):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
            return SourceLine(str(path), node.lineno)
    return None
