"""Cells that are there under conditions, parts put in, and what a cell's header may say."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import AssignmentError, MarkerError
from plumb.sources import Conditions, read_cells, read_notebook, select_cells

QUESTIONS, NOTEBOOKS, FEATURES = ("affine", "relu"), ("One", "Two"), ("colab",)
KNOWN = frozenset([*QUESTIONS, *NOTEBOOKS, *FEATURES])
ANSWER = """\
# %% id="{0}" role="answer"
# BEGIN SOLUTION {0}
# TODO: x
x = 1
# END SOLUTION {0}
"""
names = st.sampled_from(sorted(KNOWN))
subsets = st.frozensets(names)


def conditions(here=(), asked=(), present=(), cells=()):
    return Conditions(
        here=frozenset(here),
        asked=frozenset({*here, *asked}),
        present=frozenset(present),
        known=KNOWN,
        questions=frozenset(QUESTIONS),
        cells=frozenset(cells),
    )


def ids(source, holding):
    return [cell.id for cell in select_cells(read_cells(source, "n.py"), holding)]


# --- when -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "holding", "there"),
    [
        ("", {}, True),
        ("affine", {"here": ["affine"]}, True),
        ("affine", {"asked": ["affine"]}, False),
        ("affine", {}, False),
        ("not affine", {}, True),
        ("not affine", {"here": ["affine"]}, False),
        ("not affine", {"asked": ["affine"]}, False),
        ("Two", {"present": ["Two"]}, True),
        ("Two", {"present": ["One"]}, False),
        ("not Two", {"present": ["One"]}, True),
        ("not Two", {"present": ["Two"]}, False),
        ("colab", {"present": ["colab"]}, True),
        ("affine, colab", {"here": ["affine"]}, False),
        ("affine, colab", {"here": ["affine"], "present": ["colab"]}, True),
        ("affine, not colab", {"here": ["affine"]}, True),
    ],
)
def test_a_cell_is_there_when_all_its_conditions_hold(when, holding, there):
    source = f'# %% id="a" when="{when}"\nx = 1\n'
    assert ids(source, conditions(**holding)) == ["a"] * there


@given(names, subsets, subsets)
def test_a_condition_and_its_negation_never_hold_both(name, here, present):
    source = f'# %% id="yes" when="{name}"\nx = 1\n\n# %% id="no" when="not {name}"\ny = 1\n'
    holding = conditions(here & set(QUESTIONS), (), present - set(QUESTIONS))
    assert len(ids(source, holding)) == 1  # and one of them does, as nothing is asked elsewhere


@pytest.mark.parametrize("when", ["afine", "not afine", "affine, afine"])
def test_an_unknown_condition_is_an_error_with_its_place(when):
    source = f'# %% id="e"\nx = 1\n\n# %% id="a" when="{when}"\ny = 1\n'
    words = r"^n\.py:4: cell a has the condition 'afine', which is no question, notebook or feature"
    with pytest.raises(AssignmentError, match=words):
        ids(source, conditions(here=["affine"]))


SECTIONS = """\
# %% [markdown] id="title"
# # Title

# %% [markdown] id="affine-text" when="affine"
# ## Affine

# %% id="affine-try"
x = 1

# %% [markdown] id="affine-more"
# ### More of it

# %% [markdown] id="end"
# ## The end

