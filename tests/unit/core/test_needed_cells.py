"""Which of a student's cells run, however the cells were split, merged or moved."""

import sys
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core import needed_cells
from autograder.core.cell_source import is_python
from autograder.core.cell_statements import defined_names, extract_statements
from autograder.core.needed_cells import Cell, NotebookCells, Planner, plan_cells
from autograder.core.own_modules import own_modules
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


def run(found):
    """The names that the cells which run define."""
    names = {}
    for part in plan_cells(found.cells).parts:
        exec(part.source.replace("%%time", ""), names)
    return names


def planned(cells, names=("first",), unfit=(), own_modules=()):
    """What runs of a student's own cells so that these names are defined."""
    others = tuple(Cell(number, source) for number, source in enumerate(cells, 1))
    notebook = NotebookCells((), others, frozenset(names), frozenset(own_modules))
    return plan_cells(notebook, dict.fromkeys(unfit, "it is slow"))


def taken(cells, *names):
    """The sources of the statements that are taken of cells which cannot run whole."""
    plan = planned(cells, names, range(1, len(cells) + 1))
    return [part.source for part in plan.parts]


def read(*cells):
    return read_answers(notebook(*cells), RELEASE, MANIFEST)


def test_cells_that_were_split_are_put_together():
    found = read(
        {"id": None, "source": "SHIFT = 10"},
        {"id": "x", "source": "def helper(x):\n    return math.floor(x)"},
        {"id": None, "source": WRITTEN_FIRST},
        {"id": "two", "source": WRITTEN_SECOND},
    )
    assert run(found)["Second"]().act() == 11
    assert found.notes == []
    assert plan_cells(found.cells).needed == {1: ("SHIFT",), 2: ("helper",), 3: ("first",)}


def test_cells_that_were_merged_are_told_apart():
    both = f"SHIFT = 1\n{WRITTEN_FIRST}\n{WRITTEN_SECOND}\nraise SystemExit"
    found = read({"id": None, "source": f"def helper(x):\n    return abs(x)\n{both}"})
    plan = plan_cells(found.cells, {1: "it raised SystemExit"})
    names = {}
    for part in plan.parts:
        exec(part.source, names)
    assert names["Second"]().act() == 2
    assert "raise SystemExit" not in "".join(part.source for part in plan.parts)


def test_the_order_of_the_cells_does_not_matter():
    found = read(
        {"id": None, "source": WRITTEN_SECOND},
        {"id": None, "source": WRITTEN_FIRST},
        {"id": None, "source": "def helper(x):\n    return -x\n\n\nSHIFT = 3"},
    )
    assert run(found)["Second"]().act() == 2


def test_of_two_definitions_the_last_that_is_written_counts():
    found = read(
        {"id": None, "source": "def first(x):\n    return 1"},
        {"id": None, "source": "def first(x):\n    return 2"},
        {"id": None, "source": FIRST.replace(" BEGIN YOUR CODE first", " begin")},
        {"id": "two", "source": SECOND},
    )
    assert run(found)["first"](0) == 2


def test_what_is_nowhere_is_said():
    found = read({"id": None, "source": "x = = 3"}, {"id": None, "source": "%cd /content"})
    assert found.notes == [
        "first was not found in any cell",
        "Second was not found in any cell",
    ]
    assert found.code == {}


def test_a_cell_that_trains_for_an_hour_is_not_taken_along():
    cell = f"data = load()\n{WRITTEN_FIRST}\nSHIFT = 2\nfirst(data)\n"
    plan = planned([cell, "def helper(x):\n    return x"], unfit=[1])
    sources = "\n".join(part.source for part in plan.parts)
    assert "load" not in sources
    assert defined_names(sources) == {"first", "helper"}
    assert (plan.whole_cells, plan.unfit, plan.lost) == ((2,), {1: "it is slow"}, {})


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
    """The constants may stand in any order. A search for each of them would take minutes."""
    chain = [f"a{n} = a{n - 1}" for n in range(1, 1_000)]
    with limited_cpu_time(60):
        assert len(taken(["\n".join(["a0 = 1", *chain])], "a999")) == 1_000
        assert len(taken(["\n".join(reversed(chain)), "a0 = 1"], "a999")) == 1_000


@HAS_CLOCK
def test_many_statements_in_a_line_are_one_piece():
    line = ";".join(f"a{n} = {n}" for n in range(5_000))
    with limited_cpu_time(60):
        (piece,) = extract_statements([f"{line}\ndata = load()"])
    assert (piece.source, len(piece.names)) == (line, 5_000)
    (both,) = extract_statements(["def one(): return 1; x = 2\n"])
    assert both.names == {"one"}


@HAS_CLOCK
@pytest.mark.filterwarnings(UNHEARD)
def test_the_clock_is_no_fault_of_a_cell():
    """The limit's error gets out of IPython, which reads this cell anew for each command."""

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


