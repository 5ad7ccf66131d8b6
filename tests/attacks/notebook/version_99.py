# Tries: to break the grader by a version of the format that there is not.
# Must happen: the notebook is ignored with a note that says what to do, the modules are graded.
# Score: 13
# Outcomes: best=missing
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    return notebook([{"id": "best-answer", "source": HONEST_CELL}], nbformat=99)
