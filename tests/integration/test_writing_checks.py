"""The page *Writing checks*: all its blocks are one assignment, and `plumb try` finds it well."""

import re

import plumbline
from autograder.core import values
from autograder.core.student import Student
from autograder.limits import MIB
from plumb.data_files import MAX_DATA
from tests.integration.conftest import ROOT
from tests.own_course import write_course
from tests.pages import blocks

PAGE = blocks("writing-checks")
#: What a check needs not to know of a student.
INTERNAL = {"trace", "names_used", "notebooks_used", "remarks", "answered", "function_use"}


def assignment():
    """The files of the assignment that the page is."""
    cells, checks, files = [], [], {"hw1/nets/__init__.py": '"""Networks."""\n'}
    for block in PAGE:
        if block.title == "check":
            checks.append(block.text)
        elif block.title == "solution" and block.language == "markdown":
            commented = "".join(f"# {line}".rstrip() + "\n" for line in block.text.splitlines())
            cells.append(f"# %% [markdown]\n{commented}")
        elif block.title == "solution":
            cells.append(f"# %%\n{block.text}")
        elif block.title.startswith("hw1/"):
            files[block.title] = block.text
    files |= {"hw1/hw1.py": "\n".join(cells), "hw1/checks.py": "\n\n".join(checks)}
    return {"course.toml": 'title = "Pages"\npython = ["pandas"]\n'} | files


def test_plumb_try_finds_nothing_to_mend(in_course, tmp_path):
    write_course(tmp_path, assignment())
    code, output = in_course("try")
    assert code == 0, output
    assert "warning" not in output, output
    tried = re.search(r"^hw1: (\d+) checks, .*: all is well", output, re.M)
    checks = sum(len(re.findall("^@check", b.text, re.M)) for b in PAGE if b.title == "check")
    assert tried is not None
    assert int(tried[1]) == checks


def test_each_name_of_the_vocabulary_has_an_example():
    code = "\n".join(block.text for block in PAGE if block.language == "python")
    asked = {n for n in dir(Student) if not n.startswith("_")} - INTERNAL
    missing = {name for name in asked if f"student.{name}(" not in code}
    assert not missing
    # What a check gets and does not name itself.
    got = {"Callback", "Check", "Data", "Figure", "Goal", "GraderData", "Handle", "Raised"}
    got |= {"SourceText", "Student", "FLOAT64"}
    assert {n for n in set(plumbline.__all__) - got if not re.search(rf"\b{n}\b", code)} == set()


def test_each_kind_of_value_and_each_bound_stands_in_the_page():
    page = (ROOT / "docs" / "writing-checks.md").read_text("utf-8")
    table = page[page.index("| value |") : page.index("The message of a failure")].lower()
    kinds = {kind for types, kind in values._KINDS} | {values.ARRAY, values.FLAG, values.NONE}
    assert {kind for kind in kinds - {values.TABLE} if kind not in table} == set()
    assert {name for name in values._PANDAS if name.lower() not in table} == set()
    bounds = (values.MAX_VALUES, values.MAX_ITEMS, values.MAX_DIGITS, values.MAX_EXPONENT)
    assert {n for n in bounds if f"{n:,}" not in page} == set()
    assert f"; {values.MAX_DEPTH} levels;" in page
    assert f"{MAX_DATA // MIB} MiB" in page
