"""The stub, what a student gets in place of a solution region, and how it is recognised.

In code a stub is a ``# TODO: ...`` comment and ``raise NotImplementedError("TODO: <region>")``; in
prose it is ``*TODO: ...*``, in italics. `StudentError.unwritten` names the region of a stub that
was run.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence

#: How the comment opens that tells a student what to do, in code and in prose.
TODO = "TODO: "
#: The class of the exception that a stub in code raises.
EXCEPTION = "NotImplementedError"

#: The head of a function or class that a stub holds because the region held it whole.
_HEAD = re.compile(r"\s*(?:def \w+\(\*args, \*\*kwargs\)|def __init__\(self, .*\)|class \w+):")
#: The text of a stub's exception, in whatever quotes a student's editor left it.
MESSAGE = rf"""["']{TODO}([a-z0-9_.]+)["']"""
_RAISED = re.compile(rf"^[ \t]*raise {EXCEPTION}\({MESSAGE}", re.MULTILINE)
#: A line of code that does nothing, with a comment behind it, perhaps.
_NOTHING = re.compile(
    rf"(?:pass|\.\.\.|return(?: None| \.\.\.)?|raise {EXCEPTION}(?:\(.*\))?)(?:\s*#.*)?"
)
#: Where the statements stand that a statement is made of.
_BLOCKS = ("body", "orelse", "finalbody")


def question_of(region: str) -> str:
    """The question that a region belongs to: ``net`` of ``net.loss``."""
    return region.partition(".")[0]


def may_define(region: str, name: str) -> bool:
    """Whether a name may be defined in the region of this id, which is in small letters."""
    return name.lower().replace("_", "") == question_of(region).replace("_", "")


def regions_of_variables(regions: Iterable[str], functions: Iterable[str]) -> list[str]:
    """The regions in which no function or class is defined: a variable is, perhaps.

    Args:
        functions: the functions and classes that are defined in the cells of these regions.
    """
    names = list(functions)
    return [region for region in regions if not any(may_define(region, name) for name in names)]


def variables_of(regions: Collection[str], bound: Iterable[str]) -> frozenset[str]:
    """The names that are a variable of one of these regions, of those that some cells bind."""
    return frozenset(name for name in bound if any(may_define(r, name) for r in regions))


def stub_message(region: str) -> str:
    """The text of the exception that the stub of a region raises."""
    return f"{TODO}{region}"


def stub_statement(region: str) -> str:
    """The statement that is the stub of a region in code."""
    return f'raise {EXCEPTION}("{stub_message(region)}")'


def region_of_message(message: str) -> str | None:
    """The region whose stub raises an exception with this text; None if no stub does."""
    return message.removeprefix(TODO).strip() if message.startswith(TODO) else None


def beside_stub_message(region: str) -> str:
    """What a student reads whose code stands beside the stub of a region."""
    return f"your code stands beside {stub_statement(region)}; delete that line"


def is_marked(lines: Sequence[str], number: int, region: str) -> bool:
    """Whether the markers of a region stand around a line.

    Args:
        lines: of the file.
        number: of the line, from 1.
        region: its id, with which the markers end.
    """
    return all(_markers(lines, number, region))


def code_beside_stub(lines: Sequence[str], number: int, region: str) -> bool:
    """Whether more than comments and a stub stands in a region.

    Without markers nothing is known here, and the result is False.

    Args:
        lines: of the file.
        number: of the line, from 1, where the stub's exception was raised.
        region: its id.
    """
    opening, closing = _markers(lines, number, region)
    if not opening or not closing:
        return False
    inside = [*lines[opening : number - 1], *lines[number : closing - 1]]
    return any(
        line.strip()
        and not line.lstrip().startswith("#")
        and not _HEAD.fullmatch(line.rstrip())
        and line.strip() != stub_statement(region)
        for line in inside
    )


def code_in_region(lines: Sequence[str], first: int, region: str) -> bool:
    """Whether code that does something stands between the markers of a region.

    Args:
        lines: of the file.
        first: the number of a line, from 1, at or above the opening marker.
        region: its id.
    """
    opening = _markers(lines, first, region)[1]
    closing = _markers(lines, opening, region)[1] if opening else 0
    inside = (line.strip() for line in lines[opening : closing - 1 if closing else 0])
    return any(line and not line.startswith("#") and not does_nothing(line) for line in inside)


def does_nothing(line: str) -> bool:
    """Whether a line, without white space around it, is ``pass``, ``return None`` or the like."""
    return _NOTHING.fullmatch(line) is not None


def definition_stub(name: str, region: str, *, is_class: bool) -> list[str]:
    """The lines of a function or class that raises when it is called."""
    raised = stub_statement(region)
    if is_class:
        inside = ["def __init__(self, *args, **kwargs):", f"    {raised}"]
        return [f"class {name}:", *(f"    {line}" for line in inside)]
    return ["".join(["def ", name, "(*args, **kwargs):"]), f"    {raised}"]


def _markers(lines: Sequence[str], number: int, region: str) -> tuple[int, int]:
    """The numbers of the lines with the markers around a line; 0 for one that is not there."""
    marker = re.compile(rf"\s*#(?:.*[^\w.])?{re.escape(region)}\W*$")
    marked = [n for n, line in enumerate(lines, 1) if marker.match(line)]
    opening = max((n for n in marked if n < number), default=0)
    return opening, min((n for n in marked if n > number), default=0)


def stubs_left(source: str) -> list[str]:
    """The regions whose stubs still stand in a source text, and are reached.

    Some students leave the stub below their answer, behind its ``return``. It says nothing then. In
    what is no Python every stub counts.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the student's code may cause some
            return [region for raised in _reached(source) for region in _RAISED.findall(raised)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _RAISED.findall(source)


def _reached(source: str) -> Iterator[str]:
    """The ``raise`` statements of a source text that stand behind no ``return`` of their block."""
    for node in ast.walk(ast.parse(source)):
        for name in _BLOCKS:
            block = getattr(node, name, None)
            for statement in block if isinstance(block, list) else ():
                if isinstance(statement, ast.Return):
                    break
                if isinstance(statement, ast.Raise):
                    yield ast.unparse(statement)


def prose_todo(words: str) -> str:
    """The line that shows the TODO of an answer in prose to a student; `words` begin with TODO."""
    return f"*{words}*"


def is_prose_todo(line: str) -> bool:
    """Whether a line of an answer in prose opens the TODO that was handed out."""
    return line.startswith(f"*{TODO}")
