"""A harness of four questions, built without the release: small enough to break in every way."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import msgspec
import numpy as np

from autograder.core.expected import encode_expected
from autograder.core.judge import Expected
from autograder.core.student import TraceEntry
from autograder.harness import Harness, Manifest, Question, open_harness
from autograder.limits import Limits

GIVEN = {
    "__init__.py": "",
    "given.py": "def tenfold(x):\n    return 10 * x\n",
    "sub/__init__.py": "",
}
STUBS = {
    "ops.py": (
        "def double(x):\n    raise NotImplementedError('TODO: double')\n\n\n"
        "def pair(x):\n    raise NotImplementedError('TODO: pair')\n"
    ),
    "sub/more.py": "def triple(x):\n    raise NotImplementedError('TODO: triple.sum')\n",
}
ANSWERS = {
    "ops.py": "def double(x):\n    return x + x\n\n\ndef pair(x):\n    return x, -x\n",
    "sub/more.py": ("from tiny import ops\n\n\ndef triple(x):\n    return ops.double(x) + x\n"),
}
CHECKS = '''\
from plumbline import Tolerance, check


@check("triple", points=2, seed=1, needs=("double",), hint="Thrice.")
def thrice(student, rng):
    """Three times a vector."""
    return {"out": student.sub.more.triple(rng.randn(3))}


@check("double", points=1, seed=2, visible=True)
def twice(student, rng):
    """Twice a matrix."""
    return {"out": student.ops.double(rng.randn(2, 3))}


@check("double", points=3, seed=3, tolerance=Tolerance(((1e-6, 1.0), (1e-2, 0.5))))
def nearly(student, rng):
    """Twice a vector, or nearly so."""
    return {"out": student.ops.double(rng.randn(4))}


@check("pair", points=1, seed=4)
def both(student, rng):
    """A number and its negative."""
    first, second = student.ops.pair(rng.randn(2))
    return {"first": first, "second": second}


@check("best", points=1, seed=5)
def chosen(student, rng):
    """The best of all numbers."""
    return {"best": student.notebook("Tiny").best()}
'''
QUESTIONS = ("triple", "double", "pair", "best")
MANIFEST = Manifest(
    assignment="tiny", title="Tiny", variant="tiny", package="tiny",
    questions=tuple(Question(id=q, title=q.title(), notebook="Tiny") for q in QUESTIONS),
    answer_files=tuple(STUBS), notebooks=("Tiny",), limits=Limits(seconds=5),
)  # fmt: skip
STUB_CELL = "# BEGIN YOUR CODE best\ndef best():\n    raise NotImplementedError('TODO: best')"
ANSWER_CELL = STUB_CELL.replace("raise NotImplementedError('TODO: best')", "return 7")


def notebook(*cells, nbformat=4):
    """A notebook's bytes; each cell is a code cell's source or a dictionary."""
    full = [
        {
            "cell_type": "code", "id": f"c{number}", "metadata": {}, "outputs": [],
            "execution_count": None, **(cell if isinstance(cell, dict) else {"source": cell}),
        }
        for number, cell in enumerate(cells)
    ]  # fmt: skip
    return json.dumps(
        {"nbformat": nbformat, "nbformat_minor": 5, "metadata": {}, "cells": full}
    ).encode()


def release_notebook():
    """The students' notebook: a set-up cell, an answer cell, an example."""
    setup = {"id": "setup", "source": "import math", "metadata": {"plumbline": {"role": "setup"}}}
    best = {"id": "best", "source": STUB_CELL, "metadata": {"plumbline": {"role": "answer"}}}
    prose = {"cell_type": "markdown", "id": "why", "source": "Why?"}
    return notebook(setup, prose, best, {"id": "try", "source": "best()"})


def tiny_harness(folder: Path, checks=CHECKS, given=(), limits=None) -> Harness:
    """Build a harness.zip in a folder and open it."""
    files = {f"package/tiny/{n}": t for n, t in {**GIVEN, **STUBS, **dict(given)}.items()}
    files |= {"checks/all.py": checks, "notebooks/Tiny.ipynb": release_notebook()}
    files |= {f"expected/{n}": data for n, data in encode_expected(expected()).items()}
    manifest = msgspec.structs.replace(MANIFEST, limits=limits or Limits(seconds=5))
    files["harness.json"] = msgspec.json.encode(manifest)
    path = folder / "harness.zip"
    path.write_bytes(zipped(files))
    return open_harness(path, folder / "harness")


def expected():
    """What the answers above give, and the structure of what their calls return."""

    def seeded(seed, *shape):
        return np.random.RandomState(seed).randn(*shape)

    def trace(*pairs):
        return tuple(TraceEntry(*pair) for pair in pairs)

    vector = "array of float, shape ({},)".format
    x = seeded(4, 2)
    return {
        "triple.thrice": Expected({"out": 3 * seeded(1, 3)}, trace(("sub.more.triple", vector(3)))),
        "double.twice": Expected(
            {"out": 2 * seeded(2, 2, 3)}, trace(("ops.double", "array of float, shape (2, 3)"))
        ),
        "double.nearly": Expected({"out": 2 * seeded(3, 4)}, trace(("ops.double", vector(4)))),
        "pair.both": Expected(
            {"first": x, "second": -x}, trace(("ops.pair", f"({vector(2)}, {vector(2)})"))
        ),
        "best.chosen": Expected({"best": 7}, trace(("…", "number"))),
    }


def handed_in(folder: Path, modules=ANSWERS, best=ANSWER_CELL, package="tiny") -> Path:
    """Write a submission into a folder as a student would hand it in."""
    if folder.exists():
        shutil.rmtree(folder)
    files = {f"{package}/{name}": text for name, text in {**GIVEN, **STUBS, **modules}.items()}
    if best is not None:
        files["Tiny.ipynb"] = notebook({"id": "best", "source": best})
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def zipped(files) -> bytes:
    """A zip of texts or bytes by name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in dict(files).items():
            archive.writestr(name, content)
    return buffer.getvalue()
