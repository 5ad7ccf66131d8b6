"""Typical mistakes of an author: each is told with its place, its cause, and what to do."""

import re

import pytest

from plumb import body_watch
from tests.own_course import CHECKS, NOTEBOOK, write_course

NB, CK, TOML = "hw1/hw1.py", "hw1/checks.py", "hw1/assignment.toml"


def changed(file, old, new):
    """The course with another text at one place of its notebook or its checks."""
    text = {NB: NOTEBOOK, CK: CHECKS}[file]
    assert text.count(old) == 1
    return {file: text.replace(old, new)}


def argument(text):
    """The second check, with another argument in the place of its points."""
    return changed(CK, "points=2", text)


def tolerance(text):
    return changed(CK, "Tolerance(((1e-6, 1.0),))", text)


PICKS = 'def picks(student, rng):\n    return {"why": student.picks("why")}\n'
F = "def f(x):\n    # BEGIN SOLUTION\n    return 2 * x + 1\n    # END SOLUTION\n"
PROSE = """
# %% [markdown]
# Why?
# <!-- BEGIN SOLUTION why -->
# Because it halves.
# <!-- END SOLUTION why -->
"""
LOOP = """

for n in (3, 4):
    @check("rate")
    def turns(student, rng):
        return {"n": student.rate}
"""
FACTORY = (
    LOOP.replace("for n in (3, 4):", "def turns_of(n):")
    + """\
    return turns


turns = turns_of(3)
"""
)
WHY = '[[questions]]\nid = "why"\npoints = 2\n'


def added(file, text):
    return {file: {NB: NOTEBOOK, CK: CHECKS}[file] + text}


