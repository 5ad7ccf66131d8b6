# Tries: to put characters that cannot be written to a file into the answer and into its output.
# Must happen: nothing breaks; the answers are graded.
# Score: 15
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    source = HONEST_CELL + "print('lone')\n"
    cell = {"id": "best-answer", "source": source}
    return notebook([cell]).replace(b"lone", b"\\ud800 \\udfff")
