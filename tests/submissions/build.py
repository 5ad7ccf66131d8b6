"""Builds the sample class from the reference, the stubs and each sample's own lines.

Run as ``python -m tests.submissions.build FOLDER``.
"""

import io
import json
import shutil
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

from plumb.assignment import Assignment
from plumb.assignment_reader import read_assignment
from plumb.bundle import write_tree
from plumb.reference import reference_files
from plumb.regions import CODE, PROSE, Syntax
from plumb.release_files import solved_files, stub_files, student_notebooks
from plumb.strip import Style, answers_of, fill, student_regions

#: The questions that take most of the time; samples that test something else leave them out.
TRAINING = {
    "best_convnet", "best_fc_net", "best_two_layer_net", "overfit_convnet", "overfit_five_layers",
    "overfit_three_layers", "train_three_layer", "train_two_layer",
}  # fmt: skip

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def samples() -> dict[str, dict]:
    """The samples by name: what their submission.toml says."""
    return {
        path.parent.name: tomllib.loads(path.read_text("utf-8"))
        for path in sorted(HERE.glob("*/submission.toml"))
    }


def build(target: Path, variant: str = "convnet") -> None:
    """Build every sample into a folder, a file or a folder each."""
    assignment = read_assignment(ROOT / "assignment", ROOT / "solutions", variant)
    sources = list(reference_files(assignment))
    blank = stub_files(assignment, sources) | student_notebooks(assignment)
    full = solved_files(assignment, sources)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name, sample in samples().items():
        sample_answers = {
            path.stem: path.read_text("utf-8")
            for path in sorted((HERE / name).glob("answers/*.py"))
        }
        questions = _answered_questions(sample, assignment)
        files = {
            path: _answered(path, data, full[path], questions, sample_answers, assignment.style)
            for path, data in blank.items()
            if path not in sample.get("without", []) and _handed_in(path, assignment)
        }
        files |= dict.fromkeys(sample.get("junk", []), b"\x00\x05\x16\x07 not the student's work")
        top = sample.get("top", "")
        _write(target, name, sample["form"], {f"{top}/{p}" if top else p: files[p] for p in files})


def _handed_in(path: str, assignment: Assignment) -> bool:
    return path.startswith(f"{assignment.package}/") or path.endswith(".ipynb")


def _answered_questions(sample: dict, assignment: Assignment) -> set[str]:
    """The questions with the reference's answer; a notebook's name means all its questions."""
    questions = {question.id for question in assignment.questions}
    notebooks = {
        name: {q.id for q in assignment.questions if q.notebook == name}
        for name in assignment.notebooks
    }

    def expand(names: list[str]) -> set[str]:
        return set().union(*(notebooks.get(name, {name}) for name in names))

    if sample["base"] == "complete":
        untrained = set() if sample.get("trained", True) else TRAINING
        return questions - untrained - expand(sample.get("unwritten", []))
    return expand(sample.get("written", []))


def _answered(
    path: str, blank: bytes, full: bytes, keep: set[str], own: dict[str, str], style: Style
) -> bytes:
    """A released file with the reference's answers to some questions, and a sample's own."""
    if path.endswith(".ipynb"):
        notebook, solved_notebook = json.loads(blank), json.loads(full)
        for cell, other in zip(notebook["cells"], solved_notebook["cells"], strict=True):
            syntax = CODE if cell["cell_type"] == "code" else PROSE
            text, solution = "".join(cell["source"]), "".join(other["source"])
            cell["source"] = _filled(text, solution, keep, own, syntax, style)
        return json.dumps(notebook).encode()
    if not path.endswith(".py"):
        return blank
    return _filled(blank.decode(), full.decode(), keep, own, CODE, style).encode()


def _filled(
    text: str, solution: str, keep: set[str], own: dict[str, str], syntax: Syntax, style: Style
) -> str:
    regions = student_regions(text, syntax=syntax, style=style)
    reference = answers_of(solution, syntax=syntax, style=style)
    answers = {r.id: reference[r.id] for r in regions if r.id.partition(".")[0] in keep}
    answers |= {r.id: own[r.id].rstrip("\n").split("\n") for r in regions if r.id in own}
    return fill(text, answers, syntax=syntax, style=style)


def _write(target: Path, name: str, form: str, files: dict[str, bytes]) -> None:
    if form == "folder":
        write_tree(files, target / name)
    elif form == "zip":
        with zipfile.ZipFile(target / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in files.items():
                archive.writestr(path, data)
    else:
        with tarfile.open(target / f"{name}.tar.gz", "w:gz") as archive:
            for path, data in files.items():
                member = tarfile.TarInfo(path)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))


if __name__ == "__main__":
    build(Path(sys.argv[1]))
