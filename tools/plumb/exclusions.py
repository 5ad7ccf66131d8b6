"""Finds what a variant leaves out of the reference, so that no given file answers a question."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from autograder.core.stubs import question_of
from autograder.errors import AssignmentError
from plumb.region_ids import as_python
from plumb.regions import find_regions
from plumb.sources import SourceCell
from plumb.variant import NameMap


@dataclass(frozen=True)
class Exclusions:
    """What a variant leaves out, in the reference's names.

    Attributes:
        files: paths below the package's folder: ``classifiers/cnn.py``.
        definitions: dotted names below the package: ``classifiers.fc_net.TwoLayerNet``.
    """

    files: frozenset[str] = frozenset()
    definitions: frozenset[str] = frozenset()

    def names_in(self, module: str) -> tuple[str, ...]:
        """The names of a module's definitions that are left out."""
        parts = (name.rpartition(".") for name in sorted(self.definitions))
        return tuple(name for home, _, name in parts if home == module)


def find_exclusions(
    patterns: Iterable[str], sources: Mapping[str, str], others: Collection[str], place: str
) -> Exclusions:
    """The files and definitions that some patterns match.

    Args:
        patterns: of a file with its suffix, or of a definition with its module:
            ``layers.conv_*``.
        sources: the text of every module by its path below the package.
        others: the paths of the package's other files.
        place: the variant's file, for errors.

    Raises AssignmentError for a pattern that matches nothing.
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
            noun = "file" if is_file else "function or class"
            home = pattern.rpartition("." if not is_file else "/")[0]
            near = [name for name in known if name.startswith(home)] or sources
            raise AssignmentError(
                f"{place}: omit names {pattern!r}, and the reference has no such {noun}; "
                f"there are {', '.join(near)}"
            )
        if is_file:
            files |= found
        else:
            definitions |= found
    return Exclusions(frozenset(files), frozenset(definitions))


def refuse_needed_exclusions(
    exclusions: Exclusions,
    sources: Mapping[str, str],
    notebooks: Mapping[str, tuple[SourceCell, ...]],
    name_map: NameMap,
    asked: Collection[str],
    place: str,
) -> None:
    """Raise AssignmentError, with places, if something that is left out is asked for or used.

    Args:
        sources: the text of the reference's modules by their paths below the package.
        notebooks: the cells of each notebook, in the variant's names.
        asked: the questions that the variant asks.
        place: the variant's file, for the error.
    """
    if exclusions == Exclusions():
        return
    top = name_map.reference
    gone = {_dotted(name_map.path(f"{top}/{path}")): path for path in exclusions.files}
    for name in exclusions.definitions:
        home, _, base = name.rpartition(".")
        module = _dotted(name_map.path(f"{top}/{home.replace('.', '/')}.py"))
        gone[f"{module}.{base}"] = name
    uses: list[str] = []
    for path, text in sources.items():
        whole = path in exclusions.files
        names = None if whole else exclusions.names_in(_dotted(path))
        uses += _asked_regions(text, path, names, asked)
        if not whole:
            module = _dotted(name_map.path(f"{top}/{path}"))
            inside = module.removesuffix(".__init__")
            package = inside if path.endswith("__init__.py") else inside.rpartition(".")[0]
            aliases = {name.rpartition(".")[2]: name for name in gone if _in(name, module)}
            for line, name in _uses(name_map.text(text), module, package, gone, aliases):
                uses.append(f"{top}/{path}:{line} uses {name}")
    for cells in notebooks.values():
        imported: dict[str, str] = {}
        for cell in cells:
            if cell.kind == "code":
                for line, name in _uses(as_python(cell.text), "", "", gone, imported):
                    uses.append(f"{cell.file}:{cell.line + line - 1} uses {name}")
            else:
                uses += (
                    f"{cell.file}:{cell.line} names {path}"
                    for path in sorted(exclusions.files)
                    if name_map.path(f"{top}/{path}") in cell.text
                )
    if uses:
        raise AssignmentError(
            f"{place}: omit leaves out what is needed; remove it from omit, or remove these uses:"
            + "".join(f"\n  - {use}" for use in dict.fromkeys(uses))
        )


def _asked_regions(
    text: str, path: str, names: Collection[str] | None, asked: Collection[str]
) -> Iterator[str]:
    """Sentences about the regions of asked questions in some definitions, or in all if None."""
    spans = [
        (node.lineno, node.end_lineno or node.lineno)
        for node in _definitions(text)
        if not names or node.name in names
    ]
    for region in find_regions(text, path) if names is None or names else ():
        question = question_of(region.id)
        if question in asked and any(start <= region.line <= end for start, end in spans):
            yield f"{path}:{region.line} holds an answer to the question {question}, which is asked"


def _uses(
    text: str, module: str, package: str, gone: Mapping[str, str], aliases: dict[str, str]
) -> Iterator[tuple[int, str]]:
    """The lines that use something that is left out, and its name in the reference.

    Args:
        module: the dotted name of the module that has this text.
        package: the dotted name of its package.
        gone: what is left out: its dotted name in this text, and the reference's name.
        aliases: the dotted name that a local name stands for; imports are added to it.
    """
    kept = [node for node in _body(text) if f"{module}.{getattr(node, 'name', '')}" not in gone]
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


def _in(name: str, outer: str) -> bool:
    """Whether a dotted name is `outer` or lies in it."""
    return name == outer or name.startswith(f"{outer}.")


def _definitions(text: str) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in _body(text):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node


def _body(text: str) -> list[ast.stmt]:
    """The statements of a module; none if it is not Python, which is an error elsewhere."""
    try:
        return ast.parse(text).body
    except SyntaxError:
        return []


def _dotted(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")
