# Tries: to show one answer to one reader of JSON and another one to the next, by a key given twice.
# Must happen: one of them counts, as anybody's reader has it; here the wrong one comes last.
# Score: 13
# Outcomes: best=failed
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    cell = {"id": "best-answer", "source": HONEST_CELL, "source2": "def best(n):\n    return 0\n"}
    return notebook([cell]).replace(b'"source2"', b'"source"')
