"""Every notebook of every variant, solved, runs from top to bottom in a real kernel.

Its own checks are included, and so are its pictures: there are some, and none is blank.
"""

import base64
import struct
import zipfile
import zlib

import nbclient
import nbformat
import pytest

from plumb.assignment_reader import read_assignment
from plumb.bundle import write_tree
from plumb.config import read_variant, variants
from plumb.reference import reference_files
from plumb.release_files import solved_files
from tests.integration.conftest import ROOT

NOTEBOOKS = [
    (variant, name)
    for variant in variants(ROOT / "assignment")
    for name in read_variant(ROOT / "assignment", variant).notebooks
]
#: What a table of selfcheck shows for what is not passed.
NOT_PASSED = "✗!·~?"


def student_folder(release, variant, folder):
    """What a student unpacked, with every answer written and the extension built."""
    with zipfile.ZipFile(release / variant / "student.zip") as archive:
        archive.extractall(folder)
    assignment = read_assignment(ROOT / "assignment", ROOT / "solutions", variant)
    write_tree(solved_files(assignment, list(reference_files(assignment))), folder)
    for extension in (ROOT / "solutions" / "convnet").glob("*.so"):
        if assignment.package == "convnet":  # elsewhere the fast layers do without it
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


@pytest.mark.parametrize(("variant", "name"), NOTEBOOKS, ids=map("-".join, NOTEBOOKS))
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
