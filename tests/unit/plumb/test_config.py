"""What stands in TOML: every mistake in it is a sentence with its place."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.errors import UserError
from autograder.harness import Kind
from plumb.assignment_reader import read_assignment
from plumb.config import languages, read_assignment_file, read_titles, read_variant, variants
from tests.integration.conftest import ASSIGNMENT, CHECKS, MODULE, NOTEBOOK, ROOT, VARIANT

TWICE = ASSIGNMENT[ASSIGNMENT.index("[[questions]]") :]
MORE = """\
[[questions]]
id = "why"
title = "Why?"
notebooks = ["Pocket"]
kind = "prose"
rubric = "Two points for a reason."
"""
WHY = """
# %% [markdown] id="why" role="answer" points=2
# <!-- BEGIN SOLUTION why -->
# <!-- TODO: Why? -->
# Because.
# <!-- END SOLUTION why -->
"""


def read(pocket, variant="pocket"):
    return read_assignment(pocket.folder / "assignment", pocket.folder / "solutions", variant)


def test_a_description_says_what_there_is(pocket):
    found = read_assignment_file(pocket.folder / "assignment")
    assert (found.name, found.package) == ("pocket", "pocket")
    assert [one.id for one in found.questions] == ["double"]
    assert found.questions[0].kind is Kind.CODE


def test_a_folder_without_a_description_says_which_to_name(tmp_path):
    with pytest.raises(UserError, match=r"assignment\.toml does not exist; .* --assignment"):
        read_assignment_file(tmp_path)


def test_variants_are_found_by_their_files_in_order(pocket):
    folder = pocket.folder / "assignment"
    pocket.write("assignment/variants/another.toml", VARIANT)
    pocket.write("assignment/variants/titles.zh", "")
    pocket.write("assignment/variants/notes.txt", "")
    assert variants(folder) == ["another", "pocket"]
    with pytest.raises(UserError, match=r"no variant 'other'; there are: another, pocket$"):
        read_variant(folder, "other")


def test_without_any_variant_none_is_named(tmp_path):
    assert variants(tmp_path) == []
    with pytest.raises(UserError, match=r"no variant 'other'; there are: none$"):
        read_variant(tmp_path, "other")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("package = \n", "pocket.toml:1: this is not TOML"),
        ('package = "pocket"\n', "`notebooks`"),
        ('notebooks = ["Pocket"]\n', "`package`"),
        (f"{VARIANT}nonsense = 1\n", "pocket.toml:3: Object contains unknown field `nonsense`"),
        (
            f'{VARIANT}layout = "round"\n',
            "pocket.toml:3: Invalid enum value",
        ),
        (f'{VARIANT}points = "many"\n', "`$.points`"),
        (f'{VARIANT}without = "double"\n', "`$.without`"),
        (f'{VARIANT}[markers]\ncode = {{ begin = "B" }}\n', "`end`"),
        (f"{VARIANT}[markers]\nmath = 1\n", "`math` - at `$.markers`; known are: code, prose"),
        (f'{VARIANT}[handin]\nsuffix = ".pdf"\n', "`suffix`"),
        (f"{VARIANT}[leaderboard]\nphases = 1.5\n", "`$.leaderboard.phases`"),
        (f"{VARIANT}[question_points]\ndouble = true\n", "`$.question_points[...]`"),
        (f"{VARIANT}{VARIANT}", "pocket.toml:3: "),
    ],
)
def test_a_variants_file_that_is_wrong_is_an_error_with_its_place(pocket, text, words):
    """It names the file and what in it is wrong; the reader of TOML chooses its other words."""
    pocket.write("assignment/variants/pocket.toml", text)
    with pytest.raises(UserError) as caught:
        read(pocket)
    assert str(caught.value).startswith(f"{pocket.folder}/assignment/variants/pocket.toml:")
    assert words in str(caught.value)


def test_so_is_one_of_another_encoding(pocket):
    path = pocket.folder / "assignment/variants/pocket.toml"
    path.write_bytes(f'{VARIANT}title = "Élan"\n'.encode("latin-1"))
    with pytest.raises(UserError, match=r"variants/pocket\.toml:3: this is not UTF-8"):
        read(pocket)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('notebooks = ["Pocket", "Pouch"]', "no notebook 'Pouch'; there are Pocket"),
        ('without = ["treble"]', "no question 'treble'; there are double"),
        ('only = ["treble"]', "no question 'treble'; there are double"),
        ("question_points = { treble = 1 }", "no question 'treble'; there are double"),
        ('features = ["collab"]', "no feature 'collab'; there are colab, leaderboard"),
    ],
)
def test_a_name_that_there_is_not_is_told_with_those_that_there_are(pocket, line, words):
    lines = [one for one in VARIANT.splitlines() if not line.startswith(one.split()[0])]
    pocket.write("assignment/variants/pocket.toml", "\n".join([*lines, line]))
    with pytest.raises(UserError, match=re.escape(f"variants/pocket.toml: {words}")):
        read(pocket)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"pocket"', '"numpy"', "package = 'numpy' is already the name of another package"),
        ('"pocket"', '"Random"', "package = 'Random' is already the name of another package"),
        ('"pocket"', '"selfcheck"', "package = 'selfcheck' is already the name of another package"),
        ('"pocket"', '"HW5 code"', "package = 'HW5 code' cannot be imported; a package's name is"),
        ('"pocket"', '"5hw"', "package = '5hw' cannot be imported"),
        ('"pocket"', '"class"', "package = 'class' cannot be imported"),
        ('"pocket"', '""', "package = '' cannot be imported"),
        ('["Pocket"]', "[]", "notebooks = [] leaves nothing to do; name at least one"),
        ('["Pocket"]', '["Pocket", "Pocket"]', "notebooks has 'Pocket' more than once"),
        ("", "[leaderboard]\nphases = 0\n",
         "leaderboard.phases = 0; it is a whole number, 1 or more"),
        ("", "[leaderboard]\nclasses = 1\n",
         "leaderboard.classes = 1; it is a whole number, 2 or more"),
        ("", '[markers]\ncode = { begin = "X", end = "X " }\n',
         "markers.code: begin and end are both 'X'; they must differ"),
        ("", '[markers]\nprose = { begin = "X", end = "" }\n',
         "markers.prose: begin and end are words, and one of them is empty"),
        ("", '[handin]\nsuffixes = ["ipynb", ".pdf"]\n',
         "handin.suffixes has 'ipynb'; a suffix is a dot and small letters or digits"),
        ("", '[handin]\nsuffixes = [".pdf", ".pdf"]\n', "handin.suffixes has '.pdf' more than"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_a_sentence_that_begins_with_its_key(pocket, old, new, words):
    text = VARIANT.replace(old, new, 1) if old else VARIANT + new
    pocket.write("assignment/variants/pocket.toml", text)
    with pytest.raises(UserError) as caught:
        read(pocket)
    assert str(caught.value).startswith(f"variants/pocket.toml: {words}")


def test_all_that_is_wrong_with_a_variant_is_told_at_once(pocket):
    text = 'package = "numpy"\nnotebooks = []\n[leaderboard]\nphases = 0\n'
    pocket.write("assignment/variants/pocket.toml", text)
    with pytest.raises(UserError) as caught:
        read(pocket)
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("points = 3", "variants/pocket.toml says 3 points, and its checks add up to 4"),
        ("question_points = { double = 0 }", "question double cannot be worth 0 points"),
        ("question_points = { double = -1 }", "question double cannot be worth -1 points"),
        ('cells = ["arithmetic.double"]', 'no cell has defines="arithmetic.double"'),
        ('cells = ["arithmetic.treble"]', "arithmetic.py does not define treble"),
        ('cells = ["geometry.area"]', "geometry.py does not exist: a variant has geometry.area"),
    ],
)
def test_what_contradicts_the_rest_of_the_assignment_is_an_error(pocket, line, words):
    pocket.write("assignment/variants/pocket.toml", f"{VARIANT}{line}\n")
    with pytest.raises(UserError, match=re.escape(words)):
        read(pocket)


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("assignment.toml", ASSIGNMENT + TWICE, "assignment.toml has double more than once"),
        ("assignment.toml", ASSIGNMENT.replace('package = "pocket"', 'package = "purse"'),
         "the assignment's reference is the package 'purse'; name the folder"),
        ("assignment.toml", ASSIGNMENT.replace("title = \"Doubling\"", 'titel = "Doubling"'),
         "`titel` - at `$.questions[0]`"),
        ("assignment.toml", ASSIGNMENT.replace('["Pocket"]', '["Pocket"]\nkind = "essay"'),
         "'essay'"),
        ("assignment.toml", ASSIGNMENT.replace('["Pocket"]', '["Pocket"]\nkind = "choice"'),
         "doubles.py:6: question double is a question with options, so its check plain_case would"),
        ("assignment.toml", ASSIGNMENT.replace('["Pocket"]', '["Pocket"]\nkind = "prose"'),
         "doubles.py:12: question double is answered in prose, which a person grades, so it has"),
        ("assignment.toml", ASSIGNMENT + MORE.replace("prose", "choice"),
         "assignment.toml: question why is a question with options, and no check looks at it;"),
        ("assignment.toml", ASSIGNMENT + MORE.replace("prose", "code"),
         "question why has no check that every variant asks; add one"),
        ("checks/doubles.py", CHECKS.replace('"double", points=1, seed=3',
         '"double", points=1, seed=3, needs=("half",)'),
         "check lurking_single names 'half': there is no question 'half' in assignment.toml"),
        ("notebooks/Pocket.py", NOTEBOOK.replace('id="try"', 'id="try" when="treble"'),
         "Pocket.py:7: cell try has the condition 'treble', which is no question"),
    ],
)  # fmt: skip
def test_an_assignment_that_contradicts_itself_is_an_error(pocket, path, text, words):
    pocket.write(f"assignment/{path}", text)
    with pytest.raises(UserError, match=re.escape(words)):
        read(pocket)


@pytest.fixture
def two_notebooks(pocket):
    """The assignment with a second notebook that a variant has too."""
    notebook = '\n[[notebooks]]\nname = "Pouch"\ntitle = "Pouch"\n'
    asked = MORE.replace('["Pocket"]', '["Pocket", "Pouch"]')
    pocket.write("assignment/assignment.toml", ASSIGNMENT + notebook + asked)
    for name in ("Pocket", "Pouch"):
        pocket.write(f"assignment/notebooks/{name}.py", NOTEBOOK + WHY)
    text = VARIANT.replace('"Pocket"]', '"Pouch", "Pocket"]')
    pocket.write("assignment/variants/pocket.toml", text)
    pocket.write("assignment/variants/pouch.toml", VARIANT.replace('"Pocket"', '"Pouch"'))
    return pocket


def test_a_question_is_asked_in_the_first_of_its_notebooks_that_a_variant_has(two_notebooks):
    both, alone = read(two_notebooks), read(two_notebooks, "pouch")
    assert [(q.id, q.notebook) for q in both.questions] == [("why", "Pouch"), ("double", "Pocket")]
    assert [(q.id, q.notebook) for q in alone.questions] == [("why", "Pouch")]
    assert [check.id for check in alone.checks] == []
    answers = {n: [c.id for c in own if c.role == "answer"] for n, own in both.cells.items()}
    assert answers == {"Pouch": ["why"], "Pocket": []}


def test_a_definition_goes_into_one_notebook_only(two_notebooks):
    place = '\n# %% id="here" role="answer" defines="arithmetic.double"\n'
    for name in ("Pocket", "Pouch"):
        two_notebooks.write(f"assignment/notebooks/{name}.py", NOTEBOOK + WHY + place)
    found = read(two_notebooks, "pouch")
    assert "here" not in [cell.id for cell in found.cells["Pouch"]]
    path = two_notebooks.folder / "assignment/variants/pocket.toml"
    path.write_text(f'{path.read_text()}cells = ["arithmetic.double"]\n')
    with pytest.raises(UserError, match="the answer cell here stands in two notebooks"):
        read(two_notebooks)


LARGE = """

