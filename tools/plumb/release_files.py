"""Builds the files of a release: those for students, those for graders."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from autograder.core.expected import encode_expected
from autograder.core.judge import Expected
from autograder.errors import AssignmentError
from autograder.harness import Manifest
from plumb import notebooks
from plumb.assignment import Assignment
from plumb.handout import handout
from plumb.leaderboard_data import leaderboard_images, leaderboard_labels
from plumb.reference import Files, ReferenceFile, answer_files
from plumb.selfcheck_package import selfcheck_files
from plumb.strip import solve, strip
from plumb.student_project import student_project


def stub_files(assignment: Assignment, sources: list[ReferenceFile]) -> Files:
    """The reference's files with stubs in place of the solutions."""
    return _rewritten(assignment, sources, strip)


def solved_files(assignment: Assignment, sources: list[ReferenceFile]) -> Files:
    """The reference as a student would hand it in: modules and notebooks with all answers."""
    files = _rewritten(assignment, sources, solve)
    for name, cells in assignment.cells.items():
        files[f"{name}.ipynb"] = notebooks.build_solved(cells, assignment.style)
    return files


def _rewritten(
    assignment: Assignment, sources: list[ReferenceFile], rewrite: Callable[..., str]
) -> Files:
    """The reference's files; `rewrite` changes the text of those with solution regions."""
    return {
        s.path: rewrite(s.data.decode(), s.path, style=assignment.style).encode()
        if s.regions
        else s.data
        for s in sources
    }


def student_notebooks(assignment: Assignment) -> Files:
    """The students' notebooks by file name."""
    return {
        f"{name}.ipynb": notebooks.build(cells, assignment.style)
        for name, cells in assignment.cells.items()
    }


def student_files(
    assignment: Assignment, sources: list[ReferenceFile], expected: Mapping[str, Expected]
) -> Files:
    """The files of ``student.zip``: stubs, notebooks, hand-outs and ``selfcheck/``."""
    given = stub_files(assignment, sources) if assignment.has_package else {}
    files = given | student_notebooks(assignment) | handout(assignment)
    for name, data in assignment.given_data.items():
        if name in files:
            raise AssignmentError(
                f"{assignment.folder / name}: students get another file of this name, from "
                "handout/ or from the package; rename one of them"
            )
        files[name] = data
    files |= student_project(assignment, files)
    if assignment.variant.leaderboard is not None and assignment.data is not None:
        files["input/leaderboard.npy"] = leaderboard_images(assignment.data.read_bytes())
    return files | selfcheck_files(assignment, sources, expected, files)


def harness_manifest(assignment: Assignment, sources: list[ReferenceFile]) -> Manifest:
    """The content of ``harness.json``."""
    files = answer_files(assignment, sources)
    return msgspec.structs.replace(assignment.manifest, answer_files=files)


def harness_files(
    assignment: Assignment, sources: list[ReferenceFile], expected: Mapping[str, Expected]
) -> Files:
    """The files of ``harness.zip``: checks, expected outputs, limits, stubs; no solution."""
    manifest = harness_manifest(assignment, sources)
    files: Files = {
        "harness.json": msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
    }
    package = {n: data for n, data in stub_files(assignment, sources).items() if "/" in n}
    files |= {f"package/{name}": data for name, data in package.items()}
    files |= {f"notebooks/{name}": data for name, data in student_notebooks(assignment).items()}
    files |= {f"checks/{path.name}": path.read_bytes() for path in assignment.check_files}
    files |= {f"expected/{name}": data for name, data in encode_expected(expected).items()}
    files |= assignment.given_data
    files |= {f"grader_data/{name}": data for name, data in assignment.grader_data.items()}
    if assignment.data is not None and assignment.variant.leaderboard is not None:
        files["leaderboard/labels.npy"] = leaderboard_labels(assignment.data.read_bytes())
    return files
