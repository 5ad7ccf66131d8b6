"""A variant is one way to release the assignment."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from autograder.harness import HandinRules, Leaderboard
from plumb.strip import STYLE, Style

#: Names that the students' package cannot have, because students' code or ours imports them.
_RESERVED_NAMES = {
    "autograder", "cython", "ipython", "jupyter", "matplotlib", "numpy", "plumb", "scipy",
    "selfcheck", "setuptools",
} | {name.lower() for name in sys.stdlib_module_names}  # fmt: skip
_SUFFIX = re.compile(r"\.[a-z0-9]+")


class Variant(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``variants/<name>.toml``.

    Attributes:
        course: the course that uses the variant, in a few words, for people.
        title: if given, replaces the assignment's title.
        package: the name of the students' package.
        layout: ``flat`` moves the modules of all sub-packages into the package itself.
        language: the language of the texts; a text without a translation stays English.
        notebooks: which of the assignment's notebooks it has, in order.
        without: questions of these notebooks that are not asked; their solutions are given.
        only: if not empty, only these questions are asked.
        cells: definitions that are written in a notebook instead of a module, as dotted names in
            the reference: ``layers.conv_forward_naive``.
        omit: files and dotted definitions of the reference that the variant leaves out, so that
            no given file answers a question; ``*`` stands for any letters.
        features: other conditions that hold for cells and checks: ``colab``, and those that
            ``assignment.toml`` names.
        points: if given, the total that the points of all checks must have.
        question_points: by question, the points that its checks have together in this variant.
        markers: the words of the students' markers.
        handin: what students hand in.
        leaderboard: the leaderboard, if the variant has one.
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
    markers: Style = STYLE
    handin: HandinRules = HandinRules()
    leaderboard: Leaderboard | None = None


def find_problems(variant: Variant) -> Iterator[str]:
    """What is wrong with a variant by itself: sentences, each begins with the key in question."""
    if not variant.package.isidentifier() or keyword.iskeyword(variant.package):
        yield (
            f"package = {variant.package!r} cannot be imported; a package's name is made of "
            "letters, digits and _, and no digit comes first"
        )
    elif variant.package.lower() in _RESERVED_NAMES:
        yield (
            f"package = {variant.package!r} is already the name of another package; "
            "choose one that no other package has"
        )
    if not variant.notebooks:
        yield "notebooks = [] leaves nothing to do; name at least one"
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
                "that the end of an answer can be found"
            )
    if variant.leaderboard is not None:
        for key, value, least in (
            ("phases", variant.leaderboard.phases, 1),
            ("classes", variant.leaderboard.classes, 2),
        ):
            if value < least:
                yield f"leaderboard.{key} = {value}; it is a whole number, {least} or more"


@dataclass(frozen=True)
class NameMap:
    """Translates the reference's names into a variant's, in texts, paths and dotted names.

    Attributes:
        reference: the package's name in the reference.
        package: its name in the variant.
        flattened: the sub-packages whose modules move into the package.
    """

    reference: str
    package: str
    flattened: tuple[str, ...] = ()

    def text(self, text: str) -> str:
        """A text in which modules and files of the package have the variant's names.

        The package's name is replaced only as a whole word without a dot or a slash before it.
        """
        word = rf"(?<![\w./-]){re.escape(self.reference)}"
        for folder in self.flattened:
            text = re.sub(rf"{word}([./]){folder}\1", rf"{self.package}\1", text)
        return re.sub(rf"{word}\b(?!-)", self.package, text)

    def path(self, path: str) -> str:
        """The variant's path for a path inside the reference distribution."""
        top, _, inner = path.partition("/")
        if top != self.reference or not inner:
            return path
        for folder in self.flattened:
            inner = inner.removeprefix(f"{folder}/")
        return f"{self.package}/{inner}"

    def modules(self, paths: Collection[str]) -> Mapping[str, str]:
        """The modules that the variant names differently: dotted names, the reference's first.

        Args:
            paths: of the files of the reference distribution.
        """
        dotted = {_dotted(path): _dotted(self.path(path)) for path in paths if path.endswith(".py")}
        return {
            old: new for old, new in dotted.items() if old != new and not old.endswith("__init__")
        }


def _dotted(path: str) -> str:
    return path.partition("/")[2].removesuffix(".py").replace("/", ".")
