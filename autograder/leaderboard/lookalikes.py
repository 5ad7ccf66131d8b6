"""Names that look alike to a reader, although their letters differ: a Cyrillic and a Latin ``a``.

Source: Unicode Technical Standard 39, section 4, "Confusable Detection".
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping

from autograder.submissions.texts import caseless

#: The tables have this mark around letters that are written from right to left.
_MARK = "\u200e"
#: Letters that two others look like together. Of these the tables have ``m`` and ``rn`` alone.
_TWO_LETTERS = str.maketrans({"w": "vv", "d": "cl"})


def look_keys(name: str, *, two_letters: bool = True) -> frozenset[str]:
    """Keys of a name: two names that share one look alike, or differ in case alone.

    One key is made of the letters as they are, since a capital ``I`` looks like an ``l``. The other
    is made of small letters, since a capital may look like another letter than its small one.

    Args:
        two_letters: whether ``d`` looks like ``cl``, so that Clark looks like Dark.
    """
    plain = unicodedata.normalize("NFKC", name)
    pairs = _TWO_LETTERS if two_letters else {}
    return frozenset({caseless(_skeleton(plain, pairs)), _skeleton(caseless(plain), pairs)})


def _skeleton(text: str, pairs: Mapping[int, str]) -> str:
    """A text with one letter in the place of all that look like it."""
    parted = unicodedata.normalize("NFD", text)
    alike = parted.translate(_prototypes()).translate(pairs)
    return unicodedata.normalize("NFD", alike)


@functools.cache
def _prototypes() -> dict[int, str]:
    """By the code of each character that looks like another text, that text.

    The tables list for a text that others look like all of these, and for each of the others that
    text alone. If only two look alike, the longer one counts, or the one that comes first.
    """
    # Only here, because the package reads its tables when it is imported, which takes a sixth of
    # the time that every command needs to start.
    from confusable_homoglyphs.confusables import confusables_data

    alike: dict[str, list[str]] = {
        text.strip(_MARK): [other["c"].strip(_MARK) for other in others]
        for text, others in confusables_data.items()
    }
    return {
        ord(text): _chosen(text, others[0], alike)
        for text, others in alike.items()
        if len(text) == len(others) == 1
    }


def _chosen(text: str, other: str, alike: dict[str, list[str]]) -> str:
    if len(alike[other]) > 1 or len(other) > 1:
        return other
    return min(text, other)