#: What an author wrote, by what is wrong with it; and what the message must contain, in order.
READING = {
    # The arguments of a check.
    "no parentheses": (
        added(CK, "\n\n@check\ndef more(student, rng):\n    return {'n': student.root(4, 1e-9)}\n"),
        [f"{CK}:15: ", 'write @check("question") above more'],
    ),
    "a partial in the place of a function": (
        added(CK, "\nimport functools\nmore = check('rate')(functools.partial(print))\n"),
        [f"{CK}:15: ", "@check('rate') belongs above a function, not above the partial"],
    ),
    "a check in a class": (
        added(CK, "\n\nclass More:\n    @check('rate')\n    def more(self, student): pass\n"),
        [f"{CK}:16: check more would get lost", "the function of this name at the top level"],
    ),
    "checks in a list": (
        added(CK, "\n\ndef one(student, rng): pass\nMORE = [check('rate')(one)]\n"),
        [f"{CK}:15: check one would get lost", "the function of this name at the top level"],
    ),
    "a lambda": (
        added(CK, "\nmore = check('rate')(lambda student, rng: {'rate': student.rate})\n"),
        [f"{CK}:14: ", "not above a lambda, which has no name"],
    ),
    "a generator": (
        added(CK, "\n\n@check('rate')\ndef more(student, rng):\n    yield {'rate': 1}\n"),
        [f"{CK}:15: ", "not above more, which is a generator or async"],
    ),
    "an unknown argument": (
        argument("point=2"),
        [f"{CK}:9: ", "got an unexpected keyword argument 'point'"],
    ),
    "no points": (argument("points=0"), [f"{CK}:9: ", "must be worth more than 0 points, not 0"]),
    "points as a text": (argument("points='2'"), [f"{CK}:9: ", "more than 0 points, not '2'"]),
    "a seed below 0": (
        argument("seed=-1"),
        [f"{CK}:9: ", "has seed=-1; it is a whole number from 0 to 4294967295"],
    ),
    "a seed that is a text": (argument("seed='a'"), [f"{CK}:9: ", "seed='a'; it is a whole"]),
    "no time": (argument("seconds=0"), [f"{CK}:9: ", "seconds=0; it is a number above 0"]),
    "visible as a word": (argument("visible='no'"), [f"{CK}:9: ", "it is True or False"]),
    "a hint that is a list": (argument("hint=['a']"), [f"{CK}:9: ", "it is a text"]),
    "a score that is no function": (
        argument("score=0.5"),
        [f"{CK}:9: ", "it is a function that takes the observations and returns 0 to 1"],
    ),
    "needs itself": (
        argument("needs=['root']"),
        [f"{CK}:9: ", "needs=['root']; it is for other questions than its own; leave it out"],
    ),
    "needs a check": (
        argument("needs=[7]"),
        [f"{CK}:9: ", 'needs=[7]; it is a list of questions, such as ["root"]'],
    ),
    "a tolerance that is a number": (
        tolerance("1e-6"),
        [f"{CK}:9: ", "tolerance=1e-06; it is a Tolerance, such as Tolerance(((1e-6, 1.0),))"],
    ),
    "a tolerance of one number": (
        tolerance("Tolerance(1e-6)"),
        [f"{CK}:9: ", "tiers are pairs of (largest error, share of the points)", "such as ((1e-6"],
    ),
    "a tolerance below 0": (
        tolerance("Tolerance(((-1e-6, 1.0),))"),
        [f"{CK}:9: ", "numbers from 0", "not ((-1e-06, 1.0),)"],
    ),
    "a tolerance that never earns all": (
        tolerance("Tolerance(((1e-6, 0.5),))"),
        [f"{CK}:9: ", "the first tier must earn all points"],
    ),
    "tiers in another order": (
        tolerance("Tolerance(((1e-2, 1.0), (1e-6, 0.5)))"),
        [f"{CK}:9: ", "tiers must rise in error and fall in share"],
    ),
    "a goal that is a number": (
        argument("goals={'root': 3}"),
        [f"{CK}:9: ", "goals={'root': 3}; it is a dictionary of a goal for each name, such as"],
    ),
    "a goal that earns more than all": (
        added(CK, "\n\nfrom plumbline import at_least\nGOAL = at_least((30, 1), (32, 2))\n"),
        [
            f"{CK}:16: ",
            "pairs of (threshold, share of the points from 0 to 1)",
            "not ((30, 1), (32, 2))",
        ],
    ),
    "a goal that earns less for more": (
        added(CK, "\n\nfrom plumbline import at_least\nGOAL = at_least((30, 1), (32, 0.5))\n"),
        [f"{CK}:16: ", "a better number must not earn a smaller share"],
    ),
    # Files that cannot be read.
    "a value without quotes": (
        {TOML: "title = Week one\n"},
        [f"{TOML}:1: ", "this is not TOML: ", "a text stands in quotes"],
    ),
    "an unknown key": (
        {TOML: 'title = "One"\ndue = "today"\n'},
        [f"{TOML}:2: ", "unknown field `due`", "known are: title, package, python"],
    ),
    "an unknown key of a table": (
        {TOML: "[limits]\nsecond = 3\n"},
        [f"{TOML}:2: ", "unknown field `second`", "known are: seconds, timeouts"],
    ),
    "a limit below 0": (
        {TOML: "[limits]\nseconds = -3\n"},
        [f"{TOML}:2: ", "Expected `float` > 0"],
    ),
    "a text in the place of a list": (
        {"course.toml": 'python = "pandas"\n'},
        ["course.toml:1: ", "Expected `array`, got `str`", "python"],
    ),
    "a key of the course": (
        {"course.toml": 'titel = "Numerics"\n'},
        ["course.toml:1: ", "unknown field `titel`", "known are: title, python, roster"],
    ),
    "a package that pip does not understand": (
        {"course.toml": 'python = ["pandas 2"]\n'},
        ["course.toml: ", "'pandas 2' is no requirement", 'such as "pandas>=2"'],
    ),
    "a package that is not here": (
        {"course.toml": 'python = ["there_is_none>=2"]\n'},
        ["there_is_none>=2 (not installed)", "Install them with", "-m pip install"],
    ),
    "a notebook in another encoding": (
        {NB: NOTEBOOK.replace("Half", "H\xe4lf").encode("latin-1")},
        [f"{NB}:23: ", "this is not UTF-8", "save the file with the encoding UTF-8"],
    ),
    "a module in another encoding": (
        {"hw1/num/__init__.py": b"# \xe4\n"},
        ["hw1/num/__init__.py:1: ", "this is not UTF-8", "save the file"],
    ),
    # Checks that Python cannot run.
    "checks that import what is not here": (
        added(CK, "import there_is_none\n"),
        [f"{CK}:13: ", "No module named 'there_is_none'", "install its package, and name it in"],
    ),
    "checks that import another name": (
        changed(CK, "Tolerance, check", "Tolerance, check, chek"),
        [f"{CK}:1: ", "cannot import name 'chek'"],
    ),
    "checks that are no Python": (
        changed(CK, "student.rate}", "student.rate"),
        [f"{CK}:6: ", "'{' was never closed"],
    ),
    "two checks of one name": (
        added(CK, CHECKS[CHECKS.index("@check") :]),
        [f"{CK}:14: ", "a second check named half_life_of_three_hours", "rename one of them"],
    ),
    "checks in a loop": (
        added(CK, LOOP),
        [f"{CK}:16: check turns would get lost", "write one check with the loop in it, which"],
    ),
    "checks of a function": (
        added(CK, FACTORY),
        [f"{CK}:16: check turns would get lost", "or a function with its own @check(...) for each"],
    ),
    "a check in a list": (
        added(CK, '\nmore = [check("rate")(lambda student, rng: {"n": student.rate})]\n'),
        [f"{CK}:14: ", "not above a lambda, which has no name"],
    ),
    "a check that is taken away": (
        added(CK, "\nroot_of_a_large_number = 3\n"),
        [f"{CK}:9: check root_of_a_large_number would get lost"],
    ),
    "a check of a class": (
        added(CK, '\n\n@check("rate")\nclass Turns:\n    pass\n'),
        [f"{CK}:15: ", "@check('rate') belongs above a function, not above the class Turns"],
    ),
    "checks that import a file beside them": (
        added(CK, "import _helpers\n") | {"hw1/_helpers.py": "x = 1\n"},
        [f"{CK}:13: ", "cannot import _helpers.py beside it; write the functions that it needs"],
    ),
    "checks that import relatively": (
        added(CK, "from .helpers import x\n"),
        [f"{CK}:13: ", "cannot import another file beside it; write the functions"],
    ),
    "checks that import the answers": (
        added(CK, "from hw1 import root\n"),
        [f"{CK}:13: ", "checks do not import the answers", "student.root of a notebook"],
    ),
    "a file that a check opens": (
        changed(CK, "student.rate}", "open('a').read()}"),
        [f"{CK}:6: ", "open looks at the grader", 'student.file("out.csv") reads a file'],
    ),
    "what a check redirects": (
        changed(
            CK, '    return {"rate', '    import sys\n    sys.stdout = None\n    return {"rate'
        ),
        [f"{CK}:7: ", "sys.stdout looks at the grader", "student.printed(student.function, ...)"],
    ),
    "a visible check of what graders have": (
        changed(CK, "three_hours(student, rng)", "three_hours(student, rng, grader_data)"),
        [f"{CK}:4: ", "reads grader_data, which no student has", "leave out visible=True"],
    ),
    # Questions.
    "a question of a check": (
        changed(CK, '"rate", v', '"rates", v'),
        [f"{CK}:4: ", "names the question 'rates'", "did you mean rate?"],
    ),
    "a question that is needed": (
        argument('needs=["roots"]'),
        [f"{CK}:9: ", "needs the question 'roots'", "did you mean root?"],
    ),
    "the name of a function in the place of its id": (
        added(
            NB,
            "\n# %%\ndef computeMean(x):\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION\n",
        )
        | {CK: CHECKS + '\n\n@check("computeMean")\ndef mean(student, rng):\n    return {}\n'},
        [f"{CK}:15: ", "names the question 'computeMean'", "write 'compute_mean': an id has small"],
    ),
    "a text that is no id in check()": (
        added(NB, "\n# %%\nfrom selfcheck import check\n\n# %%\n1\ncheck('root', 'ra te')\n"),
        [f"{NB}:36: ", 'check("ra te") names no question; did you mean rate?'],
    ),
    "a question of check() under another name": (
        added(NB, "\n# %%\nfrom selfcheck import check as c\nif c('roots'):\n    pass\n"),
        [f"{NB}:33: ", 'c("roots") names no question; did you mean root?'],
    ),
    "a question of check() in its module": (
        added(NB, "\n# %%\nimport selfcheck\nselfcheck.check('roots')\n"),
        [f"{NB}:33: ", 'selfcheck.check("roots") names no question; did you mean root?'],
    ),
    "an argument of check()": (
        added(NB, "\n# %%\ncheck(question='root')\n"),
        [f"{NB}:32: check has no argument question; write the ids of questions alone"],
    ),
    "a question of check()": (
        added(NB, '\n# %%\ncheck("ratte")\n'),
        [f"{NB}:32: ", 'check("ratte") names no question; did you mean rate?'],
    ),
    "no checks": ({CK: ""}, [f"{NB}:9: no check looks at root", 'add one: @check("root")']),
    "a question that no check can reach": (
        changed(NB, "rate =", "put ="),
        [f"{NB}:26: a check cannot reach put, ", "choose another name"],
    ),
    "a visible check of options": (
        added(NB, PROSE) | {CK: f'{CHECKS}\n\n@check("why", visible=True)\n{PICKS}'},
        [f"{CK}:15: ", "its check picks would tell students the answer; leave out visible=True"],
    ),
    "an answer in prose without points": (
        added(NB, PROSE),
        [f"{NB}:33: nobody could give points for the answer why", 'id = "why" and points = 2'],
    ),
    "points of another id": (
        added(NB, PROSE) | {TOML: WHY.replace("why", "whi")},
        [f"{TOML}: there is no question 'whi'", "did you mean why?"],
    ),
    "a question twice": (
        added(NB, PROSE) | {TOML: WHY + WHY},
        [f"{TOML}: [[questions]] has 'why' more than once; keep one of them"],
    ),
    "points of code in the description": (
        {TOML: WHY.replace("why", "root")},
        [f"{TOML}: question root has points = 2, ", '@check("root", points=2)'],
    ),
    # Solution regions.
    "a region without an end": (
        changed(NB, "/ 3\n# END SOLUTION", "/ 3"),
        [f"{NB}:26: ", "never closed; add '# END SOLUTION rate'"],
    ),
    "a region without a beginning": (
        changed(NB, "# BEGIN SOLUTION\n# TODO", "# TODO"),
        [f"{NB}:28: ", "no region is open here; add BEGIN SOLUTION"],
    ),
    "a misspelled marker": (
        changed(NB, "# BEGIN SOLUTION\n# TODO", "### BEGIN SOLUTION\n# TODO"),
        [f"{NB}:26: ", "looks like a marker but is not one", "reads exactly '# BEGIN SOLUTION id'"],
    ),
    "a marker of code in a text": (
        changed(NB, "# ## Half-lives", "# ## Half-lives\n# BEGIN SOLUTION\n# It is short."),
        [f"{NB}:24: ", "looks like a marker but is not one", "'<!-- BEGIN SOLUTION id -->'"],
    ),
    "an empty region": (
        changed(NB, "# TODO: the rate of a half-life of 3 hours.\nrate = np.log(2) / 3\n", ""),
        [f"{NB}:26: ", "is empty: it needs an answer"],
    ),
    "two regions of one id": (
        added(NB, "\n# %%\n# BEGIN SOLUTION\nrate = 3.5\n# END SOLUTION\n"),
        [f"{NB}:32: there is a region rate already, at ", f"{NB}:26; give each its own id"],
    ),
    "a prompt that is no Python": (
        changed(NB, "# TODO: the rate of a half-life of 3 hours.", "# PROMPT rate = = ..."),
        [f"{NB}:26: ", "the PROMPT of region rate", "such as '# PROMPT rate = ...'"],
    ),
    "a prompt without code": (
        changed(NB, "# TODO: the rate of a half-life of 3 hours.", "# PROMPT"),
        [f"{NB}:26: ", "a PROMPT line in another place or without code", "'# PROMPT rate = ...'"],
    ),
    "a prompt that is the answer": (
        changed(NB, "# TODO: the rate of a half-life of 3 hours.", "# PROMPT rate = np.log(2)/3"),
        [f"{NB}:26: the PROMPT of region rate is its answer, which students would get; write"],
    ),
    "an answer that is no Python": (
        changed(NB, "rate =", "rate = ="),
        [f"{NB}:28: this is not Python: "],
    ),
    "set-up that is no Python": (
        changed(NB, "import numpy", "import = numpy"),
        [f"{NB}:6: cell ", "invalid syntax"],
    ),
    "an example that changes what answers need": (
        {
            NB: NOTEBOOK.replace("as np", "as np\n\ntable = [3.0]")
            .replace("np.log(2) / 3", "np.log(2) / len(table)")
            .replace("print(root(2, 1e-9))", "table.append(root(2, 1e-9))\nprint(table)")
        },
        [f"{NB}:22: the example ", "changes table, which answers or checks need", "change a copy"],
    ),
    "a region in another file of the package": (
        {"hw1/num/__init__.py": "", "hw1/num/fast.pyx": F},
        ["hw1/num/fast.pyx:2: students would get this file with the solution in it", "Move"],
    ),
    "a region in a text of the package": (
        {"hw1/num/__init__.py": "", "hw1/num/notes.txt": "Think.\n// BEGIN SOLUTION\n3\n"},
        ["hw1/num/notes.txt:2: students would get this file with the solution in it", "Move"],
    ),
    "a region in a given file": (
        {"hw1/handout/more.ipynb": '{"cells": [{"source": [\n    "# BEGIN SOLUTION f\\n"]}]}'},
        ["hw1/handout/more.ipynb:2: students would get this file with the solution in it"],
    ),
    "hidden tests of another tool": (
        added(NB, "\n# %%\n### BEGIN HIDDEN TESTS\nassert root(4, 1e-9) > 1\n"),
        [f"{NB}:32: ", "students would get these tests; write them as checks in checks.py"],
    ),
    # Files and names.
    "variants of one name": (
        {
            "hw1/variants/short.toml": "",
            "hw2/hw2.py": NOTEBOOK,
            "hw2/checks.py": CHECKS,
            "hw2/variants/Short.toml": "",
        },
        [
            "hw2/variants/Short.toml: hw1/variants/short.toml has a variant of this name",
            "hw2-Short",
        ],
    ),
    "a variant of the name of an assignment": (
        {"hw1/variants/hw2.toml": "", "hw2/hw2.py": NOTEBOOK, "hw2/checks.py": CHECKS},
        [
            "hw2: hw1/variants/hw2.toml has a variant of this name too",
            "rename one, for example hw1/variants/hw2.toml to hw1-hw2.toml",
        ],
    ),
    "a picture that students would not get": (
        {
            NB: NOTEBOOK.replace("# Write", "# ![roots](img/a%20b.png)\n# Write"),
            "hw1/img/a b.png": "",
        },
        [f"{NB}:3: students would not get img/a b.png; put it into handout/", "data/a b.png"],
    ),
    "a picture that code shows": (
        added(NB, '\n# %%\nfrom IPython.display import Image\nImage("p.png")\n')
        | {"hw1/p.png": ""},
        [f"{NB}:33: students would not get p.png; put it into handout/"],
    ),
    "hidden data": (
        {"hw1/data/.secret.csv": "1\n", "hw1/data/.gitkeep": ""},
        ["hw1/data/.secret.csv: students would not get this file", "without the dot, or delete"],
    ),
    "an .ipynb that is no JSON": (
        {NB: None, "hw1/hw1.ipynb": "{'cells': []}"},
        ["hw1/hw1.ipynb: this is no notebook of format 4", "open it in Jupyter and save it again"],
    ),
    "a raw cell": (
        added(NB, "\n# %% [raw]\n# Three hours.\n"),
        [f"{NB}:31: cell ", "is a raw cell", "make it a Markdown or a code cell, or delete it"],
    ),
    "two sources of one notebook": (
        {"hw1/hw1.ipynb": "{}"},
        [f"{NB}: hw1.ipynb is a source of the same notebook; delete one"],
    ),
    "no notebook": ({NB: None}, ["hw1: there is no notebook's source, such as hw1.py"]),
    "a notebook of a name that is taken": (
        {NB: None, "hw1/conftest.py": NOTEBOOK},
        ["hw1/conftest.py: under this name it is not taken for a notebook's source", "such as hw1"],
    ),
    "a module that is in no package": (
        {"hw1/helpers.py": "x = 1\n"},
        ["hw1/helpers.py:1: this is no notebook's source", "put modules into a package"],
    ),
    "a package without __init__.py": (
        {"hw1/num/m.py": F},
        ["hw1/num/m.py: it has a solution region, and nobody would get it", "an __init__.py"],
    ),
    "a notebook whose name is skipped": (
        {"hw1/test_more.py": f"# %%\n{F}"},
        ["hw1/test_more.py: it has a solution region, and nobody would get it", "nor test_"],
    ),
    "a package with a name that is taken": (
        {"hw1/numpy/__init__.py": ""},
        ["hw1: package = 'numpy' is already the name of another package; choose one"],
    ),
    "no checks.py": ({CK: None}, ["has no assignment yet", "hw1 has no checks.py", "write one"]),
    "no checks.py and no course": (
        {CK: None, "course.toml": None},
        ["there is no assignment here", "hw1 has no checks.py", "write one"],
    ),
    "too many data": (
        {"hw1/data/a.bin": bytes(65 << 20)},
        ["hw1/data/a.bin: the files of data/ have more than 64 MiB", "Give a smaller part"],
    ),
}


