"""Which files students get as they are, and what a notebook may show of them."""

import json

import nbformat

from plumb.given_files import package_files
from plumb.linked_files import links_to_missing
from plumb.notebooks import build
from plumb.raw_cells import raw_ipynb_cells
from plumb.sources import read_cells, source_cell


def test_students_get_all_of_a_package_but_what_was_built_or_hidden(tmp_path):
    given = {"__init__.py", "m.py", "fast.pyx", "own.c", "sub/table.csv", "notes", "fig.html"}
    left = {
        "fast.c", "fast.html", "fast.cpython-311-x86_64-linux-gnu.so", "__pycache__/m.pyc",
        ".ipynb_checkpoints/m.py", ".hidden", "m.o",
    }  # fmt: skip
    for name in given | left:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")
    found = {path.relative_to(tmp_path).as_posix() for path in package_files(tmp_path)}
    assert found == given


def test_links_are_told_of_files_alone_that_students_would_not_get(tmp_path):
    for name in ("a.png", "b.png", "c.svg", "notes.pdf", "given.png", "code.png"):
        (tmp_path / name).write_text("", "utf-8")
    source = """\
# %% id="a"
# %% [markdown] id="b"
# ![a](a.png) and ![b](<b.png> "with a title") and [notes](notes.pdf#page=2)
# <img width=3 src='./c.svg'>
# ![given](given.png) [gone](gone.png) [web](https://x.org/a.png) [here](#a) `![](code.png)`
#
# ```
# ![x](code.png)
# ```
# %% id="c"
"""
    cells = read_cells(source, str(tmp_path / "n.py"))
    found = list(links_to_missing(cells, {"given.png"}))
    places = [sentence.partition("; ")[0].removeprefix(f"{tmp_path}/") for sentence in found]
    assert places == [
        "n.py:3: students would not get a.png",
        "n.py:3: students would not get b.png",
        "n.py:3: students would not get notes.pdf",
        "n.py:4: students would not get c.svg",
    ]


def test_a_file_above_the_assignment_is_to_lie_in_the_handout_itself(tmp_path):
    (tmp_path / "hw1").mkdir()
    (tmp_path / "a.png").write_text("", "utf-8")
    cells = read_cells('# %% [markdown] id="b"\n# ![a](../a.png)\n', str(tmp_path / "hw1" / "n.py"))
    (sentence,) = links_to_missing(cells, set())
    assert (
        "would not get ../a.png; put it into handout/, so that they get handout/a.png" in sentence
    )


def test_pictures_in_an_ipynb_stay_in_it():
    attached = {"p.png": {"image/png": "iVBORw0KGgo="}}
    cell = {"cell_type": "markdown", "id": "a", "source": "![p](attachment:p.png)"}
    data = json.dumps({"nbformat": 4, "cells": [cell | {"attachments": attached}]}).encode()
    cells = [source_cell(raw) for raw in raw_ipynb_cells(data, "n.ipynb")]
    assert nbformat.reads(build(cells).decode(), 4).cells[0].attachments == attached