# %% id="last"
z = 1
"""


def test_a_headings_conditions_hold_for_its_section():
    assert ids(SECTIONS, conditions(here=["affine"])) == [
        "title", "affine-text", "affine-try", "affine-more", "end", "last",
    ]  # fmt: skip
    assert ids(SECTIONS, conditions()) == ["title", "end", "last"]


def test_a_check_and_an_answer_are_there_where_their_question_is_asked():
    source = f'# %% id="c"\ncheck("affine")\n\n{ANSWER.format("affine")}\n' + ANSWER.format(
        "relu"
    ).replace("SOLUTION relu", "SOLUTION relu.first")
    assert ids(source, conditions(here=["affine"])) == ["c", "affine"]
    assert ids(source, conditions(here=["relu"], asked=["affine"])) == ["relu"]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (ANSWER.format("afine"), 2),
        (ANSWER.format("afine").replace("SOLUTION afine", "SOLUTION afine.part"), 2),
        ('# %% [markdown] id="a"\n# <!-- BEGIN SOLUTION afine -->\n# <!-- TODO: x -->\n# Yes.\n'
         "# <!-- END SOLUTION afine -->\n", 2),
    ],
    ids=["region", "part", "prose"],
)  # fmt: skip
def test_a_cell_with_an_unknown_question_does_not_vanish(source, line):
    source = source.replace('id="a"\n', 'id="a" role="answer"\n')
    words = rf"^n\.py:{line}: there is no question 'afine' in .*; did you mean 'affine'\?$"
    with pytest.raises(AssignmentError, match=words):
        ids(source, conditions(here=["affine"]))


@given(subsets, subsets)
def test_cells_are_only_left_out_and_keep_their_order(here, present):
    source = SECTIONS + ANSWER.format("relu") + '\n# %% id="c" when="not Two"\ncheck("affine")\n'
    every = [cell.id for cell in read_cells(source, "n.py")]
    left = ids(source, conditions(here & set(QUESTIONS), (), present))
    assert left == [one for one in every if one in left]
    assert {"title", "end", "last"} <= set(left)


# --- include --------------------------------------------------------------------------------------

WITH_PART = '# %% id="a"\nx = 1\n\n# %% include="helpers"\n\n# %% id="z"\ny = 1\n'


def written(folder, part, source=WITH_PART):
    (folder / "parts").mkdir()
    (folder / "parts" / "helpers.py").write_text(part)
    (folder / "N.py").write_text(source)
    return folder / "N.py"


def test_a_part_is_put_in_where_it_is_asked_for_and_keeps_its_own_places(tmp_path):
    path = written(tmp_path, '# %% id="b" role="setup"\nimport os\n\n' + ANSWER.format("c"))
    cells = read_notebook(path)
    assert [cell.id for cell in cells] == ["a", "b", "c", "z"]
    assert [(cell.file, cell.line) for cell in cells] == [
        (str(path), 2), (str(tmp_path / "parts/helpers.py"), 2),
        (str(tmp_path / "parts/helpers.py"), 5), (str(path), 7),
    ]  # fmt: skip
    assert cells[2].regions[0].line == 5


@pytest.mark.parametrize(
    ("part", "kind", "place", "words"),
    [
        (
            '# %% id="a"\nx = 1\n',
            AssignmentError,
            "parts/helpers.py:1: ",
            "is already used in line 1 of",
        ),
        ("# %%\nx = 1\n", AssignmentError, "parts/helpers.py:1: ", "needs an id"),
        ('# %% id="b"\n# END SOLUTION b\n', MarkerError, "parts/helpers.py:2: ", "stray"),
    ],
)
def test_an_error_in_a_part_has_its_place_there(tmp_path, part, kind, place, words):
    path = written(tmp_path, part)
    with pytest.raises(kind, match=words) as caught:
        read_notebook(path)
    assert str(caught.value).startswith(f"{tmp_path}/{place}")


def test_a_region_stands_in_a_notebook_or_in_its_part(tmp_path):
    path = written(tmp_path, ANSWER.format("c"))
    path.write_text(WITH_PART + "\n" + ANSWER.format("c").replace('id="c"', 'id="d"'))
    with pytest.raises(MarkerError, match=rf"^{path}:10: .* already, at {tmp_path}/parts/helpers"):
        read_notebook(path)


def test_a_part_that_there_is_not_is_an_error_with_the_place_that_asks_for_it(tmp_path):
    path = written(tmp_path, "", WITH_PART.replace("helpers", "helper"))
    with pytest.raises(AssignmentError) as caught:
        read_notebook(path)
    assert str(caught.value) == f"{path}:4: there is no part {tmp_path}/parts/helper.py"


def test_a_notebook_that_there_is_not_is_an_error(tmp_path):
    with pytest.raises(AssignmentError, match=r"N\.py: No such file or directory$"):
        read_notebook(tmp_path / "N.py")


# --- defines, points ------------------------------------------------------------------------------


def test_a_place_for_a_definition_is_there_where_the_definition_is():
    source = '# %% id="a" role="answer" defines="layers.relu"\n\n# %% id="b"\nx = 1\n'
    assert ids(source, conditions(cells=["layers.relu"])) == ["a", "b"]
    assert ids(source, conditions(cells=["layers.affine"])) == ["b"]
    assert read_cells(source, "n.py")[0].defines == "layers.relu"


PROSE = """\
# %% [markdown] id="why" role="answer" {}
# <!-- BEGIN SOLUTION why -->
# <!-- TODO: Why? -->
# Because.
# <!-- END SOLUTION why -->
"""


@pytest.mark.parametrize(("said", "points"), [("", 0), ("points=2", 2), ("points=0.5", 0.5)])
def test_an_answer_in_prose_has_points(said, points):
    assert read_cells(PROSE.format(said), "n.py")[0].points == points


@pytest.mark.parametrize(
    "source",
    [
        PROSE.format("points=-1"),
        PROSE.format('points="two"'),
        ANSWER.format("a").replace('role="answer"', 'role="answer" points=2'),
        '# %% id="a" points=1\nx = 1\n',
    ],
)
def test_points_stand_on_no_other_cell_and_are_a_number(source):
    with pytest.raises(AssignmentError, match=re.escape("n.py:1: cell ")) as caught:
        read_cells(source, "n.py")
    assert "a number, and only an answer in Markdown has them" in str(caught.value)
