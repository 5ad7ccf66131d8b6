import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import MarkerError
from autograder.harness import YOUR_CODE
from plumb.regions import CODE, PROSE, SOLUTION, check_unique, find_regions
from plumb.strip import student_regions
from tests.peak import peak_of

GOOD = """\
def f(x):
    # BEGIN SOLUTION f
    # TODO: Double x.
    # Without a loop.
    # so it goes
    return 2 * x
    # END SOLUTION f
"""


def region(name="a", body="x = 1", todo="# TODO: do it"):
    return [f"# BEGIN SOLUTION {name}", todo, body, f"# END SOLUTION {name}"]


def error_of(lines, **options):
    with pytest.raises(MarkerError) as caught:
        find_regions("\n".join(lines), "layers.py", **options)
    return str(caught.value)


def test_a_region_knows_its_place_and_its_parts():
    (found,) = find_regions(GOOD.replace("    # so it goes\n", "\n    # so it goes\n"), "f.py")
    assert (found.id, found.file, found.line, found.end) == ("f", "f.py", 2, 8)
    assert found.indent == "    "
    assert found.todo == ("    # TODO: Double x.", "    # Without a loop.")
    assert found.body == ("", "    # so it goes", "    return 2 * x")
    assert list(found.answer_line_numbers) == [5, 6, 7]


def test_the_todo_is_the_whole_opening_comment_block():
    (found,) = find_regions(GOOD)
    assert len(found.todo) == 3
    assert found.body == ("    return 2 * x",)


def test_without_a_todo_there_is_a_plain_one():
    (found,) = find_regions("    # BEGIN SOLUTION a\n    x = 1\n    # END SOLUTION a")
    assert found.todo == ("    # TODO: write your code here.",)
    assert found.body == ("    x = 1",)
    assert list(found.answer_line_numbers) == [2]


def test_a_prompt_stands_below_the_todo_and_is_code_for_the_student():
    lines = ["BEGIN SOLUTION a", "PROMPT if x:", "PROMPT     y = ...", "END SOLUTION a"]
    begin, *prompt, end = (f"  # {line}" for line in lines)
    text = "\n".join([begin, *prompt, "  y = 1", end])
    (found,) = find_regions(text)
    assert found.prompt == ("  if x:", "      y = ...")
    (below,) = find_regions(text.replace(prompt[0], f"  # TODO: y.\n{prompt[0]}"))
    assert (below.todo, below.prompt) == (("  # TODO: y.",), found.prompt)
    assert found.body == ("  y = 1",)


@pytest.mark.parametrize(
    ("prompt", "answer", "is_refused"),
    [
        ("rate = 1", "rate=1  # an hour", True),
        ("color = '#......'", "color = '#ff0000'", False),
        ("for x in (", "for x in (", True),
        ("for x in (", "for y in (", False),
    ],
)
def test_a_prompt_that_is_the_answer_itself_is_refused(prompt, answer, is_refused):
    lines = ["  # BEGIN SOLUTION a", f"  # PROMPT {prompt}", f"  {answer}", "  # END SOLUTION a"]
    if is_refused:
        assert "the PROMPT of region a is its answer" in error_of(lines)
    else:
        assert find_regions("\n".join(lines))


def test_a_comment_indented_otherwise_ends_the_todo():
    (found,) = find_regions(GOOD.replace("    # so it goes", "        # so it goes"))
    assert found.body[0].strip() == "# so it goes"


def test_parts_of_a_question_are_regions_of_their_own():
    text = "\n".join(region("net.init") + region("net.loss"))
    assert [r.id for r in find_regions(text)] == ["net.init", "net.loss"]


def test_prose_regions_stand_in_html_comments():
    text = (
        "Why?\n<!-- BEGIN SOLUTION inline_why -->\n<!-- TODO: Say\nwhy. -->\nBecause.\n"
        "<!-- END SOLUTION inline_why -->"
    )
    (found,) = find_regions(text, syntax=PROSE)
    assert found.todo == ("<!-- TODO: Say", "why. -->")
    assert found.body == ("Because.",)


def test_lines_are_counted_from_where_the_text_begins():
    (found,) = find_regions(GOOD, first_line=100)
    assert (found.line, found.end) == (101, 106)
    assert list(found.answer_line_numbers) == [105]
    assert error_of(region()[1:], first_line=40).startswith("layers.py:42: ")


