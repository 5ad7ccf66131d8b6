# Tries: to keep the grader busy with 20,000 cells that all claim to be the answer.
# Must happen: the last one counts, with a note; nothing takes long.
# Score: 15
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    wrong = [f"# BEGIN YOUR CODE best\ndef best(n):\n    return {n}\n" for n in range(20_000)]
    return notebook([*wrong, {"id": "best-answer", "source": HONEST_CELL}])
