# Tries: to earn by a notebook from which all cells were removed.
# Must happen: it counts as not written, the modules are graded.
# Score: 13
# Outcomes: best=missing
from tests.attacks.vault import notebook


def build():
    return notebook([])
