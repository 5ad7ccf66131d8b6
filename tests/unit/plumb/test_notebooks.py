import json
import re
from pathlib import Path

import nbformat
import pytest

from autograder.errors import AssignmentError, MarkerError
from autograder.harness import Kind
from plumb.config import variants
from plumb.notebooks import build, build_solved, check_independence
from plumb.sources import read_cells
from tests.real_assignment import real_assignment

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "strip"
SMALL = (GOLDEN / "notebook.py").read_text("utf-8")

ANSWER = '# %% id="a" role="answer"\n# BEGIN SOLUTION a\n# TODO: x\n{}\n# END SOLUTION a\n'


def cells_of(data):
    return {cell["id"]: cell for cell in json.loads(data)["cells"]}


def text_of(cell):
    return "".join(cell["source"])


@pytest.mark.parametrize(("rewrite", "golden"), [(build, "student"), (build_solved, "solved")])
def test_the_golden_notebook(rewrite, golden):
    assert rewrite(read_cells(SMALL, "small.py")).decode() == (
        GOLDEN / f"notebook.{golden}.json"
    ).read_text("utf-8")


def test_a_cell_keeps_its_id_whatever_stands_around_it():
    before = cells_of(build(read_cells(SMALL, "small.py")))
    more = SMALL.replace('# %% id="setup"', '# %% id="another"\nx = 1\n\n# %% id="setup"')
    after = cells_of(build(read_cells(more, "small.py")))
    assert after.pop("another")
    assert after == before


def test_roles_and_tags_are_kept():
    cells = cells_of(build(read_cells(SMALL, "small.py")))
    roles = {name: cell["metadata"]["plumbline"]["role"] for name, cell in cells.items()}
    assert roles == {
        "title": "text",
        "setup": "setup",
        "square-example": "example",
        "square": "answer",
        "why": "answer",
    }
    assert cells["square-example"]["metadata"]["tags"] == ["slow"]
    assert {name for name, c in cells.items() if c["metadata"].get("deletable") is False} == {
        "setup",
        "square",
        "why",
    }


def test_regions_are_placed_in_the_source():
    lines = SMALL.split("\n")
    for cell in read_cells(SMALL, "small.py"):
        assert cell.text.split("\n")[0].lstrip("#% ") in lines[cell.line - 1]
        for region in cell.regions:
            assert f"BEGIN SOLUTION {region.id}" in lines[region.line - 1]
            assert f"END SOLUTION {region.id}" in lines[region.end - 1]


def test_magic_commands_work_in_every_cell():
    source = '# %% id="setup" role="setup"\n# %load_ext autoreload\n# !ls\nimport os\n'
    (cell,) = cells_of(build(read_cells(source, "n.py"))).values()
    assert text_of(cell) == "%load_ext autoreload\n!ls\nimport os"


