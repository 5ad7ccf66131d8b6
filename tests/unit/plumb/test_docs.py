"""What the pages of docs/ say is what the sources say. `make docs` builds them as a site."""

import re

import plumbline
from autograder.harness import Kind
from plumb.assignment_reader import read_assignment
from plumb.config import variants
from plumb.new import new_assignment
from plumb.strip import strip
from plumb.variant import Variant
from tests.integration.conftest import ROOT
from tests.pages import blocks

DOCS = ROOT / "docs"
#: The roles of cells, as the page of notebooks calls them.
ROLES = {"set-up": "setup", "answer": "answer", "example": "example"}


def test_the_vocabulary_has_each_public_name_once():
    text = (DOCS / "vocabulary.md").read_text("utf-8")
    assert sorted(re.findall(r"^::: plumbline\.(\w+)$", text, re.M)) == sorted(plumbline.__all__)


def test_each_cell_of_the_page_of_notebooks_is_what_the_page_says(tmp_path):
    page = blocks("notebooks")
    cells = [block for block in page if block.title in ROLES]
    folder = tmp_path / "hw1"
    folder.mkdir()
    (folder / "hw1.py").write_text("\n\n".join(map(as_cell, cells)), "utf-8")
    for block in page:
        if block.title in ("checks.py", "assignment.toml"):
            (folder / block.title).write_text(block.text, "utf-8")
    found = read_assignment(folder, folder, "hw1")
    assert [c.role for c in found.cells["hw1"]] == [ROLES[block.title] for block in cells]
    assert {q.id: q.kind for q in found.questions} == {
        "share_left": Kind.CODE,
        "rate": Kind.CODE,
        "after_six_hours": Kind.CHOICE,
        "why": Kind.PROSE,
    }
    stubs = [block.text for block in page if block.title == "what students get"]
    answers = [c for c in found.cells["hw1"] if c.role == "answer" and c.kind == "code"]
    assert [strip(cell.text) + "\n" for cell in answers] == stubs


def as_cell(block):
    """A block as a cell in the percent format."""
    if block.language != "markdown":
        return f"# %%\n{block.text}"
    return "# %% [markdown]\n" + "".join(f"# {line}\n" for line in block.text.splitlines())


def test_each_variant_of_the_page_of_variants_can_be_read(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    new_assignment(tmp_path, "hw1", "notebook")
    (tmp_path / "hw1/variants").mkdir()
    for block in blocks("variants"):
        if block.title:
            (tmp_path / block.title).write_text(block.text, "utf-8")
    folder = tmp_path / "hw1"
    found = {name: read_assignment(folder, folder, name) for name in variants(folder)}
    assert sorted(found) == ["german", "hw1", "short"]
    assert found["short"].asked == {"rate", "share_left"}
    assert "# --- your code rate" in strip(
        found["short"].cells["hw1"][2].text, style=found["short"].style
    )
    assert found["german"].remarks == ()
    assert found["german"].cells["hw1"][0].text.startswith("# Zerfall")


def test_the_page_of_variants_names_each_key():
    text = (DOCS / "variants.md").read_text("utf-8")
    table = text[text.index("| key |") : text.index("## Languages")]
    assert {key for key in Variant.__struct_fields__ if f"`{key}" not in table} == set()
