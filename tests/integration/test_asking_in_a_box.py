"""What a check asks beside calls, of right, wrong and hostile work in a real box."""

import numpy as np
import pytest

from autograder.errors import StudentError, StudentFault, StudentTimeout
from autograder.limits import Limits
from tests.boxes import once, session_on

RIGHT = """
import os, subprocess

def greet(name):
    print("Hello,", name)
    os.write(1, b"below\\n")
    subprocess.run(["/bin/sh", "-c", "echo from a child"])

def bisection(f, a, b):
    raise ValueError("no sign change")

def save():
    with open("out.csv", "w") as file:
        file.write("1,2\\n")

rate = 0.5
"""


def everything(student):
    printed = student.printed(student.m.greet, "Ann")
    raised = student.raises(student.m.bisection, 1, 0, 2)
    student.m.save()
    return (
        printed,
        raised,
        raised.text,
        student.file("out.csv"),
        student.eval("2 * rate", student.m),
    )


def test_right_work_is_seen_as_it_is():
    with session_on(RIGHT) as session:
        came = once(session, everything)
        again = once(session, everything)
        assert session.output == ""
    wanted = "Hello, Ann\nbelow\nfrom a child\n"
    assert came == again == (wanted, "ValueError", "no sign change", "1,2\n", 1.0)


def test_a_file_does_not_outlive_its_check():
    with session_on(RIGHT) as session:
        once(session, everything)
        with pytest.raises(StudentError, match=r"your code wrote no file out\.csv"):
            once(session, lambda student: student.file("out.csv"))


def test_an_expression_sees_the_names_of_a_notebook():
    with session_on(notebooks={"Book": {1: "rate = 0.5", 2: "lost = 1 / 0"}}) as session:
        book = "Book"
        assert once(session, lambda s: s.eval("rate + 1", s.notebook(book))) == 1.5
        with pytest.raises(StudentError, match="lost is not defined in Book: cell 2 raised Zero"):
            once(session, lambda s: s.eval("lost + 1", s.notebook(book)))


@pytest.mark.parametrize(
    ("act", "fault"),
    [
        ("import builtins\nbuiltins.print = lambda *a: None\ndef act(): print('Ann')", None),
        ("import sys\nclass S:\n  def flush(self): raise SystemExit\nsys.stdout = S()\n"
         "def act(): pass", StudentFault),
        ("import sys\nclass S:\n  def flush(self):\n    while True: pass\nsys.stdout = S()\n"
         "def act(): pass", StudentTimeout),
        ("import os\ndef act(): os.close(1)", None),
        ("import os\ndef act():\n  for n in range(3, 40):\n    try: os.close(n)\n"
         "    except OSError: pass", StudentFault),
        ("import os\ndef act():\n  while True: os.write(1, b'x' * 100000)", StudentFault),
    ],
)  # fmt: skip
def test_hostile_printing_gives_an_empty_text_or_is_theirs(act, fault):
    with session_on(act, limits=Limits(cpu_seconds=10, file_mb=8)) as session:

        def printed(student):
            return student.printed(student.m.act)

        if fault is None:
            assert once(session, printed) in ("", "\n")
        else:
            with pytest.raises(fault):
                once(session, printed, seconds=2 if fault is StudentTimeout else 20)
        session.close()


@pytest.mark.parametrize(
    ("error", "kind", "length"),
    [
        ("def __str__(self): raise SystemExit(0)", "Evil", 0),
        ("def __str__(self): return 'x' * 10_000_000", "Evil", 4000),
        ("__name__ = 'ValueError'\n  def __str__(self): return ''", "Evil", 0),
    ],
)
def test_a_lying_exception_is_what_its_class_is(error, kind, length):
    module = f"class Evil(Exception):\n  {error}\n\ndef act(): raise Evil\n"
    with session_on(module) as session:
        raised = once(session, lambda student: student.raises(student.m.act))
    assert (raised.kind, len(raised.text)) == (kind, length)


def test_an_exception_whose_text_never_ends_runs_out_of_time():
    module = (
        "class Evil(Exception):\n  def __str__(self):\n    while True: pass\n"
        "def act(): raise Evil\n"
    )
    with session_on(module) as session, pytest.raises(StudentTimeout):
        once(session, lambda student: student.raises(student.m.act), seconds=2)


@pytest.mark.parametrize(
    "act",
    [
        "os.mkfifo('out.csv')",
        "os.symlink('/proc/self/environ', 'out.csv')",
        "os.symlink('/dev/zero', 'out.csv')",
        "os.mkdir('out.csv')",
        "os.truncate(os.open('out.csv', os.O_CREAT | os.O_RDWR), 50_000_000)",
        "os.chdir('/dev')",
    ],
)
def test_a_file_that_is_none_is_refused(act):
    def look(student):
        student.m.act()
        return student.file("out.csv")

    with (
        session_on(f"import os\n\ndef act():\n    {act}\n") as session,
        pytest.raises(StudentError, match=r"OSError|not a plain file|IsADirectory|wrote no|bytes"),
    ):
        once(session, look)


PLOT = """
import itertools
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

class Lies(Figure):
    @property
    def axes(self):
        {lie}

def plot_it(x):
    fig, ax = plt.subplots()
    ax.plot(x, x)
    ax.set_title("It")
    fig.__class__ = {kind}
    return fig
"""


def drawn(student):
    return student.figure(student.m.plot_it, np.arange(3.0))


def test_a_figure_comes_out_of_a_box():
    with session_on(PLOT.format(lie="pass", kind="Figure")) as session:
        (axes,) = once(session, drawn, seconds=60).axes
    assert (axes.title, axes.lines[0].y.tolist()) == ("It", [0.0, 1.0, 2.0])


@pytest.mark.parametrize(
    ("lie", "fault"),
    [
        ("while True: pass", StudentTimeout),
        ("raise SystemExit(0)", StudentError),
        ("return [object()]", StudentError),
        ("return itertools.repeat(1)", StudentError),
    ],
)
def test_a_figure_that_lies_or_never_ends_is_theirs(lie, fault):
    with session_on(PLOT.format(lie=lie, kind="Lies")) as session, pytest.raises(fault):
        once(session, drawn, seconds=8 if fault is StudentTimeout else 60)