def in_order(output, words):
    """Whether the words stand in a text one behind the other, whatever a folder is called."""
    return re.search(".*".join(map(re.escape, words)), output, re.DOTALL)


@pytest.mark.parametrize(("files", "words"), READING.values(), ids=READING)
def test_what_keeps_the_sources_from_being_read_is_told(in_course, tmp_path, files, words):
    write_course(tmp_path, files)
    code, output = in_course("try")
    assert code == 2
    assert in_order(output, words), output


#: What a check of another function does, by what is wrong with it; and what must be told.
RUNNING = {
    # argument, body, words; {line} is that of the check, {at} of its last line
    "returns nothing": ("", "student.f(1)", ["{line}: ", "returned no dictionary", "it returns"]),
    "asserts": ("", "assert student.f(1) == 4", ["{at}: ", "raised AssertionError"]),
    "breaks": ("", "return {'y': student.f(1) / 0}", ["{at}: ", "ZeroDivisionError: "]),
    "never ends": (
        "",
        "while True: pass",
        ["{at}: ", "computed for more than 1 s itself", "does a loop of its own never end?"],
    ),
    "returns a function": (
        "",
        "return {'y': abs}",
        ["{line}: ", "y is an object of type"],
    ),
    "sends an object": (
        "",
        "return {'y': student.f(object())}",
        ["{at}: ", "gives the student's code a value of type object", "give arrays, numbers"],
    ),
    "asks for another name": (
        "",
        "return {'y': student.ff(1)}",
        ["{line}: ", "does not define ff; did you mean student.f?"],
    ),
    "asks for a file of the grader": (
        ", grader_data",
        "return {'y': student.f(grader_data.load('x.npy'))}",
        ["{at}: ", "there is no file 'x.npy' in grader_data/; there are: "],
    ),
    "does not ask the student": (
        "",
        "return {'y': 7 * rng.rand()}",
        ["{line}: ", "earns 100% without an answer to f (", "does not exercise what is to be"],
    ),
    "returns a constant": (
        "",
        "student.f(1)\nreturn {'y': True}",
        ["{line}: ", "returns constants alone", "return what the student's code gave"],
    ),
    "returns zeros": (
        "",
        "return {'y': 0 * student.f(1)}",
        ["{line}: ", "y is zero; choose an input with another result"],
    ),
    "compares with another number than the reference gives": (
        "",
        "return {'y': student.f(1) == 7}",
        ["{line}: ", "y is False, since the reference itself is not what", "every other wrong"],
    ),
    "waits for an exception that never comes": (
        "",
        "return {'y': student.raises(student.f, 1)}",
        ["{line}: ", "records nothing telling: y is 'nothing', so that the call raised nothing"],
    ),
    "opens a file by another name": (
        "",
        "import numpy\nreturn {'y': getattr(numpy, 'load')('grader_data/y.npy')}",
        ["{at}: ", "'grader_data/y.npy' is opened where the grader runs", 'path("name") is one'],
    ),
    "draws without a seed": (
        "",
        "import random\nreturn {'y': student.f(random.random())}",
        ["{line}: ", "differs between two runs: y: got", "from seeded generators alone"],
    ),
    "looks at the clock": (
        "",
        "import time\nreturn {'y': student.f(time.time())}",
        [
            "{line}: ",
            "differs a little between two runs: y: got ",
            "another day it may differ more",
        ],
    ),
    "needs more than it says": (
        "",
        "return {'y': student.f(student.root(4, 1e-9))}",
        ["{line}: ", "fails without root (hw1/hw1.py:9), which", 'write needs=["root"]'],
    ),
}
#: The same for arguments of a check that returns what the function gives.
ARGUMENTS = {
    "needs too much": (
        "needs=['rate']",
        ["needs 'rate' by its own", "leave it out of needs"],
    ),
    "a goal that is not reached": (
        "goals={'y': at_most(1)}",
        ["the reference itself does not earn all: y: got 3", "at most 1; choose another goal"],
    ),
    "a goal for another name": (
        "goals={'x': at_most(1)}",
        ["has a goal for 'x', which it does not return; it returns: y"],
    ),
    "a tolerance for another name": (
        "tolerance={'x': EXACT}",
        ["has a tolerance for 'x', which it does not return; it returns: y"],
    ),
    "a score that gives a half": (
        "score=lambda seen: 0.5",
        ["of the reference, score= gives 0.5, not 1; ", "of the right ones it returns 1"],
    ),
    "a score that breaks": (
        "score=lambda seen: seen['x']",
        ["of the reference, score= raised KeyError: 'x'; it takes the observations by name"],
    ),
}


