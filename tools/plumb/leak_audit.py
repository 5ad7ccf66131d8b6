"""Searches released files for secrets: solutions, hidden checks, expected outputs, labels, rubrics.

What a line must have to be a secret stands in `plumb.secret_lines`.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from autograder.core.checks import Check
from autograder.core.judge import Expected
from autograder.core.tables import Table
from autograder.core.values import ARRAY, NUMBER, kind
from plumb.line_forms import is_particular
from plumb.opened_files import contents, is_locked, texts
from plumb.secret_lines import SecretLines, find_secrets, is_telling, secrets_of, without_public

#: This many consecutive elements of an expected array, or digits of a number, prove a leak.
ELEMENTS, DIGITS = 3, 10
#: A number with fewer digits is round: it can stand anywhere, and in a long table by chance.
ROUND = 8
#: The same for elements of an array, which are searched for together.
ROUND_ELEMENT = 6
#: Only so many elements of an array are looked at.
MOST_ELEMENTS = 1000
#: This many consecutive labels prove a leak.
LABELS = 24


def solution_leaks(files: Mapping[str, bytes], solutions: SecretLines) -> list[str]:
    """A sentence for every place where a line or a run of lines of a solution stands."""
    return [
        f"{place}: {what} of the solution of {owner} {stand} here{how}: {line!r}"
        for place, owner, count, how, line in _places(files, solutions)
        for what, stand in [("a line", "stands") if count == 1 else (f"{count} lines", "stand")]
    ]


def closed_files(files: Mapping[str, bytes]) -> list[str]:
    """A sentence for every file that may hold a solution and cannot be searched."""
    findings = []
    for place, data in contents(files):
        if place.endswith((".pyc", ".pyo")):
            findings.append(f"{place}: a compiled Python file cannot be searched; remove it")
        if is_locked(data):
            findings.append(
                f"{place}: an archive with a password cannot be searched; remove it or the password"
            )
    return findings


def hidden_source_leaks(files: Mapping[str, bytes], hidden: SecretLines) -> list[str]:
    """A sentence for every place where a line or a run of lines of a hidden check stands."""
    return [
        f"{place}: {what} of a hidden check {stand} here: {line!r}"
        for place, _, count, _, line in _places(files, hidden)
        for what, stand in [("a line", "stands") if count == 1 else (f"{count} lines", "stand")]
    ]


def _places(
    files: Mapping[str, bytes], secrets: SecretLines
) -> Iterator[tuple[str, str, int, str, str]]:
    """Where secrets stand: the place, the owner, how many lines, under what names, the first."""
    for place, text in texts(files):
        seen: set[int] = set()
        for found in find_secrets(secrets, text):
            if found.line not in seen:
                seen.add(found.line)
                line = text.splitlines()[found.line - 1].strip()
                how = ", perhaps with other names" if found.is_renamed else ""
                yield f"{place}:{found.line}", found.owner, len(found.pattern), how, line


def hidden_lines(sources: Iterable[str], public: Iterable[str]) -> SecretLines:
    """What is a secret in files of checks: what stands in a function, and in no public text.

    Args:
        sources: the texts of the files.
        public: texts that anybody may read, such as the visible checks.
    """
    bodies = [body for source in sources for body in _functions(source)]
    return without_public(secrets_of(bodies, renamed=False), public)


def _functions(source: str) -> Iterator[tuple[str, str]]:
    """The names and texts of all functions of a file of checks."""
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, "\n".join(lines[node.lineno - 1 : node.end_lineno])


def hidden_name_leaks(
    files: Mapping[str, bytes], hidden: Iterable[Check], visible: Iterable[Check] = ()
) -> list[str]:
    """A sentence for every place where a hidden check is named.

    Its name alone is a word like others: ``zero`` or ``shape``. It names the check together with
    the question, ``double.zero``, or where the check is defined. A single word after a question, or
    everyday ones, can be an attribute or a file, ``matrix.shape`` or ``data/rain.csv``, and a
    function of a student; as the name of a check it stands in quotes, and its function takes a
    generator too.
    """
    seen = {check.name for check in visible}
    patterns = [(check.name, _naming(check, check.name in seen)) for check in hidden]
    return [
        f"{place}: the hidden check {name} is named here"
        for place, text in texts(files)
        for words in [set(re.findall(r"[A-Za-z_]\w*", text))]
        for name, pattern in patterns
        if name in words and re.search(pattern, text)
    ]


def _naming(check: Check, is_visible_elsewhere: bool) -> str:
    """A regular expression for what names a check."""
    together = rf"\b{check.question}(?:[./]|::){check.name}\b"
    definition = rf"\bdef\s+{check.name}\s*\(\s*student\b"
    if "_" not in check.name or not any(map(is_particular, check.name.split("_"))):
        together = rf"[\"']{together}[\"']"
        definition += r"\s*,\s*rng\b"
    return together if is_visible_elsewhere else f"{together}|{definition}"


def label_leaks(
    files: Mapping[str, bytes], labels: Mapping[str, np.ndarray[Any, Any]]
) -> list[str]:
    """A sentence for every file with consecutive labels, in binary or in digits."""
    probes = {}
    for name, values in labels.items():
        first = _telling_labels(values)
        if first is None:
            continue
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


def _telling_labels(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any] | None:
    """Consecutive labels that are not all the same; None if all labels are.

    Zeros alone stand in any file, and labels that are sorted begin with many of them.
    """
    changes = np.flatnonzero(values != values[:1])
    if len(changes) == 0:
        return None
    start = max(0, min(int(changes[0]) - LABELS // 2, len(values) - LABELS))
    return values[start : start + LABELS]


def rubric_leaks(
    files: Mapping[str, bytes], rubrics: Mapping[str, str], public: Iterable[str] = ()
) -> list[str]:
    """A sentence for every place with a line of a rubric, also within a line, as in JSON.

    What stands in a public text too, such as the question itself, is no secret.
    """
    known = "\n".join(_spaceless(text) for text in public)
    lines = {
        secret: question
        for question, rubric in rubrics.items()
        for line in rubric.splitlines()
        for secret in [_spaceless(line)]
        if is_telling(line) and secret not in known
    }
    return [
        f"{place}:{number}: a line of the rubric of {question} stands here"
        for place, text in texts(files)
        for number, line in enumerate(text.splitlines(), 1)
        for spaceless in [_spaceless(line)]
        for secret, question in lines.items()
        if secret in spaceless
    ]


def _spaceless(text: str) -> str:
    return "".join(text.split())


def value_leaks(
    files: Mapping[str, bytes],
    hidden: Mapping[str, Expected],
    known: Mapping[str, Expected],
    code: Iterable[str] = (),
) -> list[str]:
    """A sentence for every file with an expected value of a hidden check, in binary or in digits.

    Values that a visible check expects too, or that given code holds, are no secret. Round numbers
    are not searched for.
    """
    given = {probe for output in known.values() for probe in _probes(output.observations)}
    text = "\n".join(code).encode()
    secret = {
        probe: check
        for check, output in hidden.items()
        for probe in _probes(output.observations)
        if probe not in given and probe not in text
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
            yield from _elements(np.ascontiguousarray(value).ravel())
        if value_kind == NUMBER and not np.iscomplexobj(value) and not is_round(value):
            # A longer integer than a float's is searched for as it is written.
            long = isinstance(value, int) and abs(value) >= 2**53
            yield (str(value) if long else f"{float(value):.{DIGITS}g}").encode()


def _elements(flat: np.ndarray[Any, Any]) -> Iterator[bytes]:
    """The first consecutive elements that are different from each other and not all round."""
    if flat.dtype.kind != "f":
        return
    for start in range(min(len(flat), MOST_ELEMENTS) - ELEMENTS + 1):
        run = flat[start : start + ELEMENTS]
        if len(set(run.tolist()) - {0.0}) == ELEMENTS and not all(
            is_round(x, ROUND_ELEMENT) for x in run
        ):
            yield run.tobytes()
            return


def is_round(value: Any, digits: int = ROUND) -> bool:
    """Whether a number has fewer digits, or is not finite."""
    if isinstance(value, int):
        return len(str(value).strip("-0")) < digits
    if not math.isfinite(value):
        return True
    # A single-precision number has few digits in its own precision alone.
    exact = value if isinstance(value, np.floating) else np.float64(value)
    mantissa = np.format_float_scientific(exact, trim="-").partition("e")[0]
    return len(mantissa.strip("-").replace(".", "")) < digits


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
