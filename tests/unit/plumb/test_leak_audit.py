"""The search for what must not be released finds it wherever it hides."""

import gzip
import io
import json
import lzma
import tarfile
import zipfile
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.core.expected import encode_expected
from autograder.core.judge import Expected
from autograder.core.tables import Column, Table
from plumb.leak_audit import (
    hidden_name_leaks,
    hidden_source_leaks,
    label_leaks,
    rubric_leaks,
    secret_lines,
    solution_leaks,
    value_leaks,
)
from plumbline import check

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


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"rates": [1, (2.302585093, "x")]}, b"the rate is 2.302585093"),
        (2**100, b"1267650600228229401496703205376"),
        (Table("Series", (Column("x", "float64", np.array([0.25, 1 / 3, 0.5])),),
               (Column(None, "int64", range(3)),)), np.array([0.25, 1 / 3, 0.5]).tobytes()),
        ([{1 + 2j}, Fraction(1, 3), Decimal(2), b"x", np.array(["a", "b", "c"])], None),
    ],
)  # fmt: skip
def test_values_inside_of_others_are_searched_for_and_none_of_them_stops_the_search(value, written):
    found = value_leaks({"a.txt": written or b""}, {"q.h": Expected({"out": value})}, {})
    assert len(found) == (written is not None)


CLASSES = np.random.RandomState(3).randint(0, 10, 60)
MANY = st.lists(st.integers(0, 9), min_size=24, max_size=60).filter(lambda labels: any(labels))


def npz(compressed, **arrays):
    buffer = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(buffer, **arrays)
    return buffer.getvalue()


WAYS_TO_WRITE = {
    **{
        f"npy of {dtype}": lambda y, dtype=dtype: npz(False, y=y.astype(dtype))
        for dtype in ("u1", "i1", "i2", "u2", "i4", "i8", "f4", "f8")
    },
    "compressed": lambda y: npz(True, images=np.zeros(3), y=y),
    "json": lambda y: json.dumps({"y": y.tolist()}).encode(),
    "python": lambda y: f"y = np.{np.array2string(y, separator=',', max_line_width=999)}".encode(),
    "a column": lambda y: "\n".join(["label", *map(str, y)]).encode(),
    "words": lambda y: " ".join(map(str, y)).encode(),
    "digits": lambda y: "".join(map(str, y)).encode(),
    "gzip": lambda y: gzip.compress(y.astype(np.uint8).tobytes()),
    "after others": lambda y: np.concatenate([np.arange(10), y]).tobytes(),
}


@pytest.mark.parametrize("way", WAYS_TO_WRITE)
@settings(max_examples=30)  # for each of the ways
@given(labels=MANY)
def test_classes_are_found_however_they_are_written(way, labels):
    labels = np.array(labels)
    files = {"input/a.bin": WAYS_TO_WRITE[way](labels), "README.md": b"no classes here"}
    findings = label_leaks(files, {"y_test": labels})
    assert findings
    for finding in findings:
        assert finding.startswith("input/a.bin")
        assert "the secret labels y_test stand here" in finding


def test_other_classes_are_no_leak():
    others = {"train": (CLASSES + 1) % 10, "turned": CLASSES[::-1].copy(), "few": CLASSES[:20]}
    for way, write in WAYS_TO_WRITE.items():
        for name, labels in others.items():
            assert label_leaks({"a.bin": write(labels)}, {"y_test": CLASSES}) == [], (way, name)
    assert label_leaks({"a.bin": CLASSES.tobytes()}, {}) == []


RUBRIC = "One point: names the vanishing gradient.\nShort.\nOne point: says why ReLU helps."


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("# One point: names the vanishing gradient.\n", "a.md:1"),
        ("Why?\n<!-- One point:  says why ReLU helps. -->\n", "a.md:2"),
        ('{\n "rubric": "One point: says why ReLU helps.\\nShort."\n}', "a.md:2"),
    ],
)
def test_a_line_of_a_rubric_is_found(text, place):
    (finding,) = rubric_leaks({"a.md": text.encode()}, {"why": RUBRIC, "other": ""})
    assert finding == f"{place}: a line of the rubric of why stands here"
    packed = rubric_leaks({"x.zip": zipped({"a.md": text})}, {"why": RUBRIC})
    assert f"x.zip!{place}: a line of the rubric of why stands here" in packed


def test_a_rubric_in_a_notebooks_cell_is_found_and_a_short_line_tells_nothing():
    cell = notebook("One point: says why ReLU helps.")
    findings = rubric_leaks({"N.ipynb": cell}, {"why": RUBRIC})
    assert "N.ipynb#c1:2: a line of the rubric of why stands here" in findings
    assert rubric_leaks({"a.md": b"Short.\n"}, {"why": RUBRIC}) == []
