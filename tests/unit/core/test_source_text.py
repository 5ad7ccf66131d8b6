"""The text of a function in what was handed in, and why it may not be what runs."""

import ast

import pytest

from autograder.core.errors import StudentError
from autograder.core.local import local_student
from autograder.core.locations import Locations
from autograder.core.source_text import Sources

MODULE = """\
import functools


@functools.cache
def double(x):
    return 0


class Net:
    def loss(self, x):
        return x


def double(x):
    return 2 * x
"""
MODULES = {"layers.py": MODULE.encode(), "sub/nets.py": b"\xef\xbb\xbfdef net():\r\n    pass\r\n"}
CELLS = {"Hw": {"cell c1": "x = 1", "cell c2": "x = 2\ndef best():\n    return 7\n"}}
NOWHERE = Locations()


def test_of_two_definitions_the_last_one_counts():
    found = Sources(MODULES).find("layers.double")
    assert (found.place, found.line) == ("layers.py", 14)
    assert found.text == "def double(x):\n    return 2 * x"
    assert found.remarks == ("double is bound 2 times, in lines 5, 14",)


def test_a_decorator_belongs_to_its_function():
    text = MODULE.rpartition("\n\n\n")[0].encode()
    found = Sources({"layers.py": text}).find("layers.double")
    assert found.text.startswith("@functools.cache\ndef double(x):")


@pytest.mark.parametrize(
    ("name", "locations", "place", "start"),
    [
        ("layers.Net", NOWHERE, "layers.py", "class Net:"),
        ("layers.Net.loss", NOWHERE, "layers.py", "    def loss(self, x):"),
        ("sub.nets.net", NOWHERE, "sub/nets.py", "def net():"),
        ("nets.net", Locations(modules={"nets": "sub.nets"}), "sub/nets.py", "def net():"),
        ("a.best", Locations(cells={"a.best": "Hw"}), "Hw.ipynb, cell c2", "def best():"),
    ],
)
def test_it_is_found_where_the_variant_has_it(name, locations, place, start):
    found = Sources(MODULES, CELLS, locations).find(name)
    assert found.place == place
    assert found.text.startswith(start)


@pytest.mark.parametrize(
    "modules", [{}, {"layers.py": b"def double(x"}, {"layers.py": b"x = 1\0"}, {"layer.py": b""}]
)
def test_what_is_not_there_is_none(modules):
    assert Sources(modules).find("layers.double") is None


@pytest.mark.parametrize("text", ["x = " + "(" * 1000 + ")" * 1000, "x = " + "-" * 90_000 + "1"])
def test_a_text_that_is_nested_too_deep_is_not_parsed(text):
    assert (
        Sources({"layers.py": f"def double(x): pass\n{text}\n".encode()}).find("layers.double")
        is None
    )
    cells = {"Hw": {"cell 1": f"def best(): pass\n{text}\n"}}
    assert Sources({}, cells).find("best") is None


def test_a_long_sum_has_too_many_levels_to_be_looked_at():
    text = "def double(x):\n    return " + "+".join(["x"] * 300)
    assert Sources({"layers.py": text.encode()}).find("layers.double") is None


def test_a_long_text_is_not_parsed():
    text = "def double(x): pass\n" + "y = 1\n" * 40_000
    assert Sources({"layers.py": text.encode()}).find("layers.double") is None


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("def f(): pass\ndef f(): pass", "f is bound 2 times, in lines 1, 2"),
        ("def f(): pass\nif 1:\n  f = abs", "f is bound 2 times, in lines 1, 3"),
        ("def f(): pass\ntry: x\nexcept E as f: pass", "f is bound 2 times, in lines 1, 2"),
        ("def f(): pass\nfor f in x: pass", "f is bound 2 times, in lines 1, 2"),
        ("def f(): pass\n(f := 3)", "f is bound 2 times, in lines 1, 2"),
        ("from other import f", "f is imported in line 1"),
        ("import other as f", "f is imported in line 1"),
        ("@cache\ndef f(): pass", "f is decorated in line 1"),
        ("def f(): pass\ndel f", "f is deleted in line 2"),
        ("def f(): exec('x = 1')", "exec is used in line 1"),
        ("def f(): pass\nrun = eval", "eval is used in line 2"),
        ("def f(): pass\nglobals()['f'] = abs", "globals is used in line 2"),
        ("def f(): pass\nf.__code__ = g.__code__", "__code__ is used in line 2"),
        ("def f(): pass\nmodule.f = abs", "f is set as an attribute in line 2"),
        ("def f(): pass\nsetattr(module, 'f', abs)", "f is set as an attribute in line 2"),
        ("def f(): pass\nsetattr(module, name, abs)", "setattr is used in line 2"),
        ("def f(): pass\ndef g():\n  global f", "f is bound in a function, see line 3"),
        ("def f(): pass\nfrom other import *", "an import of all names follows f in line 2"),
    ],
)
def test_what_may_make_the_text_untrue_is_said(text, remark):
    assert remark in Sources({"m.py": text.encode()}).find("m.f").remarks


