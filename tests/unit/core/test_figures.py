"""Figures that the student's code draws, as records of plain values."""

import sys
import textwrap

import numpy as np
import pytest

from autograder.core.errors import StudentError
from autograder.core.figures import read_figure
from autograder.core.judge import Expected, judge, observe
from autograder.core.local import local_student
from plumbline import at_most, check

RIGHT = """
import matplotlib.pyplot as plt
import numpy as np

def plot_it(x):
    fig, ax = plt.subplots()
    ax.plot(x, x**2, "r--", label="square")
    ax.scatter(x, 2 * x, label="double")
    ax.set(title="Growth", xlabel="x", ylabel="f(x)", yscale="log", xlim=(1, 4))
    ax.legend()
    {end}
"""


@pytest.fixture
def student(tmp_path, monkeypatch):
    """A student whose package `drawn` is the given source."""

    def make(source):
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        (tmp_path / "drawn.py").write_text(textwrap.dedent(source))
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "drawn", raising=False)
        return local_student("drawn", seed=0)

    return make


X = np.array([1.0, 2.0, 4.0])


@check("plot", points=1, seed=1, goals={"error": at_most(1e-9)})
def draws(student, rng):
    """A curve with a title, a legend and axes that say what they are."""
    (axes,) = student.figure(student.plot_it, X).axes
    (line,) = axes.lines
    words = f"{axes.title}|{axes.xlabel}|{axes.ylabel}|{axes.yscale}|{','.join(axes.legend)}"
    return {"y": line.y, "words": words, "error": float(np.abs(line.x - X).max())}


@pytest.mark.parametrize("end", ["", "plt.show()", "return fig", "return ax", "return fig, ax"])
def test_right_work_is_read_whatever_it_returns(student, end):
    someone = student(RIGHT.format(end=end))
    figure = someone.figure(someone.plot_it, X)
    (axes,) = figure.axes
    (scatter,) = axes.scatters
    assert (scatter.label, scatter.y.tolist()) == ("double", [2.0, 4.0, 8.0])
    assert (axes.lines[0].style, axes.xlim.tolist()) == ("--", [1.0, 4.0])
    seen = observe(draws, someone)
    words = "Growth|x|f(x)|log|square,double"
    assert judge(draws, seen, Expected({"y": X**2, "words": words, "error": 0.0})).share == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Growth", "X", "words: got 'X|x|f(x)|log|square,double', expected 'Growth|"),
        ("ax.legend()", "", "words: got 'Growth|x|f(x)|log|', expected"),
        ("x**2,", "x**2 + 1,", "y: all values are the expected plus 1"),
        ("x, x**2,", "x + 1, x**2,", "error: got 1, expected at most 1e-09"),
    ],
)
def test_wrong_work_is_told_what_differs(student, old, new, message):
    expected = Expected(observe(draws, student(RIGHT.format(end=""))))
    seen = observe(draws, student(RIGHT.format(end="").replace(old, new)))
    verdict = judge(draws, seen, expected)
    assert verdict.share == 0
    assert message in verdict.message


def test_a_histogram_and_an_image_are_read(student):
    source = """
    import matplotlib.pyplot as plt

    def plot_it():
        fig, (left, right) = plt.subplots(1, 2)
        fig.suptitle("Both")
        left.hist([1, 1, 2], bins=[0.5, 1.5, 2.5])
        left.text(1, 1, "a mode")
        right.imshow([[1, 2], [3, 4]])
    """
    someone = student(source)
    figure = someone.figure(someone.plot_it)
    left, right = figure.axes
    assert (figure.title, left.texts) == ("Both", ("a mode",))
    assert left.bars.height.tolist() == [2.0, 1.0]
    assert right.images[0].tolist() == [[1, 2], [3, 4]]
    assert right.legend == ()


def test_each_call_begins_with_no_figure(student):
    someone = student("import matplotlib.pyplot as plt\nplt.plot([1])\ndef plot_it(): pass\n")
    with pytest.raises(StudentError, match="your code drew no figure"):
        someone.figure(someone.plot_it)


def test_an_untouched_stub_draws_nothing(student):
    someone = student("def plot_it(): raise NotImplementedError('TODO: plot')")
    with pytest.raises(StudentError) as info:
        someone.figure(someone.plot_it)
    assert info.value.unwritten == "plot"


def test_a_figure_of_endless_parts_is_cut(student):
    source = """
    import itertools
    import matplotlib.pyplot as plt
    from matplotlib.figure import Figure

    class Lies(Figure):
        @property
        def axes(self):
            return itertools.repeat(self._first)

    def plot_it():
        fig, ax = plt.subplots()
        fig._first = ax
        fig.__class__ = Lies
        return fig
    """
    someone = student(source)
    assert len(someone.figure(someone.plot_it).axes) == 200


def test_a_figure_of_too_many_numbers_is_refused(student):
    source = """
    import matplotlib.pyplot as plt
    import numpy as np

    def plot_it():
        plt.plot(np.zeros(1_500_000))
    """
    someone = student(source)
    with pytest.raises(StudentError, match="more than 2000000 numbers"):
        someone.figure(someone.plot_it)


AXES = {
    "title": "", "xlabel": "", "ylabel": "", "xscale": "linear", "yscale": "linear",
    "xlim": np.zeros(2), "ylim": np.zeros(2), "legend": [], "lines": [], "scatters": [],
    "bars": {n: np.zeros(1) for n in ("left", "width", "bottom", "height")},
    "images": [], "texts": [],
}  # fmt: skip
LINE = {"x": np.zeros(2), "y": np.zeros(2), "label": "", "style": "-", "marker": "o"}


def test_a_description_is_read_as_it_is():
    figure = read_figure({"title": "t", "axes": [{**AXES, "lines": [LINE]}]})
    assert (figure.title, figure.axes[0].lines[0].marker) == ("t", "o")


@pytest.mark.parametrize(
    "answer",
    [
        None,
        7,
        [],
        {},
        {"title": "", "axes": 3},
        {"title": 3, "axes": []},
        {"title": "", "axes": [None]},
        {"title": "", "axes": [{}]},
        {"title": "", "axes": [{**AXES, "xlim": np.zeros(3)}]},
        {"title": "", "axes": [{**AXES, "legend": [None]}]},
        {"title": "", "axes": [{**AXES, "lines": [{**LINE, "x": np.zeros(3)}]}]},
        {"title": "", "axes": [{**AXES, "lines": [{**LINE, "x": np.zeros(2, "f4")}]}]},
        {"title": "", "axes": [{**AXES, "lines": [{**LINE, "x": [0.0, 1.0]}]}]},
        {"title": "", "axes": [{**AXES, "images": [np.zeros(2, complex)]}]},
        {"title": "", "axes": [{**AXES, "bars": {**AXES["bars"], "left": np.zeros(2)}}]},
    ],
)
def test_a_forged_description_is_theirs(answer):
    with pytest.raises(StudentError, match="something else than a figure"):
        read_figure(answer)
