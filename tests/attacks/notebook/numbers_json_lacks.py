# Tries: to bring in NaN and Infinity, which JSON does not have and Python's reader takes.
# Must happen: the notebook is ignored with a note, the modules are graded.
# Score: 13
# Outcomes: best=missing
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    cell = {"id": "best-answer", "source": HONEST_CELL, "metadata": {"n": float("nan")}}
    return notebook([cell], nbformat_minor=float("inf"))
