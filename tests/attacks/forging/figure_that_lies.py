# Tries: to draw nothing, and to say by a figure of its own class that there is all, without end.
# Must happen: what is said is read up to a bound; the data are not those that are asked for.
# Score: 2
# Outcomes: lurking_figure=failed|error|timeout
import itertools

import matplotlib.pyplot as plt
from matplotlib.figure import Figure


class Agrees(str):
    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


class Lies(Figure):
    @property
    def axes(self):
        yield from itertools.repeat(self.first)


def draw(x):
    figure, axes = plt.subplots()
    axes.get_title = lambda: Agrees("all right")
    axes.plot(x, x)
    figure.first = axes
    figure.__class__ = Lies
    return figure
