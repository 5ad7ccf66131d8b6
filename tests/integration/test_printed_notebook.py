"""A notebook as a PDF, printed by the real nbconvert and a real browser, and read as text."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.selfcheck.pdf import find_browser, print_notebook

pytestmark = pytest.mark.skipif(
    find_browser(sys.platform, os.environ, Path.home()) is None or not shutil.which("pdftotext"),
    reason="no Chromium or no pdftotext here; `make test` installs them",
)
LONG = "x = [" + ", ".join(f"'part {n}'" for n in range(60)) + "]  # the end of the line"
WORD = "o" * 300 + " and the end of the output"
TEXT = f"""\
## Why?

<p align="center"><font color="red">Because</font> <b>it</b> is so.<br>{"w" * 300} END</p>

<details><summary>More</summary>

What is folded.

</details>

<!-- BEGIN YOUR ANSWER why -->
"""
TABLE = (
    "<div><style scoped>td { color: navy }</style><table>"
    + "".join(f"<td>{n}.25</td>" for n in range(19))
    + "<td>§</td></table></div>"
)
LATE = "<script>setTimeout(() => document.body.append('typeset later'), 500)</script>"


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """The words of the PDF of a notebook, without white space: a long one may be on two lines."""
    folder = tmp_path_factory.mktemp("printed")
    outputs = [
        new_output("stream", text=WORD),
        new_output("display_data", data={"text/html": TABLE}),
        new_output("display_data", data={"text/html": LATE}),
    ]
    cells = [new_markdown_cell(TEXT), new_code_cell(LONG, outputs=outputs)]
    nbformat.write(new_notebook(cells=cells), folder / "N.ipynb")
    assert print_notebook(folder / "N.ipynb", folder / "N.pdf") == ""
    read = ["pdftotext", str(folder / "N.pdf"), "-"]
    return "".join(subprocess.run(read, capture_output=True, text=True, check=True).stdout.split())


def test_html_in_a_notebook_is_printed_as_html(words):
    assert "Why?Becauseitisso." in words
    for tag in ("<", "&lt;", "style", "YOURANSWER"):
        assert tag not in words


def test_long_lines_and_wide_tables_are_printed_to_their_ends(words):
    for end in ("#theendoftheline", "o" * 300 + "andtheendoftheoutput", "w" * 300 + "END", "§"):
        assert end in words


def test_what_is_folded_is_printed(words):
    assert "Whatisfolded." in words


def test_what_a_script_of_the_page_writes_later_is_printed(words):
    assert "typesetlater" in words
