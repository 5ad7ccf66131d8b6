# Tries: to change the given cells, so that the test agrees with everything.
# Must happen: the given cells are the release's own; the wrong answer earns nothing.
# Score: 13
# Outcomes: best=failed
from tests.attacks.vault import notebook


def build():
    setup = "import builtins, numpy as np\nnp.array_equal = np.allclose = lambda *a, **k: True\n"
    setup += "import sys\nsys.modules['vault.calm'] = sys\ndef check(*a): print('passed')\n"
    return notebook(
        [
            {"id": "setup", "source": setup},
            {"id": "best-answer", "source": "def best(n):\n    return -1\n"},
            {"id": "try", "source": "assert True\nprint('All tests passed: 2/2')"},
        ]
    )
