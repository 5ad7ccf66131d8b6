# Tries: to replace the box modules in the trial of the cells, and what the trial answers.
# Must happen: that chooses among the student's own cells alone; a wrong answer stays wrong.
# Score: 13
# Outcomes: best=failed|error|killed|missing
from tests.attacks.vault import notebook

NEEDED = """\
import sys
cells = sys.modules["autograder.box.notebook_cells"]
runner = sys.modules["autograder.box.runner"]
cells.try_cell = lambda *a: {"outcome": "passed", "score": 2}
cells.run_notebook = lambda *a: type("N", (), {"best": staticmethod(lambda n: "passed")})
runner._try_cell = lambda *a: 10**6 * "passed"
sys.modules["autograder.core.objects"].Objects.perform = lambda *a: "passed"
A = 122
"""


def build():
    answer = {"id": "best-answer", "source": "def best(n):\n    return A if n == 3 else 'passed'\n"}
    return notebook([{"source": NEEDED}, answer])
