"""What is derived for an assignment of two files: cells, roles, questions; and what is an error."""

import json

import pytest

from autograder.errors import UserError
from autograder.harness import Kind
from plumb.assignment_reader import read_assignment
from plumb.derive import complete_cells
from plumb.raw_cells import raw_cells, raw_ipynb_cells
from tests.own_course import CHECKS, NOTEBOOK, write_course

ANSWER = "# BEGIN SOLUTION\nrate = x\n# END SOLUTION\n"
PROSE = (
    "\n# %% [markdown]\n# ## Why so\n# Why?\n# <!-- BEGIN SOLUTION -->\n# Because.\n"
    "# <!-- END SOLUTION -->\n"
)


READER = "# %%\n# BEGIN SOLUTION reader\ndef file(x):\n    return x\n# END SOLUTION reader\n"
READS = '\n\n@check("reader")\ndef reads(student, rng):\n    return {{"x": {}(3)}}\n'


def read(tmp_path, **files):
    folder = write_course(tmp_path, {f"hw1/{name}": text for name, text in files.items()}) / "hw1"
    return read_assignment(folder, folder, "hw1")


def cells_of(source, wanted=()):
    return complete_cells(raw_cells(source, "n.py"), wanted, {})


def roles(source, wanted=()):
    return [cell.role for cell in cells_of(source, wanted)]


def error_of(tmp_path, **files):
    with pytest.raises(UserError) as caught:
        read(tmp_path, **files)
    return str(caught.value)


def test_two_files_are_an_assignment(tmp_path):
    found = read(tmp_path)
    assert [(q.id, q.title, q.kind) for q in found.questions] == [
        ("root", "The square root of a, by bisection", Kind.CODE),
        ("rate", "Half-lives", Kind.CODE),
    ]
    assert [(c.id, c.role) for c in found.cells["hw1"]] == [
        ("roots-of-numbers", "text"),
        (found.cells["hw1"][1].id, "setup"),
        ("root", "answer"),
        (found.cells["hw1"][3].id, "example"),
        ("half-lives", "text"),
        ("rate", "answer"),
    ]
    assert found.manifest.cells == {"root": "hw1", "rate": "hw1"}
    assert found.student_folder == found.variant_name == "hw1"
    assert [(c.id, c.points, c.title) for c in found.checks] == [
        ("root.root_of_a_large_number", 2, "A number above 1000."),
        ("rate.half_life_of_three_hours", 1, "half life of three hours"),
    ]


def test_an_ipynb_is_a_source_like_another(tmp_path):
    cells = [
        {
            "cell_type": cell.kind,
            "id": f"a{number}",
            "source": cell.text.splitlines(keepends=True),
            "metadata": {"collapsed": True},
            **({"outputs": [{"text": "secret"}]} if cell.kind == "code" else {}),
        }
        for number, cell in enumerate(raw_cells(NOTEBOOK, "n.py"))
    ]
    text = json.dumps({"nbformat": 4, "cells": cells})
    found = read(tmp_path, **{"hw1.py": None, "hw1.ipynb": text})
    wanted = cells_of(NOTEBOOK)
    assert [(c.text, c.role) for c in found.cells["hw1"]] == [(c.text, c.role) for c in wanted]
    assert found.cells["hw1"][2].id == "a2"


def test_what_is_no_ipynb_is_an_error_with_its_place():
    with pytest.raises(UserError, match=r"^n\.ipynb: this is no notebook of format 4"):
        raw_ipynb_cells(b"{}", "n.ipynb")


@pytest.mark.parametrize(
    ("code", "role"),
    [
        ("import numpy as np\nnp.random.seed(0)", "setup"),
        ("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.style.use('ggplot')", "setup"),
        ("def helper(x):\n    print(x)", "setup"),
        ("data = [1, 2]", "setup"),
        ("for i in range(3):\n    total = i", "setup"),
        ("for i in range(3):\n    print(i)", "example"),
        ("y = 2\nprint(y)", "example"),
        ("y = 2\nx = 1\nprint(x)", "setup"),  # the answer needs x
        ("rate", "example"),
        ("z = rate + 1", "example"),
        ("def later():\n    return rate", "setup"),
        ("%%bash\nls -l", "example"),
        ("rate?", "example"),
        ("?rate\nprint(rate)", "example"),
    ],
)
def test_the_role_of_a_code_cell_is_told_by_what_is_in_it(code, role):
    found = roles(f"# %%\n{code}\n\n# %%\n{ANSWER}")
    assert found == [role, "answer"]


NEEDED = "# %%\nvalues = [3, 1]\n\n# %%\n{}\n\n# %%\n" + ANSWER.replace("= x", "= values[0]")