def test_what_shows_when_checks_run_is_told_at_once(in_course, tmp_path, monkeypatch):
    monkeypatch.setattr(body_watch, "OWN_SECONDS", 1.0)
    text = CHECKS.replace("Tolerance, check", "EXACT, Tolerance, at_most, check")
    wanted = []
    runs = [("", *row) for row in RUNNING.values()]
    body = "return {'y': student.f(1)}"
    runs += [(f", {argument}", "", body, words) for argument, words in ARGUMENTS.values()]
    for number, (argument, parameter, body, words) in enumerate(runs):
        text += f'\n\n@check("f"{argument})\ndef run_{number}(student, rng{parameter}):\n'
        line = text.count("\n") - 1
        text += "".join(f"    {part}\n" for part in body.split("\n"))
        last = text.count("\n")
        wanted.append([word.format(line=f"{CK}:{line}", at=f"{CK}:{last}") for word in words])
    write_course(tmp_path, {NB: f"{NOTEBOOK}\n# %%\n{F}", CK: text, "hw1/grader_data/y.txt": "4"})
    code, output = in_course("try", "hw1", "f")
    assert code == 2
    lines = [line for line in output.split("\n") if line.startswith(("error: ", "warning: "))]
    assert len(lines) == len(runs), output
    for number, words in enumerate(wanted):
        (line,) = [line for line in lines if re.search(rf"\bf\.run_{number}\b", line)]
        assert in_order(line, words), (words, line)


