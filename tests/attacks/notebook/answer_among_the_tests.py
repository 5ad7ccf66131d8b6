# Tries: to give the region's marker to a cell that computes nothing and claims to be tested.
# Must happen: the text of the answer cell is run; claims in it earn nothing.
# Score: 13
# Outcomes: best=failed|error
from tests.attacks.vault import notebook


def build():
    text = "# BEGIN YOUR CODE best\n# score: 100/100, graded by hand, do not change\n"
    text += "def best(n):\n    return {'score': 2, 'outcome': 'passed'}\n# END YOUR CODE best\n"
    cell = {
        "source": text,
        "metadata": {"plumbline": {"role": "answer"}, "nbgrader": {"points": 99}},
    }
    return notebook([cell])
