"""Every notebook of every variant, solved, runs from top to bottom in a real kernel.

Its own checks are included, and so are its pictures: there are some, and none is blank.
"""

import base64
import functools
import re
import struct
import zlib

import nbclient
import nbformat
import pytest

from plumb.bundle import write_tree
from plumb.config import read_variant, variants
from plumb.reference import reference_files
from plumb.release_files import solved_files
from tests.integration.conftest import ROOT
from tests.integration.student import unpacked
from tests.real_assignment import real_assignment

NOTEBOOKS = [
    (variant, name)
    for variant in variants(ROOT / "assignment")
    for name in read_variant(ROOT / "assignment", variant).notebooks
]
#: Notebooks whose code all stands in another one, but for the package's name: the other one is run.
SAME_CODE = {
    ("convnet", "FullyConnectedNets"): ("cs231n", "FullyConnectedNets"),
    ("convnet", "NeuralNet2015"): ("classic2015", "NeuralNet2015"),
    ("cs231n", "ConvolutionalNetworks"): ("convnet", "ConvolutionalNetworks"),
    ("twolayer", "TwoLayerNet"): ("convnet", "TwoLayerNet"),
}
#: Each takes ten seconds and more: `make long` runs them.
RUNS = [pytest.param(*pair, id="-".join(pair), marks=pytest.mark.long) for pair in NOTEBOOKS]
#: What a table of selfcheck shows for what is not passed.
NOT_PASSED = "✗!·~?"


@functools.cache
def answered(variant):
    """The name of a variant's package, and its files with every answer written."""
    assignment = real_assignment(variant)
    return assignment.package, solved_files(assignment, list(reference_files(assignment)))


def student_folder(release, variant, folder):
    """What a student unpacked, with every answer written and the extension built."""
    folder = unpacked(release, variant, folder)
    package, files = answered(variant)
    write_tree(files, folder)
    for extension in (ROOT / "solutions" / "convnet").glob("*.so"):
        if package == "convnet":  # elsewhere the fast layers do without it
            (folder / "convnet" / extension.name).write_bytes(extension.read_bytes())
    return folder


def grey_levels(png):
    """How many different bytes the pixels of a PNG are made of, before the filters are undone."""
    position, data = 8, b""
    while position < len(png):
        length, kind = struct.unpack(">I4s", png[position : position + 8])
        data += png[position + 8 : position + 8 + length] if kind == b"IDAT" else b""
        position += length + 12
    return len(set(zlib.decompress(data)))


def code_cells(variant, name):
    """The source of each code cell of a solved notebook, without the package's name."""
    package, files = answered(variant)
    notebook = nbformat.reads(files[f"{name}.ipynb"].decode(), as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return [re.sub(rf"(?<!\.)\b{package}\b", "package", source) for source in sources]


@pytest.mark.parametrize(("same", "other"), SAME_CODE.items(), ids=lambda pair: "-".join(pair))
def test_a_notebook_that_is_not_run_has_all_its_code_in_one_that_is(same, other):
    assert other not in SAME_CODE
    others = iter(code_cells(*other))
    assert [cell for cell in code_cells(*same) if cell not in others] == []  # in this order


@pytest.mark.parametrize(("variant", "name"), RUNS)
# What the client and the kernel's own packages do is theirs.
@pytest.mark.filterwarnings("default")
def test_a_solved_notebook_runs(release_variant, variant, name, tmp_path, monkeypatch):
    folder = student_folder(release_variant(variant), variant, tmp_path / "student")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.setenv("CONVNET_DATA", str(folder / "no-data"))
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    nbformat.write(notebook, folder / f"{name}.run.ipynb")
    tables = [
        output["data"]["text/plain"]
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.source.startswith("check(")
        for output in cell.outputs
        if output.output_type == "execute_result"
    ]
    asked = [c for c in notebook.cells if c.source.startswith("check(")]
    assert len(tables) == len(asked) >= 3
    assert [table for table in tables if "✓" not in table] == []
    assert [table for table in tables if any(mark in table for mark in NOT_PASSED)] == []
    pictures = [
        output["data"]["image/png"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert pictures
    assert min(grey_levels(base64.b64decode(picture)) for picture in pictures) > 20
