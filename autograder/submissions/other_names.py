"""Answers in modules whose names say nothing of the answer file that asks for them.

A student may leave ``ops.py`` as it was handed out and write everything into ``solution.py``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import PurePosixPath

from autograder.core.source_text import parsed
from autograder.submissions.archive_suffixes import split_kind
from autograder.submissions.helper_modules import NEVER
from autograder.submissions.meant_names import nearness
from autograder.submissions.notes import LeftAside
from autograder.submissions.written import (
    apparent_names,
    defines_answers,
    is_common,
    regions_of,
    text_of,
    written_regions,
)

#: Of more modules that define what an answer file asks for, the first ones are looked into.
_LOOKED_INTO = 20
#: How many modules, and how many functions of each, notes name.
_NAMED = 5


def module_of_another_name(
    wanted: str, stubs: Sequence[bytes], sources: Mapping[str, bytes], taken: Collection[str]
) -> str:
    """The module that counts as an answer file by what is written in it; empty if there is none.

    It counts if it is the only one in which all is written that the answer file asks for, if it
    defines whatever else is handed out there, and if nothing is written in each module that has a
    name like the answer file's. A module that one of those imports is a helper of it.

    Args:
        wanted: the name of the answer file, without folders.
        stubs: the stubs of the answer files with this name.
        sources: every Python file of the submission.
        taken: the names of files of the package. A file with such a name is meant as that one.
    """
    if len(stubs) != 1:
        return ""
    (stub,) = stubs
    near = [data for name, data in sources.items() if nearness(_base(name), wanted) is not None]
    if any(written_regions(stub, data) for data in near):
        return ""
    found = [
        name
        for name in _defining(stub, sources)
        if nearness(_base(name), wanted) is None
        and _base(name) not in taken
        and _is_whole(stub, sources[name])
        and not any(_imports(data, split_kind(_base(name))[0]) for data in near)
    ]
    return found[0] if len(found) == 1 else ""


def _defining(stub: bytes, sources: Mapping[str, bytes]) -> list[str]:
    """The modules that seem to define something that a stub defines; a bounded number of them."""
    names = sorted(
        name
        for name, data in sources.items()
        if _base(name) not in NEVER and not is_common(name) and defines_answers([stub], data)
    )
    return names[:_LOOKED_INTO]


def _is_whole(stub: bytes, data: bytes) -> bool:
    """Whether a module has all that a stub asks for and defines, so that it can stand for it."""
    regions = regions_of(stub)
    return (
        all(regions.values())  # else nothing tells what one of them is
        and written_regions(stub, data) == len(regions) > 0
        and apparent_names([stub]) <= apparent_names([data])
        and parsed(text_of(data)) is not None
    )


def open_regions(stub: bytes, there: bytes | None) -> list[str]:
    """The regions of a stub that are not written in what counts as this answer file.

    Args:
        there: None if nothing does.
    """
    regions = regions_of(stub)
    if there is None or not regions:
        return list(regions)
    if written_regions(stub, there) == len(regions):
        return []
    return [region for region in regions if not written_regions(stub, there, [region])]


def functions_written(
    stub: bytes, open_ones: Collection[str], there: bytes | None, data: bytes
) -> list[str]:
    """The functions of open regions of an answer file that another module has written.

    Args:
        there: what counts as the answer file. A function that an import brings there is no longer
            the stub's.
        data: of the other module.
    """
    regions = regions_of(stub)
    if not open_ones or not written_regions(stub, data, open_ones):
        return []
    names = [
        name
        for region in open_ones
        if written_regions(stub, data, [region])
        for name in regions[region]
    ]
    brought = _brought(there) if there is not None else set()
    return [n for n in dict.fromkeys(names) if brought.isdisjoint({"*", n.partition(".")[0]})]


def note_answers_elsewhere(
    stubs: Mapping[str, bytes],
    counted: Mapping[str, str],
    sources: Mapping[str, bytes],
    original: Mapping[str, str],
    notes: list[str],
) -> set[str]:
    """Note each module that defines what is asked for in another one, where it is not written.

    Args:
        stubs: of the answer files, by path below the package.
        counted: the paths of the modules that count, by answer file.
        sources: every Python file of the submission, under the names that they are meant to have.
        original: the paths that some of them were handed in under.

    Returns the modules that were noted, as they were handed in.
    """
    found = list(islice(_answers_elsewhere(stubs, counted, sources), _NAMED))
    for path, answer, functions in found:
        more = ", …" if len(functions) > _NAMED else ""
        note = (
            f"{original.get(path, path)} defines {', '.join(functions[:_NAMED])}{more}, "
            f"which {answer} does not have written"
        )
        if _base(path) != _base(answer):
            note += "; a module counts under its own name only"
        notes.append(LeftAside(note))
    return {original.get(path, path) for path, *_ in found}


def _answers_elsewhere(
    stubs: Mapping[str, bytes], counted: Mapping[str, str], sources: Mapping[str, bytes]
) -> Iterator[tuple[str, str, list[str]]]:
    """The modules that define what is asked for in another one, where it is not written.

    Yields the path of each module, the answer file, and the functions.
    """
    asked: dict[str, set[str]] = {}
    for answer, path in counted.items():
        functions = (name for names in regions_of(stubs[answer]).values() for name in names)
        asked.setdefault(path, set()).update(functions)
    for answer, stub in stubs.items():
        there = sources[counted[answer]] if answer in counted else None
        others = [path for path in _defining(stub, sources) if path != counted.get(answer)]
        open_ones = open_regions(stub, there) if others else []
        for path in others:
            names = functions_written(stub, open_ones, there, sources[path])
            # What a module is itself asked for belongs there.
            if left := [name for name in names if name not in asked.get(path, ())]:
                yield path, answer, left


def _imports(data: bytes, module: str) -> bool:
    """Whether an import in a module seems to name another one."""
    name = re.escape(module)
    line = rf"^[ \t]*(?:from[ \t.]|import[ \t]).*?(?<!\w){name}(?!\w)"
    return re.search(line, text_of(data), re.MULTILINE) is not None


def _brought(data: bytes) -> set[str]:
    """The top-level names that a module binds by no definition, or by none that stands later.

    ``*`` stands for names that cannot be known.
    """
    found: set[str] = set()
    tree = parsed(text_of(data))
    for name, is_definition in _bound(tree.body) if tree else ():
        if is_definition:
            found -= {name, "*"}
        else:
            found.add(name)
    return found


def _bound(body: Sequence[ast.AST]) -> Iterator[tuple[str, bool]]:
    """Each name that top-level statements bind, and whether a definition does."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, True
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((alias.asname or alias.name, False) for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, False
        elif not isinstance(node, ast.expr) or isinstance(node, ast.Tuple | ast.List):
            yield from _bound(list(ast.iter_child_nodes(node)))


def _base(name: str) -> str:
    return PurePosixPath(name).name