#: What the reference does itself, and what must be told of it.
REFERENCE = {
    "a set-up cell fails": (
        changed(
            NB, "import numpy as np", "import numpy as np\n\ntable = np.loadtxt('data/no.csv')"
        ),
        [f"{NB}:6: the set-up cell", "fails in the box: FileNotFoundError: data/no.csv", "Mend it"],
    ),
    "an answer raises": (
        changed(NB, "max(a, 1)", "mx(a, 1)"),
        [
            f"{CK}:9: ",
            "on the reference: NameError: name 'mx'",
            f'{NB}", line 12',
        ],
    ),
    "an answer never ends": (
        changed(NB, "high - low > tol", "True") | {TOML: "[limits]\nseconds = 0.5\n"},
        [f"{CK}:9: ", "does not get through on the reference: it did not return within 0.5 s"],
    ),
    "an answer asks a person": (
        changed(NB, "np.log(2) / 3", "float(input())"),
        [f"{NB}:26: the answer cell rate fails in the box: EOFError", "Mend it"],
    ),
}


@pytest.mark.parametrize(("files", "words"), REFERENCE.values(), ids=REFERENCE)
def test_what_fails_in_the_reference_is_told(in_course, tmp_path, files, words):
    write_course(tmp_path, files)
    code, output = in_course("try")
    assert code == 2
    assert in_order(output, words), output


