"""What in a check would look at the grader is refused, with its line and what to use."""

import textwrap
from pathlib import Path

import pytest

from autograder.errors import CheckError
from plumb.assignment_reader import read_assignment
from plumb.check_bodies import misuses, require_bodies_of_students

ROOT = Path(__file__).parents[3]


def checks(body, top="", before=""):
    lines = textwrap.indent(textwrap.dedent(body), "    ")
    return (
        "import contextlib, io, os, sys, numpy as np\nfrom plumbline import check\n"
        f"{top}\n\n{before}\n"
        f'@check("q", points=1, seed=1)\ndef one(student, rng):\n    """One."""\n{lines}\n'
    )


@pytest.mark.parametrize(
    ("body", "named", "instead"),
    [
        ("with contextlib.redirect_stdout(None): student.f()", "redirect_stdout", "printed"),
        ("from contextlib import redirect_stdout as r\nr(None)", "redirect_stdout", "printed"),
        ("sys.stdout = io.StringIO()", "sys.stdout", "printed"),
        ("text = open('out.csv').read()", "open", "student.file"),
        ("from pathlib import Path\nPath('a').read_text()", "pathlib.Path", "student.file"),
        ("os.path.exists('out.csv')", "os.path.exists", "student.file"),
        ("import subprocess\nsubprocess.run(['m'])", "subprocess.run", "student.function"),
        ("os.system('python m.py')", "os.system", "student.function"),
        ("answer = input()", "input", "as arguments"),
        ("import pytest\npytest.raises(ValueError)", "pytest.raises", "student.raises"),
        ("import inspect\ninspect.getsource(student.f)", "inspect.getsource", "student.source"),
        ("value = eval('rate')", "eval", "student.eval"),
        ("import matplotlib.pyplot as plt\nplt.gcf()", "matplotlib.pyplot", "student.figure"),
        ("import builtins\nbuiltins.print = list.append", "builtins.print", "student.printed"),
        ("try:\n    student.f(0)\nexcept ValueError:\n    pass", "ValueError", "student.raises"),
        ("try: student.f(0)\nexcept (KeyError, TypeError): pass", "TypeError", "student.raises"),
        ("student.eval(f'rate + {rng.rand()}')", "student.eval", "as one string"),
        ("student.eval(student.expression())", "student.eval", "as one string"),
        ("student.eval(7)", "student.eval", "as one string"),
        ("np.loadtxt('out.csv')", "numpy.loadtxt", "io.StringIO(student.file"),
        ("path = 'out.npy'\nnp.load(path)", "numpy.load", "grader_data.path"),
        ("np.load(student.path())", "numpy.load", "student.file"),
        ("from numpy import genfromtxt as g\ng(fname='a' + '.csv')", "numpy.genfromtxt", "file"),
        ("np.fromfile(f'{rng.rand()}.bin')", "numpy.fromfile", "student.file"),
        ("np.savetxt('in.csv', rng.rand(3))", "numpy.savetxt", "student.file"),
        ("np.save('in.npy', rng.rand(3))", "numpy.save", "student.file"),
        ("import pandas as pd\npd.read_csv('out.csv')", "pandas.read_csv", "student.file"),
        ("import pandas\npandas.read_excel(io='a.xlsx')", "pandas.read_excel", "grader_data"),
        ("np.testing.assert_allclose(student.f(), 1)", "numpy.testing", "return the values"),
        ("from numpy import testing\ntesting.assert_equal(1, 1)", "numpy.testing", "compared"),
        (
            "import warnings as w\nwith w.catch_warnings(record=True) as seen:\n    student.f()",
            "no warning of the student's",
            "student.raises",
        ),
    ],
)  # fmt: skip
def test_what_looks_at_the_grader_is_named_with_what_to_use(body, named, instead):
    found = misuses(checks(body))
    assert any(named in text and instead in text for _, text in found)


@pytest.mark.parametrize(
    "body",
    [
        "print('looking at', rng)",
        "input = rng.rand()\nreturn {'out': student.f(input)}",
        "open = rng.rand()\nreturn {'out': student.f(open)}",
        "try:\n    student.f(0)\nexcept Exception:\n    pass",
        "try:\n    student.f(0)\nexcept StudentError:\n    pass",
        "try:\n    n = int('x')\nexcept ValueError:\n    n = 0",
        "return {'out': student.eval('rate + 1'), 'text': student.printed(student.f)}",
        "import numpy as np\nreturn {'out': np.random.rand(3)}",
        "return {'out': student.os.path(), 'open': student.open()}",
        "np.load(io.BytesIO(student.file_bytes('a.npy')))",
        "file = io.BytesIO()\nnp.save(file, rng.rand(3))\nnp.load(file)",
        "with io.StringIO(student.file('a.csv')) as file:\n    np.loadtxt(file)",
        "np.genfromtxt(student.printed(student.f).splitlines())",
        "np.loadtxt(line for line in student.lines())",
        "import pandas as pd\npd.read_csv(io.StringIO('a,b'))",
        "np.loadtxt(LINES)",
        "np.load(buffer())",
        "import warnings\nwith warnings.catch_warnings():\n    np.log(0)",
    ],
)
def test_what_does_not_is_left_alone(body):
    top = "LINES = io.StringIO('1')\n\n\ndef buffer():\n    return io.BytesIO()\n"
    assert misuses(checks(body, top)) == set()


