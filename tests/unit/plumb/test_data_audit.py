"""What stands in grader_data/ is found in what students get, in whatever form."""

import gzip
import io
import json
import zipfile

import numpy as np
import pytest

from plumb.data_audit import grader_data_leaks

RNG = np.random.RandomState(20)
LABELS = RNG.randint(0, 10, 60)
TARGETS = RNG.randn(40).round(4)


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def npz(**arrays):
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def zipped(name, data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


SPECIES = ["setosa", "virginica", "setosa"] * 3
TABLE = "id,species\n" + "".join(f"{n},{name}\n" for n, name in enumerate(SPECIES))
SECRET = {
    "labels.npz": npz(y=LABELS),
    "targets.npy": npy(TARGETS),
    "survey.csv": TABLE.encode(),
    "notes/key.txt": b"The third reactor was shut down on a Tuesday.\nNobody knows.\n",
}


def notebook(source):
    cell = {"cell_type": "code", "id": "c", "metadata": {}, "outputs": [], "source": [source]}
    return json.dumps({"cells": [cell], "nbformat": 4, "nbformat_minor": 5}).encode()


LEAKS = {
    "the file itself": ("data/y.npz", SECRET["labels.npz"], "labels.npz"),
    "a file in an archive": ("a.zip", zipped("b.zip", zipped("c", TABLE)), "survey.csv"),
    "a compressed file": ("t.npy.gz", gzip.compress(SECRET["targets.npy"]), "targets.npy"),
    "an array under another name": ("data/all.npz", npz(a=TARGETS, b=LABELS), "labels.npz"),
    "labels of another dtype": ("y.npy", npy(LABELS.astype(np.uint8)), "labels.npz"),
    "labels as a list in a notebook": ("w.ipynb", notebook(f"y = {LABELS.tolist()}"), "labels.npz"),
    "labels in lines": ("y.txt", "\n".join(map(str, LABELS)).encode(), "labels.npz"),
    "targets in a module": ("p/m.py", f"t = {TARGETS.tolist()}".encode(), "targets.npy"),
    "targets of single precision": ("t.npy", npy(TARGETS.astype(np.float32)), "targets.npy"),
    "rows of a table": ("r.csv", "\n".join(TABLE.splitlines()[3:8]).encode(), "survey.csv"),
    "a column as a list": ("m.py", repr(SPECIES).encode(), "survey.csv"),
    "a line of a text": ("a.md", b"# The third reactor was shut down on a Tuesday.", "key.txt"),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_found(leak):
    place, data, name = LEAKS[leak]
    found = grader_data_leaks({place: data}, SECRET)
    assert any(f.startswith(place) and f"{name} stand" in f for f in found), found


INNOCENT = {
    "the inputs with the ids of the labels": {
        "data/test.csv": b"id,x\n" + b"".join(b"%d,%f\n" % (n, n / 7) for n in range(9))
    },
    "a module": {"numerics/roots.py": b"import numpy as np\n\n\ndef root(a):\n    return a\n"},
    "zeros and counters": {"data/a.npz": npz(a=np.zeros(99, int), b=np.arange(99), c=np.eye(30))},
    "other numbers": {"data/b.csv": "\n".join(map(str, RNG.randn(90))).encode()},
    "some of the labels, in another order": {"m.py": str(sorted(LABELS.tolist())[::-1]).encode()},
}


@pytest.mark.parametrize("case", INNOCENT)
def test_what_is_no_secret_is_let_through(case):
    counting = {"ids.npy": npy(np.arange(50)), "empty.txt": b"", "one.npy": npy(np.zeros(50))}
    assert grader_data_leaks(INNOCENT[case], SECRET | counting) == []
