# Tries: to keep the grader waiting by asking whoever sits there.
# Must happen: nobody answers, the cell raises; what it defines still counts.
# Score: 15
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    source = f"name = input('Who? ')\nimport getpass\ngetpass.getpass()\n\n{HONEST_CELL}"
    return notebook([{"id": "best-answer", "source": source}])
