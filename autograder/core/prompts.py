"""Prompts: code that a student gets in the place of a stub that raises, such as ``rate = ...``.

A region with a prompt counts as unwritten while its code is as it was handed out.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from .stubs import stubs_left

_MAGIC = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def code_in_regions(text: str, marker: tuple[str, str]) -> dict[str, str]:
    """The code between markers by region, without blank lines and comments.

    Args:
        marker: the words with which the first and the last marker begin.
    """
    lines = text.split("\n")
    return {
        region: "\n".join(
            line.rstrip()
            for line in lines[first:last]
            if line.strip() and not line.lstrip().startswith("#")
        )
        for region, (first, last) in _places(lines, marker).items()
    }


def prompts_in(text: str, marker: tuple[str, str]) -> dict[str, str]:
    """The prompts of a text that was handed out, by region; most regions have a stub instead."""
    stubs = set(stubs_left(text))
    code = code_in_regions(text, marker)
    return {region: prompt for region, prompt in code.items() if prompt and region not in stubs}


def prompted_names(text: str, marker: tuple[str, str]) -> dict[str, str]:
    """The region by the names that its prompt is to give a value, or that it is a part of.

    Args:
        text: as it was handed out; no names are found in what is no Python.
    """
    lines = text.split("\n")
    prompts = prompts_in(text, marker)
    places = {r: p for r, p in _places(lines, marker).items() if r in prompts}
    try:
        tree = ast.parse(_MAGIC.sub(r"\1pass", text)) if places else None
    except (SyntaxError, ValueError, RecursionError):
        tree = None
    found: dict[str, str] = {}
    for region, (first, last) in places.items():
        for node in tree.body if tree else ():
            if isinstance(node, _DEFINITIONS) and node.lineno <= first:
                if first < (node.end_lineno or 0):
                    found[node.name] = region
            elif first < node.lineno <= last:
                found |= dict.fromkeys(_bound(node), region)
    return found


def open_prompts(given: str, text: str, marker: tuple[str, str]) -> Mapping[str, str]:
    """The names of `prompted_names` whose region is as it was handed out.

    Args:
        given: the text as it was handed out.
        text: as it was handed in.
    """
    prompts, code = prompts_in(given, marker), code_in_regions(text, marker)
    return {
        name: region
        for name, region in prompted_names(given, marker).items()
        if code.get(region) == prompts[region]
    }


def _places(lines: list[str], marker: tuple[str, str]) -> dict[str, tuple[int, int]]:
    """The lines between the markers of each region: the first, from 0, and one after the last."""
    begin, end = (re.compile(rf"[ \t]*#[ \t]*{re.escape(words)} ([a-z0-9_.]+)") for words in marker)
    places: dict[str, tuple[int, int]] = {}
    opened: tuple[str, int] | None = None
    for number, line in enumerate(lines):
        if found := begin.match(line):
            opened = (found[1], number + 1)
        elif opened is not None and (found := end.match(line)) and found[1] == opened[0]:
            places[opened[0]] = (opened[1], number)
            opened = None
    return places


def _bound(node: ast.stmt) -> set[str]:
    """The names that a statement assigns to."""
    return {
        inner.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
    }
