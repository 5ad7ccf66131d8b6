"""What students get with ``selfcheck``: the visible checks, their questions, expected outputs."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .. import core
from ..core.check_files import load_folder
from ..core.checks import Check
from ..core.errors import UnknownQuestion
from ..core.expected import read_expected
from ..core.judge import Expected
from ..core.language import Language, language
from ..core.locations import Locations
from ..core.missing_answers import missing_answers, missing_region
from ..core.returned_values import names_returned
from ..core.source_text import Sources
from .notebooks import SavedNotebooks, code_cells, from_files
from .package_folder import choose_package


@dataclass(frozen=True)
class Work:
    """The assignment as a student has it.

    Attributes:
        folder: the assignment's folder, which holds the package.
        title: of the assignment.
        package: the name of the student's package; they may have renamed it.
        package_remark: a sentence for the student on the folder that it is; empty if it is plain.
        questions: dictionaries with id, title, notebook and kind, in order.
        checks: the visible ones.
        expected: the expected outputs, by a check's id.
        about: the content of ``assignment.json``.
        locations: where this variant keeps the definitions that checks use.
        say: translates what the student reads.
    """

    folder: Path
    title: str
    package: str
    package_remark: str
    questions: list[dict[str, str]]
    checks: list[Check]
    expected: dict[str, Expected]
    about: dict[str, Any]
    locations: Locations
    say: Language

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the questions, by their ids."""
        return {question["id"]: question["title"] for question in self.questions}

    @property
    def alias(self) -> str:
        """The name that the package was handed out under, if the student has renamed it."""
        name = str(self.about["package"])
        return name if name != self.package else ""

    def remarks(self, notebooks: SavedNotebooks) -> list[str]:
        """Sentences for the student on what was checked, once these notebooks were used."""
        return [*filter(None, [self.package_remark]), *notebooks.sentences()]

    def saved_notebooks(self) -> SavedNotebooks:
        """What looks names up in the files of the notebooks."""
        return from_files(self.folder, self.about, package=self.package, alias=self.alias)

    def choose(self, names: Iterable[str]) -> list[Check]:
        """The checks of these questions in order, or all checks. Raises UnknownQuestion."""
        names = list(names)
        known = [question["id"] for question in self.questions]
        for name in names:
            if name not in known:
                close = difflib.get_close_matches(name, known, n=3)
                hint = f"did you mean {' or '.join(close)}?" if close else f"there are: {known}"
                raise UnknownQuestion(f"There is no question {name!r}; {hint}")
        order = names or known
        return sorted(
            (check for check in self.checks if check.question in order),
            key=lambda check: order.index(check.question),
        )

    def names_returned(self, function: str) -> tuple[str, ...]:
        """The names of the values that a function returns; empty if they are not known."""
        sources = {path: data.decode("utf-8", "replace") for path, data in self._modules().items()}
        return names_returned(sources).get(self.locations.find(function)[1], ())

    def missing_region(self, names_used: Iterable[str]) -> str | None:
        """The region that is not written, of what a check asked for; None if all is written.

        Names are those of the reference. Only modules are looked at.
        """
        places = map(self.locations.find, names_used)
        names = [name for notebook, name in places if not notebook]
        return missing_region(names, missing_answers(self.about["answer_files"], self._modules()))

    def sources(self) -> Sources:
        """The texts of the student's functions and variables, from the saved files."""
        files = {name: self.folder / f"{name}.ipynb" for name in self.about["notebooks"]}
        notebooks = {
            name: {
                f"code cell {number}": source
                for number, (source, _) in sorted(code_cells(path).items(), key=_answers_last)
            }
            for name, path in files.items()
            if path.is_file()
        }
        return Sources(self._modules(), notebooks, self.locations)

    def _modules(self) -> dict[str, bytes]:
        """The content of the answer files that are there, by path below the package."""
        package = self.folder / self.package
        files = [name for name in self.about["answer_files"] if (package / name).is_file()]
        return {name: (package / name).read_bytes() for name in files}


def _answers_last(cell: tuple[int, tuple[str, bool]]) -> tuple[bool, int]:
    number, (_, is_answer) = cell
    return is_answer, number


def load(folder: Path | None = None) -> Work:
    """Read the files that lie beside this package.

    Args:
        folder: holds ``assignment.json``, ``checks/`` and ``expected/``; by default the folder that
            this package lies in.
    """
    here = folder or Path(__file__).parents[1]
    about = json.loads((here / "assignment.json").read_text(encoding="utf-8"))
    package, remark = choose_package(
        here.parent, str(about["package"]), about["answer_files"], about["stub_digests"]
    )
    with _core_imported_as("plumbline"):
        checks = load_folder(here / "checks")
    titles = about["check_titles"]
    return Work(
        folder=here.parent,
        title=about["title"],
        package=package,
        package_remark=remark,
        questions=about["questions"],
        checks=[replace(check, title=titles.get(check.id, check.title)) for check in checks],
        expected=read_expected(here / "expected"),
        about=about,
        locations=Locations(about["modules"], about["cells"]),
        say=language(about["language"]),
    )


@contextmanager
def _core_imported_as(name: str) -> Iterator[None]:
    """Within this context, checks that import from this name get the ``core`` beside this package.

    Students do not have our package of that name; if they have one, it is another.
    """
    hidden = sys.modules.get(name)
    sys.modules[name] = core
    try:
        yield
    finally:
        if hidden is None:
            del sys.modules[name]
        else:
            sys.modules[name] = hidden
