"""The files of a release, built from the sources: what a student gets and what a grader gets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

import autograder
from autograder.core.expected import encode_expected
from autograder.core.run import Expected
from autograder.gather import defined_names
from autograder.harness import Manifest
from autograder.notebook import ANSWER, SETUP
from plumb import notebooks
from plumb.assignment import Assignment
from plumb.board import board_images, board_labels, board_size
from plumb.edition import without_definition
from plumb.handout import handout
from plumb.regions import Region, find_regions
from plumb.strip import give, solve, strip
from plumb.texts import todos_file, translate_module
from plumb.visible import visible_part

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
        moved = [n.rpartition(".")[2] for n in assignment.form.cells if _home(n) == module]
        for gone in (*moved, *assignment.omitted.of(module)):
            if text is not None:
                text = without_definition(text, gone, str(path))
        if text is None:
            return None
        given = {r.id for r in find_regions(text, str(path)) if not _asked(r, assignment)}
        text = give(text, given, str(path))
        if (language := assignment.form.language) != "en":
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


def stubs(assignment: Assignment, sources: list[Source]) -> Files:
    """The reference's files with every solution region stripped."""
    return _rewritten(assignment, sources, strip)


def solved(assignment: Assignment, sources: list[Source]) -> Files:
    """The reference as a student would hand it in: solved modules and notebooks."""
    files = _rewritten(assignment, sources, solve)
    for name, cells in assignment.cells.items():
        files[f"{name}.ipynb"] = notebooks.build_solved(cells, assignment.style)
    return files


def _rewritten(assignment: Assignment, sources: list[Source], rewrite: Callable[..., str]) -> Files:
    return {
        s.path: rewrite(s.data.decode(), s.path, style=assignment.style).encode()
        if s.regions
        else s.data
        for s in sources
    }


def answer_files(assignment: Assignment, sources: list[Source]) -> tuple[str, ...]:
    """The modules that hold solution regions, relative to the package."""
    prefix = f"{assignment.package}/"
    return tuple(s.path.removeprefix(prefix) for s in sources if s.regions)


def built_notebooks(assignment: Assignment) -> Files:
    """The students' notebooks by file name."""
    return {
        f"{name}.ipynb": notebooks.build(cells, assignment.style)
        for name, cells in assignment.cells.items()
    }


def student_files(
    assignment: Assignment, sources: list[Source], expected: Mapping[str, Expected]
) -> Files:
    """``student.zip``: stubs, notebooks, hand-outs, and the visible checks as ``selfcheck/``."""
    files = stubs(assignment, sources) | built_notebooks(assignment) | handout(assignment)
    if assignment.form.leaderboard is not None and assignment.data is not None:
        files["input/leaderboard.npy"] = board_images(assignment.data.read_bytes())
    return files | selfcheck_files(assignment, sources, expected)


def selfcheck_files(
    assignment: Assignment, sources: list[Source], expected: Mapping[str, Expected]
) -> Files:
    """The package ``selfcheck``: the core, the visible checks, their expected outputs."""
    engine = Path(autograder.__file__).parent
    files: Files = {}
    for source, target in (
        (engine / "selfcheck", "selfcheck"),
        (engine / "core", "selfcheck/core"),
    ):
        for path in sorted(source.rglob("*.py")):
            name = f"{target}/{path.relative_to(source).as_posix()}"
            files[name] = as_selfcheck(path.read_text("utf-8")).encode()
    searching = (engine / "gather.py").read_text("utf-8")
    files["selfcheck/gather.py"] = as_selfcheck(searching).encode()
    names = [check.name for check in assignment.checks if check.visible]
    for path in check_files(assignment):
        part = visible_part(path.read_text("utf-8"), names)
        if part is not None:
            files[f"selfcheck/checks/{path.name}"] = as_selfcheck(part).encode()
    shown = {c.id: expected[c.id] for c in assignment.checks if c.visible}
    for name, data in encode_expected(shown).items():
        files[f"selfcheck/expected/{name}"] = data
    about = _about(assignment, sources)
    files["selfcheck/assignment.json"] = (json.dumps(about, indent=1) + "\n").encode()
    return files