def test_what_graders_alone_may_have_is_told_with_what_to_do(in_course, tmp_path):
    labels = "\n".join(map(str, [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]))
    write_course(tmp_path, {"hw1/grader_data/y.csv": f"label\n{labels}", "hw1/data/a.csv": labels})
    code, output = in_course("release")
    assert code == 2
    words = ["student.zip: data/a.csv: values of grader_data/y.csv", "take it out of what students"]
    assert in_order(output, words), output


def test_the_mistakes_of_all_stages_are_told_at_once(in_course, tmp_path):
    checks = CHECKS.replace("points=2", "points=-2, needs=['rat']").replace("visible", "visibel")
    checks += """

@check("rate", hint=3, needs=["roots"])
def days(student, rng):
    return {"n": student.rate, "text": open("a").read()}
"""
    files = {CK: checks + LOOP, "hw1/data/a.bin": bytes(65 << 20)}
    files["hw1/more.py"] = "# %%\n# BEGIN SOLUTION\nx = 1\n\n# %%\n# END SOLUTION\n"
    files["hw1/rest.py"] = "x = 1\n"
    write_course(tmp_path, files)
    code, output = in_course("try")
    assert code == 2
    places = [f"{CK}:4: ", f"{CK}:9: ", f"{CK}:15: ", f"{CK}:17: ", f"{CK}:21: "]
    assert in_order(output, places), output
    for words in (
        "unexpected keyword argument 'visibel'",
        "must be worth more than 0 points, not -2",
        "hint=3; it is a text",
        "open looks at the grader",
        "check turns would get lost",
        "hw1/more.py:2: region x is never closed",
        "hw1/more.py:6: ",
        "hw1/rest.py:1: this is no notebook's source",
        "hw1/data/a.bin: the files of data/ have more than 64 MiB",
    ):
        assert output.count(words) == 1, (words, output)


