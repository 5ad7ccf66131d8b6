"""A figure that the student's code drew, as a record of plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import StudentError


@dataclass(frozen=True)
class Curve:
    """A line, or the points of a scatter plot.

    Attributes:
        x, y: its data, float64 arrays of one length.
        label: as the legend would show it; empty if it has none.
        style: of the line, such as ``"-"``, ``"--"`` or ``"None"``; empty for a scatter plot.
        marker: of its points, such as ``"o"``; ``"None"`` without one, empty for a scatter plot.
    """

    x: Any
    y: Any
    label: str
    style: str
    marker: str


@dataclass(frozen=True)
class Bars:
    """The bars of an axes, of a histogram too; float64 arrays of one length.

    Attributes:
        left, width, bottom, height: of each bar.
    """

    left: Any
    width: Any
    bottom: Any
    height: Any


@dataclass(frozen=True)
class Axes:
    """One pair of axes.

    Attributes:
        title, xlabel, ylabel: texts, empty where there is none.
        xscale, yscale: ``"linear"``, ``"log"`` and so on.
        xlim, ylim: both ends, float64 arrays (2,).
        legend: the texts in it, in order; empty without a legend.
        lines: in the order in which they were drawn.
        scatters: of scatter plots.
        bars: all bars together.
        images: what was shown by ``imshow``, as arrays.
        texts: further texts in it.
    """

    title: str
    xlabel: str
    ylabel: str
    xscale: str
    yscale: str
    xlim: Any
    ylim: Any
    legend: tuple[str, ...]
    lines: tuple[Curve, ...]
    scatters: tuple[Curve, ...]
    bars: Bars
    images: tuple[Any, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """A figure: its title over all axes, and its axes in the order in which they were made."""

    title: str
    axes: tuple[Axes, ...]


_BAR_PARTS = ("left", "width", "bottom", "height")


def read_figure(answer: Any) -> Figure:
    """The figure that the student's side describes, as `drawing.figure_as_values` does.

    Raises StudentError if the description is not well-formed: the student's code may have made it.
    """
    try:
        return Figure(_text(answer["title"]), tuple(map(_axes, _listed(answer["axes"]))))
    except (KeyError, TypeError):
        raise StudentError("TypeError", "got something else than a figure") from None


def _axes(values: Any) -> Axes:
    left, width, bottom, height = (_numbers(values["bars"][part]) for part in _BAR_PARTS)
    if not left.shape == width.shape == bottom.shape == height.shape:
        raise TypeError
    limits = [_numbers(values[name]) for name in ("xlim", "ylim")]
    if any(limit.shape != (2,) for limit in limits):
        raise TypeError
    return Axes(
        title=_text(values["title"]),
        xlabel=_text(values["xlabel"]),
        ylabel=_text(values["ylabel"]),
        xscale=_text(values["xscale"]),
        yscale=_text(values["yscale"]),
        xlim=limits[0],
        ylim=limits[1],
        legend=tuple(map(_text, _listed(values["legend"]))),
        lines=tuple(map(_curve, _listed(values["lines"]))),
        scatters=tuple(map(_curve, _listed(values["scatters"]))),
        bars=Bars(left, width, bottom, height),
        images=tuple(map(_image, _listed(values["images"]))),
        texts=tuple(map(_text, _listed(values["texts"]))),
    )


def _curve(values: Any) -> Curve:
    x, y = _numbers(values["x"]), _numbers(values["y"])
    if x.shape != y.shape:
        raise TypeError
    return Curve(x, y, _text(values["label"]), _text(values["style"]), _text(values["marker"]))


def _numbers(value: Any) -> Any:
    if type(value) is not np.ndarray or value.dtype != np.float64 or value.ndim != 1:
        raise TypeError
    return value


def _image(value: Any) -> Any:
    if type(value) is not np.ndarray or value.dtype.kind not in "buif":
        raise TypeError
    return value


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _listed(value: Any) -> list[Any]:
    if type(value) is not list:
        raise TypeError
    return value
