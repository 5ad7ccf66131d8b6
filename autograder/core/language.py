"""What students read, in their language.

All texts are made in English, and reports and other records keep them so. Where a student reads
them they are translated with a catalogue, ``languages/<language>.json``: to each English text, with
named places for what is filled in, the text in the other language. So a sentence that was made in a
box, or recorded long ago, can be translated as well. What no entry fits stays English.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path

ENGLISH = "en"
#: A longer line stays as it is: a student's code can make lines of any length.
_LONGEST = 500
#: Texts inside texts are translated to this depth.
_DEEPEST = 5
#: When so many parts of a line were looked up, the others stay as they are. A sentence of ours has
#: a few; in a line that a student's code made, each separator could be tried before each other one.
_MOST_PARTS = 400
_PLACE = re.compile(r"\{(\w+)\}")
_NUMBER, _ANYTHING = r"-?(?:\d[^\s()]*?|inf|nan)", ".*?"
#: What stands between the parts of a sentence or a list; the catalogue has entries for these too.
_BETWEEN = ("; ", ", ", " and ", " or ")
#: A name before a colon: of an observation, a file, a question, an exception.
_HEAD = re.compile(r"([^:]{1,100}): (.+)")
#: A space that an English text has and that stands between characters of another script.
_INNER_SPACE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uff60]) (?=[\u3000-\u9fff\uff00-\uff60])")
_NAMES = re.compile(r"[\w./]+(?:(?:, | and | or )[\w./]+)+")

#: By a part of a line and how deep it may still be parted, its translation. A part is reached in
#: several ways, since each kind of separator may come first.
_Known = dict[tuple[str, int], str]


class Language:
    """Translates texts; with an empty catalogue they stay English.

    Args:
        name: as ``language`` in a variant's file has it.
        catalogue: by an English text, the text in this language. Both have the same places, written
            ``{name}``. A place whose name begins with ``n_`` is for a number.
    """

    def __init__(self, name: str, catalogue: Mapping[str, str]) -> None:
        self.name = name
        self.catalogue = catalogue
        self._fixed = {text: other for text, other in catalogue.items() if "{" not in text}
        # Of two texts that fit, the one with more letters of its own says more of what is meant.
        with_places = sorted(
            (text for text in catalogue if "{" in text),
            key=lambda text: -len(_PLACE.sub("", text)),
        )
        self._patterns = [
            (max(_PLACE.sub("\n", text).split("\n"), key=len), _pattern(text), catalogue[text])
            for text in with_places
        ]

    def __call__(self, text: str) -> str:
        """A text in this language, line by line; what no entry fits stays as it is."""
        if not self.catalogue:
            return text
        if text in self._fixed:
            return self._fixed[text]
        return "\n".join(self._line(line) for line in text.split("\n"))

    def _line(self, line: str) -> str:
        words = line.strip()
        translated = self._part(words, _DEEPEST, {})
        if not words or translated == words:
            return line
        return line.replace(words, _INNER_SPACE.sub("", translated), 1)

    def _part(self, text: str, depth: int, known: _Known) -> str:
        """A text without a newline, in this language."""
        if text in self._fixed:
            return self._fixed[text]
        if depth == 0 or len(text) > _LONGEST:
            return text
        if (text, depth) not in known:
            if len(known) >= _MOST_PARTS:
                return text
            known[text, depth] = text  # counted before its own parts are
            known[text, depth] = self._unknown_part(text, depth, known)
        return known[text, depth]

    def _unknown_part(self, text: str, depth: int, known: _Known) -> str:
        """A text that was not met yet in its line, and that no fixed entry fits."""
        for piece, pattern, translated in self._patterns:
            # Nearly all are ruled out by their longest piece, which is found fast.
            if piece in text and (found := pattern.fullmatch(text)):
                places = found.groupdict().items()
                filled = {name: self._place(value, depth - 1, known) for name, value in places}
                return translated.format(**filled)
        return self._composed(text, depth, known)

    def _place(self, text: str, depth: int, known: _Known) -> str:
        """What fills a place: a list of names, or a text."""
        if not _NAMES.fullmatch(text):
            return self._part(text, depth, known)
        for between in _BETWEEN:
            text = text.replace(between, self._fixed.get(between, between))
        return text

    def _composed(self, text: str, depth: int, known: _Known) -> str:
        """A text that no entry fits as a whole: with a name before it, or made of several parts."""
        if found := _HEAD.fullmatch(text):
            head, rest = (self._part(found[n], depth - 1, known) for n in (1, 2))
            if rest != found[2]:
                return f"{head}{self._fixed.get(': ', ': ')}{rest}"
        for between in _BETWEEN:
            parts = text.split(between)
            if len(parts) > 1:
                translated = [self._part(part, depth - 1, known) for part in parts]
                if translated != parts:
                    return self._fixed.get(between, between).join(translated)
        return text


#: Leaves every text as it is.
IN_ENGLISH = Language(ENGLISH, {})


def _pattern(text: str) -> re.Pattern[str]:
    """Matches an English text whose places are filled in."""
    words = iter(_PLACE.split(text))  # texts and the names of places in turn
    parts = [re.escape(next(words))]
    for place in words:
        parts += f"(?P<{place}>{_NUMBER if place.startswith('n_') else _ANYTHING})"
        parts += re.escape(next(words))
    return re.compile("".join(parts))


@functools.cache
def language(name: str) -> Language:
    """The language of this name; if there is no catalogue for it, texts stay English."""
    path = catalogue_path(name)
    return Language(name, json.loads(path.read_text("utf-8")) if path.is_file() else {})


def catalogue_path(name: str) -> Path:
    """Where the catalogue of a language lies, if there is one."""
    return Path(__file__).parent / "languages" / f"{name}.json"
