"""Notebooks whose cells were split, merged, moved about, or saved without ids."""

import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.cell_statements import defined_names, extract_statements, is_python
from autograder.core.definitions import joined, select_definitions
from autograder.cpu_guard import limited_cpu_time
from autograder.errors import CpuTimeExceeded
from autograder.submissions.notebook import ReleaseCell, read_answers
from tests.tiny import MANIFEST, notebook
from tests.unheard import UNHEARD

#: Windows has no signal for processor time; students' packages need none.
HAS_CLOCK = pytest.mark.skipif(sys.platform == "win32", reason="no SIGPROF on Windows")
FIRST = (
    "import numpy as np\n\n\ndef first(x):\n    # BEGIN YOUR CODE first\n"
    '    raise NotImplementedError("TODO: first")\n    # END YOUR CODE first'
)
SECOND = (
    "class Second:\n    def act(self):\n        # BEGIN YOUR CODE second\n"
    '        raise NotImplementedError("TODO: second")\n        # END YOUR CODE second'
)
RELEASE = [
    ReleaseCell("setup", "setup", "import math"),
    ReleaseCell("one", "answer", FIRST, ("first",)),
    ReleaseCell("two", "answer", SECOND, ("second",)),
]
WRITTEN_FIRST = "def first(x):\n    return helper(x) + SHIFT"
WRITTEN_SECOND = "class Second:\n    def act(self):\n        return first(1)"


def run(code):
    """The names that the release's cells define with these answers in them."""
    names = {}
    for cell in RELEASE:
        exec(code.get(cell.id, cell.source), names)
    return names


def read(*cells):
    return read_answers(notebook(*cells), RELEASE, MANIFEST)


def test_cells_that_were_split_are_put_together():
    found = read(
        {"id": None, "source": "SHIFT = 10"},
        {"id": "x", "source": "def helper(x):\n    return math.floor(x)"},
        {"id": None, "source": WRITTEN_FIRST},
        {"id": "two", "source": WRITTEN_SECOND},
    )
    assert run(found.code)["Second"]().act() == 11
    assert found.notes == ["first: taken from code cell 1, 2, 3, by name"]


def test_cells_that_were_merged_are_told_apart():
    both = f"SHIFT = 1\nhelper = abs\n{WRITTEN_FIRST}\n{WRITTEN_SECOND}\nraise SystemExit"
    both = both.replace("helper = abs", "def helper(x):\n    return abs(x)")
    found = read({"id": None, "source": both})
    names = run(found.code)
    assert names["Second"]().act() == 2
    assert "raise SystemExit" not in "".join(found.code.values())


def test_the_order_of_the_cells_does_not_matter():
    found = read(
        {"id": None, "source": WRITTEN_SECOND},
        {"id": None, "source": WRITTEN_FIRST},
        {"id": None, "source": "def helper(x):\n    return -x\n\n\nSHIFT = 3"},
    )
    assert run(found.code)["Second"]().act() == 2


def test_of_two_definitions_the_last_that_is_written_counts():
    found = read(
        {"id": None, "source": "def first(x):\n    return 1"},
        {"id": None, "source": "def first(x):\n    return 2"},
        {"id": None, "source": FIRST.replace(" BEGIN YOUR CODE first", " begin")},
        {"id": "two", "source": SECOND},
    )
    assert run(found.code)["first"](0) == 2


def test_what_is_nowhere_is_said():
    found = read({"id": None, "source": "x = = 3"}, {"id": None, "source": "%cd /content"})
    assert found.notes == [
        "first was not found in any cell",
        "Second was not found in any cell",
    ]
    assert found.code == {}


def test_a_cell_that_trains_for_an_hour_is_not_taken_along():
    cell = f"data = load()\n{WRITTEN_FIRST}\nSHIFT = 2\nfirst(data)\n"
    taken = joined(
        select_definitions(
            {"first"}, (), extract_statements([cell, "def helper(x):\n    return x"])
        )
    )
    assert "load" not in taken
    assert defined_names(taken) == {"first", "helper"}


