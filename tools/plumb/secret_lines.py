"""Which lines of a solution are a secret, and where they stand in a text.

Nobody learns an answer from ``while True:`` or ``return total``. So a line alone is searched for
only if it is *telling*: long, and with something particular in it. Other lines are searched for as
*runs*: two or more lines that follow each other in the solution. Blank lines and comments between
them do not count. A run is also found with its variables renamed if it is long enough to be told
from others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from plumb.line_forms import Content, is_long, read_lines, renamed_forms

#: How many units a telling line holds at least, and how many different particular ones; or how many
#: different ones, particular or not.
LINE_UNITS, LINE_PARTICULAR, LINE_DIFFERENT = 5, 2, 7
#: The same for a line that is a whole answer.
ANSWER_UNITS, ANSWER_PARTICULAR = 3, 1
#: The same for a run, all its lines together.
RUN_UNITS, RUN_PARTICULAR, RUN_DIFFERENT = 7, 1, 10
#: The first two where variables may be renamed. Then no variable is particular.
RENAMED_UNITS, RENAMED_PARTICULAR = 10, 2
#: A run that is not long enough with so many lines is not searched for.
MOST_LINES = 8

#: The forms of consecutive lines.
Pattern = tuple[str, ...]


@dataclass(frozen=True)
class SecretLines:
    """What is searched for: patterns, each with the name of what it gives away."""

    exact: Mapping[Pattern, str]
    renamed: Mapping[Pattern, str]

    @cached_property
    def exact_by_start(self) -> Mapping[str, list[Pattern]]:
        """The patterns by their first line."""
        return _by_start(self.exact)

    @cached_property
    def renamed_by_start(self) -> Mapping[str, list[Pattern]]:
        """The renamed patterns by their first line."""
        return _by_start(self.renamed)


@dataclass(frozen=True)
class Finding:
    """A secret that stands in a text.

    Attributes:
        line: the number of the line where it begins.
        pattern: the secret.
        owner: what it gives away.
        is_renamed: whether its variables may have other names here.
    """

    line: int
    pattern: Pattern
    owner: str
    is_renamed: bool


def secrets_of(texts: Iterable[tuple[str, str]], *, renamed: bool = True) -> SecretLines:
    """All patterns of some texts.

    Args:
        texts: pairs of a name, for `Finding.owner`, and a text.
        renamed: whether they are searched for under other names too.
    """
    exact: dict[Pattern, str] = {}
    under_other_names: dict[Pattern, str] = {}
    for owner, text in texts:
        lines = read_lines(text)
        code = [line.content for line in lines if not line.is_comment]
        singles = [[line.content] for line in lines if _is_telling(line.content)]
        if len(code) == 1 and is_long(code[0].units, ANSWER_UNITS, ANSWER_PARTICULAR):
            singles.append(code)
        for run in [*singles, *_runs(code)]:
            exact.setdefault(tuple(line.form for line in run), owner)
        for run in _renamed_runs(code) if renamed else ():
            under_other_names.setdefault(renamed_forms(run), owner)
    return SecretLines(exact, under_other_names)


def without_public(secrets: SecretLines, public: Iterable[str]) -> SecretLines:
    """The secrets that stand in none of some texts that anybody may read."""
    known = {(f.is_renamed, f.pattern) for text in public for f in find_secrets(secrets, text)}
    return SecretLines(
        {p: owner for p, owner in secrets.exact.items() if (False, p) not in known},
        {p: owner for p, owner in secrets.renamed.items() if (True, p) not in known},
    )


def find_secrets(secrets: SecretLines, text: str) -> Iterator[Finding]:
    """Every secret that stands in a text, at each place where it begins."""
    if not secrets.exact and not secrets.renamed:
        return
    every = read_lines(text)
    code = [line for line in every if not line.is_comment]
    # A solution that was commented out consists of comments, so both are searched.
    for lines in [every] if len(code) == len(every) else [every, code]:
        said = [line.content for line in lines]
        for place, line in enumerate(lines):
            for pattern in secrets.exact_by_start.get(line.content.form, ()):
                if tuple(s.form for s in said[place : place + len(pattern)]) == pattern:
                    yield Finding(line.number, pattern, secrets.exact[pattern], False)
            for pattern in secrets.renamed_by_start.get(line.content.renamed_form, ()):
                if renamed_forms(said[place : place + len(pattern)]) == pattern:
                    yield Finding(line.number, pattern, secrets.renamed[pattern], True)


def is_telling(line: str) -> bool:
    """Whether a line is searched for by itself: it is long, and something in it is particular."""
    return any(_is_telling(read.content) for read in read_lines(line))


def _is_telling(line: Content) -> bool:
    return (
        is_long(line.units, LINE_UNITS, LINE_PARTICULAR) or len(set(line.units)) >= LINE_DIFFERENT
    )


def _runs(lines: Sequence[Content]) -> Iterator[Sequence[Content]]:
    """The shortest run that begins at each line and is long enough."""
    for start in range(len(lines)):
        for end in range(start + 2, min(start + MOST_LINES, len(lines)) + 1):
            units = [unit for line in lines[start:end] for unit in line.units]
            if is_long(units, RUN_UNITS, RUN_PARTICULAR) or len(set(units)) >= RUN_DIFFERENT:
                yield lines[start:end]
                break


def _renamed_runs(lines: Sequence[Content]) -> Iterator[Sequence[Content]]:
    """The shortest run at each line, or that line alone, that is long enough under other names."""
    for start in range(len(lines)):
        for end in range(start + 1, min(start + MOST_LINES, len(lines)) + 1):
            run = lines[start:end]
            variables = sum(sum(line.is_variable) for line in run)
            others = [unit for line in run for unit in line.fixed_units]
            if is_long(others, RENAMED_UNITS - variables, RENAMED_PARTICULAR):
                yield run
                break


def _by_start(patterns: Iterable[Pattern]) -> Mapping[str, list[Pattern]]:
    starts: defaultdict[str, list[Pattern]] = defaultdict(list)
    for pattern in patterns:
        starts[pattern[0]].append(pattern)
    return starts
