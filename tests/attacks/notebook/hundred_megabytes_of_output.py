# Tries: to fill the grader's memory with 100 MB of output.
# Must happen: the notebook is ignored for its size with a note, the modules are graded.
# Score: 13
# Outcomes: best=missing
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    output = [{"output_type": "stream", "name": "stdout", "text": "9" * 100_000_000}]
    return notebook([{"id": "best-answer", "source": HONEST_CELL, "outputs": output}])
