"""The files of a release, built from the sources: what a student gets and what a grader gets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

import autograder
from autograder.core.expected import encode_expected
from autograder.core.run import Expected
from autograder.harness import Manifest
from plumb import notebooks
from plumb.assignment import Assignment
from plumb.regions import Region, find_regions
from plumb.strip import solve, strip
from plumb.visible import visible_part

#: What of the reference's folder is a source; the rest was built there.
SOURCE_SUFFIXES = {".py", ".pyx", ".pxd", ".npz", ".md", ".txt", ".toml"}

Files = dict[str, bytes]


@dataclass(frozen=True)
class Source:
    """One file of the reference: its path inside the distribution, its text's solution regions."""

    path: str
    data: bytes
    regions: tuple[Region, ...]


def reference_sources(assignment: Assignment) -> Iterator[Source]:
    """The files of the reference package, and what is needed to install it.

    Raises MarkerError for a marker that is wrong.
    """
    top = [assignment.solutions / name for name in ("pyproject.toml", "setup.py")]
    inside = sorted(assignment.package_source.rglob("*"))
    for path in [p for p in top if p.is_file()] + inside:
        inner = path.relative_to(assignment.solutions).parts
        if not path.is_file() or path.suffix not in SOURCE_SUFFIXES:
            continue
        if any(part.startswith(".") for part in inner):  # checkpoints and the like
            continue
        data = path.read_bytes()
        found = tuple(find_regions(data.decode(), str(path))) if path.suffix == ".py" else ()
        yield Source(path.relative_to(assignment.solutions).as_posix(), data, found)


def all_regions(assignment: Assignment, sources: list[Source]) -> Iterator[Region]:
    """The solution regions of all modules and notebooks."""
    for source in sources:
        yield from source.regions
    for name in assignment.notebooks:
        path = assignment.notebook_source(name)
        for cell in notebooks.read_cells(path.read_text("utf-8"), str(path)):
            yield from cell.regions


def stubs(sources: list[Source]) -> Files:
    """The reference's files with every solution region stripped."""
    return {
        s.path: strip(s.data.decode(), s.path).encode() if s.regions else s.data for s in sources
    }


def solved(assignment: Assignment, sources: list[Source]) -> Files:
    """The reference as a student would hand it in: solved modules and notebooks."""
    files = {
        s.path: solve(s.data.decode(), s.path).encode() if s.regions else s.data for s in sources
    }
    for name in assignment.notebooks:
        path = assignment.notebook_source(name)
        files[f"{name}.ipynb"] = notebooks.build_solved(path.read_text("utf-8"), str(path))
    return files


def answer_files(assignment: Assignment, sources: list[Source]) -> tuple[str, ...]:
    """The modules that hold solution regions, relative to the package."""
    prefix = f"{assignment.package}/"
    return tuple(s.path.removeprefix(prefix) for s in sources if s.regions)


def built_notebooks(assignment: Assignment) -> Files:
    """The students' notebooks by file name."""
    return {
        f"{name}.ipynb": notebooks.build(path.read_text("utf-8"), str(path))
        for name in assignment.notebooks
        for path in [assignment.notebook_source(name)]
    }


def student_files(
    assignment: Assignment, sources: list[Source], expected: Mapping[str, Expected]
) -> Files:
    """``student.zip``: stubs, notebooks, hand-outs, and the visible checks as ``selfcheck/``."""
    handout = assignment.folder / "handout"
    files = stubs(sources) | built_notebooks(assignment)
    for path in sorted(handout.rglob("*")):
        if path.is_file():
            files[path.relative_to(handout).as_posix()] = path.read_bytes()
    return files | selfcheck_files(assignment, expected)


def selfcheck_files(assignment: Assignment, expected: Mapping[str, Expected]) -> Files:
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
    names = [check.name for check in assignment.checks if check.visible]
    for path in check_files(assignment):
        part = visible_part(path.read_text("utf-8"), names)
        if part is not None:
            files[f"selfcheck/checks/{path.name}"] = as_selfcheck(part).encode()
    shown = {c.id: expected[c.id] for c in assignment.checks if c.visible}
    for name, data in encode_expected(shown).items():
        files[f"selfcheck/expected/{name}"] = data
    about = {
        "package": assignment.package,
        "title": assignment.title,
        "questions": [msgspec.to_builtins(question) for question in assignment.questions],
    }
    files["selfcheck/assignment.json"] = (json.dumps(about, indent=1) + "\n").encode()
    return files


def as_selfcheck(source: str) -> str:
    """Engine source as students receive it: there the packages bear other names."""
    return source.replace("autograder.selfcheck", "selfcheck").replace(
        "autograder.core", "selfcheck.core"
    )


def check_files(assignment: Assignment) -> list[Path]:
    """The files of checks."""
    return sorted((assignment.folder / "checks").glob("*.py"))


def manifest_of(assignment: Assignment, sources: list[Source]) -> Manifest:
    """``harness.json``, typed."""
    return Manifest(
        assignment=assignment.name,
        title=assignment.title,
        variant=assignment.variant,
        package=assignment.package,
        questions=assignment.questions,
        answer_files=answer_files(assignment, sources),
        notebooks=assignment.notebooks,
        limits=assignment.limits,
    )


def harness_files(
    assignment: Assignment, sources: list[Source], expected: Mapping[str, Expected]
) -> Files:
    """``harness.zip``: checks, expected outputs, limits, given files and stubs; no solution."""
    manifest = manifest_of(assignment, sources)
    files: Files = {
        "harness.json": msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    }
    package = {name: data for name, data in stubs(sources).items() if "/" in name}
    files |= {f"package/{name}": data for name, data in package.items()}
    files |= {f"notebooks/{name}": data for name, data in built_notebooks(assignment).items()}
    files |= {f"checks/{path.name}": path.read_bytes() for path in check_files(assignment)}
    files |= {f"expected/{name}": data for name, data in encode_expected(expected).items()}
    return files