@pytest.mark.parametrize(
    ("code", "role"),
    [
        ("values.sort()\nprint(values)", "setup"),
        ("values[0] = 2\nprint(values)", "setup"),
        ("values = sorted(values)\nprint(values)", "setup"),
        ("import random\nrandom.shuffle(values)", "setup"),
        ("values.drop(2, inplace=True)\nvalues.head()", "setup"),
        ("values.drop(2, inplace=True)", "setup"),
        ("values.reindex()\nvalues.head()", "setup"),
        ("def halve(a):\n    a[0] /= 2\n\nprint(halve(values))", "setup"),
        ("values.head()", "example"),
        ("print(sorted(values, key=lambda value: value.total()))", "example"),
        ("print(values.head())\nvalues.drop(2, inplace=False)", "example"),
        ("print(sorted(values), values.index(3), len(values))", "example"),
        ("other = list(values)\nother.sort()\nprint(other)", "example"),
        ("for value in values:\n    print(value)", "example"),
    ],
)
def test_a_cell_that_changes_what_an_answer_needs_is_set_up(code, role):
    assert roles(NEEDED.format(code)) == ["setup", role, "answer"]
    below = f"# %%\n{ANSWER}\n# %%\ndef mean(x):\n    print(x)\n\n# %%\n{code}\n"
    assert roles(below) == ["answer", "setup", "example"]  # nobody needs these values


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("# %%", "values.append(double(2))\nprint(values)"),
        ('# %% role="example"', "values.sort()"),
    ],
)
def test_an_example_that_grading_would_run_is_an_error_with_its_place(header, code):
    double = "# %%\n# BEGIN SOLUTION\ndef double(x):\n    return 2 * x\n# END SOLUTION\n\n"
    source = double + NEEDED.format(code).replace("# %%\n" + code, f"{header}\n{code}")
    with pytest.raises(UserError, match=r"^n\.py:11: the example .* changes values, which"):
        cells_of(source)


@pytest.mark.parametrize("imports", ["import plots as p", "from all_plots import p"])
def test_an_example_may_change_the_settings_of_a_library(imports):
    answer = f"# %%\n{imports}\n\n# %%\n# BEGIN SOLUTION\ndef double(x):\n    return p.twice(x)\n"
    example = "p.settings['size'] = 8, 6\np.options.rows = 5\np.plot(double(2))"
    assert roles(f"{answer}# END SOLUTION\n\n# %%\n{example}") == ["setup", "answer", "example"]


def test_a_function_that_only_reads_may_be_given_to_another_in_an_example():
    double = "# %%\n# BEGIN SOLUTION\ndef double(x):\n    return 2 * x\n# END SOLUTION\n\n"
    code = "print(double(sorted(values, key=lambda value: value.total())))"
    assert roles(double + NEEDED.format(code)) == ["answer", "setup", "example", "answer"]


def test_what_a_check_asks_for_is_set_up():
    source = f"# %%\n{ANSWER}\n# %%\ndouble = 2 * rate\nprint(double)\n"
    assert roles(source) == ["answer", "example"]
    assert roles(source, {"double"}) == ["answer", "setup"]


def test_a_role_and_an_id_that_are_written_stay():
    (one,) = cells_of('# %% id="mine" role="setup"\nprint(1)\n')
    assert (one.id, one.role) == ("mine", "setup")


def test_no_cell_is_lost_and_no_two_have_one_id():
    source = "import os\n\n# %% [markdown]\n# # A\n\n# %% [markdown]\n# # A\n\n# %%\n1\n\n# %%\n1\n"
    found = cells_of(source)
    assert [cell.text for cell in found] == ["import os", "# A", "# A", "1", "1"]
    assert len({cell.id for cell in found}) == 5
    assert [cell.line for cell in found] == [1, 4, 7, 10, 13]


def test_prose_is_a_question_for_a_person_or_with_checks_a_choice(tmp_path):
    toml = '[[questions]]\nid = "why_so"\npoints = 3\nrubric = "A reason."\n'
    found = read(tmp_path, **{"hw1.py": NOTEBOOK + PROSE, "assignment.toml": toml})
    (question,) = [q for q in found.questions if q.id == "why_so"]
    assert (question.kind, question.hand_points) == (Kind.PROSE, 3)
    assert (question.title, question.rubric) == ("Why so", "A reason.")
    check = (
        '\n@check("why_so")\ndef pick(student, rng):\n    return {"n": student.picks("why_so")}\n'
    )
    files = {"hw1.py": NOTEBOOK + PROSE, "checks.py": CHECKS + check, "assignment.toml": ""}
    found = read(tmp_path, **files)
    assert {q.id: q.kind for q in found.questions}["why_so"] is Kind.CHOICE


