# Tries: to gain by cells that were removed, turned round and given twice.
# Must happen: an answer is found by its id, wherever it stands; it earns what it is worth, once.
# Score: 15
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    cell = {"id": "best-answer", "source": HONEST_CELL}
    return notebook(["best(3)", cell, {"id": "setup", "source": "1 / 0"}, cell, cell])
