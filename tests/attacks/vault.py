"""The assignment that attacks are run against, with something in it that is worth stealing.

Its reference gives numbers, a word and a count that nobody can compute: they are drawn anew for
every run and stand nowhere but in the reference and in the harness. Whoever knows them has seen
what no student may see.
"""

import io
import json
import secrets
import textwrap
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from plumb.release import release

#: What every canary begins with, so that an attack can tell a catch.
PREFIX = "canary-"
#: For the whole check; an attack that hangs costs so much.
SECONDS = 3.0

OPS = '''\
"""What students write, and what attacks put in its place."""

import numpy as np


def double(x):
    """Twice x, any shape."""
    # BEGIN SOLUTION double
    # TODO: give back twice x.
    twice_the_input = x + x
    return twice_the_input
    # END SOLUTION double


def unlocked(x, lock):
    """Whether a lock, a function of one number, is larger than zero at x."""
    # BEGIN SOLUTION secret.unlocked
    # TODO: compare lock(x) with zero.
    larger_than_zero = bool(lock(x) > 0)
    return larger_than_zero
    # END SOLUTION secret.unlocked


def secret():
    """What lies in the vault: numbers (4,), a word, a count."""
    # BEGIN SOLUTION secret
    # TODO: nobody knows.
    treasure = np.array({numbers})
    return treasure, {word!r}, {count}
    # END SOLUTION secret


def look(values):
    """The sum of what is shown."""
    # BEGIN SOLUTION recall.look
    # TODO: add the values up.
    sum_of_all_shown = float(np.sum(values))
    return sum_of_all_shown
    # END SOLUTION recall.look


def recall():
    """What was shown in an earlier check, (5,)."""
    # BEGIN SOLUTION recall
    # TODO: nobody can.
    generator = np.random.RandomState({seed})
    return generator.randn(5)
    # END SOLUTION recall


def slow(x):
    """The running sums of x (N,), with a loop of your own."""
    # BEGIN SOLUTION slow
    # TODO: add up element by element.
    sums_so_far, here = [], 0.0
    for element in x:
        here = here + element
        sums_so_far.append(here)
    return np.array(sums_so_far)
    # END SOLUTION slow


def greet(name):
    """Print a greeting and the length of the name."""
    # BEGIN SOLUTION show
    # TODO: print both in one line.
    letters_in_name = len(name)
    print("Welcome,", name, letters_in_name)
    # END SOLUTION show


def refuse(x):
    """The square root of x; a ValueError for a negative x."""
    # BEGIN SOLUTION show.refuse
    # TODO: raise, or compute.
    if x < 0:
        raise ValueError("there is no square root of", x)
    return x**0.5
    # END SOLUTION show.refuse


def save(count):
    """Write the squares of 0, 1, ... to rows.csv, a line each."""
    # BEGIN SOLUTION show.save
    # TODO: open the file, and write.
    with open("rows.csv", "w") as rows_of_squares:
        rows_of_squares.writelines(f"{{n}},{{n * n}}\\n" for n in range(count))
    # END SOLUTION show.save


def draw(x):
    """Plot the cube of x, with a title."""
    # BEGIN SOLUTION show.draw
    # TODO: plot it.
    import matplotlib.pyplot as plt

    figure_of_cubes, axes = plt.subplots()
    axes.plot(x, x * x * x)
    axes.set_title("Cubes of x")
    return figure_of_cubes
    # END SOLUTION show.draw


def tally(values):
    """The sum of values, added up in a loop."""
    # BEGIN SOLUTION show.tally
    # TODO: add them up, one after the other.
    tally_so_far = 0.0
    for one_value in values:
        tally_so_far += one_value
    return tally_so_far
    # END SOLUTION show.tally


def level(n):
    """Twice n, and one more."""
    # BEGIN SOLUTION show.level
    # TODO: compute it.
    level_of_a_number = 2 * n + 1
    return level_of_a_number
    # END SOLUTION show.level


class Model:
    """Scores (N, C) of images by a model that was trained."""

    def __init__(self, centres):
        self.centres = centres

    def loss(self, X):
        """Scores of images (N, 1, 4, 4)."""
        flat = X.reshape(len(X), 1, -1)
        return -np.sum((flat - self.centres) ** 2, axis=2).astype(np.float64)


def train(data):
    """A model that knows the classes of data["X_train"] by data["y_train"]."""
    # BEGIN SOLUTION train
    # TODO: find the centre of every class.
    images, labels = data["X_train"], data["y_train"]
    flat_images = images.reshape(len(images), -1)
    class_numbers = range(labels.max() + 1)
    return Model(np.stack([flat_images[labels == c].mean(axis=0) for c in class_numbers]))
    # END SOLUTION train
'''
CALM = '''\
"""Work that has nothing to do with the attack; it must keep its points."""


def half(x):
    """Half of x, any shape."""
    # BEGIN SOLUTION half
    # TODO: give back half of x.
    half_of_the_input = x / 2
    return half_of_the_input
    # END SOLUTION half
'''
FAST = '''\
"""Given: what the exercise is about, done fast."""

import numpy as np


def quick(x):
    """The running sums of x (N,)."""
    return np.cumsum(x)


def heap_of(count):
    """The heap, 0 or 1, of each of so many things that are dealt out in turn."""
    return np.arange(count) % 2
'''
CHECKS = '''\
import ast

import numpy as np

from plumbline import StudentError, at_least, check


def without_the_fast_one(student):
    """The given fast function is taken away before the slow one is called."""
    student.withhold("fast")
    return student.ops.slow


@check("double", points=1, seed=1, visible=True)
def doubles_a_matrix(student, rng):
    """Twice a matrix."""
    return {{"out": student.ops.double(rng.randn(2, 3))}}


@check("double", points=2, seed=2, hint="Think of other sizes.")
def lurking_vector(student, rng):
    """Lurking: twice a vector."""
    return {{"out": student.ops.double(rng.randn(17))}}


@check("secret", points=0.5, seed=3, visible=True)
def unlocks(student, rng):
    """Whether a lock opens for two numbers."""

    def lock(x):
        return x - 0.5

    return {{"up": student.ops.unlocked(1.5, lock), "down": student.ops.unlocked(0.25, lock)}}


@check("secret", points=0.5, seed=16)
def lurking_lock(student, rng):
    """Lurking: whether a lock opens that nobody can look into."""
    key = {word!r}

    def lock(n):
        return 2**n - len(key)

    return {{"up": student.ops.unlocked(9, lock), "down": student.ops.unlocked(3, lock)}}


@check("secret", points=4, seed=4)
def lurking_treasure(student, rng):
    """Lurking: what lies in the vault."""
    numbers, word, count = student.ops.secret()
    return {{"numbers": numbers, "word": word, "count": count}}


@check("recall", points=1, seed=5, visible=True)
def looks(student, rng):
    """The sum of five numbers."""
    return {{"sum": student.ops.look(rng.randn(5))}}


@check("recall", points=1, seed=6)
def lurking_look(student, rng):
    """Lurking: the sum of the numbers that are asked for afterwards."""
    return {{"sum": student.ops.look(np.random.RandomState({seed}).randn(5))}}


@check("recall", points=2, seed=7)
def lurking_recall(student, rng):
    """Lurking: the numbers of the check before."""
    return {{"values": student.ops.recall()}}


@check("slow", points=1, seed=8, visible=True)
def adds_up_a_few(student, rng):
    """The running sums of four numbers."""
    return {{"out": without_the_fast_one(student)(rng.randn(4))}}


@check("slow", points=1, seed=9)
def lurking_sums(student, rng):
    """Lurking: the running sums of many numbers."""
    return {{"out": without_the_fast_one(student)(rng.randn(50))}}


@check("train", points=1, seed=10, visible=True, goals={{"accuracy": at_least(0.9)}})
def fits_two_heaps(student, rng):
    """Two heaps of images, numbered anew afterwards."""
    y = student.fast.heap_of(40)  # before any code of the student's, which may replace heap_of
    if not np.array_equal(y, np.arange(40) % 2):  # what is added to a given file runs before
        raise StudentError("ValueError", "heap_of gives other heaps than at first")
    X = rng.randn(40, 1, 4, 4) + 5.0 * y.reshape(-1, 1, 1, 1)
    scores = student.ops.train({{"X_train": X, "y_train": y}}).loss(X)
    new = rng.permutation(2)
    return {{"accuracy": float(np.mean(new[np.argmax(scores, axis=1)] == new[y]))}}


@check("train", points=2, seed=11, training=True, goals={{"accuracy": at_least(0.8)}})
def lurking_images(student, rng, data):
    """Lurking: images that nobody has seen."""
    model = student.ops.train(student.put(data.for_student()))
    return {{"accuracy": data.accuracy(lambda X: model.loss(X), "test")}}


@check("best", points=1, seed=12, visible=True)
def best_of_three(student, rng):
    """The best for three."""
    return {{"best": student.notebook("Vault").best(3)}}


@check("best", points=1, seed=13)
def lurking_best(student, rng):
    """Lurking: the best for eleven."""
    return {{"best": student.notebook("Vault").best(11)}}


@check("show", points=1, seed=16, visible=True)
def greets(student, rng):
    """What is printed for Ann."""
    return {{"text": student.printed(student.ops.greet, "Ann")}}


@check("show", points=1, seed=17)
def lurking_greeting(student, rng):
    """Lurking: what is printed for somebody else."""
    return {{"text": student.printed(student.ops.greet, "Rosalind")}}


@check("show", points=1, seed=18)
def lurking_refusal(student, rng):
    """Lurking: what a negative number raises."""
    raised = student.raises(student.ops.refuse, -float(rng.rand()))
    return {{"raised": raised, "says": bool(raised.text)}}


@check("show", points=1, seed=19)
def lurking_file(student, rng):
    """Lurking: what is written."""
    student.ops.save(12)
    return {{"text": student.file("rows.csv")}}


@check("show", points=1, seed=20)
def lurking_text(student, rng):
    """Lurking: whether there is a loop in the text."""
    found = student.source(student.ops.tally)
    loops = any(isinstance(node, ast.For) for node in ast.walk(found.tree))
    return {{"loops": loops, "remarks": len(found.remarks)}}


@check("show", points=1, seed=21)
def lurking_figure(student, rng):
    """Lurking: what is drawn."""
    (axes,) = student.figure(student.ops.draw, rng.randn(5)).axes
    return {{"title": axes.title, "y": axes.lines[0].y}}


@check("show", points=1, seed=22)
def lurking_expression(student, rng):
    """Lurking: what an expression gives."""
    return {{"levels": student.eval("[level(n) for n in range(3)]", student.ops)}}


@check("half", points=1, seed=14, visible=True)
def halves_a_matrix(student, rng):
    """Half of a matrix."""
    return {{"out": student.calm.half(rng.randn(2, 3))}}


@check("half", points=1, seed=15)
def lurking_half(student, rng):
    """Lurking: half of a vector."""
    return {{"out": student.calm.half(rng.randn(9))}}
'''
NOTEBOOK = """\
# %% [markdown] id="title"
# # The vault

# %% id="setup" role="setup"
from vault.calm import half

# %% id="best-answer" role="answer"


def best(n):
    \"\"\"The square of n, and one more.\"\"\"
    # BEGIN SOLUTION best
    # TODO: give back the square and one.
    square_and_one = n * n + 1
    return square_and_one
    # END SOLUTION best


# %% id="try"
half(best(2))
"""
QUESTIONS = ("double", "secret", "recall", "slow", "train", "best", "half", "show")
LIMITS = f"""\
seconds = {SECONDS}
cpu_seconds = 20
memory_mb = 512
data_mb = 400
address_space_mb = 2048
processes = 16
open_files = 64
file_mb = 16
tmp_mb = 16
shm_mb = 8
output_kept = 16384
"""
#: What somebody hands in who does all that can be done.
HONEST_OPS = """\
import numpy as np


def double(x):
    return 2 * x


def unlocked(x, lock):
    return bool(lock(x) > 0)


def secret():
    return np.zeros(4), "no idea", 0


def look(values):
    return float(sum(values))


def recall():
    return np.zeros(5)


def slow(x):
    out = np.zeros(len(x))
    for i in range(len(x)):
        out[i] = x[i] + (out[i - 1] if i else 0)
    return out


class Nearest:
    def __init__(self, data):
        labels = data["y_train"]
        flat = data["X_train"].reshape(len(labels), -1)
        self.means = [flat[labels == c].mean(axis=0) for c in range(labels.max() + 1)]

    def loss(self, X):
        flat = X.reshape(len(X), -1)
        return -np.stack([np.linalg.norm(flat - m, axis=1) for m in self.means], 1).astype(float)


def train(data):
    return Nearest(data)
"""
HONEST_CALM = "def half(x):\n    return x * 0.5\n"
HONEST_CELL = "def best(n):\n    return 1 + n**2\n"
#: The checks that nobody honest passes.
BEYOND = ("lurking_treasure", "lurking_recall")


