"""Which file of the release a student's file is meant as, where its name is not quite right.

Browsers, editors and file managers change names: ``ops (1).py``, ``ops.py.txt``, ``OPS.PY``.
Students put words before or behind them: ``hw5_ops.py``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from autograder.submissions.archive_suffixes import split_kind
from autograder.submissions.texts import caseless

#: How near a name is to the right one: it is the right one; it differs in capitals or has a suffix
#: more; it is a copy's name; other words stand in it, too.
EXACT, SPELLED, COPIED, WORDED = range(4)


def nearness(name: str, wanted: str) -> int | None:
    """How near a file's name is to the one that is wanted; None if it is quite another one.

    Args:
        name, wanted: without folders. The suffix of `wanted` is that of its kind.
    """
    stem, kind = split_kind(name)
    wanted_stem, wanted_kind = split_kind(wanted)
    if kind != wanted_kind:
        return None
    if name == wanted or (stem == wanted_stem and name.lower().endswith(kind)):
        return EXACT
    if caseless(stem) == caseless(wanted_stem):
        return SPELLED
    copied, worded = _patterns(wanted_stem)
    if copied.fullmatch(stem):
        return COPIED
    return WORDED if worded.search(stem) else None


@lru_cache(maxsize=1000)
def _patterns(stem: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What matches a copy's name, and what is found in a name with more words."""
    word = re.escape(stem)
    copied = rf"(copy of )?{word}( ?\([0-9]+\)| - copy( \([0-9]+\))?|[ -]?copy ?[0-9]*| [0-9]+)?"
    worded = rf"(?<![^\W_]){word}[0-9]*(?![^\W_])"
    return re.compile(copied, re.IGNORECASE), re.compile(worded, re.IGNORECASE)
