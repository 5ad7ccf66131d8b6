# Tries: to run commands by the notebook's own ways: !lines, %%bash, %system, %run, %pip.
# Must happen: none changes anything outside the box; the answer earns what it is worth.
# Score: 15
from tests.attacks.vault import HONEST_CELL, notebook


def build():
    lines = "!touch /tmp/attack-was-here /submission/attack-was-here; rm -rf /submission /usr\n"
    lines += "x = !cat /etc/shadow\n%system kill -9 -1\n"
    lines += "%run /submission/box_modules/autograder/box/wire.py\n"
    lines += "%pip install something\n%cd /\n%load_ext attack\n"
    return notebook([{"id": "best-answer", "source": lines + HONEST_CELL}])
