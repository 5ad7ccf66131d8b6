"""The search for what must not be released finds it wherever it hides."""

import gzip
import io
import json
import lzma
import math
import tarfile
import zipfile
from dataclasses import replace
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
    closed_files,
    hidden_lines,
    hidden_name_leaks,
    hidden_source_leaks,
    label_leaks,
    rubric_leaks,
    solution_leaks,
    value_leaks,
)
from plumb.secret_lines import secrets_of
from plumbline import check

LINE = "out = rows @ w + b"
SECRETS = secrets_of([("affine", LINE)])


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
        ({"a.py": b"out = rows @ w + b  # now add b\n"}, "a.py:1"),
        ({"a.md": b"    >>> out = rows @ w + b\n"}, "a.md:1"),
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
        "comment at the end",
        "terminal",
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


@pytest.mark.parametrize("kind", ["text/plain", "traceback"])
def test_a_solution_in_the_output_of_a_notebook_is_found(kind):
    outputs = {
        "text/plain": [{"data": {"text/plain": ["def f():\n", f"    {LINE}\n"]}}],
        "traceback": [{"output_type": "error", "traceback": ["TypeError", f"x\n{LINE}"]}],
    }[kind]
    data = json.dumps({"cells": [{"id": "c1", "source": "f??", "outputs": outputs}]}).encode()
    (finding,) = solution_leaks({"N.ipynb": data}, SECRETS)
    assert finding.startswith("N.ipynb#c1:")


@pytest.mark.parametrize(
    "data", [b"", b"no JSON", b"[1]", b'{"cells": 3}', b'{"worksheets": []}', b"BZh no archive",
             b"\x1f\x8b no archive", zipped({"a": "b" * 999})[:-30] + b"PK\5\6" + bytes(18)],
)  # fmt: skip
def test_a_broken_file_is_searched_as_it_is(data):
    files = {"N.ipynb": data + b"\n" + LINE.encode()}
    assert solution_leaks({"N.ipynb": data}, SECRETS) == []
    assert solution_leaks(files, SECRETS) != []


def test_what_cannot_be_searched_is_refused():
    locked = bytearray(zipped({"a.py": LINE}))
    locked[locked.index(b"PK\1\2") + 8] |= 1  # the flag of a member with a password
    files = {"e.zip": zipped({"__pycache__/work.cpython-311.pyc": b"..."}), "l.zip": bytes(locked)}
    assert closed_files(files) == [
        "e.zip!__pycache__/work.cpython-311.pyc: a compiled Python file cannot be searched; "
        "remove it",
        "l.zip: an archive with a password cannot be searched; remove it or the password",
    ]
    assert closed_files({"a.zip": zipped({"a.py": LINE}), "a.py": b"x"}) == []


def test_other_lines_are_no_leak():
    assert solution_leaks({"a.py": b"out = rows\n", "b.bin": b"\xff\xfe"}, SECRETS) == []


@check("q", points=1, seed=0)
def lurks_here(student, rng):
    """Hidden."""


@check("matrix", points=1, seed=0)
def shape(student, rng):
    """Hidden, with an everyday name."""


@check("other", points=1, seed=0, visible=True)
def zero(student, rng):
    """Visible, and another question has a hidden check of this name."""


@check("double", points=1, seed=0)
def zero_too(student, rng):
    """Hidden."""


HIDDEN_ZERO = replace(zero_too, name="zero")
HIDDEN_RAIN = replace(zero_too, question="data", name="rain")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("see q.lurks_here\n", ["lurks_here"]),
        ("q::lurks_here and q/lurks_here", ["lurks_here"]),
        ("def lurks_here(student, rng):", ["lurks_here"]),
        ("see lurks_here\n", []),
        ("q.lurks_here_too", []),
        ('{"matrix.shape": {"observations": {}}}', ["shape"]),
        ("n = matrix.shape[0]  # the shape of a matrix", []),
        ('{"double.zero": "Hidden."}', ["zero"]),
        ('{"other.zero": "Visible."}\ndef zero(student, rng):', []),
        ('rows = read("data/rain.csv")  # data.rain of a week', []),
        ("def rain(student):\n    return student.hours", []),
        ("def rain(student, rng):", ["rain"]),
        ('["data.rain"]', ["rain"]),
        ("Zero, or double zero: zero is no error.", []),
    ],
)
def test_a_hidden_check_is_named_together_with_its_question_or_where_it_is_defined(text, named):
    hidden = [lurks_here, shape, HIDDEN_ZERO, HIDDEN_RAIN]
    found = hidden_name_leaks({"a.md": text.encode()}, hidden, [zero])
    assert found == [f"a.md: the hidden check {name} is named here" for name in named]


