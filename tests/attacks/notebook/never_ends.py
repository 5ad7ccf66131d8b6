# Tries: to keep the grader busy by a cell that never ends.
# Must happen: it is stopped in time; the modules are graded.
# Score: 13
# Outcomes: best=timeout
from tests.attacks.vault import notebook


def build():
    return notebook([{"id": "best-answer", "source": "while True:\n    pass\n"}])
