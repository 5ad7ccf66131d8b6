"""Which answers are missing in modules with other stubs than ours, or with a name left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.missing_answers import missing_answers, missing_region
from autograder.core.stubs import definition_stub
from autograder.core.written_regions import regions_of, written_regions
from autograder.cpu_guard import limited_cpu_time

STUB = '''\
def given(x):
    return x


def forward(x):
    """Asked for."""
    # BEGIN YOUR CODE question.forward
    raise NotImplementedError("TODO: question.forward")
    # END YOUR CODE question.forward


class Net:
    def __init__(self):
        self.params = {}

    def loss(self, X):
        # BEGIN YOUR CODE net.loss
        raise NotImplementedError("TODO: net.loss")
        # END YOUR CODE net.loss
'''
WRITTEN = "class Net:\n    def loss(self, X):\n        return X.sum()\n\n\n"


def unwritten(source, path="layers.py"):
    return missing_answers({"layers.py": regions_of(STUB)}, {path: source.encode()})


def test_a_name_that_is_not_there_is_unwritten():
    assert unwritten("def given(x):\n    return x\n") == {
        "layers.forward": "question.forward",
        "layers.Net.loss": "net.loss",
    }


def test_what_is_there_is_written_unless_it_says_otherwise():
    assert unwritten(f"{WRITTEN}def forward(x):\n    return x + 1\n") == {}


def forward(body):
    """What is missing where this is the body of `forward`."""
    lines = "\n".join(f"    {line}" if line else "" for line in body.split("\n"))
    return unwritten(f"{WRITTEN}def forward(x, cache=None):\n{lines}\n")


STARTERS = [
    "out = None\n# ####\n# TODO: double it.  #\n# ####\npass\n# ####\n# END\nreturn out",
    "# *****START OF YOUR CODE (DO NOT DELETE)*****\n\npass\n\n# *****END OF YOUR CODE*****",
    "# TODO: everything\npass",
    "y = x\n\n# your implementation goes here\n\npass  # nothing yet\n# that was it\nreturn y",
    # Without a ``pass``: the editions since 2025.
    "out = None\n# ###\n# TODO: double it.\n# ###\n#\n# END OF YOUR CODE\ncache = (x, x)\n"
    "return out, cache",
    '"""Zeros."""\ndists = np.zeros((len(x), 3))\nfor i in range(3):\n    # TODO\n    #\n    pass\n'
    "return dists",
    "mode = x['mode']\nmask, out = None, None\nif mode == 'train':\n    # TODO\n    pass\n"
    "elif mode == 'test':\n    # TODO\n    pass\nelse:\n    raise ValueError(mode)\n"
    "cache = (x, mask)\nout = out.astype(x.dtype, copy=False)\nreturn out, cache",
    "x.setdefault('rate', 1e-2)\nv = x.get('velocity', np.zeros(3))\nnext_w = None\n# TODO\n#\n"
    "x['velocity'] = v\nreturn next_w, x",
    "N, D = x.shape\nscores = None\n# TODO\npass\nif cache is None:\n    return scores\n"
    "loss, grads = 0.0, {}\n# TODO: the loss\npass\nreturn loss, grads",
    "dx, z = None, cache\n# TODO\nreturn dx",
    "np.random.seed(x['seed'])\nmask = out = None\n# TODO\n#\ncache = (x, mask)\nreturn out, cache",
]
#: Nothing at all, with or without a comment.
EMPTY = [
    "pass",
    "...",
    '"""Double it."""',
    "return",
    "return None",
    "return ...",
    "# nothing yet\npass",
    "raise NotImplementedError",
    "raise NotImplementedError()",
    '"""Doc."""\n\npass\nreturn None',
    'raise NotImplementedError("I do not know")',
]
#: Answers that say what comes out, or print something, where a comment asks for an answer.
SAID = [
    "# TODO: double it.\nreturn 17.0",
    "# TODO: double it.\nreturn 0",
    "# TODO\nreturn -1",
    "# TODO: double it.\nreturn 'no idea'",
    "# TODO\nreturn True",
    "# TODO\nreturn 3, None",
    "out = None\n# TODO: double it.\nout = 17.0\n# END OF YOUR CODE\nreturn out",
    "# TODO: greet.\nprint('Hello', x)",
    "# TODO\nfor i in x:\n    print(i)",
    "raise ValueError('negative')",
]
#: Answers with a ``pass`` that was left, or with a comment that was left.
LEFT = [
    "# TODO: double it.\nout = x + x\npass\n# END OF YOUR CODE\nreturn out",
    "# TODO: double it.\npass\nout = x + x\n# END OF YOUR CODE\nreturn out",
    "for i in x:\n    pass\nreturn x",
    "# nothing is asked here\npass\n# nor here\nreturn x",
    # The seen case: real code above the TODO, or below the end of its place.
    "out = x + x\n# TODO: double it.\npass\n# END OF YOUR CODE\ncache = (x,)\nreturn out, cache",
    "out = None\n# TODO: double it.\npass\n# END OF YOUR CODE\nout = x + x\nreturn out",
    "if x is None:\n    # TODO\n    pass\nelse:\n    return x + 1",
    "out = x.copy()\n# TODO\npass\n# END\nout[x < 0] = 0\nreturn out",
    "dists = np.zeros((3, 3))\n# TODO\npass\n# END\nfor i in range(3):\n    dists[i] = x[i]\n"
    "return dists",
    "out = np.zeros(3)\nnp.add.at(out, 0, x)\n# TODO\npass\nreturn out",
    "out = np.empty(3)\nnp.exp(x, out=out)\n# TODO\npass\nreturn out",
    "return x + x\n# TODO\npass\n# END",
    "# TODO\npass\n# END\nresult = x @ x  # and no return",
    "out = None\n# TODO\npass\n# END\nresult = x @ x  # another name\nreturn out",
    "# TODO\npass\n# END\nx += 1",
    "# TODO\npass\n# END\nreturn helper(x)",
    "# TODO\npass\n# END\nyield x",
]


@pytest.mark.parametrize("body", [*STARTERS, *EMPTY])
def test_starter_code_of_another_edition_is_unwritten(body):
    assert forward(body) == {"layers.forward": "question.forward"}


@pytest.mark.parametrize("body", [*LEFT, *SAID])
def test_a_pass_beside_an_answer_is_not_starter_code(body):
    assert forward(body) == {}


@given(st.permutations(["out = x @ x", "# TODO: multiply.", "pass", "# END OF YOUR CODE"]))
def test_an_answer_is_written_wherever_the_pass_and_the_comments_stand(lines):
    assert forward("\n".join([*lines, "return out"])) == {}


@given(st.permutations(["out = None", "# TODO: multiply.", "pass", "cache = (x, x)", "# END"]))
def test_starter_code_is_unwritten_wherever_the_pass_and_the_comments_stand(lines):
    assert forward("\n".join([*lines, "return out, cache"])) != {}


INIT = """\
class Net:
    def __init__(self, hidden, dtype):
        super().__init__()
        self.params, self.layers = {{}}, 1 + len(hidden)
        # TODO: Initialize the weights.
        pass
        # END OF YOUR CODE
        {more}
        for k, v in self.params.items():
            self.params[k] = v.astype(dtype)