def test_a_mistake_in_a_check_hides_none_in_the_names_of_others(in_course, tmp_path):
    text = CHECKS.replace("visible=True", 'points=0, needs=["a"]')
    text = text.replace("points=2", 'needs=["roots"]')
    write_course(tmp_path, {CK: text, TOML: WHY})
    code, output = in_course("try")
    assert code == 2
    assert in_order(output, [f"{CK}:4: ", "not 0", f"{CK}:9: ", "needs the question 'roots'"])
    assert f"{TOML}: there is no question 'why'" in output
    assert "no check looks at" not in output  # there is one, and it is to be mended


def test_a_check_from_another_file_is_none_of_this_one(in_course, tmp_path, monkeypatch):
    (tmp_path / "checks_of_others.py").write_text(CHECKS)
    monkeypatch.syspath_prepend(tmp_path)
    text = CHECKS.replace(
        "from plumbline",
        "from checks_of_others import half_life_of_three_hours as _\nfrom plumbline",
    )
    write_course(tmp_path, {CK: text})
    code, output = in_course("try")
    assert code == 0, output
    assert "2 checks, worth 3 points: all is well" in output


#: Words that were not typed as they are.
TYPED = {
    "another assignment": (["try", "hw2"], "there is no assignment 'hw2' in .; there are: hw1"),
    "another question": (["try", "hw1", "rote"], "no question 'rote'; there are: root, rate"),
    "another variant": (["release", "--variant", "x"], "no variant 'x'; there are: hw1"),
    "another template": (
        ["new", "hw2", "--like", "smal"],
        "there is no template 'smal'; there are: full, notebook, package, small",
    ),
    "no name": (["new", "h/w"], "use letters, digits, - and _, such as hw1"),
    "the name of a file of ours": (["new", "checks"], "choose another one, such as hw1"),
    "the name of a folder of ours": (["new", "release"], "choose another one, such as hw1"),
    "the name of a test": (["new", "test_hw"], "a file test_hw.py is not taken for a notebook's"),
    "the name setup": (["new", "setup"], "choose another one, such as hw1"),
    "the name conftest": (["new", "conftest"], "choose another one, such as hw1"),
    "a name that is taken": (["new", "hw1"], "choose another name, or remove it first"),
}


