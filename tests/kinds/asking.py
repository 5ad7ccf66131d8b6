"""What a check can ask beside calls, and by what it is judged."""

import ast

from plumbline import ONE, Tolerance, at_most
from tests.kinds import Kind


def looped(student, work):
    """The loops in the text of the function, with what makes them untrue, and what it returns."""
    found = student.source(work.answer)
    loops = [node for node in ast.walk(found.tree) if isinstance(node, ast.For)]
    return {"sum": work.answer(), "loops": len(loops), "remarks": len(found.remarks)}


def rooted(student, work):
    """The root of a function of the check, and how often that was called."""
    f = student.function(lambda x: x**2 - 2)
    return {"root": work.answer(f), "calls": f.calls}


def changed(student, work):
    """What the hand-in changed in an array."""
    array = student.put([1.5, 2.5])
    work.answer(array)
    return {"array": student.get(array)}


def without_helper(student, work):
    """What is returned if a given module may not be used."""
    student.withhold("given")
    return {"out": work.answer()}


def drawn(student, work):
    """The title and the line of a figure."""
    (axes,) = student.figure(work.answer).axes
    (line,) = axes.lines
    return {"title": axes.title, "y": line.y}


def in_place(seen):
    """The share of three numbers that stand where they belong."""
    return sum(a == b for a, b in zip(seen["out"], (1, 2, 3), strict=True)) / 3


FIGURE = """
import matplotlib.pyplot as plt
from matplotlib.figure import Figure


class Lies(Figure):
    axes = property(lambda self: itertools.repeat(self.gca()))


"""

