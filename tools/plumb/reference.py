"""The reference's files as a variant has them: named, translated, with what it leaves out gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plumb.assignment import Assignment
from plumb.regions import Region, find_regions
from plumb.strip import keep_solutions
from plumb.translations import todos_file, translate_module
from plumb.variant_notebook import without_definition

#: What of the reference's folder is a source; the rest was built there.
TEXT_SUFFIXES = {".py", ".pyx", ".pxd", ".h", ".md", ".txt", ".toml"}
SOURCE_SUFFIXES = {*TEXT_SUFFIXES, ".npz"}

Files = dict[str, bytes]


@dataclass(frozen=True)
class Source:
    """One file of the reference as a variant has it: its path inside the distribution, its text.

    Attributes:
        regions: the solution regions that students are asked to write; others are given.
        gives: some regions of it are given: its lines are no secret.
        remarks: which of its TODOs are not in the variant's language.
    """

    path: str
    data: bytes
    regions: tuple[Region, ...]
    gives: bool = False
    remarks: tuple[str, ...] = ()


def reference_sources(assignment: Assignment) -> Iterator[Source]:
    """The files of the reference package, and what is needed to install it.

    Raises MarkerError for a marker that is wrong.
    """
    top = [assignment.solutions / name for name in ("pyproject.toml", "setup.py")]
    inside = sorted(assignment.package_source.rglob("*"))
    for path in [p for p in top if p.is_file()] + inside:
        inner = path.relative_to(assignment.solutions)
        if not path.is_file() or path.suffix not in SOURCE_SUFFIXES:
            continue
        if any(part.startswith(".") for part in inner.parts):  # checkpoints and the like
            continue
        source = _as_variant(assignment, path, inner.as_posix())
        if source is not None:
            yield source


def _as_variant(assignment: Assignment, path: Path, inner: str) -> Source | None:
    """A file of the reference as the variant has it; None if the variant does without."""
    naming, data = assignment.naming, path.read_bytes()
    name = naming.path(inner)
    if inner.partition("/")[2] in assignment.omitted.files:
        return None
    if path.suffix not in TEXT_SUFFIXES:
        return Source(name, data, ())
    if path.name == "__init__.py" and path.parent.name in naming.flattened:
        return None
    text: str | None = data.decode()
    found: tuple[Region, ...] = ()
    given: set[str] = set()
    remarks: list[str] = []
    if path.suffix == ".py" and text is not None:
        module = inner.partition("/")[2].removesuffix(".py").replace("/", ".")
        moved = [n.rpartition(".")[2] for n in assignment.variant.cells if _home(n) == module]
        for gone in (*moved, *assignment.omitted.of(module)):
            if text is not None:
                text = without_definition(text, gone, str(path))
        if text is None:
            return None
        given = {r.id for r in find_regions(text, str(path)) if not _asked(r, assignment)}
        text = keep_solutions(text, given, str(path))
        if (language := assignment.variant.language) != "en":
            told = todos_file(assignment.folder, language)
            text, remarks = translate_module(text, str(path), told)
        text = naming.text(text)
        found = find_regions(text, str(path))
    else:
        text = naming.text(text or "")
    return Source(name, text.encode(), found, bool(given), tuple(remarks))


def _home(dotted: str) -> str:
    """The module of a dotted definition."""
    return dotted.rpartition(".")[0]


def _asked(region: Region, assignment: Assignment) -> bool:
    return region.id.partition(".")[0] in assignment.asked


def all_regions(assignment: Assignment, sources: list[Source]) -> Iterator[Region]:
    """The solution regions of all modules and notebooks."""
    for source in sources:
        yield from source.regions
    for cells in assignment.cells.values():
        for cell in cells:
            yield from cell.regions


def answer_files(assignment: Assignment, sources: list[Source]) -> tuple[str, ...]:
    """The modules that hold solution regions, relative to the package."""
    prefix = f"{assignment.package}/"
    return tuple(s.path.removeprefix(prefix) for s in sources if s.regions)


def check_files(assignment: Assignment) -> list[Path]:
    """The files of checks."""
    return sorted((assignment.folder / "checks").glob("*.py"))
