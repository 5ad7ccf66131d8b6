"""A notebook as one variant has it: definitions moved into it, places named, imports that fit."""

import ast
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.errors import UserError
from autograder.errors import AssignmentError
from plumb.assignment_reader import read_assignment
from plumb.reference import reference_files
from plumb.release_files import harness_manifest, solved_files, stub_files
from plumb.sources import Conditions
from plumb.strip import answers_of
from plumb.variant import NameMap
from plumb.variant_notebook import cut_definition, variant_cells, without_definition
from tests.integration.conftest import MODULE, NOTEBOOK, VARIANT

PLACE = '\n# %% id="here" role="answer" defines="arithmetic.double"\n'
CELLS = 'cells = ["arithmetic.double"]\n'

# --- cutting a definition out ---------------------------------------------------------------------

LAYERS = '''\
"""Layers."""

import math
import numpy as np
from pocket.given import half, twice as double
from . import other

SIZE = 3


def first(x):
    """Uses some."""
    return np.sum(half(x)) + double(x)


# What stands before a decorator stays.
@other.wrap
class Second:
    """Uses math."""

    def run(self):
        # BEGIN SOLUTION run
        # TODO: x
        return math.pi
        # END SOLUTION run


def third():
    return 1
'''


@pytest.mark.parametrize(
    ("name", "imports"),
    [
        ("first", "import numpy as np\nfrom pocket.given import half, twice as double"),
        ("Second", "import math\nfrom . import other"),
        ("third", ""),
    ],
)
def test_a_definition_is_cut_out_with_the_imports_that_it_needs(name, imports):
    cut = cut_definition(LAYERS, "sub.layers", name, "layers.py")
    assert (cut.name, cut.imports) == (f"sub.layers.{name}", imports)
    (node,) = ast.parse(cut.source).body
    assert node.name == name


def test_decorators_and_a_marker_at_the_end_belong_to_a_definition():
    cut = cut_definition(LAYERS, "layers", "Second", "layers.py")
    assert cut.source.startswith("@other.wrap\nclass Second:")
    assert cut.source.endswith("return math.pi\n        # END SOLUTION run")
    rest = without_definition(LAYERS, "Second", "layers.py")
    assert "SOLUTION" not in rest
    assert "# What stands before a decorator stays.\n\n\ndef third" in rest


@pytest.mark.parametrize("name", ["fourth", "SIZE", "run", "half"])
def test_what_a_module_does_not_define_at_its_top_is_an_error(name):
    with pytest.raises(AssignmentError, match=rf"^layers\.py does not define {name}, which"):
        cut_definition(LAYERS, "layers", name, "layers.py")
    with pytest.raises(AssignmentError, match=name):
        without_definition(LAYERS, name, "layers.py")


def test_a_module_that_is_no_python_is_an_error_with_its_place():
    for act in (without_definition, lambda *a: cut_definition(a[0], "layers", *a[1:])):
        with pytest.raises(AssignmentError, match=r"^layers\.py:2: "):
            act("x = 1\ny = = 2\n", "f", "layers.py")


@st.composite
def modules(draw):
    """A module of functions, and the name of one of them."""
    count = draw(st.integers(1, 4))
    parts = []
    for number in range(count):
        body = draw(st.sampled_from(["return 1", "# TODO\n\n    return 1\n    # end", "pass"]))
        top = draw(st.sampled_from(["", "@other\n"]))
        parts.append(f"{top}def f{number}():\n    {body}\n")
        if draw(st.booleans()):
            parts.append(draw(st.sampled_from(["X = 1\n", "# A remark.\n", "import os\n"])))
    between = draw(st.sampled_from(["\n", "\n\n"]))
    return between.join(parts), f"f{draw(st.integers(0, count - 1))}"


