"""Translated texts: each in its place, English where there is none, and a list of what to do."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.judge import Expected
from autograder.core.language import catalogue_path
from autograder.errors import AssignmentError
from plumb.assignment_reader import read_assignment
from plumb.reference import reference_files
from plumb.regions import CODE, PROSE
from plumb.selfcheck_package import selfcheck_files
from plumb.sources import read_cells
from plumb.strip import answers_of, solve, strip
from plumb.translations import Translation, digest, read_translations, translate, translate_module
from tests.integration.conftest import MODULE, NOTEBOOK, ROOT, VARIANT

TEXT = '# %% [markdown] id="title"\n# # Title\n#\n# Some words.\n'
CODE_ANSWER = """\
# %% id="f" role="answer"
def f(x):
    # BEGIN SOLUTION f
    # TODO: Double x.
    # Without a loop.
    return 2 * x
    # END SOLUTION f
"""
PROSE_ANSWER = """\
# %% [markdown] id="why" role="answer"
# **Why?** Say it.
#
# <!-- BEGIN SOLUTION why -->
# <!-- TODO: Two reasons
# are enough. -->
# Because.
# <!-- END SOLUTION why -->
#
# That is all.
"""
PROSE_ENGLISH = "**Why?** Say it.\n\n<!-- region why -->\n\nThat is all."


def only(source):
    (cell,) = read_cells(source, "N.py")
    return cell


def pieces(**texts):
    """Translations by kind and id, ``cell_title=(English, translated)``."""
    return {
        tuple(name.split("_", 1)): Translation(translated, digest(english))
        for name, (english, translated) in texts.items()
    }


# --- digests and files ----------------------------------------------------------------------------

words = st.text("abc 你.\n", max_size=30)


@given(words, st.sampled_from([" ", "\n", "\t", "  \n "]))
def test_white_space_does_not_make_a_translation_outdated(text, space):
    assert digest(space.join(text.split())) == digest(text)
    assert re.fullmatch("[0-9a-f]{8}", digest(text))


@given(words.filter(str.strip))
def test_another_word_does(text):
    assert digest(text + " x") != digest(text)


heads = st.tuples(st.sampled_from(["cell", "todo"]), st.from_regex(r"[a-z-]{1,6}", fullmatch=True))
translated = st.text("a你 \n#<>", max_size=20).map(lambda text: text.strip("\n"))


@given(st.dictionaries(heads, st.tuples(words, translated), max_size=5), st.integers(0, 2))
def test_a_file_of_pieces_is_read_as_it_was_written(tmp_path_factory, texts, blank):
    path = tmp_path_factory.getbasetemp() / "N.zh.md"
    path.write_text(
        "\n" * blank
        + "".join(
            f"<!-- {kind} {name} | {digest(english)} -->\n{text}\n" + "\n" * blank
            for (kind, name), (english, text) in texts.items()
        ),
        "utf-8",
    )
    assert read_translations(path) == {
        key: Translation(text, digest(english)) for key, (english, text) in texts.items()
    }


def test_without_a_file_there_are_no_pieces(tmp_path):
    assert read_translations(tmp_path / "N.zh.md") == {}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\nWords.\n", 2, "a text belongs below a line like <!-- cell title | 0123abcd -->"),
        ("<!-- cell title | 123 -->\nWords.\n", 1, "a text belongs below a line like"),
        ("<!-- cell a | 01234567 -->\n\n<!-- cell a | 76543210 -->\n", 3, "cell a is there twice"),
        ("<!-- todo a | 01234567 -->\n<!-- todo a | 01234567 -->\n", 2, "todo a is there twice"),
    ],
)
def test_a_file_that_is_wrong_is_an_error_with_its_place(tmp_path, text, line, words):
    path = tmp_path / "N.zh.md"
    path.write_text(text)
    with pytest.raises(AssignmentError) as caught:
        read_translations(path)
    assert str(caught.value).startswith(f"{path}:{line}: {words}")


# --- a cell ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", [TEXT, CODE_ANSWER, PROSE_ANSWER])
def test_a_missing_piece_is_english_and_listed_with_the_head_to_write(source):
    cell = only(source)
    same, remarks = translate(cell, {}, "N.zh.md")
    assert same == cell
    wanted = len(cell.regions) + (cell.kind == "markdown")
    assert len(remarks) == wanted
    for remark in remarks:
        head = re.fullmatch(r"N\.zh\.md: (\w+ \w+) is missing; its head: (\1) \| (\w{8})", remark)
        assert head, remark


@pytest.mark.parametrize("source", [TEXT, CODE_ANSWER, PROSE_ANSWER])
def test_the_head_that_a_remark_gives_is_the_one_that_is_wanted(tmp_path, source):
    """Whoever copies it is not told to any more, and sees their own words."""
    cell = only(source)
    heads = [remark.partition("its head: ")[2] for remark in translate(cell, {}, "N.zh.md")[1]]
    path = tmp_path / "N.zh.md"
    translated = {"cell why": "新的话。\n<!-- region why -->"}
    path.write_text(
        "".join(f"<!-- {h} -->\n{translated.get(h.split(' |')[0], '新的话。')}\n\n" for h in heads),
        "utf-8",
    )
    changed, remarks = translate(cell, read_translations(path), "N.zh.md")
    assert remarks == []
    assert "新的话。" in changed.text
    assert [r.id for r in changed.regions] == [r.id for r in cell.regions]


def test_an_outdated_piece_is_shown_and_listed():
    cell = only(TEXT)
    old = pieces(cell_title=("# Title\n\nOther words.", "# 标题"))
    changed, remarks = translate(cell, old, "N.zh.md")
    assert changed.text == "# 标题"
    assert remarks == [
        f"N.zh.md: cell title is outdated: the English text is now {digest(cell.text)}"
    ]


def test_a_todo_in_code_is_told_line_by_line_and_the_answer_stays():
    cell = only(CODE_ANSWER)
    known = pieces(todo_f=("# TODO: Double x. # Without a loop.", "把 x 加倍。\n不用循环。"))
    changed, remarks = translate(cell, known, "N.zh.md")
    assert remarks == []
    assert changed.text == cell.text.replace("Double x.", "把 x 加倍。").replace(
        "Without a loop.", "不用循环。"
    )
    assert changed.regions[0].body == cell.regions[0].body
    assert "Double" not in strip(changed.text, syntax=CODE)


def test_a_prompt_stays_where_a_todo_is_translated():
    answer = CODE_ANSWER.replace("    return", "    # PROMPT return ...\n    return")
    holds = pieces(todo_f=("# TODO: Double x.\n    # Without a loop.", "把 x 加倍。"))
    translated, _ = translate(only(answer), holds, "N.zh.md")
    assert translated.regions[0].prompt == ("    return ...",)
    assert "把" in translated.text


def test_an_answer_in_prose_stands_where_the_translation_says():
    cell = only(PROSE_ANSWER)
    english = {"cell": PROSE_ENGLISH, "todo": "<!-- TODO: Two reasons\nare enough. -->"}
    known = pieces(
        cell_why=(english["cell"], "完。\n\n<!-- region why -->\n\n**为什么？**"),
        todo_why=(english["todo"], "两个理由\n就够了。"),
    )
    changed, remarks = translate(cell, known, "N.zh.md")
    assert remarks == []
    assert changed.text == (
        "完。\n\n<!-- BEGIN SOLUTION why -->\n<!-- TODO: 两个理由 就够了。 -->\nBecause.\n"
        "<!-- END SOLUTION why -->\n\n**为什么？**"
    )
    assert "*TODO: 两个理由 就够了。*" in strip(changed.text, syntax=PROSE)


@pytest.mark.parametrize("words", ["完。", "<!-- region wy -->", "region why"])
def test_a_translation_without_a_place_for_the_answer_is_an_error(words):
    known = pieces(cell_why=(PROSE_ENGLISH, words))
    with pytest.raises(AssignmentError) as caught:
        translate(only(PROSE_ANSWER), known, "N.zh.md")
    assert str(caught.value) == (
        "N.zh.md: the translation of cell why has no line <!-- region why -->"
    )


lines = st.text("abc x*_你", min_size=1, max_size=12).map(lambda text: f"w{text}".rstrip() + ".")


@given(st.lists(lines, min_size=1, max_size=3), st.lists(lines, min_size=1, max_size=3), st.data())
def test_a_translation_changes_no_answer(todo, words, data):
    """Whatever the words, the same regions hold the same answers, solved and to be solved."""
    source, key, english = data.draw(
        st.sampled_from(
            [(CODE_ANSWER, "f", "# TODO: Double x.\n# Without a loop."),
             (PROSE_ANSWER, "why", "<!-- TODO: Two reasons are enough. -->")]
        )
    )  # fmt: skip
    cell = only(source)
    known = pieces(**{
        f"todo_{key}": (english, "\n".join(todo)),
        "cell_why": (PROSE_ENGLISH, "\n".join([*words, "<!-- region why -->", *words])),
    })  # fmt: skip
    changed, remarks = translate(cell, known, "N.zh.md")
    assert remarks == []
    for rewrite in (solve, lambda text, **options: text):
        text, other = (rewrite(c.text, syntax=c.syntax) for c in (cell, changed))
        assert answers_of(other, syntax=cell.syntax) == answers_of(text, syntax=cell.syntax)
    assert strip(changed.text, syntax=cell.syntax).count("TODO") == strip(
        cell.text, syntax=cell.syntax
    ).count("TODO")


@given(st.lists(lines, min_size=1, max_size=4))
def test_a_translation_into_the_same_words_changes_nothing(todo):
    first, *more = todo
    translated = "\n".join([f"    # TODO: {first}", *(f"    # {line}" for line in more)])
    source = CODE_ANSWER.replace("    # TODO: Double x.\n    # Without a loop.", translated)
    known = pieces(todo_f=(translated, "\n".join(todo)))
    assert translate(only(source), known, "N.zh.md") == (only(source), [])


# --- a notebook and its part ----------------------------------------------------------------------


def test_the_pieces_of_a_part_stand_beside_the_part_and_the_release_is_told(pocket):
    pocket.write("assignment/notebooks/Pocket.py", f'{TEXT}\n# %% include="words"\n')
    part = '# %% [markdown] id="more"\n# More.\n\n# %% id="try"\n"English"\n'
    pocket.write("assignment/notebooks/parts/words.py", part)
    pocket.write(
        "assignment/notebooks/parts/words.zh.md",
        f"<!-- cell more | {digest('More.')} -->\n还有。\n",
    )
    pocket.write("assignment/variants/pocket.toml", f'{VARIANT}language = "zh"\n')
    folder = pocket.folder
    found = read_assignment(folder / "assignment", folder / "solutions", "pocket")
    assert [cell.text for cell in found.cells["Pocket"]] == [
        "# Title\n\nSome words.", "还有。", '"English"',
    ]  # fmt: skip
    (remark,) = [remark for remark in found.remarks if "Pocket" in remark]
    assert remark.startswith("Pocket.zh.md: cell title is missing; its head: cell title | ")


# --- modules --------------------------------------------------------------------------------------

IN_MODULE = "# TODO: give back twice x."


@pytest.fixture
def chinese(pocket):
    """The assignment in Chinese: of its module's TODO and of nothing else."""
    pocket.write(
        "assignment/variants/todos.zh.md",
        f"<!-- todo double | {digest(IN_MODULE)} -->\n返回\n两倍的 x。\n",
    )
    pocket.write("assignment/variants/pocket.toml", f'{VARIANT}language = "zh"\n')
    return pocket


