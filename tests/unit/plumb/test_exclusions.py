"""What a variant leaves out: whole files and single definitions, never what is needed."""

import ast
import functools
import re

import pytest

from autograder.core.errors import UserError
from plumb.assignment_reader import read_assignment
from plumb.config import variants
from plumb.reference import reference_files
from plumb.regions import find_regions
from plumb.release_files import stub_files
from tests.integration.conftest import MODULE, NOTEBOOK, ROOT, VARIANT
from tests.real_assignment import real_assignment

VARIANTS = variants(ROOT / "assignment")
MORE = '''

def treble(x):
    """Thrice x."""
    return x + double(x)


def halve(x):
    """Half of x."""
    return x / 2
'''


@functools.cache
def assignment(variant):
    return real_assignment(variant)


@functools.cache
def package(variant):
    """The modules of a variant's student package, parsed, by their dotted names."""
    found = assignment(variant)
    files = stub_files(found, list(reference_files(found)))
    return {
        name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): ast.parse(data)
        for name, data in files.items()
        if name.endswith(".py") and name != "setup.py"
    }


def own_cells(variant):
    """The code of a variant's notebooks, solutions included."""
    for cells in assignment(variant).cells.values():
        for cell in cells:
            if cell.kind == "code":
                yield ast.parse(re.sub(r"^([ \t]*)[%!].*$", r"\1pass", cell.text, flags=re.M))


def imports(tree):
    """The dotted names that a module or a cell imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def words(tree):
    """The names that a piece of code uses: of variables, attributes and imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def top_level(tree):
    return [n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))]


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_module_is_shipped_to_be_written_or_because_something_imports_it(variant):
    found, modules = assignment(variant), package(variant)
    asked = {s.path for s in reference_files(found) if s.regions}
    needed = {path.removesuffix(".py").replace("/", ".") for path in asked}
    needed |= {name for tree in own_cells(variant) for name in imports(tree)}
    reached = {name for name in needed if name in modules}
    while more := {n for m in reached for n in imports(modules[m]) if n in modules} - reached:
        reached |= more
    inits = {name for name in modules if any(other.startswith(f"{name}.") for other in modules)}
    assert set(modules) - reached - inits == set()
    assert inits <= {found.package, f"{found.package}.classifiers"}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_solution_is_given_only_where_something_else_uses_it(variant):
    """A function or class that is to be written elsewhere, and is given here."""
    found, modules = assignment(variant), package(variant)
    given = set()
    for path in sorted(found.package_source.rglob("*.py")):
        text = path.read_text("utf-8")
        for node in top_level(ast.parse(text)):
            ids = [r.id for r in find_regions(text) if node.lineno <= r.line <= node.end_lineno]
            questions = {one.partition(".")[0] for one in ids}
            if questions and not questions & found.asked:
                given.add(node.name)
    sources = [s for s in reference_files(found) if s.path.endswith(".py")]
    whole = [ast.parse(source.data) for source in sources]
    shipped = {node.name for tree in modules.values() for node in top_level(tree)}
    unused = {
        name
        for name in given & shipped
        if not any(name in words(tree) for tree in own_cells(variant))
        and not any(
            name in words(node)
            for tree in whole
            for node in tree.body
            if getattr(node, "name", "") != name
        )
    }
    if f"{found.package}.solver" in modules:  # which finds its rules by their names
        unused -= {node.name for node in top_level(modules[f"{found.package}.optim"])}
    assert unused == set()


