"""Makes the reference's files as a variant has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.cli.author_files import decoded
from autograder.core.stubs import question_of
from plumb.assignment import Assignment
from plumb.given_files import TEXT_SUFFIXES, package_files
from plumb.region_ids import with_region_ids
from plumb.regions import Region, find_regions
from plumb.strip import keep_solutions
from plumb.translations import todos_path, translate_module
from plumb.variant_notebook import without_definition

Files = dict[str, bytes]


@dataclass(frozen=True)
class ReferenceFile:
    """One file of the reference as a variant has it.

    Attributes:
        path: its path inside the distribution.
        data: its content.
        regions: the solution regions that students are asked to write; others are given.
        has_given_regions: whether the variant gives away some regions; their lines are no secret.
        remarks: which of its TODOs are not translated into the variant's language.
    """

    path: str
    data: bytes
    regions: tuple[Region, ...]
    has_given_regions: bool = False
    remarks: tuple[str, ...] = ()


def reference_files(assignment: Assignment) -> Iterator[ReferenceFile]:
    """The files of the reference package, and the files that are needed to install it.

    Raises MarkerError for a marker that is wrong.
    """
    if not assignment.has_package:
        yield ReferenceFile(f"{assignment.package}/__init__.py", b"", ())
        return
    top = [assignment.solutions / name for name in ("pyproject.toml", "setup.py")]
    inside = package_files(assignment.package_source)
    for path in [p for p in top if p.is_file()] + inside:
        inner = path.relative_to(assignment.solutions).as_posix()
        source = _as_variant(assignment, path, inner)
        if source is not None:
            yield source


def _as_variant(assignment: Assignment, path: Path, inner: str) -> ReferenceFile | None:
    """A file of the reference as the variant has it; None if the variant does not have it."""
    name_map, data = assignment.name_map, path.read_bytes()
    name = name_map.path(inner)
    if inner.partition("/")[2] in assignment.exclusions.files:
        return None
    if path.suffix not in TEXT_SUFFIXES:
        return ReferenceFile(name, data, ())
    if path.name == "__init__.py" and path.parent.name in name_map.flattened:
        return None
    if path.suffix != ".py":
        return ReferenceFile(name, name_map.text(decoded(data, str(path))).encode(), ())
    text = _without_definitions(assignment, decoded(data, str(path)), path, inner)
    if text is None:
        return None
    text = with_region_ids(text, str(path), path.stem)
    given = {r.id for r in find_regions(text, str(path)) if not _is_asked(r, assignment)}
    text = keep_solutions(text, given, str(path))
    remarks: list[str] = []
    if (language := assignment.variant.language) != "en":
        todos = todos_path(assignment.folder, language)
        text, remarks = translate_module(text, str(path), todos)
    text = name_map.text(text)
    regions = find_regions(text, str(path))
    return ReferenceFile(name, text.encode(), regions, bool(given), tuple(remarks))


def _without_definitions(assignment: Assignment, text: str, path: Path, inner: str) -> str | None:
    """A module without what the variant moves to a notebook or leaves out; None if none is left."""
    module = inner.partition("/")[2].removesuffix(".py").replace("/", ".")
    dotted = [name.rpartition(".") for name in assignment.variant.cells]
    moved = [name for home, _, name in dotted if home == module]
    rest: str | None = text
    for name in (*moved, *assignment.exclusions.names_in(module)):
        if rest is not None:
            rest = without_definition(rest, name, str(path))
    return rest


def _is_asked(region: Region, assignment: Assignment) -> bool:
    return question_of(region.id) in assignment.asked


def all_regions(assignment: Assignment, sources: list[ReferenceFile]) -> Iterator[Region]:
    """The solution regions of all modules and notebooks."""
    for source in sources:
        yield from source.regions
    for cells in assignment.cells.values():
        for cell in cells:
            yield from cell.regions


def answer_files(assignment: Assignment, sources: list[ReferenceFile]) -> tuple[str, ...]:
    """The modules that hold solution regions, relative to the package."""
    prefix = f"{assignment.package}/"
    return tuple(s.path.removeprefix(prefix) for s in sources if s.regions)