def test_a_line_of_a_hidden_check_is_found():
    source = (
        "def seen():\n    x = rng.randn(2, 3)\n    return {'out': student.work.f(x)}\n\n"
        "def lurks():\n    x = rng.randn(17, 3) * np.arange(3)\n"
        "    return {'out': student.work.f(x)}\n"
    )
    visible, lurking = source.split("\n\n")
    hidden = hidden_lines([source], [visible])
    findings = hidden_source_leaks({"a.py": lurking.encode()}, hidden)
    assert findings[0] == "a.py:1: 2 lines of a hidden check stand here: 'def lurks():'"
    assert findings[1].startswith("a.py:2: a line of a hidden check stands here: 'x = rng.randn(17")
    assert hidden_source_leaks({"a.py": visible.encode()}, hidden) == []


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


@pytest.mark.parametrize(
    "value",
    [1.0, 0.0, 10**9, 832040, 0.1234567, 1e-10, 0.00012, math.inf, np.arange(3.0),
     np.array([1.5, 0.25, 2.0]),
     np.float32([0.1, 0.2, 0.3]), np.array([math.nan, 1.0, 2.0]), np.full(5, 1 / 3)],
)  # fmt: skip
def test_a_round_number_or_the_same_one_again_is_no_secret(value):
    files = {"a.npy": np.asarray(value).tobytes(), "a.md": f"{value} {value!r}".encode()}
    assert value_leaks(files, {"q.h": Expected({"out": value})}, {}) == []


def test_a_secret_element_is_found_behind_round_ones():
    values = np.array([0.0, 1.0, 2.0, 3.0, 0.123456789, 5.0])
    hidden = {"q.h": Expected({"out": values})}
    assert value_leaks({"a.npy": values.tobytes()}, hidden, {}) != []


def test_a_number_that_the_given_code_holds_is_no_secret():
    hidden = {"q.h": Expected({"out": 6.67430123e-11})}
    files = {"given.py": b"G = 6.67430123e-11\n"}
    assert value_leaks(files, hidden, {}) != []
    assert value_leaks(files, hidden, {}, ["G = 6.67430123e-11\n"]) == []


CLASSES = np.random.RandomState(3).randint(0, 10, 60)
MANY = st.lists(st.integers(0, 9), min_size=24, max_size=60).filter(
    lambda labels: len(set(labels)) > 1
)


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


def test_sorted_labels_are_found_by_where_they_change_and_zeros_are_no_leak():
    labels = np.repeat([0, 1, 2], 50)
    zeros = {"a.npy": npz(False, x=np.zeros(1000)), "b.txt": b"0 " * 100}
    assert label_leaks(zeros, {"y_test": labels, "none": np.zeros(50, int)}) == []
    for way, write in WAYS_TO_WRITE.items():
        assert label_leaks({"a.bin": write(labels)}, {"y_test": labels}), way


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


def test_a_line_of_a_rubric_that_the_question_says_too_is_no_secret():
    files = {"a.md": b"Say which of the two estimates converges faster, and why.\n"}
    rubric = {"why": "Say which of the two estimates converges faster, and why."}
    assert rubric_leaks(files, rubric) != []
    assert rubric_leaks(files, rubric, [files["a.md"].decode()]) == []


def test_a_rubric_in_a_notebooks_cell_is_found_and_a_short_line_tells_nothing():
    cell = notebook("One point: says why ReLU helps.")
    findings = rubric_leaks({"N.ipynb": cell}, {"why": RUBRIC})
    assert "N.ipynb#c1:2: a line of the rubric of why stands here" in findings
    assert rubric_leaks({"a.md": b"Short.\n"}, {"why": RUBRIC}) == []
