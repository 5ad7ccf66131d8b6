# Tries: to stop whoever reads it with a chain of names that no stack is deep enough for.
# Must happen: such a line is no constant of an answer's; the answer counts.
# Score: 15
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    chains = [f"x = np{'.a' * many}(1)" for many in (400, 1000, 3000)]
    uses = HONEST_CELL + "\n\nlook = nowhere_to_be_found if False else None"
    return notebook([{"id": "best-answer", "source": uses}, *chains])
