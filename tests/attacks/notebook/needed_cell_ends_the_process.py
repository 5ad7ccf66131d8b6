# Tries: to end the trial of the cells with success, by a cell that the answer needs.
# Must happen: a cell that ended its process runs in no check; the modules are graded.
# Score: 13
# Outcomes: best=failed|error
from tests.attacks.vault import notebook


def build():
    needed = "import os\nA = os._exit(0)\n"
    answer = {"id": "best-answer", "source": "def best(n):\n    return A\n"}
    return notebook([{"source": needed}, answer])