def test_text_without_markers_has_no_regions():
    assert find_regions("x = 1\n# in the end the solution converges\n") == ()


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        pytest.param(["x = 1", "# END SOLUTION a"], 2, "stray END SOLUTION a", id="stray"),
        pytest.param(
            ["# BEGIN SOLUTION a", "# TODO: x", "# END SOLUTION b"],
            3,
            "the region open here is a, since line 1",
            id="end of another region",
        ),
        pytest.param(
            [
                *["# BEGIN SOLUTION a", "# TODO: x", "# BEGIN SOLUTION b"],
                *["# END SOLUTION a", "# END SOLUTION b"],
            ],
            3,
            "region b crosses region a",
            id="crossed",
        ),
        pytest.param(
            ["# BEGIN SOLUTION a", "# TODO: x", *region("b"), "# END SOLUTION a"],
            3,
            "region b is nested in region a",
            id="nested",
        ),
        pytest.param(["# BEGIN SOLUTION", "# END SOLUTION"], 1, "has no id", id="unnamed begin"),
        pytest.param([*region()[:3], "# END SOLUTION"], 4, "has no id", id="unnamed end"),
        pytest.param([*region("a"), *region("a")], 5, "already, at layers.py:1", id="duplicated"),
        pytest.param([*region()[:3], "y = 2"], 1, "region a is never closed", id="unclosed"),
        pytest.param(["# BEGIN SOLUTION a", "# END SOLUTION a"], 1, "is empty", id="empty"),
        pytest.param(region(todo="# Todo: do it"), 1, "looks like a TODO", id="TODO misspelled"),
        pytest.param(region(todo="  # TODO: do it"), 1, "looks like a TODO", id="TODO indented"),
        pytest.param(
            ["# BEGIN SOLUTION a", "x = 1", "# PROMPT x = ...", "# END SOLUTION a"],
            1,
            "has a PROMPT line in another place or without code",
            id="prompt below the answer",
        ),
        pytest.param(
            [*region()[:3], "  # END SOLUTION a"], 4, "indent END SOLUTION a", id="END indented"
        ),
        pytest.param(region("Affine"), 1, "cannot be a region's id", id="capital letter"),
        pytest.param(region("a.b.c"), 1, "cannot be a region's id", id="two dots"),
        pytest.param(region("a b"), 1, "cannot be a region's id", id="space"),
        pytest.param(region("a-b"), 1, "cannot be a region's id", id="hyphen"),
    ],
)
def test_every_broken_marker_is_an_error_with_its_place(lines, line, words):
    message = error_of(lines)
    assert message.startswith(f"layers.py:{line}: ")
    assert words in message


@pytest.mark.parametrize(
    "almost",
    [
        "#BEGIN SOLUTION a",
        "##  BEGIN SOLUTION a",
        "# begin solution a",
        "# Begin Solution a",
        "# BEGIN SOLUTON a",
        "# BEGN SOLUTION a",
        "# BEGIN  SOLUTION a",
        "# BEGIN_SOLUTION a",
        "# BEGINSOLUTION a",
        "# BEGIN SOLUTION: a",
        "# --- BEGIN SOLUTION a ---",
        "# ENDSOLUTION a",
        "#END SOLUTION a",
        "# END SOLUTIONS a",
        "out = x @ w  # BEGIN SOLUTION a",
        "<!-- BEGIN SOLUTION a -->",
        "#\tBEGIN SOLUTION a",
    ],
)
def test_a_line_that_almost_is_a_marker_is_an_error(almost):
    message = error_of(["x = 1", almost, "y = 2"])
    assert message.startswith("layers.py:2: ")
    assert "looks like a marker" in message


@pytest.mark.parametrize(
    "almost",
    ["# BEGIN SOLUTION a", "<!--BEGIN SOLUTION a-->", "<!-- BEGIN SOLUTION a --> text"],
)
def test_so_it_is_in_prose(almost):
    message = error_of(["text", almost], syntax=PROSE)
    assert message.startswith("layers.py:2: ")
    assert "looks like a marker" in message


@pytest.mark.parametrize(
    "harmless",
    [
        "# begin with the last layer",
        "# the end of the solution",
        "# BEGIN of the batch",
        'color = "#beef00"',
        "# END YOUR CODE a",
    ],
)
def test_other_comments_are_left_alone(harmless):
    assert find_regions(harmless) == ()


def test_another_spelling_reads_its_own_markers_only():
    text = "# BEGIN YOUR CODE a\n# TODO: x\n# END YOUR CODE a"
    assert [r.id for r in find_regions(text, words=YOUR_CODE)] == ["a"]
    assert find_regions(text, words=SOLUTION) == ()


def test_ids_are_unique_across_files():
    text = "\n".join(region())
    first, second = find_regions(text, "one.py"), find_regions("\n" + text, "two.py")
    check_unique(first)
    with pytest.raises(MarkerError, match=r"^two\.py:2: .* already, at one\.py:1"):
        check_unique([*first, *second])


def test_an_error_knows_its_file_and_line():
    with pytest.raises(MarkerError) as caught:
        find_regions("\n# END SOLUTION a", "layers.py")
    assert (caught.value.file, caught.value.line) == ("layers.py", 2)


words = st.sampled_from(
    ["# ", "#", "<!-- ", " -->", "BEGIN", "END", " ", "SOLUTION", "YOUR CODE", "YOUR ANSWER",
     "TODO: ", "f", "f.first", "F", "...", "\n", "\n\n", "    ", "\t", "\r", "\0", "\ud800",
     "\u2028", "x = 1", "# BEGIN SOLUTION f\n", "# TODO: do it\n", "# END SOLUTION f\n",
     "<!-- BEGIN SOLUTION f -->\n",
     "<!-- TODO: do it -->\n", "<!-- END SOLUTION f -->\n", "# BEGIN YOUR CODE f\n",
     "begin solution"]
)  # fmt: skip


@given(st.lists(words, max_size=40).map("".join), st.sampled_from([CODE, PROSE]))
def test_any_text_has_regions_or_a_marker_error(text, syntax):
    """And takes 200 bytes of memory for each of its own at most, but 64 KiB."""

    def find():
        for parser in (find_regions, student_regions):
            with contextlib.suppress(MarkerError):
                for region in parser(text, syntax=syntax):
                    assert text.split("\n")[region.line - 1].strip()

    assert peak_of(find) < 200 * len(text) + (64 << 10)


@pytest.mark.parametrize("piece", ["# ", "#", "<!-- ", "BEGIN ", "# B\n", "# BEGIN SOLUTION"])
def test_long_texts_of_almost_markers_take_no_more(piece):
    text = piece * (12_500 // len(piece))

    def find():
        with contextlib.suppress(MarkerError):
            find_regions(text)

    assert peak_of(find) < 200 * len(text) + (64 << 10)
