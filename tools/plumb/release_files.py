"""The files of a release, built from the sources: what a student gets and what a grader gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from autograder.core.expected import encode_expected
from autograder.core.judge import Expected
from autograder.harness import Manifest
from plumb import notebooks
from plumb.assignment import Assignment
from plumb.handout import handout
from plumb.leaderboard_data import board_images, board_labels
from plumb.reference import Files, Source, answer_files, check_files
from plumb.selfcheck_package import selfcheck_files
from plumb.strip import solve, strip


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
    if assignment.variant.leaderboard is not None and assignment.data is not None:
        files["input/leaderboard.npy"] = board_images(assignment.data.read_bytes())
    return files | selfcheck_files(assignment, sources, expected)


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
        if assignment.variant.leaderboard is not None:
            files["leaderboard/labels.npy"] = board_labels(data)
    return files
