# Tries: to hold whoever reads its figure, by axes that never come.
# Must happen: the check runs out of time.
# Score: 2
# Outcomes: lurking_figure=timeout
import matplotlib.pyplot as plt
from matplotlib.figure import Figure


class Endless(Figure):
    @property
    def axes(self):
        while True:
            pass


def draw(x):
    figure = plt.figure()
    figure.__class__ = Endless
    return figure