def _about(assignment: Assignment, sources: list[Source]) -> dict[str, Any]:
    """What ``selfcheck`` has to know; nothing that a grader alone may know."""
    manifest = assignment.manifest
    return {
        "name": archive_name(assignment),
        "package": assignment.package,
        "title": assignment.title,
        "questions": [
            {"id": q.id, "title": q.title, "notebook": q.notebook, "kind": q.kind.value}
            for q in assignment.questions
        ],
        "regions": [region.id for region in all_regions(assignment, sources)],
        "answer_files": answer_files(assignment, sources),
        "notebooks": assignment.notebooks,
        "modules": manifest.modules,
        "cells": manifest.cells,
        "setup": {name: _sources(assignment, name, SETUP) for name in assignment.notebooks},
        "defines": {
            name: sorted(set().union(*map(defined_names, _sources(assignment, name, ANSWER))))
            for name in assignment.notebooks
        },
        "markers": [msgspec.to_builtins(m) for m in (manifest.code_marker, manifest.prose_marker)],
        "suffixes": manifest.handin.suffixes,
        "leaderboard": _board(assignment),
    }


def archive_name(assignment: Assignment) -> str:
    """What students hand in is called so: after their package, and what tells courses apart."""
    package, variant = assignment.package, assignment.variant
    return package if variant.lower() == package.lower() else f"{package}-{variant}"


def _board(assignment: Assignment) -> dict[str, int] | None:
    """How many phases, classes and images the leaderboard has, if there is one."""
    form = assignment.form.leaderboard
    if form is None or assignment.data is None:
        return None
    size = board_size(assignment.data.read_bytes())
    return {"phases": form.phases, "classes": form.classes, "images": size}


def _sources(assignment: Assignment, notebook: str, role: str) -> list[str]:
    """The code cells of a role in a notebook as students get it."""
    built = notebooks.build(assignment.cells[notebook], assignment.style)
    return [
        "".join(cell["source"])
        for cell in json.loads(built)["cells"]
        if cell["cell_type"] == "code" and cell["metadata"]["plumbline"]["role"] == role
    ]


def as_selfcheck(source: str) -> str:
    """Engine source as students receive it: there the packages bear other names."""
    source = source.replace("autograder.selfcheck", "selfcheck")
    for shared in ("core", "gather"):
        source = source.replace(f"autograder.{shared}", f"selfcheck.{shared}")
    return source


def check_files(assignment: Assignment) -> list[Path]:
    """The files of checks."""
    return sorted((assignment.folder / "checks").glob("*.py"))


def manifest_of(assignment: Assignment, sources: list[Source]) -> Manifest:
    """``harness.json``, typed."""
    files = answer_files(assignment, sources)
    return msgspec.structs.replace(assignment.manifest, answer_files=files)


def harness_files(
    assignment: Assignment, sources: list[Source], expected: Mapping[str, Expected]
) -> Files:
    """``harness.zip``: checks, expected outputs, limits, given files and stubs; no solution."""
    manifest = manifest_of(assignment, sources)
    files: Files = {
        "harness.json": msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    }
    package = {n: data for n, data in stubs(assignment, sources).items() if "/" in n}
    files |= {f"package/{name}": data for name, data in package.items()}
    files |= {f"notebooks/{name}": data for name, data in built_notebooks(assignment).items()}
    files |= {f"checks/{path.name}": path.read_bytes() for path in check_files(assignment)}
    files |= {f"expected/{name}": data for name, data in encode_expected(expected).items()}
    if assignment.data is not None:
        data = assignment.data.read_bytes()
        files[f"data/{assignment.data.name}"] = data
        if assignment.form.leaderboard is not None:
            files["leaderboard/labels.npy"] = board_labels(data)
    return files
