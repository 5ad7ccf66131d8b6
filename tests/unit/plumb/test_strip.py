import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import MarkerError
from autograder.harness import MarkerWords
from plumb.regions import CODE, PROSE, find_regions
from plumb.strip import STYLE, Style, answers_of, fill, keep_solutions, solve, strip

GOLDEN = Path(__file__).parents[2] / "golden" / "strip"

# --- texts to strip -------------------------------------------------------------------------------

WORDS = st.text("abc xyz*_#", max_size=12).map(lambda words: f"say {words}".rstrip() + ".")


@st.composite
def bodies(draw):
    """Statements that parse, as lines without indentation."""
    parts = st.sampled_from([("x = 1",), ("y = [", "    x,", "]"), ("# a remark", "x = 2"), ("",)])
    loop = ("for i in range(3):", "    x += i", "", "    # inside")
    chosen = draw(st.lists(st.one_of(parts, st.just(loop)), max_size=4))
    return ["z = 0", *(line for part in chosen for line in part), "w = z"]


@st.composite
def modules(draw):
    """A module with regions in functions of several depths; also the answers' lines."""
    lines, answers = [draw(st.sampled_from(['"""Text."""', "import os", "a = 1"]))], []
    for number in range(draw(st.integers(0, 4))):
        depth = draw(st.integers(0, 3))
        for level in range(depth):
            lines.append("    " * level + f"def f{number}_{level}():")
        indent = "    " * depth
        region = draw(st.sampled_from([f"question{number}", f"question{number}.part"]))
        body = [indent + line if line else "" for line in draw(bodies())]
        todo = [f"{indent}# TODO: {draw(WORDS)}"]
        todo += [f"{indent}# {text}" for text in draw(st.lists(WORDS, max_size=2))]
        # A blank line ends the TODO where the answer begins with a comment.
        body = ["", *body] if draw(st.booleans()) else body
        lines += [f"{indent}# BEGIN SOLUTION {region}", *todo, *body]
        lines += [f"{indent}# END SOLUTION {region}"]
        answers += body
    lines += [draw(st.sampled_from(["", "b = 2", "    # remark"]))]
    return "\n".join(lines), answers


@st.composite
def prose(draw):
    """The text of a Markdown cell."""
    lines = ["**Question**", ""]
    for number in range(draw(st.integers(0, 3))):
        answer = draw(st.lists(st.one_of(st.just(""), WORDS), max_size=4))
        todo = draw(st.lists(WORDS, min_size=1, max_size=3))
        todo[0] = f"<!-- TODO: {todo[0]}"
        todo[-1] += " -->"
        lines += [f"<!-- BEGIN SOLUTION inline_{number} -->", *todo, *answer]
        lines += [f"<!-- END SOLUTION inline_{number} -->", ""]
    return "\n".join(lines)


STARS = Style(
    code=MarkerWords("*****START OF YOUR CODE", "*****END OF YOUR CODE", "*****"),
    prose=MarkerWords("*****START OF YOUR ANSWER", "*****END OF YOUR ANSWER", "*****"),
)
WORDED = Style(
    code=MarkerWords("Write below", "Write above"),
    prose=MarkerWords("Answer (", "Answered (", " )"),
)
styles = st.sampled_from([STYLE, STARS, WORDED])

# --- properties -----------------------------------------------------------------------------------


@given(modules(), styles)
def test_filling_the_stubs_with_the_answers_gives_back_the_solution(module, style):
    text, _ = module
    solved = solve(text, style=style)
    assert fill(strip(text, style=style), answers_of(text), style=style) == solved
    assert answers_of(solved, style=style) == answers_of(text)
    respelled = solved
    for region in answers_of(text):
        for ours, words in (("BEGIN", style.code.opening), ("END", style.code.closing)):
            respelled = respelled.replace(f"# {words(region)}\n", f"# {ours} SOLUTION {region}\n")
    assert respelled == text


@given(prose(), styles)
def test_so_it_does_in_prose(text, style):
    right = answers_of(text, syntax=PROSE)
    filled = fill(strip(text, syntax=PROSE, style=style), right, syntax=PROSE, style=style)
    assert filled == solve(text, syntax=PROSE, style=style)
    assert answers_of(filled, syntax=PROSE, style=style) == right


