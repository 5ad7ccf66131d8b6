"""What source texts seem to define, for messages about texts that are not Python."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: A line that seems to define something, even if the text is not Python 3.
_DEFINITION = re.compile(r"^(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*=(?!=)", re.MULTILINE)


def apparent_definitions(texts: Sequence[str]) -> dict[str, int]:
    """The names that texts seem to define, each with the number of the last such text, from 1."""
    return {
        found[1] or found[2]: number
        for number, text in enumerate(texts, 1)
        for found in _DEFINITION.finditer(text)
    }