@pytest.mark.parametrize(
    "read",
    [
        'np.loadtxt(grader_data.path("a.csv"))',
        'np.load(io.BytesIO(grader_data.bytes("a.npy")))',
        'where = grader_data.path("a.csv")\n    np.genfromtxt(where, delimiter=",")',
        'pd.read_csv(grader_data.path("a.csv"))',
        'np.loadtxt(io.StringIO(grader_data.text("a.csv")))',
        'table(grader_data.path("a.csv"))',
    ],
)
def test_a_file_of_the_graders_is_read(read):
    text = (
        "import io\nimport numpy as np\nimport pandas as pd\nfrom plumbline import check\n\n\n"
        "def table(path):\n    return np.loadtxt(path)\n\n\n"
        f'@check("q")\ndef one(student, rng, grader_data):\n    {read}\n'
    )
    assert misuses(text) == set()


def test_something_is_said_once_of_a_name_with_dots():
    body = "import matplotlib.pyplot as plt\nplt.gcf()\nnp.testing.assert_equal(1, 1)"
    assert sorted(line for line, _ in misuses(checks(body))) == [10, 11]


def test_a_helper_counts_where_a_check_uses_it():
    helper = "def read():\n    return open('x')\n\n\ndef through():\n    return read()\n"
    ((line, text),) = misuses(checks("through()", before=helper))
    assert (line, text.partition(":")[0]) == (6, "open looks at the grader and not at the student")
    assert misuses(checks("pass", before=helper)) == set()


@pytest.mark.parametrize(
    ("top", "body", "line"),
    [
        ("read = lambda: open('x')", "read()", 3),
        ("DATA = open('x').read()", "DATA", 3),
        ("with open('x') as file: DATA = file.read()", "DATA", 3),
        ("class Data:\n    def read(self):\n        return open('x')", "Data().read()", 5),
        ("read = open", "read('x')", 3),
        ("read = np.loadtxt", "read('x')", 9),
    ],
)
def test_any_part_of_the_file_counts_where_a_check_uses_it(top, body, line):
    assert line in {place for place, _ in misuses(checks(body, top))}
    assert misuses(checks("pass", top)) == set()


@pytest.mark.parametrize(
    ("imports", "decorator"),
    [
        ("from plumbline import *", "check"),
        ("import plumbline as pl\ncheck = pl.check", "check"),
        ("import plumbline as pl", "pl.check"),
        ("import functools\nfrom plumbline import check as c", "c"),
        ("from functools import partial\nfrom plumbline import check\nvis = partial(check)", "vis"),
        ("import functools as f\nimport plumbline\nv = f.partial(plumbline.check)", "v"),
    ],
)
def test_a_check_is_known_by_whatever_name(imports, decorator):
    ((_line, text),) = misuses(
        f"{imports}\n\n@{decorator}('q')\ndef one(student, rng):\n    open('x')\n"
    )
    assert text.startswith("open looks at the grader")


def test_a_parameter_hides_a_builtin():
    helper = "def double(input):\n    return 2 * input\n"
    assert misuses(checks("double(1)", before=helper)) == set()


def test_every_place_is_said_at_once(tmp_path):
    (tmp_path / "one.py").write_text(checks("open('a')\nopen('b')"))
    (tmp_path / "two.py").write_text(checks("input()"))
    with pytest.raises(CheckError) as info:
        require_bodies_of_students(sorted(tmp_path.glob("*.py")))
    places = [line.partition(": ")[0] for line in str(info.value).splitlines()]
    assert places == [f"{tmp_path}/one.py:9", f"{tmp_path}/one.py:10", f"{tmp_path}/two.py:9"]


def test_an_assignment_with_such_a_check_is_not_read(pocket):
    text = checks("text = open('out.csv').read()").replace('"q"', '"double"')
    pocket.write("assignment/checks/more.py", text)
    with pytest.raises(CheckError, match=r"more\.py:9: open looks at the grader"):
        read_assignment(pocket.folder / "assignment", pocket.folder / "solutions", "pocket")


def test_the_checks_of_this_assignment_are_fine():
    require_bodies_of_students((ROOT / "assignment" / "checks").glob("*.py"))