@given(modules(), prose(), styles)
def test_the_style_changes_no_line_but_the_markers(module, cell, style):
    for text, syntax in ((module[0], CODE), (cell, PROSE)):
        for rewrite in (strip, solve):
            usual = rewrite(text, syntax=syntax).split("\n")
            other = rewrite(text, syntax=syntax, style=style).split("\n")
            usual_words, other_words = STYLE.words(syntax), style.words(syntax)
            markers = {
                f"{region.indent}{syntax.comment(old(region.id))}":
                f"{region.indent}{syntax.comment(new(region.id))}"
                for region in find_regions(text, syntax=syntax)
                for old, new in (
                    (usual_words.opening, other_words.opening),
                    (usual_words.closing, other_words.closing),
                )
            }  # fmt: skip
            assert other == [markers.get(line, line) for line in usual]


@given(modules(), st.data())
def test_what_is_given_away_looks_as_if_it_had_never_been_asked(module, data):
    text, _ = module
    regions = answers_of(text)
    chosen = data.draw(st.sets(st.sampled_from(sorted(regions)))) if regions else set()
    given_ = keep_solutions(text, chosen)
    assert answers_of(given_) == {n: body for n, body in regions.items() if n not in chosen}
    assert keep_solutions(given_, chosen) == given_
    assert keep_solutions(text, regions) == keep_solutions(given_, regions)
    assert keep_solutions(text, ["of_another_file"]) == text


@given(modules())
def test_given_away_whole_a_module_has_the_answers_lines_and_no_marker(module):
    text, _ = module
    dropped = {
        number
        for region in find_regions(text)
        for number in (region.line, region.end, *range(region.line, region.answer_line_numbers[0]))
    }
    kept = [line for n, line in enumerate(text.split("\n"), 1) if n not in dropped]
    assert keep_solutions(text, answers_of(text)).split("\n") == kept


@given(modules())
def test_no_line_of_an_answer_is_left(module):
    text, answers = module
    outside = [line for line in text.split("\n") if line not in answers]
    kept = strip(text).split("\n")
    assert not {line for line in answers if line.strip() and line not in outside} & set(kept)


@given(modules())
def test_a_stub_is_python_and_names_its_region(module):
    text, _ = module
    stub = strip(text)
    ast.parse(stub)
    for region in answers_of(text):
        assert f'raise NotImplementedError("TODO: {region}")' in stub
        assert f"# BEGIN YOUR CODE {region}" in stub


@given(st.text("ab #\n\t='", max_size=60))
def test_text_without_regions_stays_as_it_is(text):
    assert strip(text) == text
    assert strip(text, syntax=PROSE) == text
    assert fill(text, {"a": ["x"]}) == text


# --- examples -------------------------------------------------------------------------------------

MODULE = (GOLDEN / "module.py").read_text("utf-8")


@pytest.mark.parametrize(("rewrite", "golden"), [(strip, "student"), (solve, "solved")])
def test_the_golden_module(rewrite, golden):
    assert rewrite(MODULE) == (GOLDEN / f"module.{golden}.txt").read_text("utf-8")


def test_answers_take_the_place_of_a_stub_and_of_other_answers():
    stub = strip(MODULE)
    once = fill(stub, {"scale": ["    out = x"], "of_another_file": ["pass"]})
    assert answers_of(once)["scale"] == ("    out = x",)
    assert answers_of(once)["mean.add"] == answers_of(stub)["mean.add"]
    twice = fill(once, {"scale": ["    out = 2 * x"]})
    assert twice == fill(stub, {"scale": ["    out = 2 * x"]})
    assert "# TODO: Return a new array" in twice


def test_a_student_may_delete_the_todo():
    text = "# BEGIN YOUR CODE a\nx = 1\n# END YOUR CODE a"
    assert answers_of(text) == {"a": ("x = 1",)}
    assert fill(text, {"a": ["x = 2"]}) == text.replace("1", "2")


