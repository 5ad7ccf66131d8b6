"""The stub, what a student gets in place of a solution region, and how it is recognised.

In code a stub is a ``# TODO: ...`` comment and ``raise NotImplementedError("TODO: <region>")``; in
prose it is ``*TODO: ...*``, in italics. `StudentError.unwritten` names the region of a stub that
was run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

#: How the comment opens that tells a student what to do, in code and in prose.
TODO = "TODO: "
#: The class of the exception that a stub in code raises.
EXCEPTION = "NotImplementedError"

#: The head of a function or class that a stub holds because the region held it whole.
_HEAD = re.compile(r"\s*(?:def \w+\(\*args, \*\*kwargs\)|def __init__\(self, .*\)|class \w+):")
_RAISED = re.compile(rf'{EXCEPTION}\("{TODO}([a-z0-9_.]+)"\)')


def question_of(region: str) -> str:
    """The question that a region belongs to: ``net`` of ``net.loss``."""
    return region.partition(".")[0]


def may_define(region: str, name: str) -> bool:
    """Whether a name may be defined in the region of this id, which is in small letters."""
    return name.lower().replace("_", "") == question_of(region).replace("_", "")


def stub_message(region: str) -> str:
    """The text of the exception that the stub of a region raises."""
    return f"{TODO}{region}"


def stub_statement(region: str) -> str:
    """The statement that is the stub of a region in code."""
    return f'raise {EXCEPTION}("{stub_message(region)}")'


def region_of_message(message: str) -> str | None:
    """The region whose stub raises an exception with this text; None if no stub does."""
    return message.removeprefix(TODO).strip() if message.startswith(TODO) else None


def code_beside_stub(lines: Sequence[str], number: int, region: str) -> bool:
    """Whether more than comments and a stub stands in a region.

    Args:
        lines: of the file.
        number: of the line, from 1, where the stub's exception was raised.
        region: its id, with which the markers around it end. Without markers nothing is known, and
            the result is False.
    """
    marker = re.compile(rf"\s*#(?:.*[^\w.])?{re.escape(region)}\W*$")
    marked = [n for n, line in enumerate(lines, 1) if marker.match(line)]
    opening = max((n for n in marked if n < number), default=0)
    closing = min((n for n in marked if n > number), default=0)
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


def definition_stub(name: str, region: str, *, is_class: bool) -> list[str]:
    """The lines of a function or class that raises when it is called."""
    raised = stub_statement(region)
    if is_class:
        inside = ["def __init__(self, *args, **kwargs):", f"    {raised}"]
        return [f"class {name}:", *(f"    {line}" for line in inside)]
    return ["".join(["def ", name, "(*args, **kwargs):"]), f"    {raised}"]


def stubs_in(source: str) -> list[str]:
    """The regions whose stubs stand in a source text, in order."""
    return _RAISED.findall(source)


def quotes_stub_message(source: str) -> bool:
    """Whether a source text holds the text of a stub's exception, however it is raised."""
    return f'"{TODO}' in source


def prose_todo(words: str) -> str:
    """The line that shows the TODO of an answer in prose to a student; `words` begin with TODO."""
    return f"*{words}*"


def is_prose_todo(line: str) -> bool:
    """Whether a line of an answer in prose opens the TODO that was handed out."""
    return line.startswith(f"*{TODO}")