@pytest.mark.parametrize(
    ("source", "kind", "line", "words"),
    [
        pytest.param("# %%\nx = 1\n", AssignmentError, 1, "needs an id", id="no id"),
        pytest.param(
            '# %% id="a"\nx = 1\n\n# %% [markdown]\n# text\n',
            AssignmentError,
            4,
            "needs an id",
            id="Markdown without id",
        ),
        pytest.param('# %% id="a b"\n', AssignmentError, 1, "needs an id of", id="bad id"),
        pytest.param(f'# %% id="{"a" * 65}"\n', AssignmentError, 1, "of 1 to 64", id="id too long"),
        pytest.param("# %% id=7\nx = 1\n", AssignmentError, 1, "found 7", id="id no text"),
        pytest.param(
            '# %% id="a"\nx = 1\n\n# %% id="a"\ny = 1\n',
            AssignmentError,
            4,
            "'a' is already used in line 1",
            id="duplicate id",
        ),
        pytest.param(
            '# %% id="a" role="exmaple"\nx = 1\n', AssignmentError, 1, "the role", id="bad role"
        ),
        pytest.param(
            '# %% [markdown] id="a" role="setup"\n# x\n',
            AssignmentError,
            1,
            "has text, answer",
            id="Markdown as set-up",
        ),
        pytest.param(
            '# %% [raw] id="a"\n# x\n', AssignmentError, 1, "cell a is a raw cell", id="raw cell"
        ),
        pytest.param(
            '# %% id="a" rolle="answer"\nx = 1\n', AssignmentError, 1, "rolle", id="bad option"
        ),
        pytest.param(
            '# %% [markdown] id="a"\n"""\ntext\n"""\n', AssignmentError, 1, "in #", id="quotes"
        ),
        pytest.param(
            'import os\n\n# %% id="a"\nx = 1\n', AssignmentError, 1, "belongs to no", id="no cell"
        ),
        pytest.param('# %% id="a"\nx = 1\ny = = 2\n', AssignmentError, 3, "n.py:3", id="syntax"),
        pytest.param(
            '# %% id="e"\nx = 1\n\n# %% id="a" role="answer"\ny = 1\n',
            MarkerError,
            4,
            "has no solution region",
            id="answer without region",
        ),
        pytest.param(
            ANSWER.format("x = 1").replace(' role="answer"', ""),
            MarkerError,
            2,
            "is no answer cell",
            id="region in an example",
        ),
        pytest.param(
            '# %% [markdown] id="q"\n#\n# <!-- BEGIN SOLUTION q -->\n# <!-- TODO: x -->\n'
            "# <!-- END SOLUTION q -->\n",
            MarkerError,
            3,
            "is no answer cell",
            id="region in text",
        ),
        pytest.param(
            ANSWER.format("x = 1") + "\n" + ANSWER.format("y = 1").replace('id="a"', 'id="b"'),
            MarkerError,
            8,
            "already, at n.py:2",
            id="region twice",
        ),
        pytest.param(
            '# %% id="e"\nx = 1\n# begin solution a\n', MarkerError, 3, "looks like", id="marker"
        ),
        pytest.param(
            '# %% [markdown] id="e"\n# Text\n# # BEGIN SOLUTION a\n',
            MarkerError,
            3,
            "looks like",
            id="code marker in Markdown",
        ),
        pytest.param(
            '# %% id="e"\nsmall = 1\n\n' + ANSWER.format("def f():\n    return small"),
            AssignmentError,
            8,
            "answer cell a uses 'small', which only the example cell e defines",
            id="answer needs an example",
        ),
        pytest.param(
            '# %% id="s" role="setup"\ny = f(1)\n\n# %% id="e"\ndef f(x):\n    return x\n',
            AssignmentError,
            2,
            "set-up cell or pass it",
            id="set-up needs an example",
        ),
    ],
)
def test_every_error_has_its_place(source, kind, line, words):
    def built():
        cells = read_cells(source, "n.py")
        check_independence(cells)
        build(cells)

    with pytest.raises(kind, match=re.escape(words)) as caught:
        built()
    assert str(caught.value).startswith(f"n.py:{line}: ")


def test_an_answer_may_use_its_arguments_and_what_set_up_cells_define():
    setup = '# %% id="s" role="setup"\nimport numpy as np\n\n# %% id="e"\ndata = np.ones(3)\n\n'
    body = "def f(data):\n    part = [np.sum(row) for row in data]\n    return len(part)"
    check_independence(read_cells(setup + ANSWER.format(body), "n.py"))


VARIANTS = variants(ROOT / "assignment")


@pytest.mark.parametrize("variant", VARIANTS)
class TestTheVariantsNotebooks:
    @pytest.fixture
    def assignment(self, variant):
        return real_assignment(variant)

    def test_are_valid_and_hold_no_outputs_and_no_answers(self, assignment):
        for cells in assignment.cells.values():
            data = build(cells, assignment.style)
            assert data == build(cells, assignment.style)
            notebook = nbformat.reads(data.decode(), as_version=4)
            nbformat.validate(notebook)
            bodies = [ln.strip() for c in cells for r in c.regions for ln in r.body]
            secret = {line for line in bodies if len(line) > 24}
            for cell, built in zip(cells, notebook.cells, strict=True):
                inside = {n - cell.line for r in cell.regions for n in r.answer_line_numbers}
                lines = cell.text.split("\n")
                secret -= {line.strip() for n, line in enumerate(lines) if n not in inside}
                if built.cell_type == "code":
                    assert built.outputs == []
                    assert built.execution_count is None
            for built in notebook.cells:
                assert not {line.strip() for line in built.source.split("\n")} & secret

    def test_ask_every_question_once(self, assignment):
        for name, cells in assignment.cells.items():
            checked = [m[1] for c in cells if (m := re.fullmatch(r'check\("(\w+)"\)', c.text))]
            asked = [q.id for q in assignment.questions if q.notebook == name]
            code = [q.id for q in assignment.questions if q.id in asked and q.kind is Kind.CODE]
            assert sorted(checked) == sorted(code)
            regions = {r.id.partition(".")[0] for c in cells for r in c.regions}
            words = [q.id for q in assignment.questions if q.notebook == name and q.id not in code]
            assert set(words) <= regions