def test_a_student_may_write_over_the_question():
    text = "<!-- BEGIN YOUR ANSWER a -->\nBecause.\n<!-- END YOUR ANSWER a -->"
    assert answers_of(text, syntax=PROSE) == {"a": ("Because.",)}


def test_a_variant_spells_the_students_markers_its_own_way():
    style = Style(code=MarkerWords("*****START OF", "*****END OF"))
    stub = strip(MODULE, style=style)
    assert "    # *****START OF scale\n    # TODO: Return" in stub
    assert "    # *****END OF scale\n" in stub
    assert fill(stub, answers_of(MODULE), style=style) == solve(MODULE, style=style)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (
            "y = (\n    # BEGIN SOLUTION a\n    # TODO: a sum\n    1 + 1\n    # END SOLUTION a\n)",
            2,
            "without the body of region a",
        ),
        ("# BEGIN YOUR CODE a\n# END YOUR CODE a", 1, "is a student's"),
        ("x = 1\n#BEGIN YOUR CODE a", 2, "looks like a marker"),
        ("x = 1\n# END SOLUTION a", 2, "stray"),
    ],
)
def test_what_cannot_be_stripped_is_an_error_with_its_place(text, line, words):
    with pytest.raises(MarkerError, match=words) as caught:
        strip(text, "f.py")
    assert str(caught.value).startswith(f"f.py:{line}: ")


def test_the_region_that_breaks_the_stub_is_named():
    good = "# BEGIN SOLUTION a\n# TODO: x\nx = 1\n# END SOLUTION a\n"
    bad = "y = [\n# BEGIN SOLUTION b\n# TODO: x\n1\n# END SOLUTION b\n]\n"
    with pytest.raises(MarkerError, match=r"^f\.py:16: .*region b"):
        strip(good + bad, "f.py", first_line=11)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# *****START OF YOUR CODE a\n", 1, "looks like a marker"),
        ("x = 1\n#*****START OF YOUR CODE a*****\n", 2, "looks like a marker"),
        ("# *****start of your code a*****\n", 1, "looks like a marker"),
        ("# *****END OF YOUR CODE a*****\n", 1, "add *****START OF YOUR CODE a***** or"),
        ("# *****START OF YOUR CODE*****\n", 1, "answers: *****START OF YOUR CODE question*****"),
        ("# *****START OF YOUR CODE A*****\n", 1, "'A' cannot be a region's id"),
    ],
)
def test_a_students_marker_that_went_wrong_is_an_error_in_the_variants_spelling(text, line, words):
    with pytest.raises(MarkerError) as caught:
        answers_of(text, "f.py", style=STARS)
    assert str(caught.value).startswith(f"f.py:{line}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize("style", [STYLE, STARS])
def test_the_line_that_an_error_asks_for_is_the_one_that_helps(style):
    """Whoever adds what the message shows has a region without an error."""
    text = f"# {style.code.opening('a')}\nx = 1\n"
    with pytest.raises(MarkerError, match="never closed") as caught:
        answers_of(text, style=style)
    asked = str(caught.value).partition("add '")[2].partition("'")[0]
    assert answers_of(f"{text}{asked}\n", style=style) == {"a": ("x = 1",)}


def test_a_whole_function_or_class_keeps_its_name_so_that_the_rest_runs():
    text = (
        "# BEGIN SOLUTION f\n@cache\ndef f(x):\n    return x\n\n\nclass G:\n    y = 1\n"
        "# END SOLUTION f\nz = 3\n"
    )
    raised = 'raise NotImplementedError("TODO: f")'
    assert strip(text).split("\n")[2:-3] == [
        "def f(*args, **kwargs):",
        f"    {raised}",
        "class G:",
        "    def __init__(self, *args, **kwargs):",
        f"        {raised}",
    ]


def test_a_whole_method_keeps_its_name_and_a_function_in_a_function_does_not():
    method = (
        "class A:\n    # BEGIN SOLUTION f\n    def f(self):\n        pass\n    # END SOLUTION f\n"
    )
    assert "    def f(*args, **kwargs):\n        raise" in strip(method)
    inner = method.replace("class A:", "def a():")
    assert "def f" not in strip(inner)
