# Tries: to overrun the stack of the reader by lists in lists, 100,000 deep.
# Must happen: the notebook is ignored with a note, the modules are graded.
# Score: 13
# Outcomes: best=missing
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    deep = b"[" * 100_000 + b"]" * 100_000
    cell = {"id": "best-answer", "source": HONEST_CELL, "metadata": {"deep": "here"}}
    return notebook([cell]).replace(b'"here"', deep)
