"""What a call draws with matplotlib, described in plain values on the student's side.

matplotlib is imported only if a check asks for a figure.
"""

from __future__ import annotations

import importlib
import itertools
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

#: Of further axes, lines and so on nothing is read; a figure for people has fewer.
MAX_PARTS = 200
#: All lines, points, bars and images of a figure may have so many numbers together.
MAX_NUMBERS = 2_000_000
#: How many characters of a text are read.
MAX_TEXT = 1000


def drawn_by(call: Callable[[], Any]) -> dict[str, Any]:
    """The figure that a call draws, as `figures.read_figure` reads it.

    It is the figure, or that of the axes, that the call returns; else pyplot's current one.
    pyplot's other figures are closed before. Nothing is shown. Raises ValueError if nothing was
    drawn, OverflowError if there is too much in it, and whatever the call raises.
    """
    pyplot: Any = importlib.import_module("matplotlib.pyplot")
    with _without_windows(pyplot), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive")  # of `show`
        pyplot.close("all")
        returned = call()
        try:
            figure = _figure_of(returned)
            if figure is None and pyplot.get_fignums():
                figure = pyplot.gcf()
            if figure is None:
                raise ValueError("your code drew no figure")
            return _Reader().figure(figure)
        finally:
            pyplot.close("all")


@contextmanager
def _without_windows(pyplot: Any) -> Iterator[None]:
    """Draw into memory. On a student's own screen no window opens, and ``show`` does not wait."""
    before = pyplot.get_backend()
    if before.lower() == "agg":
        yield
        return
    pyplot.switch_backend("agg")
    try:
        yield
    finally:
        pyplot.switch_backend(before)


def _figure_of(returned: Any) -> Any:
    """The figure that a call returned, itself or with its axes: ``fig``, ``fig, ax`` or ``ax``."""
    figures = importlib.import_module("matplotlib.figure")
    found = returned[:2] if isinstance(returned, (tuple, list)) else (returned,)
    for thing in found:
        if isinstance(thing, figures.Figure):
            return thing
    axes = importlib.import_module("matplotlib.axes")
    return next((thing.figure for thing in found if isinstance(thing, axes.Axes)), None)


class _Reader:
    """Reads a figure, and counts the numbers that it has read."""

    def __init__(self) -> None:
        self._numbers_left = MAX_NUMBERS

    def figure(self, figure: Any) -> dict[str, Any]:
        title = getattr(figure, "_suptitle", None)  # get_suptitle is in newer versions alone
        return {
            "title": _text(title.get_text()) if title is not None else "",
            "axes": [self._axes(axes) for axes in _some(figure.axes)],
        }

    def _axes(self, axes: Any) -> dict[str, Any]:
        patches = importlib.import_module("matplotlib.patches")
        collections = importlib.import_module("matplotlib.collections")
        bars = [patch for patch in _some(axes.patches) if isinstance(patch, patches.Rectangle)]
        scatters = [c for c in _some(axes.collections) if isinstance(c, collections.PathCollection)]
        legend = axes.get_legend()
        return {
            "title": _text(axes.get_title()),
            "xlabel": _text(axes.get_xlabel()),
            "ylabel": _text(axes.get_ylabel()),
            "xscale": _text(axes.get_xscale()),
            "yscale": _text(axes.get_yscale()),
            "xlim": self._numbers(axes.get_xlim()),
            "ylim": self._numbers(axes.get_ylim()),
            "legend": [_text(t.get_text()) for t in _some(legend.get_texts())] if legend else [],
            "lines": [self._line(line) for line in _some(axes.lines)],
            "scatters": [self._scatter(scatter) for scatter in scatters],
            "bars": {
                "left": self._numbers([bar.get_x() for bar in bars]),
                "width": self._numbers([bar.get_width() for bar in bars]),
                "bottom": self._numbers([bar.get_y() for bar in bars]),
                "height": self._numbers([bar.get_height() for bar in bars]),
            },
            "images": [self._counted(np.array(i.get_array())) for i in _some(axes.images)],
            "texts": [_text(text.get_text()) for text in _some(axes.texts)],
        }

    def _line(self, line: Any) -> dict[str, Any]:
        return {
            "x": self._numbers(line.get_xdata(orig=False)),
            "y": self._numbers(line.get_ydata(orig=False)),
            "label": _label(line),
            "style": _text(line.get_linestyle()),
            "marker": _text(line.get_marker()),
        }

    def _scatter(self, scatter: Any) -> dict[str, Any]:
        points = np.ma.getdata(scatter.get_offsets())
        return {
            "x": self._numbers(points[:, 0]),
            "y": self._numbers(points[:, 1]),
            "label": _label(scatter),
            "style": "",
            "marker": "",
        }

    def _numbers(self, values: Any) -> Any:
        if hasattr(values, "mask"):
            values = np.ma.filled(np.ma.asarray(values, np.float64), np.nan)
        return self._counted(np.array(values, np.float64, ndmin=1).ravel())

    def _counted(self, array: Any) -> Any:
        self._numbers_left -= array.size
        if self._numbers_left < 0:
            raise OverflowError(f"a figure of more than {MAX_NUMBERS} numbers")
        return array


def _some(things: Iterable[Any]) -> list[Any]:
    return list(itertools.islice(things, MAX_PARTS))


def _text(value: Any) -> str:
    return str(value)[:MAX_TEXT]


def _label(artist: Any) -> str:
    """Its label; matplotlib itself gives labels with an underscore, which no legend shows."""
    label = _text(artist.get_label())
    return "" if label.startswith("_") else label
