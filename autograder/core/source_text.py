"""The text of a function, class or variable as a student wrote it. Nothing is run.

It is what is written, and no more: what a name stands for when the code runs may be something else.
`SourceText.remarks` says where that is likely.
"""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from .cell_source import parse_cell, without_commands
from .locations import Locations
from .source_remarks import binders, remarks_on_binding, remarks_on_module
from .stubs import stubs_left

#: A longer text, in characters, is not parsed.
MAX_TEXT = 200_000
#: Brackets that are nested deeper, and syntax trees with more levels, are not looked at.
MAX_NESTED, MAX_LEVELS = 60, 200
#: The ends of lines for Python's parser. `str.splitlines` knows further ones.
_LINE_END = re.compile(r"\r\n?|\n")
#: Python's parser itself ends in such an exception for a text that is none or is too deep.
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True)
class SourceText:
    """A piece of source.

    Attributes:
        place: the file or cell that it stands in.
        line: its first line there.
        text: its lines, as they are written.
        tree: its syntax tree: a definition, an assignment or an import.
        remarks: sentences on why the name may stand for something else when the code runs.
    """

    place: str
    line: int
    text: str
    tree: ast.stmt = field(compare=False, repr=False)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sources:
    """The texts of a submission.

    Attributes:
        modules: bytes by path below the package.
        notebooks: the code cells by what messages call them, by the notebook's name. The last one
            counts that has more than a stub.
        locations: where the variant has what the reference has elsewhere.
    """

    modules: Mapping[str, bytes] = field(default_factory=dict)
    notebooks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    locations: Locations = field(default_factory=Locations)

    def find(self, name: str) -> SourceText | None:
        """The text of what a check calls by this name; None if it is not written.

        A name that no module has is looked for in the only notebook.

        Args:
            name: a dotted name below the package, as the reference has it.
        """
        notebook, path = self.locations.find(name)
        if not notebook:
            for module, file, data in self._modules():
                if path.startswith(module):
                    text = data.decode("utf-8-sig", "replace")
                    found = _in_module(path.removeprefix(module), file, text)
                    if found or module:
                        return found
            notebook = self._only_notebook()
        return self.find_in_notebook(notebook, path)

    def find_in_notebook(self, notebook: str, path: str) -> SourceText | None:
        """The text of what a notebook has under this dotted name; None if it is not written."""
        cells = self.notebooks.get(notebook, {})
        return _in_cells(
            path, {f"{notebook}.ipynb, {label}": text for label, text in cells.items()}
        )

    def why_unreadable(self, name: str) -> SyntaxError | ValueError | None:
        """What Python says of the module or the cell that may hold a name, if it cannot read it.

        Args:
            name: as for `find`.
        """
        notebook, path = self.locations.find(name)
        if not notebook:
            for module, file, data in self._modules():
                error = syntax_error(data, file) if path.startswith(module) else None
                if error or (module and path.startswith(module)):
                    return error
            notebook = self._only_notebook()
        word = re.compile(rf"\b{re.escape(path.partition('.')[0])}\b")
        for label, text in reversed([*self.notebooks.get(notebook, {}).items()]):
            if word.search(text) and parse_cell(text) is None:
                error = syntax_error(without_commands(text), f"{notebook}.ipynb, {label}")
                if error:
                    return error
        return None

    def _only_notebook(self) -> str:
        return next(iter(self.notebooks)) if len(self.notebooks) == 1 else ""

    def _modules(self) -> Iterator[tuple[str, str, bytes]]:
        """What dotted names begin with in each module, its path and its bytes; packages last."""
        for file, data in sorted(self.modules.items(), key=lambda item: "__init__" in item[0]):
            parts = PurePosixPath(file).with_suffix("").parts
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            yield "".join(f"{part}." for part in parts), file, data


def syntax_error(source: bytes | str, name: str) -> SyntaxError | ValueError | None:
    """The exception that an import of this source would end with, before it runs; None if none.

    Args:
        name: of the file, for the exception's text.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the student's code may cause some
            # An import compiles: a `return` outside of a function is no fault to a parser.
            compile(source, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:  # ValueError: a null byte, before Python 3.12
        return error
    except Exception:  # too deep, too large: whatever it is, its checks will say so
        return None
    return None


def parsed(text: str) -> ast.Module | None:
    """The syntax tree of a module; None for no Python, and for too long or too deep a text."""
    if len(text) > MAX_TEXT or _nested(text) > MAX_NESTED:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the student's code may cause some
            tree = ast.parse(text)
    except _UNREADABLE:
        return None
    return tree if _is_shallow(tree) else None


def _nested(text: str) -> int:
    """How deep brackets are nested at most. Those in strings and comments count, too."""
    depth = deepest = 0
    for bracket in re.findall(r"[][(){}]", text):
        depth = max(depth + (1 if bracket in "[({" else -1), 0)
        deepest = max(deepest, depth)
    return deepest


def _is_shallow(tree: ast.AST) -> bool:
    """Whether what looks at the tree, level by level, needs no deep recursion."""
    level: list[ast.AST] = [tree]
    for _ in range(MAX_LEVELS):
        level = [inner for node in level for inner in ast.iter_child_nodes(node)]
        if not level:
            return True
    return False


def _in_module(name: str, place: str, text: str) -> SourceText | None:
    tree = parsed(text)
    return _in_tree(name, place, text, tree) if tree else None


def _in_cells(name: str, cells: Mapping[str, str]) -> SourceText | None:
    """In the last cell where it is more than a stub; the others with it are in its remarks."""
    found = []
    for place, source in cells.items():
        if len(source) > MAX_TEXT or _nested(source) > MAX_NESTED:
            continue
        cell = parse_cell(source)
        if cell and _is_shallow(cell.tree):
            found.append(_in_tree(name, place, cell.source, cell.tree))
    texts = [one for one in found if one]
    if not texts:
        return None
    last = ([one for one in texts if not stubs_left(textwrap.dedent(one.text))] or texts)[-1]
    twice = tuple(f"{name} is bound in {one.place}, too" for one in texts if one is not last)
    return SourceText(last.place, last.line, last.text, last.tree, last.remarks + twice)


def _in_tree(name: str, place: str, text: str, tree: ast.Module) -> SourceText | None:
    """What binds a name: of a method, ``Net.loss``, the function in its class."""
    body: list[ast.stmt] = tree.body
    found: ast.stmt | None = None
    remarks: list[str] = []
    for part in name.split("."):
        bound = list(binders(body, part))
        if not bound:
            return None
        # A class that is bound by an import has no body here.
        found, body = bound[-1], getattr(bound[-1], "body", [])
        remarks += remarks_on_binding(part, bound)
    assert found is not None  # a name has at least one part
    remarks += remarks_on_module(name.rpartition(".")[2], found, tree)
    first = min([found.lineno, *(d.lineno for d in getattr(found, "decorator_list", ()))])
    lines = _LINE_END.split(text)[first - 1 : found.end_lineno]
    return SourceText(place, first, "\n".join(lines), found, tuple(dict.fromkeys(remarks)))
