"""Finds the English texts in modules: what a catalogue of another language must have."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

#: Two words of prose; what has none is a name, a format or a pattern.
_PROSE = re.compile(
    r"[A-Za-z]{2,}[,;:]? [A-Za-z(']|(?<!\S)[a-z]{3,}[,;:]? \{|\} [a-z]{3,}\b|\b[A-Z][a-z]+[.:]$"
)
#: A tag of HTML, a rule of CSS, or a line of a program that is put together.
_MARKUP = re.compile(r"</?[a-z]+|!important|[a-z]:[ a-z-]+;|\{$|_plumbline|^# |^except ")


def texts_in(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module in order: the line, and the text with ``{}`` for what is filled in.

    Docstrings, patterns of `re` and markup are left out, and what has no two words.
    """
    for number, text in _texts(path):
        for line in text.strip().split("\n"):
            if _PROSE.search(line) and not _MARKUP.search(line):
                yield number, line.strip()


def all_in(path: Path) -> Iterator[str]:
    """All texts of a module but docstrings and patterns, with ``{}`` for what is filled in."""
    return (text for _, text in _texts(path))


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """The line and the text of each text that is no docstring and no pattern of `re`."""
    tree = ast.parse(path.read_text("utf-8"))
    left_out: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()):
                left_out.add(id(node.value))
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"))):
                left_out |= {id(inner) for inner in ast.walk(node)}
            case ast.JoinedStr():  # its parts are no texts of their own
                left_out |= {id(part) for part in node.values if isinstance(part, ast.Constant)}
                for value in node.values:
                    if isinstance(value, ast.FormattedValue) and value.format_spec is not None:
                        left_out |= {id(inner) for inner in ast.walk(value.format_spec)}
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):
            values = (v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)
            yield node.lineno, "".join(values)


def has_text(catalogue: Iterable[str], text: str) -> bool:
    """Whether a catalogue has a text of `texts_in`, or an entry that this is a part of."""
    text = text.strip(" ;,:")
    place = r"(?:\{\w+\}|[^{}]*)"  # of the entry, or one of the words that it has there
    pattern = re.compile(place.join(map(re.escape, text.split("{}"))), re.DOTALL)
    return any(pattern.search(entry) for entry in catalogue)