@pytest.mark.parametrize(
    "faulty",
    [
        "print first(1)",
        "print 'one'\nprint 'two'",
        "def shown(x):\n    y = x\n# a remark\n    print y",
        "@of\ndef shown(x):\n    print x",
        "@of\n@of(2)\nclass Shown:\n    def act(self):\n\n        print self",
        "rows = [\n    1 2,\n]",
        "if 1:\n    print 2\nelse:\n    print 3",
        "if 1:\n    pass\nelif 2:\n    pass\nelse:\n    print 3",
        "try:\n    import cPickle\nexcept ImportError:\n    print 'none'",
        "try:\n    import cPickle\nexcept ImportError, error:\n    pass",
        "try:\n    print 'x'\nfinally:\n    print 'y'",
        "%matplotlib inline\nprint 1",
        "for",
    ],
)
@pytest.mark.parametrize("whole", ["{faulty}\n\n{right}\nlast = 1", "{right}\n{faulty}\nlast = 1"])
def test_what_is_not_python_hides_nothing_beside_it(faulty, whole):
    there = extract_statements([whole.format(faulty=faulty, right=WRITTEN_FIRST)])
    assert [piece.source for piece in there] == [WRITTEN_FIRST, "last = 1"]


@HAS_CLOCK
def test_a_long_chain_of_constants_is_followed_in_time():
    """Whether what they begin with is there or not; step by step it would take minutes."""
    chain = "".join(f"a{n} = a{n - 1}\n" for n in range(1, 6_000))
    with limited_cpu_time(60):
        assert select_definitions({"a5999"}, (), extract_statements([chain])) == []
        assert (
            len(select_definitions({"a5999"}, (), extract_statements(["a0 = 1\n" + chain])))
            == 6_000
        )


@HAS_CLOCK
def test_many_statements_in_a_line_are_one_piece():
    line = ";".join(f"a{n} = {n}" for n in range(5_000))
    with limited_cpu_time(60):
        (piece,) = extract_statements([f"{line}\ndata = load()"])
    assert (piece.source, len(piece.names), piece.constant) == (line, 5_000, True)
    (both,) = extract_statements(["def one(): return 1; x = 2\n"])
    assert both.names == {"one"}


@HAS_CLOCK
@pytest.mark.filterwarnings(UNHEARD)
def test_the_clock_is_no_fault_of_a_cell():
    """IPython reads this one anew for each command; what broke off its reading must not be lost."""

    def read_on():
        while is_python("!a\n" * 200 + f"# {time.process_time()}"):
            pass

    with pytest.raises(CpuTimeExceeded), limited_cpu_time(0.1):
        read_on()


def test_what_is_not_python_is_looked_through_no_longer_than_this():
    assert extract_statements(["print 1\n" * 50 + WRITTEN_FIRST])
    assert extract_statements(["x = 1\n" * 1000 + "print 1\n" * 100 + WRITTEN_FIRST])
    assert not extract_statements(["print 1\n" * 5000 + WRITTEN_FIRST])
    assert not extract_statements(["\0", "(" * 5000, "print 1\r" * 9])


@pytest.mark.parametrize(
    "cell",
    ["def first(x):\n    print x", "class first(:\n    pass", "first = load()", "first= [1 2]"],
)
def test_what_seems_to_be_there_is_named_with_its_cell(cell):
    found = read("first == 1", cell, {"id": "two", "source": WRITTEN_SECOND})
    assert found.notes[0] == (
        "first cannot be taken from code cell 2: "
        "only imports, functions, classes and plain constants are, in Python 3"
    )
    found = read({"id": "one", "source": "def first(x): return helper"}, "helper = load()")
    assert found.notes[0].startswith("the answer cell one uses helper, which cannot be taken from")


def test_magic_lines_do_not_hide_what_stands_beside_them():
    cell = f"%matplotlib inline\n!pip install x\n{WRITTEN_FIRST}"
    assert [p.names for p in extract_statements([cell])] == [{"first"}]


@given(st.lists(st.text(max_size=80), max_size=6))
def test_no_text_breaks_the_search(cells):
    select_definitions({"first"}, (), extract_statements(cells))


@given(st.permutations(range(3)))
def test_any_order_gives_the_same_definitions(order):
    cells = ["SHIFT = 1", WRITTEN_FIRST, "def helper(x):\n    return x"]
    taken = select_definitions({"first"}, (), extract_statements([cells[i] for i in order]))
    assert set().union(*(p.names for p in taken)) == {"first", "helper", "SHIFT"}


