# Tries: to keep the reader busy with integers of 5,000 digits, where a version and in metadata.
# Must happen: the notebook is ignored with a note, the modules are graded.
# Score: 13
# Outcomes: best=missing
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    cell = {"id": "best-answer", "source": HONEST_CELL, "metadata": {"n": "here"}}
    whole = notebook([cell], nbformat_minor="here", nbformat="here")
    return whole.replace(b'"here"', b"9" * 5000)