@pytest.mark.parametrize("cell", ["def first(x):\n    print x", "first= [1 2]"])
def test_what_seems_to_be_there_is_named_with_its_cell(cell):
    found = read("first == 1", cell, {"id": "two", "source": WRITTEN_SECOND})
    assert found.notes[0] == "first cannot be taken from code cell 2, which is not Python 3"
    other = cell.replace("first", "helper")
    found = read({"id": "one", "source": "def first(x): return helper"}, "x == 1", other)
    assert found.notes[0] == (
        "the answer cell one uses helper, which cannot be taken from code cell 3, which is not "
        "Python 3"
    )


def test_magic_lines_do_not_hide_what_stands_beside_them():
    cell = f"%matplotlib inline\n!pip install x\n{WRITTEN_FIRST}"
    assert [p.names for p in extract_statements([cell])] == [{"first"}]


@given(st.lists(st.text(max_size=80), max_size=6))
def test_no_text_breaks_the_search(cells):
    planned(cells)
    taken(cells, "first")


@given(st.permutations(range(3)))
def test_any_order_gives_the_same_definitions(order):
    cells = ["SHIFT = 1", WRITTEN_FIRST, "def helper(x):\n    return x"]
    plan = planned([cells[i] for i in order])
    assert set().union(*(part.names.binds for part in plan.parts)) == {"first", "helper", "SHIFT"}


def test_a_parameter_is_no_use_of_what_a_cell_calls_likewise():
    """Examples assign names such as x. An answer that binds an x of its own needs none of them."""
    cells = ["x = 3", "scale = 2", "def first(x):\n    y = [x for x in x]\n    return scale * y"]
    assert taken(cells, "first") == cells[1:]
    assert planned(cells).whole_cells == (2, 3)


def test_what_is_loaded_is_not_taken_alone():
    cell = "data = load()\nshape = data['X'].shape\nrate = 0.1"
    assert taken([cell], "rate") == ["rate = 0.1"]
    assert "load" not in "".join(taken([cell], "shape", "rate"))


def test_of_an_import_of_several_names_each_can_be_taken_alone():
    there = extract_statements(
        ["from .errno import (EPERM,  # one\n    EIO as io)\nimport math, re"]
    )
    assert [(s.source, set(s.names)) for s in there] == [
        ("from .errno import EPERM", {"EPERM"}),
        ("from .errno import EIO as io", {"io"}),
        ("import math, re", {"math", "re"}),
    ]
    many = ", ".join(f"name{n}" for n in range(10_000))
    assert len(extract_statements([f"from errno import {many}"])) == 1


def test_what_a_known_cell_uses_is_looked_for_in_the_others():
    """The answer cell has its id. The student moved its imports and helpers to other cells."""
    found = read(
        "from math import floor as down\nSHIFT = 10",
        "def helper(x):\n    return down(x)",
        {"id": "one", "source": f"%%time\n{WRITTEN_FIRST}"},
        {"id": "two", "source": WRITTEN_SECOND},
    )
    assert found.notes == []
    assert plan_cells(found.cells).whole_cells == (1, 2)
    assert run(found)["Second"]().act() == 11


def test_what_a_known_cell_uses_and_nobody_defines_is_named():
    source = "def first(x):\n    y = x\n    return [absent + z for z in y] + math.pi + len(x)"
    found = read({"id": "one", "source": source}, {"id": "two", "source": WRITTEN_SECOND})
    assert found.code["one"] == source
    assert found.notes == ["the answer cell one uses absent, which no cell defines"]


@pytest.mark.parametrize("cell", ["%run mine.py", "get_ipython().run_cell('absent = 7')"])
def test_of_what_no_text_shows_nothing_is_said_for_certain(cell):
    source = "def first(x):\n    return absent"
    found = read(cell, {"id": "one", "source": source}, {"id": "two", "source": WRITTEN_SECOND})
    sentence = "the answer cell one uses absent, which no cell defines as far as its text tells"
    assert found.notes == [sentence]


