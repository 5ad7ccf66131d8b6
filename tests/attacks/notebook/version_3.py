# Tries: to have a notebook of version 3 read, whose code is called input, with a foreign language.
# Must happen: it is read as it was meant, and earns what it is worth.
# Score: 15
import json

from tests.attacks.vault import HONEST_CELL


def build():
    cell = {"cell_type": "code", "input": HONEST_CELL, "language": "bash", "outputs": []}
    return json.dumps({"nbformat": 3, "worksheets": [{"cells": [cell]}]}).encode()
