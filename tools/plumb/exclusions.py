"""What a variant leaves out of the reference, so that nothing given answers what is asked."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from autograder.errors import AssignmentError
from plumb.regions import find_regions
from plumb.sources import SourceCell
from plumb.variant import Naming
from plumb.variant_notebook import MAGIC


@dataclass(frozen=True)
class Omitted:
    """What is left out, in the reference's names.

    Attributes:
        files: below the package's folder: ``classifiers/cnn.py``.
        definitions: dotted, below the package: ``classifiers.fc_net.TwoLayerNet``.
    """

    files: frozenset[str] = frozenset()
    definitions: frozenset[str] = frozenset()

    def of(self, module: str) -> tuple[str, ...]:
        """The names of a module's definitions that are left out."""
        found = (name.rpartition(".") for name in sorted(self.definitions))
        return tuple(what for home, _, what in found if home == module)


def find_omitted(
    patterns: Iterable[str], sources: Mapping[str, str], others: Collection[str], place: str
) -> Omitted:
    """What some names or patterns of files and of dotted definitions mean.

    Args:
        patterns: a file has its suffix, a definition its module: ``layers.conv_*``.
        sources: the text of every module by its path below the package.
        others: the paths of the package's other files.
        place: of the variant, for errors.

    Raises AssignmentError for a pattern that means nothing.
    """
    dotted = [
        f"{_dotted(path)}.{n.name}" for path, text in sources.items() for n in _definitions(text)
    ]
    files: set[str] = set()
    definitions: set[str] = set()
    for pattern in patterns:
        is_file = "/" in pattern or PurePosixPath(pattern).suffix in (".py", ".pyx", ".npz", ".md")
        known = [*sources, *others] if is_file else dotted
        found = {name for name in known if fnmatchcase(name, pattern)}
        if not found:
            what = "file" if is_file else "function or class"
            home = pattern.rpartition("." if not is_file else "/")[0]
            near = [name for name in known if name.startswith(home)] or sources
            raise AssignmentError(
                f"{place}: omit names {pattern!r}, and the reference has no such {what}; "
                f"there are {', '.join(near)}"
            )
        if is_file:
            files |= found
        else:
            definitions |= found
    return Omitted(frozenset(files), frozenset(definitions))


def need_nothing_omitted(
    omitted: Omitted,
    sources: Mapping[str, str],
    notebooks: Mapping[str, tuple[SourceCell, ...]],
    naming: Naming,
    asked: Collection[str],
    place: str,
) -> None:
    """Raise AssignmentError, with places, if what is left out is asked for or used elsewhere.

    Args:
        sources: the reference's modules by their paths below the package.
        notebooks: the cells of each, in the variant's names.
        asked: the questions that the variant asks.
        place: of the variant, for the error.
    """
    if omitted == Omitted():
        return
    top = naming.reference
    gone = {_dotted(naming.path(f"{top}/{path}")): path for path in omitted.files}
    for name in omitted.definitions:
        home, _, what = name.rpartition(".")
        module = _dotted(naming.path(f"{top}/{home.replace('.', '/')}.py"))
        gone[f"{module}.{what}"] = name
    found: list[str] = []
    for path, text in sources.items():
        whole = path in omitted.files
        found += _questions(text, path, None if whole else omitted.of(_dotted(path)), asked)
        if not whole:
            own = _dotted(naming.path(f"{top}/{path}"))
            inside = own.removesuffix(".__init__") if path.endswith("__init__.py") else own
            package = inside if path.endswith("__init__.py") else inside.rpartition(".")[0]
            aliases = {name.rpartition(".")[2]: name for name in gone if _in(name, own)}
            for line, name in _uses(naming.text(text), own, package, gone, aliases):
                found.append(f"{top}/{path}:{line} uses {name}")
    for cells in notebooks.values():
        names: dict[str, str] = {}
        for cell in cells:
            if cell.kind == "code":
                for line, name in _uses(MAGIC.sub(r"\1pass", cell.text), "", "", gone, names):
                    found.append(f"{cell.file}:{cell.line + line - 1} uses {name}")
            else:
                told = (p for p in sorted(omitted.files) if naming.path(f"{top}/{p}") in cell.text)
                found += (f"{cell.file}:{cell.line} names {path}" for path in told)
    if found:
        raise AssignmentError(
            f"{place}: what omit leaves out is needed; take it out of omit, or its use away:"
            + "".join(f"\n  - {one}" for one in dict.fromkeys(found))
        )


def _questions(
    text: str, path: str, names: Collection[str] | None, asked: Collection[str]
) -> Iterator[str]:
    """The asked regions of these definitions of a module, of all if it is None."""
    spans = [
        (node.lineno, node.end_lineno or node.lineno)
        for node in _definitions(text)
        if not names or node.name in names
    ]
    for region in find_regions(text, path) if names is None or names else ():
        question = region.id.partition(".")[0]
        if question in asked and any(start <= region.line <= end for start, end in spans):
            yield f"{path}:{region.line} holds an answer to the question {question}, which is asked"


def _uses(
    text: str, own: str, package: str, gone: Mapping[str, str], aliases: dict[str, str]
) -> Iterator[tuple[int, str]]:
    """The lines that use what is gone, and its name in the reference.

    Args:
        own, package: the dotted name of the module and of the package it lies in.
        gone: dotted names in the text's words, and what the reference calls them.
        aliases: what names stand for; imports are added to it.
    """
    kept = [node for node in _body(text) if f"{own}.{getattr(node, 'name', '')}" not in gone]
    nodes = [inner for node in kept for inner in ast.walk(node)]
    for node in nodes:
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            aliases |= {a.asname: a.name for a in node.names if a.asname}
            aliases |= {n.partition(".")[0]: n.partition(".")[0] for n in names}
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            above = ".".join(parts[: len(parts) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (above, node.module or "") if part)
            names = [f"{base}.{alias.name}" for alias in node.names]
            aliases |= dict(zip((a.asname or a.name for a in node.names), names, strict=True))
        else:
            continue
        for name in names:
            yield from ((node.lineno, old) for new, old in gone.items() if _in(name, new))
    for node in nodes:
        if isinstance(node, (ast.Name, ast.Attribute)):
            first, dot, rest = ast.unparse(node).partition(".")
            name = aliases.get(first, "") + dot + rest
            yield from ((node.lineno, old) for new, old in gone.items() if _in(name, new))


def _in(name: str, what: str) -> bool:
    """Whether a dotted name is something or lies in it."""
    return name == what or name.startswith(f"{what}.")


def _definitions(text: str) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in _body(text):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node


def _body(text: str) -> list[ast.stmt]:
    """What stands in a module; nothing if it is no Python, of which others tell the place."""
    try:
        return ast.parse(text).body
    except SyntaxError:
        return []


def _dotted(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")