def test_without_ipython_a_cell_that_needs_it_holds_what_does_not(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython.core.inputtransformer2", None)
    there = extract_statements(["%timeit x = 1\ndef f(): pass", "def g(): pass"])
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


#: Cells of a student's own, what the answer returns, and what that is in the notebook.
KINDS = {
    "two names at once": (["A, B = 3, 4"], "A + B", 7),
    "an annotated name": (["S: int = 7"], "S", 7),
    "a starred name": (["H, *R = 1, 3, 4"], "sum(R)", 7),
    "an import that may fail": (
        ["try:\n    import no_such\nexcept ImportError:\n    no_such = None"], "no_such", None,
    ),
    "a function under a condition": (["if True:\n    def h():\n        return 7"], "h()", 7),
    "a name in a with statement": (
        ["import contextlib", "with contextlib.nullcontext():\n    S = 7"], "S", 7,
    ),
    "a table that a loop fills": (["T = {}", "for k in range(8):\n    T[k] = k"], "T[7]", 7),
    "an assignment that adds": (["S = 3", "S += 4"], "S", 7),
    "a list that grows": (["L = []", "L.append(7)"], "L[0]", 7),
    "a method put on a class": (
        ["class K:\n    pass", "def f(self):\n    return 7", "K.f = f"], "K().f()", 7,
    ),
    "a named tuple": (
        ["from collections import namedtuple", "P = namedtuple('P', 'a b')"], "P(7, 0).a", 7,
    ),
    "a partial function": (["from functools import partial", "p = partial(max, 7)"], "p(3)", 7),
    "a number from an array": (["import numpy", "x = numpy.arange(8)", "m = x.max()"], "m", 7),
    "a function that fills": (
        ["def fill(t):\n    t['a'] = 7", "T = {}", "fill(T)"], "T['a']", 7,
    ),
    "a function with a global name": (
        ["N = 6", "def up():\n    global N\n    N += 1", "up()"], "N", 7,
    ),
    "a library that changes": (
        ["import heapq", "L = [9]", "heapq.heappush(L, 7)"], "L[0]", 7,
    ),
    "a walrus": (["print(S := 7)"], "S", 7),
    "an implementation for a type": (
        ["from functools import singledispatch", "@singledispatch\ndef h(x):\n    return 0",
         "@h.register\ndef _(x: int):\n    return 7"], "h(1)", 7,
    ),
    "a decorator that is an object": (
        ["class Known(dict):\n    def __call__(self, f):\n        self[0] = f\n        return f",
         "known = Known()", "@known\ndef seven():\n    return 7"], "known[0]()", 7,
    ),
    "an item of globals": (["globals()['S'] = 7"], "S", 7),
    "a text that is run": (["exec('S = 7')"], "S", 7),
    "globals in a function": (["def put(v):\n    globals()['S'] = v", "put(7)"], "S", 7),
    "a name that a loop makes": (["for n in 'RS':\n    globals()[n] = 7"], "S", 7),
    "a name that a function is given": (
        ["def put(n):\n    globals()[n] = 7", "put('S')"], "S", 7,
    ),
    "names from a table": (["t = {'S': 7}", "globals().update(t)"], "S", 7),
    "all names of a module": (["from math import *"], "int(ldexp(7, 0))", 7),
    "a wrapped answer": ([], "7", 7),
    "helpers below": ([], "later() + W", 7),
}  # fmt: skip
BELOW = {
    "helpers below": ["def later():\n    return V", "V, W = 3, 4"],
    "a wrapped answer": ["old = first", "def first(x):\n    return old(x)"],
}


@pytest.mark.parametrize("name", KINDS)
def test_an_answer_has_what_it_has_in_the_notebook(name):
    """The answer gives the same value as in the notebook, where all cells were run."""
    cells, expression, value = KINDS[name]
    answer = {"id": "one", "source": f"def first(x):\n    return {expression}"}
    unneeded = ["raise SystemExit", "T1 = {}", "print(7)", "x = [1]\nx.append(2)"]
    found = read(*cells, *unneeded, answer, *BELOW.get(name, ()), *unneeded)
    assert run(found)["first"](0) == value
    assert "SystemExit" not in "".join(part.source for part in plan_cells(found.cells).parts)
    assert found.notes == ["Second was not found in any cell"]


@pytest.mark.parametrize(
    "cell",
    ["A, B = 3, 4", "A: int = 3\nB = 4", "(A, *_), [B] = (3, 1), [4]", "A = B = 0\nA += 7",
     "try:\n    A = 3\nexcept ImportError:\n    pass\nB = 4",
     "if True:\n    A = 3\nelse:\n    A = 0\nB = 4"],
)  # fmt: skip
def test_statements_are_taken_of_a_cell_that_does_not_run_whole(cell):
    names = {}
    exec("\n".join(taken([f"{cell}\ntrain()\nC = train()"], "A", "B")), names)
    assert names["A"] + names["B"] == 7


def test_what_a_cell_that_does_not_run_whole_does_besides_is_lost_and_said():
    plan = planned(["T = {}\nT[0] = load()\nC = load()", "x = 1"], ["T", "C"], unfit=[1, 2])
    assert (plan.unfit, plan.lost) == ({1: "it is slow"}, {1: ("C", "T")})


@pytest.mark.parametrize(
    "cell",
    ["print(A)", "A.count(3)", "B = A[0]\nB = [B]", "for a in A:\n    a", "import numpy as np",
     "def other():\n    A.append(3)", "i = 0\nB = A[i]\nC = [[]]\nD = C[i]\nD.append(3)",
     "f(3)", "[A for A in [3]]", "np.random.seed(3)"],
)  # fmt: skip
def test_a_cell_that_changes_nothing_that_is_needed_does_not_run(cell):
    cells = ["import numpy as np", "A = [3]", "def f(x):\n    return np.sum(x)", cell]
    plan = planned([*cells, "def first():\n    return f(A)"])
    runs = {2, 3, 5} if cell.startswith("import") else {1, 2, 3, 5}
    assert set(plan.whole_cells) - {4} == runs
    assert 4 not in plan.whole_cells or cell == cells[0]


@pytest.mark.parametrize(
    ("seeds", "runs"),
    [
        ("np.random.seed(7)", True),
        ("import random\nnp.random.seed(7)\nrandom.seed(7)", True),
        ("np.random.seed(7)\nnp.random.rand(3)", False),
        ("np.random.seed(7)\nbest = train()", False),
        ("SEED = 7\nnp.random.seed(SEED)", True),
        ("np.random", False),
    ],
)
def test_a_cell_that_only_seeds_runs_before_an_answer_that_may_draw(seeds, runs):
    cells = ["import numpy as np", "train()", seeds, "A = np.random.rand()", seeds]
    plan = planned(cells, ["A"])
    assert plan.whole_cells == ((1, 3, 4) if runs else (1, 4))
    assert plan.needed.get(3, ()) == ()
    assert planned([*cells[:3], "A = 4"], ["A"]).whole_cells == (4,)
    if runs:
        names = {}
        for part in plan.parts:
            exec(part.source, names)
        assert names["A"] == np.random.RandomState(7).rand()


@pytest.mark.parametrize(
    ("setting", "runs"),
    [
        ("import sys\nsys.setrecursionlimit(20000)", True),
        ("from decimal import getcontext\ngetcontext().prec = 3", True),
        ("import decimal\ndecimal.getcontext().prec = 3\nprint('three digits')", True),
        ("import warnings\nwarnings.filterwarnings('error')", True),
        ("np.seterr(all='raise')\nnp.random.seed(3)", True),
        ("import torch\ntorch.set_num_threads(1)", False),
        ("import sys\nsys.setrecursionlimit(20000)\ntrain()", False),
        ("import matplotlib.pyplot as plt\nplt.gca().set_title('x')", False),
        ("import sys\nsys.getrecursionlimit()", False),
        ("set(A)", False),
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_a_cell_that_only_changes_settings_runs(setting, runs, above):
    """Of a library of Python's own, or of one that an answer uses."""
    answer = "def first():\n    return np.sqrt(-1)"
    plan = planned(["import numpy as np", *([setting, answer] if above else [answer, setting])])
    number = 2 if above else 3
    assert plan.whole_cells == ((1, 2, 3) if runs else (1, 5 - number))
    assert plan.needed.get(number, ()) == ()
    assert planned([setting], []).whole_cells == ()


def test_a_name_that_is_bound_anew_makes_earlier_cells_needless():
    plan = planned(["A = train()", "A = 3", "def first():\n    return A", "x = A\nA = x + 1"])
    assert plan.whole_cells == (2, 3, 4)


@pytest.mark.parametrize(
    ("cells", "runs"),
    [
        (["from tiny import ops", "ops.K = 7"], (1, 2, 3)),
        (["import tiny.ops as ops", "ops.double = lambda x: 2 * x"], (1, 2, 3)),
        (["ops = train()", "x = 1"], (3,)),
        (["import numpy as np", "np.K = 7"], (3,)),
    ],
)
def test_an_import_of_a_students_module_keeps_what_was_changed_in_it(cells, runs):
    answer = "from tiny import ops\nimport numpy as np\ndef first():\n    return ops.K"
    assert planned([*cells, answer], own_modules=["tiny.ops"]).whole_cells == runs


@pytest.mark.parametrize(
    "cell",
    ["T: int", "with contextlib.suppress(ImportError):\n    import no_such\n    T = no_such.x",
     "False and (T := 4)", "x = False and (T := 4)", "[(T := x) for x in []]",
     "match 3:\n    case 4:\n        T = 4",
     "try:\n    import no_such\n    T = 4\nexcept* ImportError:\n    pass"],
)  # fmt: skip
def test_a_name_that_is_perhaps_not_bound_anew_keeps_its_value(cell):
    answer = {"id": "one", "source": "def first(x):\n    return T"}
    assert run(read("import contextlib", "T = 3", cell, answer))["first"](0) == 3


def test_cells_run_in_the_order_of_the_file_around_the_answers():
    answers = [{"id": "one", "source": "def first(x):\n    return A"},
               {"id": "two", "source": "class Second:\n    act = A"}]  # fmt: skip
    found = read("A = 3", answers[0], "A += 1", answers[1], "A += 3")
    labels = [part.cell.label for part in plan_cells(found.cells).parts]
    assert labels == ["set-up cell setup", "code cell 1", "cell one", "code cell 3", "cell two",
                      "code cell 5"]  # fmt: skip
    names = run(found)
    assert (names["Second"].act, names["first"](0)) == (4, 7)


def test_what_a_cell_uses_at_once_and_only_later_cells_bind_comes_first():
    found = read({"id": "one", "source": "def first(x=A):\n    return x"}, "A = B", "B = 7")
    assert run(found)["first"]() == 7


@pytest.mark.parametrize("order", [1, -1])
def test_a_stub_that_was_left_gives_way_to_what_is_written_elsewhere(order):
    cells = ["def first(x):\n    return 7", {"id": "one", "source": FIRST}]
    assert run(read(*cells[::order]))["first"](0) == 7


def test_a_stub_in_single_quotes_gives_way_too():
    stub = {"id": "one", "source": "def first(x):\n    raise NotImplementedError('TODO: first')"}
    assert run(read("def first(x):\n    return 7", stub))["first"](0) == 7


@pytest.mark.parametrize("draft_first", [True, False])
@pytest.mark.parametrize(
    "answer",
    [
        'def first(x):\n    # raise NotImplementedError("TODO: first")\n    return 7',
        'def first(x):\n    return 7\n    raise NotImplementedError("TODO: first")',
    ],
    ids=["in a comment", "behind return"],
)
def test_an_answer_with_the_words_of_its_stub_is_no_stub(answer, draft_first):
    """The answer stands where it belongs, and counts as it would without these words."""
    cells = ["def first(x):\n    return 1", {"id": "one", "source": answer}]
    plain = [cells[0], {"id": "one", "source": "def first(x):\n    return 7"}]
    order = 1 if draft_first else -1
    got, wanted = (run(read(*these[::order]))["first"](0) for these in (cells, plain))
    assert got == wanted


@given(
    st.lists(
        st.tuples(st.sampled_from("ABCD"), st.sampled_from(["=", "+="]), st.sampled_from("ABCD")),
        max_size=8,
    )
)
def test_running_the_needed_cells_gives_what_running_all_gives(steps):
    """A name that is needed has the value that the student saw in the notebook."""
    cells = ["A = B = C = D = 1", *(f"{a} {sign} {b} + 1" for a, sign, b in steps)]
    whole, needed = {}, {}
    for source in cells:
        exec(source, whole)
    plan = planned(cells, ["A"])
    for part in plan.parts:
        exec(part.source, needed)
    assert needed["A"] == whole["A"]
    assert all(plan.needed.values())


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["{a} = {b}", "{a} = [{b}, []]", "{a} = {b} and {b}[0]", "{a} += [{b}]",
                 "{a} = {b} = [[]]", "{a}[:1] = [{b}]", "{a}.append([])",
                 "for x in {a}[:3]: x.append([])", "for x in {a}[:3]: x += [[]]",
                 "for _, x in zip('abc', {a}[:3]): {b} = x", "x = {a}\nx.append([])",
                 "{a} = list({b})", "{a} = [x for x in {b}]", "x = {a}.append\nx([])",
                 "list(map({a}.append, [{b}]))", "y = {a}.append\ny({b})"]
            ),
            st.sampled_from("ABC"),
            st.sampled_from("ABC"),
        ),
        max_size=6,
    )
)  # fmt: skip
def test_changes_through_a_second_name_are_as_in_the_notebook(steps):
    """Several names may mean one list, and lists may hold each other."""
    cells = [f"{name} = [[]]" for name in "ABC"]
    cells += [step.format(a=a, b=b) for step, a, b in steps]
    whole, needed = {}, {}
    for source in cells:
        exec(source, whole)
    for part in planned(cells, ["A"]).parts:
        exec(part.source, needed)
    assert repr(needed["A"]) == repr(whole["A"])


