# Tries: to keep the grader busy by an answer of three million characters.
# Must happen: the cell is not run, with a note; the modules are graded.
# Score: 13
# Outcomes: best=missing|error
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    return notebook([{"id": "best-answer", "source": HONEST_CELL + "x = 1\n" * 500_000}])
