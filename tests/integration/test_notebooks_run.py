"""The notebooks, solved, run from top to bottom in a real kernel, their own checks included."""

import zipfile

import nbclient
import nbformat
import pytest

from plumb.assignment import read_assignment
from plumb.bundle import write_tree
from plumb.trees import reference_sources, solved
from tests.integration.conftest import ROOT

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def student_folder(release_folder, tmp_path_factory):
    """What a student unpacked, with every answer written and the extension built."""
    folder = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(release_folder / "convnet" / "student.zip") as archive:
        archive.extractall(folder)
    assignment = read_assignment(ROOT / "assignment", ROOT / "solutions", "convnet")
    write_tree(solved(assignment, list(reference_sources(assignment))), folder)
    for extension in (ROOT / "solutions" / "convnet").glob("*.so"):
        (folder / "convnet" / extension.name).write_bytes(extension.read_bytes())
    return folder


@pytest.mark.parametrize("name", ["FullyConnectedNets", "ConvolutionalNetworks"])
# What the client and the kernel's own packages do is theirs.
@pytest.mark.filterwarnings("default")
def test_a_solved_notebook_runs(student_folder, name, monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.setenv("CONVNET_DATA", str(student_folder / "no-data"))
    monkeypatch.setenv("IPYTHONDIR", str(student_folder / "ipython"))
    monkeypatch.setenv("PYTHONPATH", str(student_folder))
    notebook = nbformat.read(student_folder / f"{name}.ipynb", as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(student_folder)}}
    )
    client.execute()
    cells = [cell for cell in notebook.cells if "check(" in cell.source]
    tables = [
        output["data"]["text/plain"]
        for cell in cells
        for output in cell.get("outputs", [])
        if output.output_type == "execute_result"
    ]
    assert len(tables) >= 9
    assert [table for table in tables if "✓" not in table] == []
    assert [table for table in tables if "✗" in table or "!" in table or "·" in table] == []
    pictures = [o for c in notebook.cells for o in c.get("outputs", []) if "image/png" in str(o)]
    assert len(pictures) >= 3
