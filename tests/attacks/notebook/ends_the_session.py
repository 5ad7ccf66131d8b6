# Tries: to end the process that runs the notebook with success.
# Must happen: a check whose process ended has not passed; the modules are graded.
# Score: 13
# Outcomes: best=error
from tests.attacks.vault import notebook


def build():
    return notebook([{"id": "best-answer", "source": "import os\nos._exit(0)\n"}])