@check("double", points=2, seed=9, when="large")
def lurking_giant(student, rng):
    \"\"\"Only variants with this feature have it.\"\"\"
    return {"double": student.arithmetic.double(1e9)}
"""


def test_a_check_of_a_feature_belongs_to_variants_that_have_it(pocket):
    pocket.write("assignment/checks/doubles.py", CHECKS + LARGE)
    pocket.write("assignment/assignment.toml", f'features = ["large"]\n{ASSIGNMENT}')
    pocket.write("assignment/variants/bold.toml", f'{VARIANT}features = ["large"]\n')
    plain, bold = read(pocket), read(pocket, "bold")
    names = [check.name for check in plain.checks]
    assert [check.name for check in bold.checks] == [*names, "lurking_giant"]
    assert bold.manifest.features == ("large",)


def test_points_of_a_question_are_those_of_the_checks_that_a_variant_has(pocket):
    pocket.write("assignment/checks/doubles.py", CHECKS + LARGE)
    pocket.write("assignment/assignment.toml", f'features = ["large"]\n{ASSIGNMENT}')
    text = f"{VARIANT}points = 6\nquestion_points = {{ double = 6 }}\n"
    pocket.write("assignment/variants/pocket.toml", text)
    assert sum(check.points for check in read(pocket).checks) == 6


def test_a_check_of_an_unknown_feature_is_an_error(pocket):
    pocket.write("assignment/checks/doubles.py", CHECKS + LARGE)
    words = "check lurking_giant has when='large', which is no feature of assignment.toml; there"
    with pytest.raises(UserError, match=re.escape(words)):
        read(pocket)


def test_points_of_a_variant_are_its_questions_and_its_cells(pocket):
    pocket.write("assignment/assignment.toml", ASSIGNMENT + MORE)
    pocket.write("assignment/notebooks/Pocket.py", NOTEBOOK + WHY)
    text = f"{VARIANT}points = 6\nquestion_points = {{ double = 6 }}\n"
    pocket.write("assignment/variants/pocket.toml", text)
    found = read(pocket)
    assert {check.name: check.points for check in found.checks} == {
        "plain_case": 1.5, "lurking_vector": 3, "lurking_single": 1.5,
    }  # fmt: skip
    assert {q.id: (q.hand_points, q.rubric) for q in found.questions} == {
        "double": (0, ""), "why": (2, "Two points for a reason."),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("", ["double", "why"]),
        ('without = ["why"]', ["double"]),
        ('only = ["why"]', ["why"]),
        ('only = ["why", "double"]', ["double", "why"]),
        ('only = ["why", "double"]\nwithout = ["double"]', ["why"]),
    ],
)
def test_a_variant_asks_only_some_questions_or_all_but_some(pocket, line, asked):
    pocket.write("assignment/assignment.toml", ASSIGNMENT + MORE)
    pocket.write("assignment/notebooks/Pocket.py", NOTEBOOK + WHY)
    pocket.write("assignment/variants/pocket.toml", f"{VARIANT}{line}\n")
    found = read(pocket)
    assert [question.id for question in found.questions] == asked
    assert {check.question for check in found.checks} == {"double"} & set(asked)
    assert found.asked == set(asked)


def test_titles_take_the_place_of_the_english_ones_where_there_are_any(pocket):
    pocket.write("assignment/assignment.toml", ASSIGNMENT + MORE)
    pocket.write("assignment/notebooks/Pocket.py", NOTEBOOK + WHY)
    folder = pocket.folder / "assignment"
    pocket.write("assignment/variants/pocket.toml", f'{VARIANT}language = "zh"\ntitle = "口袋"\n')
    assert read_titles(folder, "zh").questions == {}
    pocket.write("assignment/variants/titles.zh", '[questions]\ndouble = "加倍"\n')
    found = read(pocket)
    assert [question.title for question in found.questions] == ["加倍", "Why?"]
    assert found.title == "口袋"
    pocket.write("assignment/variants/titles.zh", '[question]\ndouble = "加倍"\n')
    with pytest.raises(UserError, match=r"titles\.zh:1: .*`question`"):
        read(pocket)


def test_titles_and_hints_of_checks_are_translated_by_the_english_ones(pocket):
    pocket.write("assignment/variants/pocket.toml", f'{VARIANT}language = "zh"\n')
    texts = {"Twice a matrix.": "矩阵的两倍。", "Think of other sizes.": "想想其他大小。"}
    lines = "".join(f'"{english}" = "{chinese}"\n' for english, chinese in texts.items())
    other = '"No check says this." = "没有"\n'
    pocket.write("assignment/variants/titles.zh", f"[checks]\n{lines}{other}")
    found = read(pocket)
    assert [(check.title, check.hint) for check in found.checks] == [
        ("矩阵的两倍。", ""),
        ("Twice a vector nobody has seen.", "想想其他大小。"),
        ("Single precision stays.", ""),
    ]
    assert found.manifest.language == "zh"
    assert found.manifest.texts == texts
    assert [remark for remark in found.remarks if "titles" in remark] == [
        "titles.zh: checks has no translation of 'Twice a vector nobody has seen.'",
        "titles.zh: checks has no translation of 'Single precision stays.'",
    ]
    pocket.write("assignment/variants/pocket.toml", VARIANT)
    assert read(pocket).manifest.texts == {}


def test_the_variants_that_come_along_are_translated_whole():
    for name in variants(ROOT / "assignment"):
        assert read_assignment(ROOT / "assignment", ROOT / "solutions", name).remarks == ()


@given(st.text("ab/.-_ ", min_size=1, max_size=8))
def test_no_name_of_a_variant_ends_in_a_traceback(tmp_path_factory, name):
    with pytest.raises(UserError, match="no variant"):
        read_variant(tmp_path_factory.getbasetemp(), name)


@pytest.mark.parametrize(
    ("file", "layout", "name"),
    [
        ("put.py", "nested", "put"),
        ("notebook/__init__.py", "nested", "notebook"),
        ("trace/inner.py", "nested", "trace"),
        ("_ask.py", "nested", "_ask"),
        ("sub/get.py", "flat", "get"),
        ("sub/get.py", "nested", ""),
        ("puts.py", "nested", ""),
    ],
)
def test_a_module_that_a_check_cannot_reach_is_refused(pocket, file, layout, name):
    """`student.put` is a method; a module of that name would never be asked for."""
    pocket.write("assignment/variants/pocket.toml", f'{VARIANT}layout = "{layout}"\n')
    if "sub/" in file:
        pocket.write("solutions/pocket/sub/__init__.py", "")
    pocket.write(f"solutions/pocket/{file}", "")
    if not name:
        read(pocket)
        return
    with pytest.raises(UserError, match=rf"student\.{name} means something else") as caught:
        read(pocket)
    assert str(caught.value).startswith(f"{pocket.folder / 'solutions' / 'pocket' / file}: ")
    assert f"rename {name} in the reference package" in str(caught.value)


@pytest.mark.parametrize(
    ("path", "old", "new", "words"),
    [
        ("assignment.toml", 'notebooks = ["Pocket"]', 'notebooks = ["Pocet"]',
         r"question double names the notebook 'Pocet', which is not there; there are: Pocket"),
        ("assignment.toml", 'notebooks = ["Pocket"]', "notebooks = []",
         r"question double names no notebook, so nobody is asked it; there are: Pocket"),
        ("assignment.toml", "[[questions]]", f"{MORE}[[questions]]",
         r"notebooks/Pocket\.py has no answer cell for the question why"),
        ("notebooks/Pocket.py", "", None,
         r"notebooks/Extra\.py is no notebook of assignment\.toml, so nobody would get it"),
        ("notebooks/Pocket.py", NOTEBOOK, NOTEBOOK + WHY.replace("SOLUTION why", "SOLUTION whi"),
         r"notebooks/Pocket\.py:11: there is no question 'whi' in assignment\.toml$"),
        ("notebooks/Pocket.py", "double(2)", 'check("duble")',
         r"notebooks/Pocket\.py:8: there is no question 'duble' .*; did you mean 'double'\?$"),
        ("../solutions/pocket/arithmetic.py", "SOLUTION double", "SOLUTION duble",
         r"arithmetic\.py:6: there is no question 'duble' .*; without one, students would get"),
        ("checks/doubles.py", "seed=3)", 'seed=3, needs=("duble",))',
         r"doubles\.py:\d+: check lurking_single names 'duble': there is no .* mean 'double'\?$"),
    ],
    ids=["notebook", "no notebook", "no answer", "source", "region", "check", "module", "needs"],
)  # fmt: skip
def test_nothing_vanishes_in_silence(pocket, path, old, new, words):
    target = pocket.folder / "assignment" / path
    if new is None:
        pocket.write("assignment/notebooks/Extra.py", NOTEBOOK)
    else:
        assert old in target.read_text()
        target.write_text(target.read_text().replace(old, new))
    with pytest.raises(UserError, match=words):
        read(pocket)


def test_the_small_form_has_a_language_by_the_translation_beside_its_notebook(tmp_path):
    (tmp_path / "hw1.de.md").write_text("<!-- cell decay | 00000000 -->\n# Zerfall\n", "utf-8")
    assert languages(tmp_path) == ["de", "en"]


def test_the_mistakes_of_all_files_are_told_at_once(pocket):
    wrong = CHECKS.replace("points=2", "points=0").replace("seed=3", 'seed=-1, needs=("half",)')
    pocket.write("assignment/checks/doubles.py", wrong)
    pocket.write("solutions/pocket/arithmetic.py", MODULE.replace("# END SOLUTION double", "pass"))
    pocket.write("assignment/notebooks/Pocket.py", NOTEBOOK + '\n# %% id="try"\n1\n')
    pocket.write("assignment/variants/pocket.toml", VARIANT + 'without = ["treble"]\n')
    with pytest.raises(UserError) as caught:
        read_assignment(pocket.folder / "assignment", pocket.folder / "solutions", "pocket")
    lines = str(caught.value).replace(str(pocket.folder), "").split("\n")
    for place, words in (
        ("/assignment/checks/doubles.py:12: ", "must be worth more than 0 points, not 0"),
        ("/assignment/checks/doubles.py:18: ", "has seed=-1; it is a whole number"),
        ("/assignment/checks/doubles.py:18: ", "there is no question 'half'"),
        ("/solutions/pocket/arithmetic.py:6: ", "region double is never closed"),
        ("/assignment/notebooks/Pocket.py:10: ", "cell id 'try' is already used"),
        ("variants/pocket.toml: ", "no question 'treble'"),
    ):
        assert [line for line in lines if line.startswith(place) and words in line], (place, lines)
    assert len(lines) == 6
