"""Makes the cells of a variant's notebook from its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import AssignmentError
from plumb.notebooks import check_independence
from plumb.region_ids import as_python
from plumb.regions import find_regions
from plumb.sources import Conditions, SourceCell, select_cells
from plumb.translations import read_translations, todos_path, translate
from plumb.variant import NameMap

#: ``[[layers.relu_forward]]`` stands for the place where students write that definition.
_PLACE = re.compile(r"\[\[([\w.]+)\]\]")
_BELOW = {"en": "the cell below", "zh": "下面的单元格"}
_WIDTH = 88


@dataclass(frozen=True)
class MovedDefinition:
    """A function or class that a variant moves from a module to a notebook's cell.

    Attributes:
        name: its dotted name in the reference: ``layers.conv_forward_naive``.
        imports: the imports of its module that it needs, as source.
        source: its own source, solution regions included.
    """

    name: str
    imports: str
    source: str


def variant_cells(
    source: Iterable[SourceCell],
    folder: Path,
    conditions: Conditions,
    name_map: NameMap,
    definitions: Mapping[str, MovedDefinition],
    language: str,
) -> tuple[tuple[SourceCell, ...], list[str]]:
    """The cells of a variant's notebook; and remarks, one for each text that is not translated.

    Args:
        source: the cells of the notebook's source.
        folder: the assignment's, with the translations of the modules' TODOs.
        definitions: the definitions in this variant's notebooks, by name.

    Raises MarkerError and AssignmentError with ``file:line``.
    """
    cells: list[SourceCell] = []
    remarks: list[str] = []
    for cell in select_cells(source, conditions):
        if cell.defines:
            cell = _with_definition(cell, definitions[cell.defines])
        if language != "en" and (cell.kind == "markdown" or cell.regions):
            beside = Path(cell.file).with_suffix(f".{language}.md")
            translations = todos_path(folder, language) if cell.defines else beside
            cell, missing = translate(cell, read_translations(translations), translations.name)
            remarks += missing
        text = cell.text
        if cell.kind == "markdown":
            text = _PLACE.sub(
                lambda m: _place_in_words(m[1], name_map, definitions, language), text
            )
        elif not cell.defines:
            text = _without_imports(text, definitions, name_map.reference)
        cells.append(_with_text(cell, name_map.text(text)))
    check_independence(cells)
    return tuple(cells), remarks


def cut_definition(source: str, module: str, name: str, file: str) -> MovedDefinition:
    """A top-level function or class of a module, with the imports that it needs.

    Raises AssignmentError if the module does not define it or is not Python.
    """
    node = _top_level(source, name, file)
    used = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    imports = []
    for other in ast.parse(source).body:
        if isinstance(other, (ast.Import, ast.ImportFrom)):
            names = [a for a in other.names if (a.asname or a.name).partition(".")[0] in used]
            imports += [_import(other, names)] if names else []
    lines = source.split("\n")
    body = lines[_first_line(node) - 1 : _last_line(node, lines)]
    return MovedDefinition(f"{module}.{name}", "\n".join(imports), "\n".join(body))


def without_definition(source: str, name: str, file: str) -> str | None:
    """A module without one of its definitions; None if the rest defines nothing."""
    node = _top_level(source, name, file)
    lines = source.split("\n")
    start, end = _first_line(node) - 1, _last_line(node, lines)
    while start > 0 and not lines[start - 1].strip():
        start -= 1
    while end < len(lines) and not lines[end].strip():
        end += 1
    at_end = end >= len(lines)
    rest = "\n".join([*lines[:start], *([""] if at_end else ["", ""]), *lines[end:]])
    kinds = (ast.FunctionDef, ast.ClassDef)
    return rest if any(isinstance(n, kinds) for n in ast.parse(rest).body) else None


def _top_level(source: str, name: str, file: str) -> ast.FunctionDef | ast.ClassDef:
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise AssignmentError(f"{file}:{error.lineno or 1}: {error.msg}") from None
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name:
            return node
    raise AssignmentError(f"{file} does not define {name}, which a variant has in its notebook")


def _first_line(node: ast.FunctionDef | ast.ClassDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _last_line(node: ast.FunctionDef | ast.ClassDef, lines: Sequence[str]) -> int:
    """The last line, trailing comments of the body included: the last marker may be one of them."""
    end = node.end_lineno or node.lineno
    for number, line in enumerate(lines[end:], end + 1):
        if line.strip() and not line[0].isspace():
            break
        end = number if line.strip() else end
    return end


def _with_definition(cell: SourceCell, moved: MovedDefinition) -> SourceCell:
    text = "\n\n\n".join(part for part in (moved.imports, moved.source) if part)
    return _with_text(cell, text)


def _with_text(cell: SourceCell, text: str) -> SourceCell:
    regions = find_regions(text, cell.file, syntax=cell.syntax, first_line=cell.line)
    return replace(cell, text=text, regions=regions)


def _place_in_words(name: str, name_map: NameMap, definitions: Iterable[str], language: str) -> str:
    """Where students write a definition, in words: a file or the next cell."""
    if name in definitions:
        return _BELOW.get(language, _BELOW["en"])
    module = name.rpartition(".")[0].replace(".", "/")
    return f"`{name_map.path(f'{name_map.reference}/{module}.py')}`"


def _without_imports(text: str, definitions: Iterable[str], package: str) -> str:
    """A cell's text without imports of what the notebook itself defines."""
    moved = {name.rpartition(".")[::2] for name in definitions}
    if not moved or not any(name in text for _, name in moved):
        return text
    lines = text.split("\n")
    try:
        body = ast.parse(as_python(text)).body
    except SyntaxError:
        return text  # check_independence raises the error, with its place
    for node in reversed(body):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(package):
            continue
        module = (node.module or "").partition(".")[2]
        names = [alias for alias in node.names if (module, alias.name) not in moved]
        if len(names) < len(node.names):
            kept = _import(node, names).split("\n") if names else []
            lines[node.lineno - 1 : node.end_lineno] = kept
    return "\n".join(lines)


def _import(node: ast.Import | ast.ImportFrom, names: Sequence[ast.alias]) -> str:
    """The import of some of a statement's names, on several lines if it is long."""
    text = ast.unparse(type(node)(**{**dict(ast.iter_fields(node)), "names": list(names)}))
    if len(text) <= _WIDTH or isinstance(node, ast.Import):
        return text
    listed = "".join(f"    {ast.unparse(alias)},\n" for alias in names)
    return f"from {'.' * node.level}{node.module or ''} import (\n{listed})"
