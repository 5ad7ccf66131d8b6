"""A variant: one way to release the assignment, and its names for what the reference holds."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from autograder.harness import HandinRules, Leaderboard, MarkerWords
from plumb.regions import YOUR_ANSWER, YOUR_CODE, Spelling
from plumb.strip import Style

#: What students' code and ours import besides the standard library; a package of such a name would
#: stand in its way.
_TAKEN = {
    "autograder", "cython", "ipython", "jupyter", "matplotlib", "numpy", "plumb", "scipy",
    "selfcheck", "setuptools",
} | {name.lower() for name in sys.stdlib_module_names}  # fmt: skip
_SUFFIX = re.compile(r"\.[a-z0-9]+")


class Markers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the students' markers are spelled."""

    code: MarkerWords = MarkerWords(YOUR_CODE.begin, YOUR_CODE.end)
    prose: MarkerWords = MarkerWords(YOUR_ANSWER.begin, YOUR_ANSWER.end)

    @property
    def style(self) -> Style:
        """As the stripper wants it."""
        return Style(Spelling(*_words(self.code)), Spelling(*_words(self.prose)))


def _words(marker: MarkerWords) -> tuple[str, str, str]:
    return marker.begin, marker.end, marker.tail


class Variant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``variants/<name>.toml``.

    Attributes:
        course: the course that it serves, in a few words, for people.
        title: instead of the assignment's.
        package: the name of the students' package.
        layout: ``flat`` puts the modules of all sub-packages into the package itself.
        language: of the texts; what has no translation is English.
        notebooks: which of the assignment's notebooks, in order.
        without: questions of these notebooks that are not asked; their solutions are given.
        only: if not empty, no other questions are asked.
        cells: definitions that are written in a notebook instead of a module, dotted, as the
            reference has them: ``layers.conv_forward_naive``.
        omit: files and dotted definitions of the reference that the variant does without, so that
            nothing given answers what is asked; ``*`` stands for any letters.
        features: what a notebook's cells may ask for besides, such as ``colab``.
        points: what all checks must add up to, if it is said.
        question_points: what the checks of a question add up to, instead of what they say.
        markers: how the students' markers are spelled.
        handin: what students hand in.
        leaderboard: if the variant has one.
    """

    course: str = ""
    title: str = ""
    package: str
    layout: Literal["nested", "flat"] = "nested"
    language: str = "en"
    notebooks: tuple[str, ...]
    without: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    omit: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    points: float | None = None
    question_points: dict[str, float] = {}
    markers: Markers = Markers()
    handin: HandinRules = HandinRules()
    leaderboard: Leaderboard | None = None


def faults(variant: Variant) -> Iterator[str]:
    """What is wrong with a variant taken by itself: each a sentence that begins with its key."""
    if not variant.package.isidentifier() or keyword.iskeyword(variant.package):
        yield (
            f"package = {variant.package!r} cannot be imported; a package's name is made of "
            "letters, digits and _, and no digit comes first"
        )
    elif variant.package.lower() in _TAKEN:
        yield (
            f"package = {variant.package!r} is the name of a package that is there already; "
            "choose one that is only yours"
        )
    if not variant.notebooks:
        yield "notebooks = [] leaves nothing to do; name one at least"
    for key, names in (
        ("notebooks", variant.notebooks),
        ("handin.suffixes", variant.handin.suffixes),
    ):
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            yield f"{key} has {name!r} more than once; name each once"
    for suffix in variant.handin.suffixes:
        if not _SUFFIX.fullmatch(suffix):
            yield (
                f"handin.suffixes has {suffix!r}; a suffix is a dot and small letters or digits, "
                'like ".ipynb"'
            )
    for key, marker in (("code", variant.markers.code), ("prose", variant.markers.prose)):
        if not marker.begin.strip() or not marker.end.strip():
            yield f"markers.{key}: begin and end are words, and one of them is empty"
        elif marker.begin.strip() == marker.end.strip():
            yield (
                f"markers.{key}: begin and end are both {marker.begin!r}; they must differ, so "
                "that it can be told where an answer ends"
            )
    if variant.leaderboard is not None:
        for key, value, least in (
            ("phases", variant.leaderboard.phases, 1),
            ("classes", variant.leaderboard.classes, 2),
        ):
            if value < least:
                yield f"leaderboard.{key} = {value}; it is a whole number, {least} or more"


@dataclass(frozen=True)
class Naming:
    """From the reference's names to a variant's, in texts, paths and dotted names.

    Attributes:
        reference, package: the two names of the package.
        flattened: the sub-packages whose modules move into the package.
    """

    reference: str
    package: str
    flattened: tuple[str, ...] = ()

    def text(self, text: str) -> str:
        """A text in which modules and files of the package bear the variant's names.

        The name of the package is a word of its own that no dot or slash stands before.
        """
        own = rf"(?<![\w./-]){re.escape(self.reference)}"
        for folder in self.flattened:
            text = re.sub(rf"{own}([./]){folder}\1", rf"{self.package}\1", text)
        return re.sub(rf"{own}\b(?!-)", self.package, text)

    def path(self, path: str) -> str:
        """A path inside the distribution."""
        top, _, inner = path.partition("/")
        if top != self.reference or not inner:
            return path
        for folder in self.flattened:
            inner = inner.removeprefix(f"{folder}/")
        return f"{self.package}/{inner}"

    def modules(self, paths: Collection[str]) -> Mapping[str, str]:
        """The modules that bear another name below the package, dotted, of these paths."""
        dotted = {_dotted(path): _dotted(self.path(path)) for path in paths if path.endswith(".py")}
        return {
            old: new for old, new in dotted.items() if old != new and not old.endswith("__init__")
        }


def _dotted(path: str) -> str:
    return path.partition("/")[2].removesuffix(".py").replace("/", ".")
