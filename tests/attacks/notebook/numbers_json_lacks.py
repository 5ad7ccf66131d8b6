# Tries: to bring in NaN and Infinity, which JSON does not have and Python's reader takes.
# Must happen: nothing breaks; the answers are graded.
# Score: 15
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    cell = {"id": "best-answer", "source": HONEST_CELL, "metadata": {"n": float("nan")}}
    return notebook([cell], nbformat_minor=float("inf"))
