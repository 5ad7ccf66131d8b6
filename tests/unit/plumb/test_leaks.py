"""The search for what must not be released finds it wherever it hides."""

import gzip
import io
import json
import lzma
import tarfile
import zipfile

import numpy as np
import pytest

from autograder.core import check
from autograder.core.expected import encode_expected
from autograder.core.run import Expected
from plumb.leaks import (
    hidden_name_leaks,
    hidden_source_leaks,
    secret_lines,
    solution_leaks,
    value_leaks,
)

LINE = "out = rows @ w + b"
SECRETS = {"out=rows@w+b"}


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def tarred(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


def notebook(line):
    return json.dumps({"cells": [{"id": "c1", "source": ["def f():\n", f"    {line}\n"]}]}).encode()


def test_only_lines_that_stand_in_solutions_alone_are_secret():
    inside = ["    out = rows @ w + b", "    N = x.shape[0]", "    else:", ""]
    assert secret_lines(inside, ["N = x.shape[0]"]) == SECRETS


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"convnet/layers.py": f"def f():\n    {LINE}\n".encode()}, "convnet/layers.py:2"),
        ({"a.py": b"#   out  =  rows @ w + b\n"}, "a.py:1"),
        ({".ipynb_checkpoints/N.ipynb": notebook(LINE)}, ".ipynb_checkpoints/N.ipynb#c1:2"),
        ({"extra.zip": zipped({"deep/x.txt": LINE})}, "extra.zip!deep/x.txt:1"),
        (
            {"e.zip": zipped({"f.zip": zipped({"N.ipynb": notebook(LINE)})})},
            "e.zip!f.zip!N.ipynb#c1:2",
        ),
        ({"a.py": b"out=rows@w +b\n"}, "a.py:1"),
        ({"a.md": b"<!-- out = rows @ w + b -->\n"}, "a.md:1"),
        ({"latin.txt": b"\xe9\nout = rows @ w + b\n"}, "latin.txt:2"),
        ({"a.md.gz": gzip.compress(LINE.encode())}, "a.md.gz!content:1"),
        ({"a.xz": lzma.compress(LINE.encode())}, "a.xz!content:1"),
        ({"a.tgz": tarred({"deep/a.py": LINE})}, "a.tgz!content!deep/a.py:1"),
    ],
    ids=[
        "module",
        "comment",
        "checkpoint",
        "archive",
        "archive in an archive",
        "other spacing",
        "html comment",
        "other encoding",
        "gzip",
        "xz",
        "tar",
    ],
)
def test_a_solution_line_is_found_wherever_it_hides(files, place):
    findings = solution_leaks(files, SECRETS)
    assert any(finding.startswith(f"{place}: ") for finding in findings)


def test_other_lines_are_no_leak():
    assert solution_leaks({"a.py": b"out = rows\n", "b.bin": b"\xff\xfe"}, SECRETS) == []


@check("q", points=1, seed=0)
def lurks_here(student, rng):
    """Hidden."""


def test_the_name_of_a_hidden_check_is_found_as_a_word():
    files = {"README.md": b"see lurks_here\n", "b.md": b"lurks_here_too\n"}
    assert hidden_name_leaks(files, [lurks_here]) == [
        "README.md: the hidden check lurks_here is named here"
    ]


def test_a_line_of_a_hidden_check_is_found():
    sources = [
        "def seen():\n    x = rng.randn(2, 3)\n\n"
        "def lurks():\n    x = rng.randn(17, 3) * np.arange(3)\n"
    ]
    visible = ["def seen():\n    x = rng.randn(2, 3)\n"]
    bad = {"selfcheck/checks/a.py": b"def seen():\n    x = rng.randn(17, 3) * np.arange(3)\n"}
    good = {"selfcheck/checks/a.py": visible[0].encode()}
    assert len(hidden_source_leaks(bad, sources, visible)) == 1
    assert hidden_source_leaks(good, sources, visible) == []


def test_an_expected_value_is_found_in_binary_and_in_digits():
    hidden = {"q.h": Expected({"out": np.array([[0.0, 0.25], [1 / 3, 0.5]]), "loss": 2.302585093})}
    known = {"q.v": Expected({"out": np.arange(3.0)})}
    files = encode_expected(hidden)
    assert value_leaks(encode_expected(known), hidden, known) == []
    places = {finding.partition(":")[0] for finding in value_leaks(files, hidden, known)}
    assert set(files) <= places
    buried = {"e.tar.gz": gzip.compress(files["expected.npz"])}
    assert value_leaks(buried, hidden, known) != []