@dataclass(frozen=True)
class Vault:
    """The released assignment, and what must never be seen of it.

    Attributes:
        harness: the harness.zip.
        student: the student.zip.
        canaries: texts, each with what it is, that nothing of a student's may hold.
    """

    harness: Path
    student: Path
    canaries: dict[str, str]


def build_vault(folder: Path) -> Vault:
    """Write the assignment with new secrets into a folder, and release it by our own release."""
    draw = secrets.SystemRandom()
    numbers = [float(draw.randrange(10**11, 10**12)) for _ in range(4)]
    word, count = PREFIX + secrets.token_hex(12), draw.randrange(10**14, 10**15)
    drawn = {"numbers": numbers, "word": word, "count": count, "seed": draw.randrange(1, 2**32)}
    questions = "".join(
        f'[[questions]]\nid = "{q}"\ntitle = "{q.title()}"\nnotebooks = ["Vault"]\n'
        for q in QUESTIONS
    )
    for path, text in {
        "solutions/vault/__init__.py": '"""The vault."""\n',
        "solutions/vault/ops.py": OPS.format(**drawn),
        "solutions/vault/calm.py": CALM,
        "solutions/vault/fast.py": FAST,
        "solutions/pyproject.toml": '[project]\nname = "vault"\nversion = "1"\n',
        "assignment/checks/all.py": CHECKS.format(**drawn),
        "assignment/notebooks/Vault.py": NOTEBOOK,
        "assignment/handout/README.md": "# The vault\n",
        "assignment/variants/vault.toml": 'package = "vault"\nnotebooks = ["Vault"]\n',
        "assignment/assignment.toml": (
            'name = "vault"\ntitle = "The vault"\npackage = "vault"\ndata = ["blots"]\n'
            f"[limits]\n{LIMITS}[training]\n{LIMITS}"
            f'[[notebooks]]\nname = "Vault"\ntitle = "The vault"\n{questions}'
        ),
    }.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(text), "utf-8")
    (folder / "assignment/grader_data").mkdir()
    (folder / "assignment/grader_data/blots.npz").write_bytes(_blots())
    release(
        folder / "assignment", folder / "solutions", folder / "release", "vault", lambda _: None
    )
    built = folder / "release" / "vault"
    canaries = {word: "the word in the vault", str(count): "the count in the vault"}
    for number in numbers:
        canaries[f"{number:.0f}"] = "a number in the vault"
        canaries[f"{number:.8e}".partition("e")[0]] = "a number in the vault"
    canaries["lurking"] = "the name of a hidden check"
    canaries["Lurking"] = "the title of a hidden check"
    return Vault(built / "harness.zip", built / "student.zip", canaries)


