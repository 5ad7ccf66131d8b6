"""What a submission adds to a given file: only what is new, and nothing given can change by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.submissions.additions import Renamed, find_additions

GIVEN = '''\
"""Given."""

import math
from os import sep

LIMIT = 7
__all__ = ["tenfold"]


def tenfold(x):
    return LIMIT and 10 * sum([x])


class Given:
    kind = "given"
'''
ADDED = {
    "def helper(x):\n    return tenfold(x) + 1\n": {"helper"},
    'def told(x="""two\nlines"""):\n    """Three\n\n  lines."""\n    return x\n': {"told"},
    "class Mine(Given):\n    kind = 'mine'\n": {"Mine"},
    "async def later():\n    pass\n": {"later"},
    "import json, math as more_math\n": {"json", "more_math"},
    "from os import sep, path as where\n": {"where"},
    "from string import *\n": {"digits", "capwords"},
    "def count():\n    global counted\n    counted = 1\n": {"count"},
}
NOT_ADDED = {
    "def tenfold(x):\n    return 0\n": set(),
    "class Given:\n    kind = 'changed'\n": set(),
    "from json import dumps as tenfold\n": set(),
    "import json as LIMIT\n": set(),
    "LIMIT = 8\n": set(),
    "EXTRA = 9\n": {"EXTRA"},
    "del LIMIT\n": set(),
    "def sum(x):\n    return 0\n": set(),
    "def __getattr__(name):\n    return 0\n": set(),
    "__all__ = ['nothing']\n": set(),
    "def __dir__():\n    return []\n": set(),
    "def default(x=(LIMIT := 0)):\n    return x\n": {"default"},
    "class Scope:\n    global tenfold\n    tenfold = None\n": {"Scope"},
    "def reach():\n    global LIMIT\n    LIMIT = 0\n": {"reach"},
    "def _plumbline_given():\n    pass\n": set(),
    "class Poison:\n    _plumbline_given['tenfold'] = None\n": {"Poison"},
    "if True:\n    def conditional():\n        pass\n": {"conditional"},
    "for name in 'ab':\n    pass\n": {"name"},
    "print(tenfold)\nLIMIT.x = 3\n": set(),
    "from __future__ import annotations\n": None,
    "def twice(x, x):\n    pass\n": None,
    "return 3\n": None,
}
NAMES = ("math", "sep", "LIMIT", "__all__", "tenfold", "Given")


def run(text):
    names = {"__name__": "given"}
    exec(compile(text, "given.py", "exec"), names)
    return names


@pytest.mark.parametrize("text", ADDED)
def test_a_new_function_class_or_import_is_taken(text):
    found = find_additions("given.py", GIVEN.encode(), f"{GIVEN}\n{text}".encode())
    assert found.text.startswith(GIVEN)
    assert found.left == frozenset()
    assert ADDED[text] <= run(found.text).keys()


def test_additions_do_what_they_say_wherever_they_stand():
    submitted = "".join(ADDED) + GIVEN
    names = run(find_additions("given.py", GIVEN.encode(), submitted.encode()).text)
    assert names["helper"](3) == 31
    assert names["told"]() == "two\nlines"
    assert names["told"].__doc__ == "Three\n\n  lines."
    assert names["Mine"].kind == "mine"


@pytest.mark.parametrize("text", NOT_ADDED)
def test_what_is_not_new_or_no_definition_is_not_taken(text):
    found = find_additions("given.py", GIVEN.encode(), f"{GIVEN}\n{text}".encode())
    assert found.text == ""
    assert found.taken == ()
    if NOT_ADDED[text] is not None:
        assert found.left == NOT_ADDED[text]


@given(st.permutations([*ADDED, *(text for text, left in NOT_ADDED.items() if left is not None)]))
def test_no_addition_changes_what_is_given(order):
    submitted = GIVEN + "".join(order)
    found = find_additions("given.py", GIVEN.encode(), submitted.encode())
    names, alone = run(found.text), run(GIVEN)
    assert set().union(*ADDED.values()) <= names.keys()
    assert names["tenfold"](2) == 20
    assert names["Given"].kind == "given"
    for name in ("math", "sep", "LIMIT", "__all__"):
        assert names[name] == alone[name]
    assert names.keys().isdisjoint({"__getattr__", "__dir__", "EXTRA", "sum", "conditional"})


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("", False),
        ("import math\n# more\n", False),
        ("def tenfold(x):\n    return LIMIT and 10*sum( [x] )  # as it was\n", False),
        ("def tenfold(x):\n    return 11 * x\n", True),
        ("LIMIT = 8\n", True),
    ],
)
def test_it_is_known_whether_anything_else_was_changed(text, changed):
    submitted = f"{GIVEN}\n{text}\ndef helper():\n    pass\n"
    found = find_additions("given.py", GIVEN.encode(), submitted.encode())
    assert (found.taken, found.changed) == (("helper",), changed)


def test_of_a_star_import_the_new_names_alone_are_taken(tmp_path, monkeypatch):
    (tmp_path / "additions_star.py").write_text(
        "def tenfold(x): return 0\nLIMIT = sep = sum = math = globals = dict = None\nnew = 5\n"
        "class Given: kind = 'stolen'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    submitted = f"from additions_star import *\n{GIVEN}\n"
    names = run(find_additions("given.py", GIVEN.encode(), submitted.encode()).text)
    assert names["tenfold"](2) == 20
    assert names["Given"].kind == "given"
    assert names["new"] == 5
    assert "sum" not in names


def test_a_star_import_takes_no_names_of_ours_or_python_s(tmp_path, monkeypatch):
    (tmp_path / "additions_all.py").write_text(
        "_plumbline_given = {'tenfold': None}\n_plumbline_names = {}\nnew = 5\n"
        "def __getattr__(name): return 0\n"
        "__all__ = ['_plumbline_given', '_plumbline_names', '__getattr__', '__all__', 'new']"
    )
    monkeypatch.syspath_prepend(tmp_path)
    submitted = f"{GIVEN}\nfrom additions_all import *\nfrom string import *\n"
    names = run(find_additions("given.py", GIVEN.encode(), submitted.encode()).text)
    assert names["tenfold"](2) == 20
    assert (names["LIMIT"], names["__all__"], names["new"]) == (7, ["tenfold"], 5)
    assert "__getattr__" not in names
    assert "digits" in names


def test_a_given_star_import_is_no_addition():
    given = f"from string import *\n{GIVEN}"
    submitted = given + "# seen\nfrom string import *\ndef helper():\n    return 1\n"
    found = find_additions("given.py", given.encode(), submitted.encode())
    assert (found.taken, found.changed) == (("helper",), False)


GIVEN_IMPORTS = (
    "import tiny.ops as ops\nfrom tiny.ops import *\ndef f():\n    from tiny import ops\n"
)


@pytest.mark.parametrize(
    ("given", "submitted", "same"),
    [
        (GIVEN, f"# mine\n{GIVEN}", True),
        (GIVEN_IMPORTS, GIVEN_IMPORTS.replace("tiny", "cs682"), True),
        (GIVEN_IMPORTS, GIVEN_IMPORTS.replace("tiny", "cs681"), False),
        (GIVEN, GIVEN.replace("LIMIT = 7\n", ""), False),
        (GIVEN, f"{GIVEN}\nLIMIT = 7\n", False),
        (GIVEN, GIVEN + "x = " + "-" * 900 + "1\n", False),
        (GIVEN, f"{GIVEN}\ndef helper():\n    pass\n", False),
    ],
)
def test_it_is_known_whether_the_statements_are_the_given_ones(given, submitted, same):
    renamed = Renamed("tiny", "cs682")
    found = find_additions("given.py", given.encode(), submitted.encode(), renamed=renamed)
    assert found.same == same
    if same:
        assert (found.text, found.taken, found.left) == ("", (), frozenset())


def test_an_addition_that_fails_is_left_out_and_says_so(capsys):
    submitted = f"{GIVEN}\nimport no_such_module\nfrom no_such_module import *\n" + (
        "def lost(x=UNKNOWN):\n    return x\ndef found():\n    return 1\n"
    )
    names = run(find_additions("given.py", GIVEN.encode(), submitted.encode()).text)
    assert names["found"]() == 1
    assert "lost" not in names
    assert "given.py: left out lost: NameError(" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    ["print 'two'\nSIZE = 3\ndef helper():\n    pass\n", "(" * 10_000, "x = 1\n\0", "\ud800",
     "def f():\n    return " + "-" * 50_000 + "1\n", "def helper(): pass\n" * 30_000],
)  # fmt: skip
def test_a_file_that_cannot_be_read_adds_nothing(text):
    found = find_additions("given.py", GIVEN.encode(), text.encode("utf-8", "surrogatepass"))
    assert found.text == ""
    if "two" in text:
        assert found.left == {"SIZE", "helper"}


def test_in_a_package_its_modules_are_no_new_names():
    text = "def layers():\n    pass\ndef mine():\n    pass\nimport json as optim\n"
    found = find_additions("__init__.py", b"", text.encode(), ["layers", "optim"])
    assert found.taken == ("mine",)
    assert "mine" in run(found.text)