@pytest.mark.parametrize(("words", "told"), TYPED.values(), ids=TYPED)
def test_a_word_that_means_nothing_is_told_with_those_that_do(in_course, tmp_path, words, told):
    write_course(tmp_path)
    code, output = in_course(*words)
    assert code == 2
    assert told in output


@pytest.mark.parametrize("visible", [False, True])
def test_checks_that_are_all_hidden_or_all_visible_are_no_mistake(in_course, tmp_path, visible):
    text = CHECKS.replace(", visible=True", "")
    text = text.replace('check("rate"', f'check("rate", visible={visible}')
    write_course(tmp_path, {CK: text.replace("points=2", f"visible={visible}")})
    code, output = in_course("try")
    assert code == 0
    assert "2 checks, worth 2 points: all is well" in output


def test_a_byte_order_mark_and_ends_of_lines_as_in_windows_are_no_mistake(in_course, tmp_path):
    def windows(text):
        return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()

    check = '\n@check("f", visible=True)\ndef f4(student, rng):\n    return {"y": student.m.f(4)}\n'
    files = {NB: NOTEBOOK, CK: CHECKS + check, TOML: 'title = "One"\n', "hw1/num/m.py": F}
    files |= {"course.toml": 'title = "Numerics"\n', "hw1/num/__init__.py": ""}
    write_course(tmp_path, {name: windows(text) for name, text in files.items()})
    code, output = in_course("release")
    assert code == 0, output


def test_one_question_that_is_needed_may_be_a_text(in_course, tmp_path):
    write_course(tmp_path, argument('needs="rate"'))
    code, output = in_course("try", "hw1", "root")
    assert code == 0
    assert "root.root_of_a_large_number needs 'rate' by its own words" in output
