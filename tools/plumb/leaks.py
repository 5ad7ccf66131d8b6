"""Searching what is released for what must not be in it: solutions, hidden checks, their values.

Whole solutions of published courses leaked through notebook checkpoints, hidden folders and
archives inside archives; so every member is searched, and archives and notebooks are opened.
"""

from __future__ import annotations

import ast
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from autograder.core.checks import Check
from autograder.core.run import Expected
from autograder.core.values import ARRAY, NUMBER, kind

#: A shorter line (``else:``, ``pass``, ``c = 1``) says nothing about where it came from.
SHORTEST_LINE = 8
#: So many consecutive elements of an expected array, or so many digits of a number, are no chance.
ELEMENTS, DIGITS = 3, 10


def normal(line: str) -> str:
    """A line as it is compared: without indentation, comment sign and doubled spaces."""
    return " ".join(line.strip().lstrip("#").split())


def secret_lines(inside: Iterable[str], outside: Iterable[str]) -> set[str]:
    """The lines that stand only inside solution regions, in normal form."""
    given = {normal(line) for line in outside}
    lines = {normal(line) for line in inside}
    return {line for line in lines - given if len(line) >= SHORTEST_LINE}


def texts(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Every text in a tree of files, with its place; archives opened, notebooks cell by cell."""
    for name, data in files.items():
        if data[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = {f"{name}!{m.filename}": archive.read(m) for m in archive.infolist()}
            yield from texts(members)
            continue
        try:
            text = data.decode()
        except UnicodeDecodeError:
            continue
        yield name, text
        if name.endswith(".ipynb"):
            for cell in json.loads(text)["cells"]:
                yield f"{name}#{cell.get('id', '?')}", "".join(cell["source"])


def solution_leaks(files: Mapping[str, bytes], secrets: set[str]) -> list[str]:
    """Every place where a solution's line stands, as sentences."""
    return [
        f"{place}:{number}: a line of a solution stands here: {line.strip()!r}"
        for place, text in texts(files)
        for number, line in enumerate(text.splitlines(), 1)
        if normal(line) in secrets
    ]


def hidden_name_leaks(files: Mapping[str, bytes], hidden: Iterable[Check]) -> list[str]:
    """Every place where the name of a hidden check stands as a word."""
    names = {check.name for check in hidden}
    return [
        f"{place}: the hidden check {word} is named here"
        for place, text in texts(files)
        for word in sorted(names & set(re.findall(r"[A-Za-z_]\w*", text)))
    ]


def hidden_source_leaks(
    files: Mapping[str, bytes], sources: Iterable[str], visible: Iterable[str]
) -> list[str]:
    """Every place where a line stands that only hidden checks have."""
    hidden = secret_lines(
        (line for source in sources for line in _code_lines(source)),
        (line for source in visible for line in source.splitlines()),
    )
    return [
        f"{place}:{number}: a line of a hidden check stands here: {line.strip()!r}"
        for place, text in texts(files)
        if place.startswith("selfcheck/checks/")
        for number, line in enumerate(text.splitlines(), 1)
        if normal(line) in hidden
    ]


def _code_lines(source: str) -> list[str]:
    """The lines of all functions of a file of checks."""
    lines = source.splitlines()
    return [
        line
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
        for line in lines[node.lineno - 1 : node.end_lineno]
    ]


def value_leaks(
    files: Mapping[str, bytes], hidden: Mapping[str, Expected], known: Mapping[str, Expected]
) -> list[str]:
    """Every file that holds an expected value of a hidden check, in binary or in digits.

    Values that a visible check expects as well are no secret; neither are round numbers.
    """
    public = {probe for one in known.values() for probe in _probes(one.observations)}
    wanted = {
        probe: check
        for check, one in hidden.items()
        for probe in _probes(one.observations)
        if probe not in public
    }
    return [
        f"{name}: an expected value of the hidden check {check} stands here"
        for name, data in files.items()
        for probe, check in wanted.items()
        if probe in data
    ]


def _probes(observations: Mapping[str, Any]) -> Iterator[bytes]:
    """Byte strings that give a value away: runs of an array's elements, a number's digits."""
    for value in observations.values():
        what = kind(value)
        if what == ARRAY:
            flat = np.ascontiguousarray(value).ravel()
            window = flat[flat != 0][:ELEMENTS]
            if len(set(window.tolist())) == ELEMENTS and flat.dtype.kind == "f":
                start = int(np.flatnonzero(flat)[0])
                run = flat[start : start + ELEMENTS]
                if np.all(run != 0):
                    yield run.tobytes()
        if what == NUMBER and len(digits := f"{float(value):.{DIGITS}g}") >= DIGITS:
            yield digits.encode()
