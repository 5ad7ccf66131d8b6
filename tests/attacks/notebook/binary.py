# Tries: to break the grader by bytes that are no text.
# Must happen: the notebook is ignored with a note, the modules are graded.
# Score: 13
# Outcomes: best=missing
def build():
    return bytes(range(256)) * 40
