# Tries: to break the grader by a notebook that is no JSON.
# Must happen: the notebook is ignored with a note that says what to do; the modules are graded.
# Score: 13
# Outcomes: best=missing
def build():
    return b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"'