#: Definitions of the same mathematics: where one is asked, the others are asked too, or not there.
ALIKE = {
    "two_layer_net": ("two_layer_net", "FullyConnectedNet"),
    "affine_forward": ("two_layer_net",),
    "affine_backward": ("two_layer_net",),
    "relu_backward": ("two_layer_net",),
    "softmax_loss": ("two_layer_net",),
    "fully_connected_net": ("two_layer_net",),
    "sgd_momentum": ("ClassifierTrainer",),
    "rmsprop": ("ClassifierTrainer",),
    "trainer_momentum": ("sgd_momentum",),
    "trainer_rmsprop": ("rmsprop", "adam"),
    "three_layer_convnet": ("two_layer_convnet",),
    "two_layer_convnet": ("ThreeLayerConvNet",),
    "neural_net": ("TwoLayerNet", "FullyConnectedNet"),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_answer_can_be_had_from_a_given_definition_of_the_same_mathematics(variant):
    found = assignment(variant)
    stubbed = {}
    for source in reference_files(found):
        if source.path.endswith(".py"):
            for node in top_level(ast.parse(source.data)):
                within = [r for r in source.regions if node.lineno <= r.line <= node.end_lineno]
                stubbed[node.name] = bool(within)
    for question in found.asked & set(ALIKE):
        for name in ALIKE[question]:
            assert stubbed.get(name, True), f"{name} is given, and {question} is asked"


@pytest.fixture
def fuller(pocket):
    """The assignment with more that it does not ask for."""
    pocket.write("solutions/pocket/arithmetic.py", MODULE + MORE)
    pocket.write("solutions/pocket/deep/__init__.py", "")
    pocket.write("solutions/pocket/deep/more.py", "from .. import given\n\n\ndef f(): given.half\n")
    return pocket


def omitting(pocket, *names):
    listed = ", ".join(f'"{name}"' for name in names)
    pocket.write("assignment/variants/pocket.toml", f"{VARIANT}omit = [{listed}]\n")
    return read_assignment(pocket.folder / "assignment", pocket.folder / "solutions", "pocket")


def test_files_and_definitions_are_left_out_of_all_that_is_built(fuller):
    found = omitting(fuller, "arithmetic.treble", "given.py", "deep/*")
    files = {source.path: source.data.decode() for source in reference_files(found)}
    assert set(files) == {"pocket/__init__.py", "pocket/arithmetic.py", "pyproject.toml"}
    text = files["pocket/arithmetic.py"]
    assert "treble" not in text
    assert "def double" in text
    assert "def halve" in text
    fuller.release()
    for name, top in (("student.zip", ""), ("harness.zip", "package/")):
        members = fuller.members(name)
        assert f"{top}pocket/given.py" not in members
        assert b"treble" not in members[f"{top}pocket/arithmetic.py"]


def test_a_star_stands_for_any_letters(fuller):
    assert omitting(fuller, "arithmetic.[th]*").exclusions.definitions == {
        "arithmetic.treble", "arithmetic.halve",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("arithmetic.tripple", "no such function or class; there are arithmetic.double, arith"),
        ("algebra.double", "no such function or class; there are __init__.py, arithmetic.py"),
        ("algebra.py", "no such file; there are __init__.py, arithmetic.py, deep/__init__.py"),
        ("deep/less.py", "no such file; there are deep/__init__.py, deep/more.py"),
    ],
)
def test_an_unknown_name_is_an_error_that_tells_what_there_is(fuller, name, words):
    with pytest.raises(UserError) as caught:
        omitting(fuller, name)
    message = f"variants/pocket.toml: omit names {name!r}, and the reference has {words}"
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("path", "text", "omit", "words"),
    [
        ("", "", "given.py", "pocket/deep/more.py:1 uses given.py"),
        ("", "", "given.half", "pocket/deep/more.py:4 uses given.half"),
        ("", "", "arithmetic.double", "arithmetic.py:6 holds an answer to the question double"),
        ("", "", "arithmetic.py", "Pocket.py:5 uses arithmetic.py"),
        ("solutions/pocket/use.py", "import pocket.given as g\n\nx = g.half(1)\n", "given.half",
         "pocket/use.py:3 uses given.half"),
        ("solutions/pocket/use.py", "from pocket.given import half\n", "given.half",
         "pocket/use.py:1 uses given.half"),
        ("solutions/pocket/arithmetic.py", MODULE + MORE + "\n\nthrice = treble\n",
         "arithmetic.treble", "pocket/arithmetic.py:23 uses arithmetic.treble"),
        ("assignment/notebooks/Pocket.py", NOTEBOOK + "from pocket import arithmetic as a\n\n"
         '# %% id="later"\na.halve(2)\n', "arithmetic.halve", "Pocket.py:12 uses arithmetic.halve"),
        ("assignment/notebooks/Pocket.py", NOTEBOOK + '\n# %% [markdown] id="see"\n'
         "# See [[given.half]].\n", "given.py", "Pocket.py:11 names given.py"),
    ],
)  # fmt: skip
def test_what_is_left_out_and_used_is_an_error_with_its_place(fuller, path, text, omit, words):
    if path:
        fuller.write(path, text)
    with pytest.raises(UserError, match="omit leaves out what is needed") as caught:
        omitting(fuller, omit)
    assert words in str(caught.value)


def test_a_definition_is_either_in_a_notebook_or_left_out(fuller):
    cells = 'cells = ["arithmetic.double"]\nomit = ["arithmetic.double"]\n'
    fuller.write("assignment/variants/pocket.toml", VARIANT + cells)
    with pytest.raises(UserError, match=r"arithmetic\.double is both in cells and in omit"):
        read_assignment(fuller.folder / "assignment", fuller.folder / "solutions", "pocket")