"""
INIT_STUB = (
    'class Net:\n    def __init__(self):\n        raise NotImplementedError("TODO: net.init")\n'
)


@pytest.mark.parametrize(
    ("more", "written"),
    [
        ("", False), ("self.params['W1'] = np.random.randn(3)", True),
        ("self.params.update(W1=np.ones(3))", True), ("self.set_up()", True),
    ],
)  # fmt: skip
def test_a_constructor_is_written_if_it_makes_something(more, written):
    modules = {"nets.py": INIT.format(more=more).encode()}
    found = missing_answers({"nets.py": regions_of(INIT_STUB)}, modules)
    assert (found == {}) == written


@pytest.mark.parametrize("source", ["", " \n\n", "\ufeff", "# nothing\n"])
def test_an_empty_module_is_unwritten(source):
    assert set(unwritten(source)) == {"layers.forward", "layers.Net.loss"}


@pytest.mark.parametrize(
    "source",
    [
        "from mine import forward, Net", "from mine import *", "import mine as forward, Net",
        "forward = Net = make()", "forward, Net = lambda x: x, Base",
        "try:\n    from mine import forward\nexcept ImportError:\n    def forward(x): pass\n"
        "class Net(Base):\n    pass",
        "if True:\n    def forward(x): return x + x\n    class Net:\n        loss = forward",
    ],
)  # fmt: skip
def test_what_is_defined_in_another_way_is_not_missing(source):
    assert unwritten(source) == {}


@pytest.mark.parametrize("source", ["print 'two'\n", "def forward(:\n", "\0", "(" * 5000])
def test_what_is_no_python_is_not_said_to_be_unwritten(source):
    assert unwritten(source) == {}


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("return x", True), ("return x, None", True), ("print(x)", True), ("return 0 * x", True),
        ("pass", False), ("return None  # later", False), ("", False), ("# return x", False),
        ("raise NotImplementedError('later')", False),
    ],
)  # fmt: skip
def test_whatever_stands_between_the_markers_of_this_edition_is_written(line, written):
    region = f"# BEGIN YOUR CODE question.forward\n# TODO: it.\n{line}\n# END YOUR CODE"
    assert (forward(f'"""Doc."""\n{region} question.forward') == {}) == written
    if line == "return x":  # the end of another region is none of this one
        assert forward(f"{region} question.other") != {}


def test_what_an_import_of_all_names_may_replace_is_not_missing():
    stub = "def forward(x):\n    pass\n"
    assert unwritten(f"{WRITTEN}{stub}from mine import *\n") == {}
    assert unwritten(f"from mine import *\n{WRITTEN}{stub}") == {
        "layers.forward": "question.forward"
    }


WHOLE_CLASS = regions_of("\n".join(definition_stub("Ring", "ring", is_class=True)))


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("@dataclass\nclass Ring:\n    n: int\n", True),
        ("class Ring:\n    def add(self, a, b):\n        return a + b\n", True),
        (
            "class Ring:\n    def __init__(self):\n        pass\n\n"
            "    def add(self, a):\n        return a + 1\n",
            True,
        ),
        ("class Ring(Base):\n    pass\n", True),
        ("Ring = namedtuple('Ring', 'n')\n", True),
        ("from rings import Ring\n", True),
        ("class Ring:\n    pass\n", False),
        ("class Ring:\n    def add(self, a, b):\n        pass\n", False),
        ("class Other:\n    n = 3\n", False),
        ("\n".join(definition_stub("Ring", "ring", is_class=True)), False),
    ],
)
def test_a_whole_class_may_be_written_without_a_constructor(source, written):
    missing = missing_answers({"rings.py": WHOLE_CLASS}, {"rings.py": source.encode()})
    assert missing == ({} if written else {"rings.Ring": "ring"})
    if "class" in source:
        assert written_regions(WHOLE_CLASS, source) == written


def test_a_file_that_was_not_handed_in_leaves_the_stub_to_speak():
    assert unwritten(WRITTEN, path="other.py") == {}


FOUND = {"layers.forward": "question.forward", "layers.Net.loss": "net.loss"}


@pytest.mark.parametrize(
    ("used", "region"),
    [
        (["layers.forward"], "question.forward"),
        (["layers.given", "layers.forward"], "question.forward"),
        (["layers.forward_too", "layers.Ne"], None),
        (["layers.Net", "….loss", "…"], "net.loss"),
        (["layers.Net", "….loss"], "net.loss"),  # it has no such method
        (["layers.Net", "….train", "…"], "net.loss"),  # that may call it
        (["layers.Net", "solver.Solver"], "net.loss"),
        # Only the constructor was called, and that is written.
        (["layers.Net"], None),
        (["layers.Net", "….params", "layers.Net"], None),
    ],
)
def test_a_check_runs_into_the_regions_of_what_it_calls(used, region):
    assert missing_region(used, FOUND) == region


def test_a_missing_constructor_counts_before_what_was_called():
    found = {"layers.Net.loss": "net.loss", "layers.Net.__init__": "net.init"}
    assert missing_region(["layers.Net", "….loss", "…"], found) == "net.init"


@pytest.mark.parametrize(
    "body",
    ["#\n" * 200_000 + "    " + "pass;" * 80_000 + "pass", "# " + "your " * 100_000 + "\n    pass"],
    ids=["many", "long"],
)
def test_comments_without_end_are_read_once(body):
    """If each ``pass`` had the comments read again, a submission would take hours."""
    with limited_cpu_time(60):
        assert unwritten(f"{WRITTEN}def forward(x):\n    y = x\n    {body}\n") == {}