@pytest.mark.parametrize(
    "text",
    [
        "from other import *\nimport numpy as np\ndef f(a):\n  f = 3\n  return [f for f in a]",
        "def f(): pass\ndef g():\n  f = 1\nclass C:\n  def f(self): pass",
        "def f(): pass\nsquares = [f for f in x]\nsetattr(o, 'other', 1)",
        "class f:\n  @staticmethod\n  def g(): pass",
    ],
)
def test_plain_work_gets_no_remark(text):
    assert Sources({"m.py": text.encode()}).find("m.f").remarks == ()


def test_a_variable_has_a_text_too():
    found = Sources({}, {"Hw": {"cell 1": "rate = 0.1", "cell 2": "x, rate = 1, 0.2"}}).find("rate")
    assert (found.place, found.text) == ("Hw.ipynb, cell 2", "x, rate = 1, 0.2")
    assert found.remarks == ("rate is bound in Hw.ipynb, cell 1, too",)


def test_a_stub_does_not_hide_an_answer_in_another_cell():
    stub = "def f():\n    raise NotImplementedError('TODO: f')\n"
    cells = {"Hw": {"code cell 1": "def f():\n    return 1\n", "cell f": stub}}
    assert Sources({}, cells).find("f").place == "Hw.ipynb, code cell 1"


def test_a_check_sees_the_text_and_staff_the_remarks():
    text = "@cache\ndef double(x):\n    while x: pass\n\n"
    text += "def stub():\n    raise NotImplementedError('TODO: q')"
    student = local_student("json", 0, sources=lambda: Sources({"layers.py": text.encode()}))
    found = student.source(student.layers.double)
    assert any(isinstance(node, ast.While) for node in ast.walk(found.tree))
    assert student.remarks == ["layers.py: double is decorated in line 1"]
    assert student.names_used == ["layers.double"]
    assert student.answered
    with pytest.raises(StudentError) as info:
        student.source("layers.stub")
    assert info.value.unwritten == "q"
    with pytest.raises(StudentError, match=r"no text of layers\.other can be read"):
        student.source("layers.other")


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"def double(x:\n    pass\n", "SyntaxError", "was never closed (layers.py, line 1)"),
        (b"x = 1\nprint 'two'\n", "SyntaxError", "(layers.py, line 2)"),
        (b"\x89PNG\r\n\xff\xfe", "SyntaxError", "(layers.py, line 1)"),
        (b"PK\x03\x04\0\0", "", "null bytes"),  # a ValueError before Python 3.12
        (b"return 1\n", "SyntaxError", "'return' outside function (layers.py, line 1)"),
        (b"x = 1\n", "AttributeError", "no text of layers.double can be read"),
    ],
)  # fmt: skip
def test_of_a_module_that_is_no_python_an_import_says_why(data, kind, words):
    sources = Sources({"layers.py": data, "good.py": b"def double(x): pass\n"})
    student = local_student("json", 0, sources=lambda: sources)
    with pytest.raises(StudentError) as info:
        student.source("layers.double")
    assert kind in info.value.kind
    assert words in str(info.value)
    if kind == "SyntaxError":
        assert "it was read by Python" in str(info.value)
        assert 'File "layers.py", line' in info.value.traceback


def test_of_a_cell_that_is_no_python_its_own_fault_is_said():
    cells = {"code cell 1": "%matplotlib inline\ndef half(x) return x / 2", "code cell 2": "y = ("}
    student = local_student("json", 0, sources=lambda: Sources({}, {"Hw": cells}))
    with pytest.raises(StudentError, match=r"expected ':' \(Hw\.ipynb, code cell 1, line 2\)"):
        student.source("half")
    with pytest.raises(StudentError, match="no text of third can be read"):
        student.source("third")
