"""Notebooks whose answer needs cells of the student's own: in the notebook, best() gives 7.

Each comes with the numbers of the cells that must run besides the answer.
"""


def _answer(expression):
    return {"id": "best", "source": f"def best():\n    return {expression}"}


_NEEDLESS = "raise SystemExit"

WHOLE_CELLS = {
    "two names at once": (["A, B = 3, 4", _NEEDLESS, _answer("A + B")], [1]),
    "an annotated name": (["S: int = 7", _answer("S")], [1]),
    "an import that may fail": (
        [
            "try:\n    import no_such\nexcept ImportError:\n    no_such = None",
            _answer("7 if no_such is None else 0"),
        ],
        [1],
    ),
    "a function under a condition": (
        ["if True:\n    def h():\n        return 7", _answer("h()")],
        [1],
    ),
    "a table that a loop fills": (
        ["T = {}", "for k in range(8):\n    T[k] = k", _NEEDLESS, _answer("T[7]")],
        [1, 2],
    ),
    "a value that grows below the answer": (["S = 3", _answer("S"), "S += 4", "print(S)"], [1, 3]),
    "a list that grows": (["L = []", "L.append(7)", "L.count(7)", _answer("L[0]")], [1, 2]),
    "a method put on a class": (
        ["class K: pass", "def f(self):\n    return 7\n\nK.f = f", _answer("K().f()")],
        [1, 2],
    ),
    "a named tuple, a partial function and the largest number of an array": (
        [
            "import numpy as np\nfrom collections import namedtuple\nfrom functools import partial",
            "P = namedtuple('P', 'a b')\np = partial(min, 3)\nm = np.arange(5).max()",
            "%matplotlib inline\nx = np.zeros(3)",
            _answer("p(9) + int(P(m, 0).a)"),
        ],
        [1, 2],
    ),
    "a cell with a magic": (["%%time\nA, B = 3, 4", "%time C = A + B", _answer("C")], [1, 2]),
    "a view of an array": (
        [
            "import numpy as np\nM = np.zeros(4)",
            "V = M.reshape(2, 2)\nV[0, 0] = 7",
            _NEEDLESS,
            _answer("M[0]"),
        ],
        [1, 2],
    ),
    "a method that another function calls": (
        ["L = []", "list(map(L.append, [7]))", _NEEDLESS, _answer("L[0]")],
        [1, 2],
    ),
    "an object of a class that changes": (
        ["class K: pass\n\nk = K()", "K.f = lambda self: 7", _NEEDLESS, _answer("k.f()")],
        [1, 2],
    ),
    "a setting": (
        [
            "import sys\nsys.setrecursionlimit(20000)",
            _NEEDLESS,
            "def deep(n):\n    return 7 if n == 0 else deep(n - 1)",
            _answer("deep(5000)"),
        ],
        [1, 3],
    ),
    "cells that were run in another order": ([_answer("B"), "B = A + 4", "A = 3"], [2, 3]),
}
