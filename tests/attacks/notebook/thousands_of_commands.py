# Tries: to keep the grader busy with cells full of commands: IPython reads a cell anew for each.
# Must happen: such cells are not translated; the answer counts.
# Score: 15
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    uses = HONEST_CELL + "\n\nlook = nowhere_to_be_found if False else None"
    return notebook([{"id": "best-answer", "source": uses}, *["!ls\n" * 4000] * 15])