def _blots() -> bytes:
    """Images of four classes: each a pattern and noise, so that those unseen are easy to tell."""
    rng = np.random.RandomState(0)
    patterns = rng.randint(40, 216, (4, 1, 4, 4))
    arrays = {"scale": np.array(1.0)}
    for part, count in (("train", 80), ("val", 20), ("test", 60)):
        classes = rng.permutation(np.arange(count) % 4)
        noise = rng.randint(-12, 13, (count, 1, 4, 4))
        arrays |= {f"X_{part}": (patterns[classes] + noise).astype(np.uint8)}
        arrays |= {f"y_{part}": classes.astype(np.uint8)}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def notebook(cells: list[dict | str], **top: object) -> bytes:
    """A notebook's bytes; a cell is the source of one of code, or fields of its own."""
    full = [
        {
            "cell_type": "code", "id": f"c{number}", "metadata": {}, "outputs": [],
            "execution_count": None, **({"source": cell} if isinstance(cell, str) else cell),
        }
        for number, cell in enumerate(cells)
    ]  # fmt: skip
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": full} | top
    return json.dumps(whole).encode()


def honest(word: str = "") -> dict[str, bytes]:
    """The files of an honest submission; `word` stands in a comment of it."""
    return {
        "vault/ops.py": f"# {word}\n{HONEST_OPS}".encode(),
        "vault/calm.py": HONEST_CALM.encode(),
        "Vault.ipynb": notebook([{"id": "best-answer", "source": HONEST_CELL}]),
    }