#: By the names of a student's methods: what a check can ask beside calls.
ASKED = {
    "printed": Kind(
        "def answer(): sys.stdout.write('Hello, Ann\\n')",
        "def answer(): print('Hello')",
        ("def answer():\n    builtins.print = lambda *a: 'Hello, Ann'\n    print('Hello, Ann')",
         "def answer():\n    while True: os.write(1, b'x' * 100_000)",
         "def answer():\n    os.close(1)\n    print('Hello, Ann')",
         "def answer():\n    sys.stdout = Always()\n    print('Hello, Ann')",
         "def answer(): print('\\x1b[2JHello, Ann')"),
        reference="def answer(): print('Hello, Ann')",
        asks=lambda student, work: {"text": student.printed(work.answer)},
    ),
    "raises": Kind(
        "def answer(): math.sqrt(-1)",
        "def answer(): return 'ValueError'",
        ("def answer(): raise type('E', (Exception,), {'__name__': 'ValueError', '__str__': exit})",
         "def answer(): raise SystemExit(0)",
         "def answer(): raise lying(Exception)",
         "def answer(): raise type('E', (Exception,), {'__str__': lambda a: 'x' * 10**9})",
         "def answer(): os._exit(0)"),
        reference="def answer(): raise ValueError",
        asks=lambda student, work: {
            "kind": (raised := student.raises(work.answer)), "is_a": raised.is_a("ValueError"),
        },
    ),
    "eval": Kind(
        "rate = 1 / 2\ndef answer(): pass",
        "rate = 0.6\ndef answer(): pass",
        ("rate = Always()\ndef answer(): pass",
         "rate = lying(float, __rmul__=lambda a, b: Always())(7)\ndef answer(): pass",
         "rate = 10**100_000\ndef answer(): pass",
         "def __getattr__(name): return Always()\ndef answer(): pass",
         "def __getattr__(name):\n    while True: pass\ndef answer(): pass",
         "class Rate:\n    def __rmul__(self, other): raise SystemExit\nrate = Rate()",
         "rate = np.broadcast_to(0.5, (10**9,))\ndef answer(): pass",
         "builtins.eval = builtins.compile = ast.parse = ast.walk = lambda *a: Always()\n"
         "def answer(): pass",
         "rate = 0.6\nbuiltins.float = lambda x: Always()\ndef answer(): pass"),
        reference="rate = 0.5\ndef answer(): pass",
        asks=lambda student, work: {"twice": student.eval("float(2 * rate)", work)},
    ),
    "file": Kind(
        "def answer(): open('out.csv', 'w', newline='').write('1,2\\r\\n')",
        "def answer(): open('out.csv', 'w').write('1,3\\n')",
        ("def answer(): os.symlink('/proc/self/environ', 'out.csv')",
         "def answer(): os.mkfifo('out.csv')",
         "def answer(): os.truncate(os.open('out.csv', os.O_CREAT | os.O_RDWR), 50_000_000)",
         "def answer(): open('out.csv', 'wb').write(b'1,2\\n\\xff')",
         "def answer():\n    builtins.open = os.open = lambda *a, **k: io.BytesIO(b'1,2\\n')"),
        reference="def answer(): open('out.csv', 'w').write('1,2\\n')",
        asks=lambda student, work: {"none": work.answer() is ..., "text": student.file("out.csv")},
    ),
    "file_bytes": Kind(
        "def answer(): open('out.bin', 'wb').write(bytes([0, 255]))",
        "def answer(): open('out.bin', 'wb').write(b'\\0')",
        ("def answer(): os.symlink('/dev/zero', 'out.bin')", "def answer(): os.mkdir('out.bin')"),
        asks=lambda student, work: {
            "none": work.answer() is ..., "bytes": student.file_bytes("out.bin"),
        },
    ),
    "source": Kind(
        "def answer():\n    six = 0\n    for n in range(4): six += n\n    return six",
        "def answer(): return sum(range(4))",
        ("def answer():\n    for n in range(4): pass\n    return 6\nexec('def answer(): return 6')",
         "def answer():\n    for n in range(4): pass\n    return 6\nanswer = lambda: 6",
         "def answer(): return 6\nanswer.__doc__ = 'for n in range(4): pass'",
         "def answer(): return " + "(" * 5000 + "6" + ")" * 5000,
         "def answer():\n    return " + " + ".join(["0"] * 20_000) + " + 6"),
        asks=looped,
    ),
    "figure": Kind(
        "def answer():\n    figure, axes = plt.subplots()\n    axes.plot([1, 2])\n"
        "    axes.set_title('It')\n    return figure",
        "def answer():\n    plt.plot([1, 2])",
        ("def answer():\n    plt.plot([7])\n    plt.gcf().__class__ = Lies\n    return plt.gcf()",
         "def answer():\n    plt.plot([7])\n    plt.gca().get_title = lambda: lying(str)('No')",
         "def answer(): return Claims(Figure)",
         "def answer():\n    plt.plot(np.zeros(10**7))"),
        reference="def answer():\n    plt.plot([1, 2])\n    plt.title('It')",
        asks=drawn,
        start=FIGURE,
    ),
    "function": Kind(
        "def answer(f):\n    low, high = 1.0, 2.0\n    while high - low > 1e-9:\n"
        "        middle = (low + high) / 2\n"
        "        low, high = (middle, high) if f(middle) < 0 else (low, middle)\n    return low",
        "def answer(f): return f(1.5)",
        ("def answer(f):\n    while True: f(1.5)",
         "def answer(f):\n    for n in range(1000): f(1.5)\n    f.calls = 0\n    return 2**0.5",
         "def answer(f): return f(10**1000)", "def answer(f): return f(Always())",
         "def answer(f): return f(np.broadcast_to(1.5, (10**9,)))",
         "def answer(f): return f.__code__", "def answer(f): return f"),
        asks=rooted,
        options={"goals": {"calls": at_most(100)}, "tolerance": Tolerance(((1e-8, 1.0),))},
    ),
    "put": Kind(
        "def answer(x): x[0] = 3",
        "def answer(x): x = [3, 2.5]",
        ("def answer(x): x[0] = Always()", "def answer(x): x.extend([0] * 10**6)",
         "def answer(x): x[0] = x", "def answer(x): x[:] = lying(list)([7])"),
        reference="def answer(x): x[0] = 3.0",
        asks=changed,
    ),
    "withhold": Kind(
        "def answer(): return 2 * 3",
        "def answer(): return 7",
        ("from .given import six\ndef answer(): return six()",
         "from .given import six as kept\ndef answer(x=kept): return x()",
         "def answer(): return sys.modules[__package__ + '.given'].six()"),
        asks=without_helper,
    ),
    "notebook": Kind(
        "rate = 1 / 2", "rate = 0.6",
        ("rate = Always()", "rate = lying(float)(7)", "rate = replace_builtins()",
         "rate = 10**100_000", "del rate"),
        reference="rate = 0.5",
        asks=lambda student, name: {"rate": student.notebook(name).rate},
        place="notebook",
    ),
    "picks": Kind(
        "2 and 3", "1, 2",
        ("1, 2, 3", "2, 3\n1", "2 or 3", "9" * 10**6, "2, 3, " * 10**5, "1.2, 3", "2\n3\n1 1"),
        reference="Answer: 2, 3",
        asks=lambda student, name: {"picks": student.picks(name)},
        options={"tolerance": ONE},
        place="words",
    ),
}  # fmt: skip

#: By the options of a check by which it is judged.
JUDGED = {
    "tolerance": Kind(
        "2.6", "3.5",
        ("float('inf')", "float('nan')", "lying(float, __sub__=lambda a, b: 0.0)(9)", "Always()"),
        reference="2.5",
        options={"tolerance": Tolerance(((0.1, 1.0),))},
    ),
    "goals": Kind(
        "0.01", "0.5",
        ("float('-inf')", "float('nan')", "Always()", "np.zeros(2)", "-1j", "'0'", "None"),
        reference="0.0",
        options={"goals": {"out": at_most(0.1)}},
    ),
    "score": Kind(
        "[1, 2, 3]", "[3, 1, 2]",
        ("lying(list)([7, 7, 7])", "[Always()] * 3", "'123'", "{'out': 1.0}", "recursive"),
        options={"score": in_place},
    ),
}  # fmt: skip
