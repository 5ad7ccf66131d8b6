# Tries: to have another program started, by a kernel of the notebook's own.
# Must happen: the kernel is ignored; the answer earns what it is worth.
# Score: 15
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    spec = {"name": "../../../tmp/attack-was-here", "language": "bash", "display_name": "x"}
    spec |= {"argv": ["/bin/sh", "-c", "touch /tmp/attack-was-here"]}
    metadata = {"kernelspec": spec, "language_info": {"name": "bash"}, "widgets": {"state": {}}}
    return notebook([{"id": "best-answer", "source": HONEST_CELL}], metadata=metadata)
