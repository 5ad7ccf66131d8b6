# Tries: to keep the grader busy with functions that call each other, and cells that call them all.
# Must happen: the choice of the cells is bounded; the answer counts.
# Score: 15
# Outcomes: best=passed
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    chain = [f"def f{n}():\n    T{n}.append(1)\n    f{n + 1}()" for n in range(4_000)]
    calls = [f"f{n}()\n1 / 0" for n in range(4_000)]
    uses = f"{HONEST_CELL}\n\ndef look():\n    return f0()\n"
    return notebook(["\n".join(chain), *calls, {"id": "best-answer", "source": uses}])