def test_a_parameter_is_no_use_of_what_a_cell_calls_likewise():
    """Examples assign names such as x; an answer with an x of its own needs none of them."""
    there = extract_statements(
        ["x = 3\nscale = 2\n", "def first(x):\n    y = [x for x in x]\n    return scale * y"]
    )
    assert joined(select_definitions(["first"], [], there)) == "scale = 2\n\n\n" + there[-1].source


def test_a_constant_of_what_was_loaded_is_not_taken():
    there = extract_statements(
        ["data = load()\nshape = data['X'].shape\nsize = shape[0]\nrate = 0.1"]
    )
    assert [piece.source for piece in select_definitions(["shape", "size", "rate"], [], there)] == [
        "rate = 0.1"
    ]


def test_of_an_import_of_several_names_each_can_be_taken_alone():
    there = extract_statements(
        ["from .errno import (EPERM,  # one\n    EIO as io)\nimport math, re"]
    )
    assert [(s.source, set(s.names), s.index) for s in there] == [
        ("from .errno import EPERM", {"EPERM"}, 0),
        ("from .errno import EIO as io", {"io"}, 1),
        ("import math, re", {"math", "re"}, 2),
    ]
    many = ", ".join(f"name{n}" for n in range(10_000))
    assert len(extract_statements([f"from errno import {many}"])) == 1


def test_what_a_known_cell_uses_is_looked_for_in_the_others():
    """Its id is there, and its imports and helpers were moved to cells of their own."""
    found = read(
        "from math import floor as down\nSHIFT = 10",
        "def helper(x):\n    return down(x)",
        {"id": "one", "source": f"%%time\n{WRITTEN_FIRST}"},
        {"id": "two", "source": WRITTEN_SECOND},
    )
    assert found.notes == ["SHIFT, helper: taken from code cell 1, 2, by name"]
    found.code["one"] = found.code["one"].replace("%%time\n", "")
    assert run(found.code)["Second"]().act() == 11


def test_what_a_known_cell_uses_and_nobody_defines_is_named():
    source = "def first(x):\n    y = x\n    return [absent + z for z in y] + math.pi + len(x)"
    found = read({"id": "one", "source": source}, {"id": "two", "source": WRITTEN_SECOND})
    assert found.code["one"] == source
    assert found.notes == ["the answer cell one uses absent, which no cell defines"]


def test_without_ipython_a_cell_that_needs_it_holds_what_does_not(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython.core.inputtransformer2", None)
    there = extract_statements(["%time x = 1\ndef f(): pass", "def g(): pass"])
    assert [piece.names for piece in there] == [{"f"}, {"g"}]


def test_a_cell_of_commands_alone_is_not_translated_for_minutes():
    assert is_python("!pip install x\n" * 100)
    assert not is_python("!pip install x\n" * 1000)


@pytest.mark.parametrize("blank", ["\f", "\v", "\u2003", " \f "])
def test_no_other_white_space_hides_a_command_from_the_bound(blank):
    assert not is_python(f"{blank}!pip install x\n" * 1000)
    assert is_python("x = 1\n" * 20_000)
    assert not is_python("x = 1\n" * 100_000 + "!ls")
    assert not is_python("\n" * 100_000 + ")")  # blank lines are no commands, and are read once


def test_many_such_cells_are_translated_no_longer_than_one():
    cells = ["!ls\n" * 9 + f"def f{n}():\n" + "    a = 1\n" * 1000 for n in range(20)]
    assert 5 < len(extract_statements(cells)) < 15
    assert [p.names for p in extract_statements([*cells, "def last(): pass"])][-1] == {"last"}


def test_a_chain_longer_than_the_stack_is_no_constant():
    for chain in (".a", "[0]", "()"):
        for many in (100, 500, 1000, 3000):
            extract_statements(["x = np" + chain * many + "(1)", "def f():\n    return 1"])
    assert extract_statements(["x = np.zeros(3).reshape(3, 1)"])
    assert not extract_statements(["x = np.load('file').T.copy()"])
