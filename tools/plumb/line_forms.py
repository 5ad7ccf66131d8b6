"""Lines of a text in the forms in which they are compared, and how much each of them holds.

The measure of a line is its *units*: every word of a name or a string, every number, every
operator; no keyword, no bracket. A unit is *particular* if it is not in `COMMON`.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

#: No line of a program is longer; longer lines are data.
LONGEST_LINE = 2000

#: Words that stand in programs and sentences of any subject.
_COMMON_TEXT = """
answer append arange arg array asarray astype axis col column copy count counter data default
dtype element empty end endswith error example extend feature first found full func function
get high index input insert item join key kwarg last left length like line linspace low lower
math matrix name ndarray new node nan none num number numpy old ones out output pair parent
pop previous queue random replace res reshape result ret right root row sample self shape size
split start startswith stack step stop strip sum temp text tmp tol tolerance total transpose
upper value vector word zero

about all also and another any are because been before between both but can could does each
every from had has have here how into its may more most much must not one only other over
same should some such than that the their them then there these they this those three two
under very was were what when where which who why will with would you your
"""
COMMON = {*_COMMON_TEXT.split(), *(name.lower() for name in dir(builtins))}
#: Numbers that stand in every program.
_COMMON_NUMBERS = frozenset({"0", "1", "2", "3", "10", "100", "0.0", "1.0", "2.0", "0.5", "1."})
#: Names that nobody replaces by others where they copy a line.
_FIXED = frozenset(dir(builtins)) | {
    "self", "cls", "np", "numpy", "math", "random", "scipy", "pd", "pandas", "plt",
}  # fmt: skip
_ARITHMETIC = frozenset(["+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "<<", ">>"])

#: Characters of languages without spaces; each counts as a word.
_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
#: The names in an f-string are the line's; other strings are one token.
_TOKEN = re.compile(
    rf"""
    (?P<string>(?<![fF])(?:"[^"]*"|'[^']*'))
    |(?P<number>\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?)
    |(?P<cjk>[{_CJK}])
    |(?P<name>(?:(?![{_CJK}])\w)+)
    |(?P<operator>(?:\*\*|//|<<|>>|[-+*/@%&|^])=?|[=!<>]=|->|:=|[<>~])
    |(?P<mark>\S)
    """,
    re.VERBOSE,
)
_WORD = re.compile(rf"[A-Z]+(?![a-z])|[{_CJK}]|[A-Z]?(?:(?![{_CJK}])[^\W\d_A-Z])+")
#: What can stand before a line that was commented out or copied from a terminal.
_BEFORE = re.compile(r"(?:\s|#|<!--|>>>|\.\.\.(?=\s)|>(?=\s))*")


@dataclass(frozen=True)
class Token:
    """A name, number, string, operator or other sign of a line; `kind` is a group of `_TOKEN`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Content:
    """What a line says, without white space, comment signs and a comment at its end."""

    tokens: tuple[Token, ...]

    @cached_property
    def form(self) -> str:
        """The line as it is compared."""
        return " ".join(token.text for token in self.tokens)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The words, numbers and operators."""
        return tuple(unit for token in self.tokens for unit in _units(token))

    @cached_property
    def is_variable(self) -> tuple[bool, ...]:
        """For each token, whether it is a name that somebody may replace by another.

        Attributes and keyword arguments are not: they belong to somebody else.
        """
        return tuple(_are_variables(self.tokens))

    @cached_property
    def fixed_units(self) -> tuple[str, ...]:
        """The units that stay if variables are renamed."""
        pairs = zip(self.tokens, self.is_variable, strict=True)
        return tuple(unit for token, variable in pairs if not variable for unit in _units(token))

    @cached_property
    def renamed_form(self) -> str:
        """The form with variables numbered in the order of appearance."""
        return renamed_forms([self])[0]


@dataclass(frozen=True)
class Line:
    """A line of a text that is not blank.

    Attributes:
        number: counted from 1.
        content: what it says.
        is_comment: whether the whole line is a comment.
    """

    number: int
    content: Content
    is_comment: bool


def read_lines(text: str) -> list[Line]:
    """The lines of a text, without blank ones and those that are data."""
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) <= LONGEST_LINE and "\0" not in line:
            content, is_comment = _read(line.strip())
            if content.tokens:
                lines.append(Line(number, content, is_comment))
    return lines


def renamed_forms(lines: Iterable[Content]) -> tuple[str, ...]:
    """The forms of some lines, their variables numbered together in the order of appearance."""
    numbers: dict[str, int] = {}
    return tuple(
        " ".join(
            f"${numbers.setdefault(token.text, len(numbers))}" if variable else token.text
            for token, variable in zip(line.tokens, line.is_variable, strict=True)
        )
        for line in lines
    )


def is_long(units: Iterable[str], least: int, least_particular: int) -> bool:
    """Whether there are enough units, and enough different ones that are particular."""
    listed = list(units)
    return len(listed) >= least and len(set(filter(is_particular, listed))) >= least_particular


def is_particular(unit: str) -> bool:
    """Whether a unit does not stand in any program or sentence."""
    if unit[0].isdigit():
        return unit not in _COMMON_NUMBERS
    if not unit[0].isalpha():
        return unit in _ARITHMETIC
    if unit[0] > "\u3000":
        return True
    return len(unit) > 2 and not {unit, unit.removesuffix("s")} & COMMON


def _are_variables(tokens: tuple[Token, ...]) -> Iterator[bool]:
    texts = ["", *(token.text for token in tokens), ""]
    depth = 0
    for token, before, after in zip(tokens, texts, texts[2:], strict=False):
        if token.kind == "mark":
            depth += (token.text in "([{") - (token.text in ")]}")
        yield (
            token.kind == "name"
            and not keyword.iskeyword(token.text)
            and token.text not in _FIXED
            and before != "."
            and not (after == "=" and depth > 0)
        )


@lru_cache(maxsize=1 << 16)  # the same lines stand in many files, and in archives of them
def _read(line: str) -> tuple[Content, bool]:
    """What a line says, and whether it is a comment."""
    before = _BEFORE.match(line)
    start = before.end() if before else 0
    return Content(tuple(_tokens(line[start:].removesuffix("-->")))), "#" in line[:start]


def _tokens(line: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(line):
        kind, text = match.lastgroup or "", match[0]
        if kind == "mark" and text == "#":
            return
        if kind == "string":
            text = f'"{text[1:-1]}"'
        yield Token(kind, '"' if text == "'" else text)


def _units(token: Token) -> Iterator[str]:
    if token.kind in ("number", "operator"):
        yield token.text
    elif token.kind != "mark" and not keyword.iskeyword(token.text):
        yield from (word.lower() for word in _WORD.findall(token.text))
