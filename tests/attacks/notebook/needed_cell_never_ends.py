# Tries: to keep the grader busy by a cell, needed by the answer, that never ends.
# Must happen: the trial is stopped in time; of the cell its statements run, and the answer counts.
# Score: 15
# Outcomes: best=passed
from tests.attacks.vault import notebook


def build():
    needed = "A, B = 1, 2\nwhile True:\n    pass\n"
    answer = {"id": "best-answer", "source": "def best(n):\n    return n * n + A\n"}
    return notebook([{"source": needed}, answer])
