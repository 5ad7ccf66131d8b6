"""What students get besides: a file in their language instead of the English one, facts put in."""

import re
from pathlib import Path

import pytest

from autograder.errors import AssignmentError
from plumb.assignment_reader import read_assignment
from plumb.config import variants
from plumb.handout import handout
from tests.integration.conftest import VARIANT
from tests.real_assignment import real_assignment

ROOT = Path(__file__).parents[3]


def handed_out(pocket, files, variant=VARIANT):
    """What of these files of ``handout/`` a student of the variant gets."""
    pocket.write("assignment/variants/pocket.toml", variant)
    (pocket.folder / "assignment/handout/README.md").unlink()
    for name, text in files.items():
        pocket.write(f"assignment/handout/{name}", text)
    for language in ("zh", "fr", "md"):  # known by this; a variant in another is refused
        pocket.write(f"assignment/variants/titles.{language}", "")
    folder = pocket.folder
    assignment = read_assignment(folder / "assignment", folder / "solutions", "pocket")
    return {name: data.decode() for name, data in handout(assignment).items()}


TWO = {"README.md": "read", "README.zh.md": "读", "pictures/a.txt": "a", "pictures/a.zh.txt": "啊"}


@pytest.mark.parametrize(
    ("language", "readme", "picture"),
    [("en", "read", "a"), ("zh", "读", "啊"), ("fr", "read", "a")],
)
def test_a_file_in_the_variants_language_takes_the_place_of_the_english_one(
    pocket, language, readme, picture
):
    files = handed_out(pocket, TWO, f'{VARIANT}language = "{language}"\n')
    assert files == {"README.md": readme, "pictures/a.txt": picture}


@pytest.mark.parametrize("language", ["en", "zh", "md"])
@pytest.mark.parametrize("template", ["", ".j2"])
def test_so_it_is_with_templates_whose_own_suffix_is_no_language(pocket, language, template):
    files = {f"README.md{template}": "read", f"README.zh.md{template}": "读"}
    texts = handed_out(pocket, files, f'{VARIANT}language = "{language}"\n')
    assert texts == {"README.md": "读" if language == "zh" else "read"}


@pytest.mark.parametrize("templates", [("", ".j2"), (".j2", "")])
def test_one_of_the_two_may_be_a_template(pocket, templates):
    names = [f"README{inner}.md{end}" for inner, end in zip(("", ".zh"), templates, strict=True)]
    texts = handed_out(pocket, dict(zip(names, "ab", strict=True)), f'{VARIANT}language = "zh"\n')
    assert texts == {"README.md": "b"}


def test_only_a_template_is_filled_in_and_nothing_is_escaped(pocket):
    text = "{{ assignment.title }} & {{ assignment.package }}\n"
    files = handed_out(pocket, {"a.md": text, "b.md.j2": text})
    assert files == {"a.md": text, "b.md": "In the pocket & pocket\n"}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a\n{% if %}\n", "b.md.j2:2: ", ""),
        ("{{ assignment.titel }}", "b.md.j2:1: ", "titel"),
        ("{{ title }}", "b.md.j2:1: ", "title"),
    ],
)
def test_a_template_that_is_wrong_is_an_error_with_its_place(pocket, text, place, words):
    with pytest.raises(AssignmentError, match=re.escape(place)) as caught:
        handed_out(pocket, {"b.md.j2": text})
    assert words in str(caught.value)


@pytest.mark.parametrize("variant", variants(ROOT / "assignment"))
def test_every_variants_students_get_a_page_that_says_how_to_begin(variant):
    assignment = real_assignment(variant)
    page = handout(assignment)["README.md"].decode()
    assert page.startswith(f"# {assignment.title}\n")
    for fact in (*assignment.notebooks, assignment.style.code.opening("name"), "selfcheck submit"):
        assert fact in page
    for command in ("python3 -m venv", "jupyter lab", "xcode-select --install", "Ctrl+C"):
        assert command in page
    assert f"`{assignment.student_folder}`" in page
    assert not re.search(r"^ +python -m", page, re.MULTILINE)
    assert "{" not in page
