# Tries: to break the grader by cells that are no objects, and sources that are no texts.
# Must happen: the notebook is ignored with a note, the modules are graded.
# Score: 13
# Outcomes: best=missing
import json


def build():
    cells = [None, 7, [], {"source": {"a": 1}}, {"cell_type": 4, "source": [1, 2], "id": [3]}]
    return json.dumps({"nbformat": "4", "metadata": [], "cells": cells}).encode()
