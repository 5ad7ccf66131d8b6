"""The reference in a box, of which the answers to some questions can be left out."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.core.cell_names import CellNames
from autograder.core.checks import Check
from autograder.core.judge import Expected, judge, observe
from autograder.core.needed_cells import Cell, NotebookCells, Part
from autograder.core.source_text import Sources
from autograder.core.stubs import question_of
from autograder.errors import BoxError, CpuTimeExceeded, StudentError, StudentFault
from autograder.harness import Harness, Kind, read_harness_data
from autograder.sandbox.launch import Backend
from autograder.sandbox.run_folder import lay_out, write_notebook
from autograder.sandbox.session import StudentSession
from autograder.scratch import scratch_folder
from autograder.submissions.submission import Submission, read_submission
from plumb import bundle
from plumb.assignment import Assignment
from plumb.body_watch import bounded_body
from plumb.cell_run import failed_cells
from plumb.reference import ReferenceFile, all_regions
from plumb.regions import Region
from plumb.release_files import harness_files, harness_manifest, solved_files
from plumb.strip import Style, leave_out


@dataclass(frozen=True)
class Run:
    """How a check came out on a part of the reference.

    Attributes:
        share: of the points.
        unwritten: the question whose stub ended it; empty if none did.
        observations: what it returned; nothing if it was ended.
    """

    share: float
    unwritten: str = ""
    observations: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Bench:
    """The reference in a box, of which some questions can be left out.

    Attributes:
        cells: of the reference's notebooks, as a submission has them.
        modules, texts: what `student.source` finds: modules by their path in the package, and by
            notebook its cells. `lay` changes them.
        written: the questions that are answered in code, or by picking options.
    """

    source: Assignment
    reference: list[ReferenceFile]
    harness: Harness
    run_folder: Path
    session: StudentSession
    answers: dict[str, str]
    cells: Mapping[str, NotebookCells]
    modules: dict[str, bytes]
    texts: dict[str, Mapping[str, str]]
    regions: dict[str, list[Region]]
    written: frozenset[str]
    laid: frozenset[str] = frozenset()

    def failed_cells(self) -> list[str]:
        """A sentence for each cell of the notebooks that raises."""
        seconds = self.harness.manifest.training.seconds
        return failed_cells(self.session, self.cells, self.source.cells, seconds)

    def run(self, check: Check, expected: Expected, left_out: Collection[str]) -> Run:
        """Run a check without the answers to some questions."""
        self.lay(frozenset(left_out))
        limits = self.harness.limits_of(check)
        seconds = check.seconds or limits.seconds
        try:
            with (
                self.session.student(
                    seed=check.seed, seconds=seconds, limits=limits, use=expected.use
                ) as student,
                bounded_body(lambda: self.session.asking),
            ):
                observations = observe(check, student, self.harness.data, self.harness.grader_data)
            share = judge(check, observations, expected).share
            return Run(share, observations=observations)
        except BoxError:
            raise
        except StudentError as error:
            return Run(0.0, question_of(error.unwritten or ""))
        except StudentFault:
            return Run(0.0)
        except (Exception, CpuTimeExceeded):  # a body may raise anything on a part of the reference
            return Run(0.0)

    def lay(self, left_out: frozenset[str]) -> None:
        """Write what the box reads, without the answers to some questions."""
        if left_out == self.laid:
            return
        self.laid = left_out
        ids = {r.id for question in left_out for r in self.regions.get(question, ())}
        style = self.source.style
        for file in self.reference:
            if file.regions:
                out = ids & {region.id for region in file.regions}
                text = _without(file.data.decode(), frozenset(out), file.path, 1, style)
                (self.run_folder / "package" / file.path).write_text(text, "utf-8")
                self.modules[file.path.partition("/")[2]] = text.encode()
        for name, cells in self.source.cells.items():
            parts = []
            for cell in cells:
                if cell.kind == "code" and cell.role != "example":
                    out = ids & {region.id for region in cell.regions}
                    text = _without(cell.text, frozenset(out), cell.file, cell.line, style)
                    one = Cell(0, text, cell.id, is_answer=cell.role == "answer")
                    parts.append(Part(one, text, CellNames()))
            write_notebook(self.run_folder, name, parts)
            self.texts[name] = {part.cell.label: part.cell.source for part in parts}
        self.answers.clear()
        self.answers.update(_written_answers(self.source, ids))

    def place_of(self, question: str) -> str:
        """Where a question is answered, in brackets."""
        regions = self.regions.get(question, [])
        return f" ({regions[0].file}:{regions[0].line})" if regions else ""

    def advice(self, question: str) -> str:
        """What to do if the stub of a question ends the import of its whole module."""
        for file in self.reference:
            for region in file.regions:
                if question_of(region.id) == question and not region.indent:
                    return (
                        "; its region stands at the top of a module, so that without an answer "
                        "nothing of the module can be imported: move it into a function"
                    )
        return ""


@functools.lru_cache(maxsize=1024)
def _without(text: str, ids: frozenset[str], file: str, first_line: int, style: Style) -> str:
    """A text with the stubs of some regions. Most runs leave out what others did."""
    return leave_out(text, ids, file, style=style, first_line=first_line)


@contextmanager
def lend_benches(
    source: Assignment, reference: list[ReferenceFile], box: Backend, count: int
) -> Iterator[list[Bench]]:
    """So many benches. The reference is laid out for the box of each, as a submission would be."""
    with scratch_folder("plumb-try-") as folder, ExitStack() as stack:
        bundle.write_tree(harness_files(source, reference, {}), folder / "blank")
        bundle.write_tree(solved_files(source, reference), folder / "reference")
        manifest = harness_manifest(source, reference)
        data = read_harness_data(folder / "blank", manifest.data)
        blank = Harness(folder / "blank", "", manifest, source.checks, {}, data)
        submission = read_submission(folder / "reference", blank)
        yield [
            stack.enter_context(_lend_bench(source, reference, blank, submission, box))
            for _ in range(count)
        ]


@contextmanager
def _lend_bench(
    source: Assignment,
    reference: list[ReferenceFile],
    blank: Harness,
    submission: Submission,
    box: Backend,
) -> Iterator[Bench]:
    """A bench with a box and a run folder of its own.

    Args:
        blank: the harness, in which nothing is recorded.
        submission: the reference, handed in.
    """
    answers = dict(submission.written_answers)
    handed_in = submission.sources(blank.locations)
    modules, texts = dict(handed_in.modules), dict(handed_in.notebooks)
    sources = Sources(modules, texts, blank.locations)
    regions = _by_question(all_regions(source, reference))
    answered = {q.id for q in source.questions if q.kind is not Kind.PROSE}
    with (
        lay_out(blank, submission) as run,
        StudentSession(
            box, run, source.package, blank.manifest.limits, answers, lambda: sources
        ) as session,
    ):
        yield Bench(
            source=source,
            reference=reference,
            harness=blank,
            run_folder=run,
            session=session,
            answers=answers,
            cells=submission.cells,
            modules=modules,
            texts=texts,
            regions=regions,
            written=frozenset(answered & regions.keys()),
        )


def _by_question(regions: Iterable[Region]) -> dict[str, list[Region]]:
    found: dict[str, list[Region]] = {}
    for region in regions:
        found.setdefault(question_of(region.id), []).append(region)
    return found


def _written_answers(source: Assignment, left_out: Collection[str]) -> Mapping[str, str]:
    """The answers in words by region, empty where one is left out."""
    return {
        region.id: "" if region.id in left_out else "\n".join(region.body).strip()
        for cells in source.cells.values()
        for cell in cells
        if cell.kind == "markdown"
        for region in cell.regions
    }