def test_answers_may_be_in_a_package(tmp_path):
    answer = "    # BEGIN SOLUTION\n    return 2 * x\n    # END SOLUTION\n"
    module = f'def f(x):\n    """Twice x."""\n{answer}'
    check = '\n@check("f")\ndef twice(student, rng):\n    return {"y": student.maths.f(2)}\n'
    found = read(
        tmp_path,
        **{"num/__init__.py": "", "num/maths.py": module, "checks.py": CHECKS + check},
    )
    assert (found.package, found.student_folder) == ("num", "num-hw1")
    assert [q.title for q in found.questions][-1] == "Twice x"


def test_an_author_chooses_the_title_and_the_order(tmp_path):
    other = "# %%\n# BEGIN SOLUTION\nnext_rate = 2\n# END SOLUTION\n"
    check = '\n@check("next_rate")\ndef nr(student, rng):\n    return {"r": student.next_rate}\n'
    toml = 'title = "Week one"\nnotebooks = ["hw1", "a"]\n'
    files = {"a.py": other, "checks.py": CHECKS + check, "assignment.toml": toml}
    found = read(tmp_path, **files)
    assert (found.title, found.notebooks) == ("Week one", ("hw1", "a"))


def test_a_function_with_a_name_of_the_students_is_reached_through_its_notebook(tmp_path):
    checks = CHECKS + READS.format('student.notebook("b").file')
    found = read(tmp_path, **{"b.py": READER, "checks.py": checks})
    assert "reader" in {question.id for question in found.questions}
    # A variable of that name stands in nobody's way.
    asks = READS.format("rng.rand(student.file_bytes, student.eval)")
    source = READER.replace("def file", "def reader").replace("    return", "    file_bytes =")
    read(tmp_path, **{"b.py": source, "checks.py": CHECKS + asks})


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"checks.py": CHECKS.replace('"rate", v', '"rates", v')},
         ["checks.py:4: check half_life_of_three_hours names the question 'rates'",
          "did you mean rate?", "hw1.py:26: no check looks at rate"]),
        ({"checks.py": CHECKS.replace("points=2", 'needs=["roots"]')},
         ["check root_of_a_large_number needs the question 'roots'"]),
        ({"hw1.py": NOTEBOOK + '\n# %%\ncheck("ratte")\n'},
         ['hw1.py:32: check("ratte") names no question; did you mean rate?']),
        ({"hw1.py": NOTEBOOK.replace("rate =", "put =")},
         ["a check cannot reach put, because student.put means something else"]),
        ({"b.py": READER, "checks.py": CHECKS + READS.format("student.file")},
         ['checks.py:17: student.file is not the file that b defines; write student.notebook("b")'
          ".file, or choose another name"]),
        ({"b.py": NOTEBOOK.replace("# BEGIN SOLUTION", "# BEGIN SOLUTION other")},
         ["END SOLUTION"]),
        ({"b.py": "# %%\nrate = 3\n"},
         ["checks.py:6: student.rate is defined in b and in hw1; write "
          'student.notebook("b").rate']),
        ({"b.py": NOTEBOOK}, ["there is a region root already, at"]),
        ({"hw1.py": None}, ["there is no notebook's source, such as hw1.py"]),
        ({"util.py": "x = 1\n"}, ["util.py:1: this is no notebook's source"]),
        ({"hw1.ipynb": "{}"}, ["hw1.ipynb is a source of the same notebook; delete one"]),
        ({"checks/a.py": CHECKS}, ["checks.py: there is a folder checks/ too"]),
        ({"a/__init__.py": "", "b/__init__.py": ""}, ["there are several packages: a, b"]),
        ({"assignment.toml": 'package = "c"\n'}, ["there is no file c/__init__.py"]),
        ({"assignment.toml": 'notebooks = ["c"]\n'}, ["there is no notebook 'c'; there are: hw1"]),
        ({"assignment.toml": 'due = "today"\n'}, ["unknown field `due`", "known are: title, "]),
        ({"hw1.py": NOTEBOOK.replace("rate =", "rate = =")}, ["hw1.py:28: this is not Python"]),
        ({"hw1.py": NOTEBOOK.replace("import numpy", "import = numpy")}, ["hw1.py:6: cell "]),
        ({"hw1.py": '# %% include="helpers"\n' + NOTEBOOK}, ["hw1.py:1: include='helpers'"]),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(tmp_path, files, words):
    message = error_of(tmp_path, **files)
    for part in words:
        assert part in message
