"""Searches released files for secrets: solutions, hidden checks, expected outputs, labels, rubrics.

Published courses leaked whole solutions through notebook checkpoints, hidden folders and archives
inside archives. So every file is searched, and archives and notebooks are opened.
"""

from __future__ import annotations

import ast
import bz2
import gzip
import io
import json
import lzma
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from autograder.core.checks import Check
from autograder.core.judge import Expected
from autograder.core.tables import Table
from autograder.core.values import ARRAY, NUMBER, kind

#: A shorter line (``else:``, ``pass``, ``c = 1``) can stand in any program.
SHORTEST_LINE = 8
#: Checks and notebooks share many short lines; only a longer line proves a leak.
SHORTEST_CHECK_LINE = 24
#: This many consecutive elements of an expected array, or digits of a number, prove a leak.
ELEMENTS, DIGITS = 3, 10
#: This many consecutive labels prove a leak.
LABELS = 24
#: Archives in archives are opened down to this depth.
MAX_DEPTH = 5


def normal(line: str) -> str:
    """A line in the form that is compared: without white space and comment signs."""
    return "".join(line.split()).removeprefix("<!--").removesuffix("-->").lstrip("#")


def secret_lines(
    inside: Iterable[str], outside: Iterable[str], shortest: int = SHORTEST_LINE
) -> set[str]:
    """The lines that stand inside and never outside, in normal form, without very short ones."""
    public = {normal(line) for line in outside}
    lines = {normal(line) for line in inside}
    return {line for line in lines - public if len(line) >= shortest}


def contents(files: Mapping[str, bytes], depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """Every file with its place, and every file inside archives and compressed files."""
    for name, data in files.items():
        yield name, data
        members = _members(data) if depth < MAX_DEPTH else {}
        inner = {f"{name}!{member}": content for member, content in members.items()}
        yield from contents(inner, depth + 1)


def _members(data: bytes) -> dict[str, bytes]:
    """The content of an archive or a compressed file; nothing for any other file."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {member.filename: archive.read(member) for member in archive.infolist()}
    for magic, open_ in _COMPRESSED.items():
        if data.startswith(magic):
            return {"content": open_(data)}
    if data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            files = [member for member in tar if member.isfile()]
            return {m.name: found.read() for m in files if (found := tar.extractfile(m))}
    return {}


_COMPRESSED: Mapping[bytes, Callable[[bytes], bytes]] = {
    b"\x1f\x8b": gzip.decompress,
    b"BZh": bz2.decompress,
    b"\xfd7zXZ": lzma.decompress,
}


def texts(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Every file as text with its place, in any encoding; notebooks also cell by cell."""
    for name, data in contents(files):
        text = data.decode("utf-8", "replace")
        yield name, text
        if name.endswith(".ipynb"):
            for cell in json.loads(text)["cells"]:
                yield f"{name}#{cell.get('id', '?')}", "".join(cell["source"])


def solution_leaks(files: Mapping[str, bytes], secrets: set[str]) -> list[str]:
    """A sentence for every place where a line of a solution stands."""
    return [
        f"{place}:{number}: a line of a solution stands here: {line.strip()!r}"
        for place, text in texts(files)
        for number, line in enumerate(text.splitlines(), 1)
        if normal(line) in secrets
    ]


def hidden_name_leaks(files: Mapping[str, bytes], hidden: Iterable[Check]) -> list[str]:
    """A sentence for every place where the name of a hidden check stands as a word."""
    names = {check.name for check in hidden}
    return [
        f"{place}: the hidden check {word} is named here"
        for place, text in texts(files)
        for word in sorted(names & set(re.findall(r"[A-Za-z_]\w*", text)))
    ]


def hidden_source_leaks(
    files: Mapping[str, bytes], sources: Iterable[str], visible: Iterable[str]
) -> list[str]:
    """One sentence for each line that occurs only in hidden checks."""
    hidden = secret_lines(
        (line for source in sources for line in _code_lines(source)),
        (line for source in visible for line in source.splitlines()),
        shortest=SHORTEST_CHECK_LINE,
    )
    return [
        f"{place}:{number}: a line of a hidden check stands here: {line.strip()!r}"
        for place, text in texts(files)
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


def label_leaks(
    files: Mapping[str, bytes], labels: Mapping[str, np.ndarray[Any, Any]]
) -> list[str]:
    """A sentence for every file with the first of some labels, in binary or in digits."""
    probes = {}
    for name, values in labels.items():
        first = values[:LABELS]
        for dtype in (np.uint8, np.int16, np.int32, np.int64, np.float32, np.float64):
            probes[first.astype(dtype).tobytes()] = name
        for comma in (",", ", ", " ", "\n", ""):
            probes[comma.join(map(str, first.tolist())).encode()] = name
    return [
        f"{place}: the secret labels {name} stand here"
        for place, data in contents(files)
        for probe, name in probes.items()
        if probe in data
    ]


def rubric_leaks(files: Mapping[str, bytes], rubrics: Mapping[str, str]) -> list[str]:
    """A sentence for every place with a line of a rubric, also within a line, as in JSON."""
    lines = {
        normal(line): question
        for question, rubric in rubrics.items()
        for line in rubric.splitlines()
        if len(normal(line)) >= SHORTEST_CHECK_LINE
    }
    return [
        f"{place}:{number}: a line of the rubric of {question} stands here"
        for place, text in texts(files)
        for number, line in enumerate(text.splitlines(), 1)
        for spaceless in ["".join(line.split())]
        for secret, question in lines.items()
        if secret in spaceless
    ]


def value_leaks(
    files: Mapping[str, bytes], hidden: Mapping[str, Expected], known: Mapping[str, Expected]
) -> list[str]:
    """A sentence for every file with an expected value of a hidden check, in binary or in digits.

    Values that a visible check expects too are no secret. Round numbers are not searched for.
    """
    public = {probe for output in known.values() for probe in _probes(output.observations)}
    secret = {
        probe: check
        for check, output in hidden.items()
        for probe in _probes(output.observations)
        if probe not in public
    }
    return [
        f"{name}: an expected value of the hidden check {check} stands here"
        for name, data in contents(files)
        for probe, check in secret.items()
        if probe in data
    ]


def _probes(observations: Mapping[str, Any]) -> Iterator[bytes]:
    """Byte strings to search for: consecutive elements of an array, the digits of a number."""
    for value in _leaves(list(observations.values())):
        value_kind = kind(value)
        if value_kind == ARRAY:
            flat = np.ascontiguousarray(value).ravel()
            if flat.dtype.kind != "f":
                continue
            window = flat[flat != 0][:ELEMENTS]
            if len(set(window.tolist())) == ELEMENTS:
                start = int(np.flatnonzero(flat)[0])
                run = flat[start : start + ELEMENTS]
                if np.all(run != 0):
                    yield run.tobytes()
        # A longer integer than a float's is searched for as it is written.
        if value_kind == NUMBER and not np.iscomplexobj(value):
            long = isinstance(value, int) and abs(value) >= 2**53
            digits = str(value) if long else f"{float(value):.{DIGITS}g}"
            if len(digits) >= DIGITS:
                yield digits.encode()


def _leaves(value: Any) -> Iterator[Any]:
    """What a value holds that holds nothing itself; the columns of a table as arrays or lists."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, Table):
        value = [column.values for column in value.columns]
    if isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from _leaves(item)
    else:
        yield value