@given(modules())
def test_the_cut_and_the_rest_together_are_the_module(module):
    source, name = module
    cut = cut_definition(source, "m", name, "m.py").source
    rest = without_definition(source, name, "m.py")
    if source.count("def ") == 1:
        assert rest is None
        return
    whole, left, taken = ast.parse(source), ast.parse(rest), ast.parse(cut).body
    place = [getattr(node, "name", "") for node in whole.body].index(name)
    left.body[place:place] = taken
    assert ast.dump(left) == ast.dump(whole)
    assert sorted(written(source)) == sorted(written(rest) + written(cut))


def written(source):
    return [line for line in source.splitlines() if line.strip()]


# --- a whole notebook -----------------------------------------------------------------------------


def cells_of(tmp_path, source, definitions=(), name_map=None, **holding):
    path = tmp_path / "N.py"
    path.write_text(source)
    known = frozenset(["double", "N", "colab"])
    conditions = Conditions(
        frozenset(["double"]), frozenset(["double"]), frozenset(["N"]), known,
        frozenset(["double"]), frozenset(one.name for one in definitions),
    )  # fmt: skip
    cells, remarks = variant_cells(
        path, conditions, name_map or NameMap("pocket", "purse"),
        {one.name: one for one in definitions}, "en", **holding,
    )  # fmt: skip
    assert remarks == []
    return {cell.id: cell for cell in cells}


def test_texts_name_the_file_or_the_cell_where_a_thing_is_written(tmp_path):
    source = '# %% [markdown] id="t"\n# Write it in [[arithmetic.double]], by [[sub.cnn.Net]].\n'
    flat = NameMap("pocket", "purse", ("sub",))
    cut = cut_definition(MODULE, "arithmetic", "double", "arithmetic.py")
    assert cells_of(tmp_path, source, name_map=flat)["t"].text == (
        "Write it in `purse/arithmetic.py`, by `purse/cnn.py`."
    )
    assert cells_of(tmp_path, source, [cut])["t"].text == (
        "Write it in the cell below, by `purse/sub/cnn.py`."
    )


def test_a_definition_is_put_into_its_cell_with_its_region(tmp_path):
    cut = cut_definition(MODULE, "arithmetic", "double", "arithmetic.py")
    cell = cells_of(tmp_path, NOTEBOOK.replace("import double", "import half") + PLACE, [cut])
    assert cell["here"].text == cut.source
    assert [region.id for region in cell["here"].regions] == ["double"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from pocket.arithmetic import double", ""),
        ("from pocket.arithmetic import double, half", "from purse.arithmetic import half"),
        ("from pocket.arithmetic import (\n    double,\n    half,\n)\nx = 1",
         "from purse.arithmetic import half\nx = 1"),
        ("from pocket.geometry import double", "from purse.geometry import double"),
        ("from elsewhere.arithmetic import double", "from elsewhere.arithmetic import double"),
        ("%matplotlib inline\nfrom pocket.arithmetic import double as d, half\n!ls",
         "%matplotlib inline\nfrom purse.arithmetic import half\n!ls"),
        ("x = double(3)", "x = double(3)"),
        ("from pocket.arithmetic import double, " + ", ".join(f"name_{n:02}" for n in range(12)),
         "from purse.arithmetic import (\n"
         + "".join(f"    name_{n:02},\n" for n in range(12)) + ")"),
    ],
)  # fmt: skip
def test_what_is_defined_in_the_notebook_is_not_imported(tmp_path, before, after):
    cut = cut_definition(MODULE, "arithmetic", "double", "arithmetic.py")
    magic = "\n".join(f"# {line}" if line[0] in "%!" else line for line in before.split("\n"))
    source = f'# %% id="setup" role="setup"\n{magic}\n'
    assert cells_of(tmp_path, source, [cut])["setup"].text == after
    untouched = cells_of(tmp_path, source)["setup"].text
    assert untouched == NameMap("pocket", "purse").text(before)