def sources(pocket):
    folder = pocket.folder
    found = read_assignment(folder / "assignment", folder / "solutions", "pocket")
    return found, {source.path: source for source in reference_files(found)}


def test_the_todos_of_a_module_are_in_the_variants_language(chinese):
    source = sources(chinese)[1]["pocket/arithmetic.py"]
    translated = "    # TODO: 返回\n    # 两倍的 x。\n"
    assert source.data.decode() == MODULE.replace(f"    {IN_MODULE}\n", translated)
    assert source.remarks == ()
    assert chinese.release().remarks == sources(chinese)[0].remarks
    for name in ("student.zip", "harness.zip"):
        top = "package/" * (name == "harness.zip")
        stub = chinese.members(name)[f"{top}pocket/arithmetic.py"].decode()
        assert translated in stub
        assert 'raise NotImplementedError("TODO: double")' in stub


def test_a_todo_of_a_module_that_is_missing_or_outdated_is_told_when_it_is_released(chinese):
    path = chinese.folder / "assignment/variants/todos.zh.md"
    path.write_text(path.read_text("utf-8").replace(digest(IN_MODULE), "01234567"), "utf-8")
    outdated = f"todos.zh.md: todo double is outdated: the English text is now {digest(IN_MODULE)}"
    assert outdated in chinese.release().remarks
    path.write_text("")
    source = sources(chinese)[1]["pocket/arithmetic.py"]
    assert source.data.decode() == MODULE
    (remark,) = source.remarks
    assert remark.endswith(f"todo double is missing; its head: todo double | {digest(IN_MODULE)}")