#: Cells that fill T, which is empty before.
SECOND_NAMES = {
    "a loop": ["T = [[]]", "for w in T:\n    w.append(1)"],
    "a loop that adds": ["import numpy as np", "T = [np.zeros(1)]", "for w in T:\n    w += 1"],
    "a loop over values": ["T = {'a': []}", "for v in T.values():\n    v.append(1)"],
    "another name": ["T = []\nM = T", "M.append(3)"],
    "a name of a part": ["T = {'a': []}", "w = T['a']\nw.append(1)"],
    "a view": ["import numpy as np", "W = np.zeros((2, 2))\nT = W[0]", "W[0] = 5"],
    "what it holds": ["L = []", "T = {'a': L}", "L.append(1)"],
    "what is put into it": ["L = []\nT = {}", "T[0] = L", "L.append(1)"],
    "a decorator": ["T = []", "def reg(f):\n    T.append(3)\n    return f",
                    "@reg\ndef relu():\n    pass"],
    "a decorator that is called": [
        "T = []", "def reg(n):\n    def put(f):\n        T.append(n)\n    return put",
        "@reg('r')\ndef relu():\n    pass",
    ],
    "a lambda": ["T = []", "add = lambda x: T.append(x)", "add(3)"],
    "a method": ["class B:\n    def fill(self, t):\n        t.append(1)", "b = B()\nT = []",
                 "b.fill(T)"],
    "a method without it": ["T = []", "class B:\n    def go(self):\n        T.append(1)",
                            "b = B()", "b.go()"],
    "an output": ["import numpy as np", "T = np.zeros(3)", "np.add(T, 1, out=T)"],
    "a ufunc at a place": ["import numpy as np", "T = np.zeros(3)", "np.add.at(T, [0], 1)"],
    "a with statement": ["import contextlib\nT = []",
                         "with contextlib.nullcontext(T) as q:\n    q.append(1)"],
    "a view by a method": ["import numpy as np", "T = np.zeros(4)", "V = T.reshape(2, 2)",
                           "V[0, 0] = 7"],
    "a view by a function": ["import numpy as np", "T = np.zeros(4)", "V = np.asarray(T)",
                             "V += 7"],
    "a view without a name": ["import numpy as np", "T = np.zeros(4)", "T.ravel()[0] = 7"],
    "an output by its place": ["import numpy as np", "T = np.zeros(2)", "np.add(T, 7, T)"],
    "a method of a part": ["T = {}", "T.setdefault('a', [])", "T.get('a').append(1)"],
    "a comprehension": ["T = [[]]", "L = [x for x in T]", "L[0].append(7)"],
    "a method that is given": ["T = []", "def run(f):\n    f(7)", "run(T.append)"],
    "a method that is mapped": ["T = []", "list(map(T.append, [7]))"],
    "a method with a name": ["T = []", "app = T.append", "app(7)"],
    "such a name that is given": ["T = []", "app = T.append", "list(map(app, [7]))"],
    "a partial function": ["from functools import partial\nT = []", "partial(T.append, 7)()"],
    "a partial function with a name": ["from functools import partial\nT = []",
                                       "f = partial(T.append, 7)", "f()"],
    "a method of a type": ["T = {}", "dict.update(T, a=7)"],
    "an operator": ["import operator\nT = {}", "operator.setitem(T, 'a', 7)"],
    "a thread": ["import threading\nT = []",
                 "t = threading.Thread(target=T.append, args=(7,))\nt.start()\nt.join()"],
    "a key of sorting": ["T = []", "sorted([7], key=lambda v: T.append(v) or v)"],
    "a lambda that is reduced": [
        "from functools import reduce\nT = {}",
        "reduce(lambda a, b: (a.update({b: 7}), a)[1], ['a'], T)",
    ],
    "a function that is given": ["T = []", "def fill(v):\n    T.append(v)",
                                 "list(map(fill, [7]))"],
    "a function that fills what goes through it": [
        "T = []", "def fill(t):\n    t.append(7)", "list(map(fill, [T]))",
    ],
    "another name in a function": ["T = []", "def fill(t):\n    u = t\n    u.append(7)", "fill(T)"],
    "a sum in a function": ["import numpy as np\nT = np.zeros(2)", "def up(t):\n    t += 1",
                            "up(T)"],
    "what a function returns": ["T = []", "def get():\n    return T", "get().append(7)"],
    "what a function returns, by name": ["T = []", "def same(t):\n    return t", "U = same(T)",
                                         "U.append(7)"],
    "what an object holds": [
        "T = []", "class K:\n    def __init__(self, t):\n        self.t = t", "k = K(T)",
        "k.t.append(7)",
    ],
    "a class that hears of its subclasses": [
        "T = []", "class B:\n    def __init_subclass__(cls):\n        T.append(7)",
        "class C(B):\n    pass",
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", SECOND_NAMES)
def test_what_is_changed_through_a_second_name_is_kept(name):
    answer = {"id": "one", "source": "def first(x):\n    return T"}
    whole = {}
    for source in SECOND_NAMES[name]:
        exec(source, whole)
    assert repr(run(read(*SECOND_NAMES[name], answer))["first"](0)) == repr(whole["T"])


#: Cells that change a class of which k is an object, or of which it was made.
OF_A_CLASS = [
    ["class K:\n    pass", "k = K()", "K.n = 7"],
    ["class K:\n    pass", "k = K()", "setattr(K, 'n', 7)"],
    ["class K:\n    pass", "class L(K):\n    pass", "k = L()", "K.n = 7"],
    ["class K:\n    pass", "k = [K()][0]", "K.n = 7"],
    ["class K:\n    pass", "k = K()", "vars(k)['n'] = 7"],
    ["class K:\n    pass", "k = K()", "type(k).n = 7"],
    ["class K:\n    pass", "k = K()", "def n(self):\n    return 7\nK.n = property(n)"],
]


@pytest.mark.parametrize("cells", OF_A_CLASS)
def test_what_changes_a_class_changes_its_objects(cells):
    answer = {"id": "one", "source": "def first(x):\n    return k.n"}
    assert run(read(*cells, answer))["first"](0) == 7


@pytest.mark.parametrize(
    "cell",
    [
        "print(T, f(T))",
        "import numpy as np\nm = np.mean(T)\nnp.add(T, 1)",
        "import matplotlib.pyplot as plt\nplt.plot(T)\nplt.gca().set_title('x')",
        "V = T.copy()\nV[0] = 7",
        "sizes = [len(x) for x in T]\nsizes.append(7)",
        "k = K(len(T))\nk.n = 7",
        "sorted(T, key=lambda v: -v)",
        "def timed(g, *x):\n    best = []\n    best.append(g(*x))\n    return best\ntimed(f, T)",
        "U = same(3)\nU.append(7)",
    ],
)
def test_a_cell_that_only_reads_what_is_needed_does_not_run(cell):
    """Nor one that changes a copy, or what a class made of something else."""
    cells = [
        "T = [3]",
        "def f(x):\n    return sum(x)",
        "def same(t):\n    return t",
        "class K:\n    def __init__(self, n):\n        self.n = n",
    ]
    plan = planned([*cells, cell, "def first():\n    return f(T), same, K"])
    assert 5 not in plan.whole_cells


#: Cells of which the last one fills T, or what the answer uses, by a function of a module.
MINE = ("tiny.mine", "mine")
BY_A_MODULE = [
    ["import tiny", "tiny.mine.fill(T)"],
    ["from mine import fill", "fill(T)"],
    ["import mine", "mine.fill(T)"],
    ["import mine as m", "m.fill(more, to=T['a'])"],
    ["from tiny import mine", "mine.fill(*T)"],
    ["import tiny.mine", "tiny.mine.fill(T)"],
    ["from mine import *", "fill(T)"],
    ["from mine import Filler as F", "F(T).run()"],
    ["try:\n    from mine import fill\nexcept ImportError:\n    pass", "fill(T)"],
    ["from mine import fill\ndef both(x):\n    fill(x)", "both(T)"],
    ["from mine import fill\ndef both():\n    fill(T)", "both()"],
    ["from mine import fill", "M = T\nfill(M)"],
    ["import mine", "mine.U.append(1)"],
    ["import mine", "U = mine.U\nU.append(1)"],
    ["import tiny.mine", "tiny.mine.U.append(1)"],
    ["import mine\ndef both():\n    mine.U.append(1)", "both()"],
    ["from mine import U", "U.append(1)"],
    ["from mine import U", "for u in U:\n    u.append(1)"],
]


@pytest.mark.parametrize("cells", BY_A_MODULE)
def test_a_function_of_a_module_of_ones_own_may_change_what_it_is_given(cells):
    """An installed library's does not: a cell that draws T is not run."""
    cells = ["T = {}", *cells, "def first():\n    return T, U, mine, tiny"]
    assert planned(cells, own_modules=MINE).whole_cells == (1, 2, 3, 4)
    assert 3 not in planned(cells).whole_cells or "U = mine.U" in cells[2]


@pytest.mark.parametrize(
    "cells",
    [
        ["import matplotlib.pyplot as plt", "plt.plot(T)"],
        ["from numpy import *", "plot(T)"],
        ["from mine import *", "print(T)"],
        ["from tiny.solver import Solver", "Solver(T)"],
        ["import tiny", "tiny.solver.Solver(T)"],
        ["from mine import fill", "fill(3)"],
        ["from mine import fill", "fill(T.copy())"],
        ["import mine", "mine.show(3)"],
        ["from tiny import mine", "mine.show(3)"],
        ["import tiny.mine", "tiny.mine.show(3)"],
        ["import mine\ndef both():\n    mine.show(3)", "both()"],
        ["import numpy as np\nfrom mine import fill", "fill(np.pi)"],
    ],
)
def test_what_a_module_of_ones_own_does_not_get_is_not_changed(cells):
    cells = ["T = {}", *cells, "def first():\n    return T, U, mine, tiny, np"]
    assert 3 not in planned(cells, own_modules=MINE).whole_cells


def test_a_function_that_gives_a_name_to_another_one_changes_it():
    cells = ["T = []", "def fill(t):\n    t.append(1)\ndef both():\n    fill(T)", "both()"]
    assert planned(cells, ["T"]).whole_cells == (1, 2, 3)


def test_the_own_modules_are_those_of_the_package():
    paths = ["mine.py", "sub/__init__.py", "sub/more.py", "random.py", "__init__.py"]
    below = {"tiny.mine", "tiny.sub", "tiny.sub.more", "tiny.random"}
    assert own_modules(["tiny", ""], paths) == below | {"mine", "sub", "sub.more"}


def test_what_was_added_to_a_given_module_counts_as_of_ones_own():
    found = own_modules(["tiny"], [], {"given.py": ["fill"], "__init__.py": ["load"]})
    assert found == {"tiny.given.fill", "given.fill", "tiny.load", "load"}


@pytest.mark.parametrize(
    "cells",
    [
        ["from tiny.given import fill", "fill(T)"],
        ["from tiny.given import fill as f", "f(T)"],
        ["from tiny import given", "given.fill(T)"],
        ["import tiny.given as g", "g.fill(T)"],
        ["import tiny.given", "tiny.given.fill(T)"],
        ["from tiny.given import *", "fill(T)"],
    ],
)
def test_a_function_that_was_added_to_a_given_file_may_change_what_it_is_given(cells):
    """A function of the release does not."""
    added = own_modules(["tiny"], [], {"given.py": ["fill"]})
    cells = ["T = {}", *cells, "def first():\n    return T"]
    assert planned(cells, own_modules=added).whole_cells == (1, 2, 3, 4)
    others = [cell.replace("fill", "tenfold") for cell in cells]
    assert planned(others, own_modules=added).whole_cells in {(1, 4), (1, 2, 4)}


@pytest.mark.long
@HAS_CLOCK
def test_many_calls_of_own_functions_are_followed_in_time():
    names = [f"a{n}" for n in range(3_000)]
    filled = "\n".join(f"fill({name})" for name in names)
    functions = [f"def f{n}():\n    f{n + 1}()\n    fill(a{n})" for n in range(2_999)]
    cells = ["from mine import fill", *(f"{name} = []" for name in names), *functions, filled]
    with limited_cpu_time(30):
        plan = planned([*cells, *(f"f{n}()" for n in range(2_999))], ["a0"], own_modules=["mine"])
    assert plan.whole_cells[-2:] == (3_001 + 2_999 + 1, 3_001 + 2_999 + 2)


@pytest.mark.long
@HAS_CLOCK
def test_a_long_chain_of_second_names_is_followed_in_time():
    names = range(1, 3_000)
    cells = ["a0 = []", *(f"a{n} = a{n - 1}" for n in names), *["a2999.append(1)"] * 9_000]
    with limited_cpu_time(30):
        assert len(planned(cells, ["a0"]).whole_cells) == 12_000


@pytest.mark.long
@HAS_CLOCK
def test_a_long_chain_of_functions_that_cells_call_is_followed_in_time():
    names = range(9_000)
    functions = [*(f"def f{n}():\n    f{n + 1}()" for n in names), "def f9000():\n    T.append(1)"]
    cells = ["T = []", "\n".join(functions), *(f"f{n}()" for n in names)]
    with limited_cpu_time(30):
        plan = planned(cells, ["T"])
    assert len(plan.whole_cells) == 9_002
    assert plan.needed[3] == ("T",)


@pytest.mark.long
@HAS_CLOCK
def test_many_lambdas_that_are_given_to_one_call_are_followed_in_time():
    given = ", ".join(["lambda x: x.append(1)"] * 12_000)
    with limited_cpu_time(30):
        assert planned(["T = []", f"call(T, {given})"], ["T"]).whole_cells == (1, 2)


def test_a_notebook_is_read_once_for_all_its_plans(monkeypatch):
    read = []
    parse = needed_cells.parse_cells
    monkeypatch.setattr(needed_cells, "parse_cells", lambda cells: read.append(1) or parse(cells))
    cells = (Cell(1, "T = []\nx = T"), Cell(2, "T.append(1)"))
    planner = Planner(NotebookCells((), cells, frozenset(["T"])))
    assert planner.plan({}).whole_cells == (1, 2)
    assert planner.plan({2: "it is slow"}).lost == {2: ("T",)}
    assert len(read) == 1


@HAS_CLOCK
def test_lambdas_within_each_other_are_read_once():
    with limited_cpu_time(30):
        planned(["f(lambda x: " * 60 + "x.append(1)" + ")" * 60, "first = 1"])


@pytest.mark.parametrize("chain", ["elif x:\n    y = 1\n" * 900, "x" + ".a" * 3000 + " = 1\n"])
def test_code_that_is_nested_deeper_than_the_stack_breaks_nothing(chain):
    planned([f"if x:\n    y = 1\n{chain}" if chain.startswith("elif") else chain, "first = 1"])