def test_a_cell_that_is_no_python_is_an_error_with_its_place(tmp_path):
    cut = cut_definition(MODULE, "arithmetic", "double", "arithmetic.py")
    source = '# %% id="setup" role="setup"\nfrom pocket.arithmetic import double\ny = = 2\n'
    with pytest.raises(AssignmentError, match=r"N\.py:3: cell setup: "):
        cells_of(tmp_path, source, [cut])


# --- the same in an assignment --------------------------------------------------------------------


def read(pocket):
    return read_assignment(pocket.folder / "assignment", pocket.folder / "solutions", "pocket")


def test_a_function_that_moves_is_written_in_the_notebook_and_nowhere_else(pocket):
    more = MODULE + "\n\ndef half(x):\n    return x / 2\n"
    pocket.write("solutions/pocket/arithmetic.py", more)
    pocket.write("assignment/variants/pocket.toml", VARIANT + CELLS)
    pocket.write("assignment/notebooks/Pocket.py", NOTEBOOK + PLACE)
    found = read(pocket)
    sources = list(reference_files(found))
    assert harness_manifest(found, sources).cells == {"arithmetic.double": "Pocket"}
    assert harness_manifest(found, sources).answer_files == ()
    module = stub_files(found, sources)["pocket/arithmetic.py"].decode()
    assert module == '"""Arithmetic."""\n\n\ndef half(x):\n    return x / 2\n'
    here = next(cell for cell in found.cells["Pocket"] if cell.id == "here")
    assert answers_of(here.text) == answers_of(MODULE)


def test_a_module_with_no_other_definition_is_left_out(pocket):
    pocket.write("assignment/variants/pocket.toml", VARIANT + CELLS)
    pocket.write("assignment/notebooks/Pocket.py", NOTEBOOK + PLACE)
    found = read(pocket)
    assert "pocket/arithmetic.py" not in solved_files(found, list(reference_files(found)))


FOLDERS = {
    "solutions/pocket/sub/__init__.py": '"""Sub."""\n',
    "solutions/pocket/sub/shapes.py": "from pocket.arithmetic import double\nSIDE = 1\n",
}


def test_a_flat_package_has_its_modules_beside_one_another(pocket):
    for name, text in FOLDERS.items():
        pocket.write(name, text)
    variant = VARIANT.replace('"pocket"', '"purse"') + 'layout = "flat"\n'
    pocket.write("assignment/variants/pocket.toml", variant)
    found = read(pocket)
    files = stub_files(found, list(reference_files(found)))
    assert {name for name in files if name.startswith("purse/")} == {
        "purse/__init__.py", "purse/arithmetic.py", "purse/given.py", "purse/shapes.py",
    }  # fmt: skip
    assert files["purse/shapes.py"] == b"from purse.arithmetic import double\nSIDE = 1\n"
    assert found.manifest.modules == {"sub.shapes": "shapes"}


def test_two_modules_that_would_get_one_name_are_an_error(pocket):
    for name, text in FOLDERS.items():
        pocket.write(name.replace("shapes", "given"), text)
    read(pocket)
    pocket.write("assignment/variants/pocket.toml", VARIANT + 'layout = "flat"\n')
    with pytest.raises(UserError, match=r"variants/pocket\.toml: .*sub/given\.py.*given\.py"):
        read(pocket)


def test_what_a_variant_does_not_ask_is_given_and_leaves_no_marker(pocket):
    more = MODULE + textwrap.dedent("""

        def half(x):
            # BEGIN SOLUTION half
            # TODO: x
            return x / 2
            # END SOLUTION half
        """)
    pocket.write("solutions/pocket/arithmetic.py", more)
    pocket.also_has("half")
    found = read(pocket)
    (source,) = [s for s in reference_files(found) if s.path == "pocket/arithmetic.py"]
    assert [region.id for region in source.regions] == ["double"]
    assert source.has_given_regions
    stub = stub_files(found, [source])["pocket/arithmetic.py"].decode()
    assert "    return x / 2\n" in stub
    assert "half" not in "".join(line for line in stub.splitlines() if "#" in line)