def test_the_todo_of_a_definition_that_stands_in_a_notebook_is_translated_too(chinese):
    place = '\n# %% id="here" role="answer" defines="arithmetic.double"\n'
    chinese.write("assignment/notebooks/Pocket.py", NOTEBOOK + place)
    variant = chinese.folder / "assignment/variants/pocket.toml"
    variant.write_text(f'{variant.read_text()}cells = ["arithmetic.double"]\n')
    cell = next(c for c in sources(chinese)[0].cells["Pocket"] if c.id == "here")
    assert cell.regions[0].todo == ("    # TODO: 返回", "    # 两倍的 x。")


def test_a_module_in_the_reference_is_the_same_where_no_text_is_told(tmp_path):
    for path in sorted((ROOT / "solutions" / "convnet").rglob("*.py")):
        text = path.read_text("utf-8")
        assert translate_module(text, str(path), tmp_path / "todos.xx.md")[0] == text


def test_nothing_of_the_chinese_variant_is_left_in_english():
    found = read_assignment(ROOT / "assignment", ROOT / "solutions", "dasecv")
    files = list(reference_files(found))
    assert found.remarks == ()
    assert [remark for file in files for remark in file.remarks] == []
    todos = [region.todo for file in files for region in file.regions]
    assert todos
    assert [todo for todo in todos if not re.search("[\u4e00-\u9fff]", "".join(todo))] == []


def test_students_get_the_catalogue_of_their_language_and_the_titles_of_visible_checks(chinese):
    def selfcheck():
        found, files = sources(chinese)
        expected = {check.id: Expected({"out": 1}) for check in found.checks}
        return selfcheck_files(found, list(files.values()), expected, {})

    titles = '[checks]\n"Twice a matrix." = "矩阵"\n"Single precision stays." = "单精度"\n'
    chinese.write("assignment/variants/titles.zh", titles)
    files = selfcheck()
    assert files["selfcheck/core/languages/zh.json"] == catalogue_path("zh").read_bytes()
    facts = json.loads(files["selfcheck/assignment.json"])
    assert facts["language"] == "zh"
    assert facts["check_titles"] == {"double.plain_case": "矩阵"}
    chinese.write("assignment/variants/pocket.toml", VARIANT)
    files = selfcheck()
    assert [name for name in files if "languages/" in name] == []
    assert json.loads(files["selfcheck/assignment.json"])["language"] == "en"
