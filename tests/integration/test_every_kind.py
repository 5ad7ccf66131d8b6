"""Each kind of value, and each thing to ask for, of a right, a wrong and hostile hand-ins in a box.

A kind without its row in `tests.kinds` fails.
"""

import inspect

import pytest

import plumbline
from autograder.core import values
from autograder.core.asking import Asking
from autograder.core.errors import PlumblineError, StudentFault
from autograder.core.judge import Expected, judge, observe
from autograder.core.source_text import Sources
from autograder.core.student import Student
from autograder.core.tables import FORMS
from autograder.limits import Limits
from plumbline import check
from tests.boxes import session_on
from tests.kinds.asking import ASKED, JUDGED
from tests.kinds.values import VALUES

KINDS = VALUES | ASKED | JUDGED
HAND_INS = [
    (kind, name) for kind, row in KINDS.items() for name in row.hand_ins() if name != "reference"
]
LIMITS = Limits(cpu_seconds=30, data_mb=512, memory_mb=1024, file_mb=16, timeouts=50)


def test_every_kind_of_value_has_a_row():
    words = {word for name, word in vars(values).items() if name.isupper() and type(word) is str}
    elements = {f"array of {word}" for word in values._DTYPES.values()}
    wanted = words - {values.ARRAY, values.TABLE} | elements | set(FORMS)
    assert wanted - VALUES.keys() == set()


def test_everything_that_a_check_can_ask_has_a_row():
    asked = {name for kind in (Asking, Student) for name in vars(kind) if not name.startswith("_")}
    assert asked - {"get", "function_use"} == ASKED.keys()  # get belongs to put


def test_every_way_to_judge_has_a_row():
    options = inspect.signature(plumbline.check).parameters.keys()
    of_the_check = {"question", "points", "seed", "visible", "hint", "needs", "seconds", "when"}
    assert options - of_the_check - {"training"} == JUDGED.keys()  # a training check has goals


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_has_hostile_hand_ins(kind):
    assert KINDS[kind].hostile


def name_of(kind, hand_in):
    return f"{kind.lower().replace(' ', '_')}_{hand_in}"


@pytest.fixture(scope="module")
def session():
    """One box in which all hand-ins lie, each by its name."""
    texts = {
        (row.place, name_of(kind, hand_in)): text
        for kind, row in KINDS.items()
        for hand_in, text in row.hand_ins().items()
    }
    modules = {f"{name}.py": text for (place, name), text in texts.items() if place == "module"}
    modules["given.py"] = "def six(): return 6\n"
    with session_on(
        files={f"pocket/{path}": text for path, text in modules.items()},
        notebooks={name: {1: text} for (place, name), text in texts.items() if place == "notebook"},
        answers={name: text for (place, name), text in texts.items() if place == "words"},
        sources=lambda: Sources({path: text.encode() for path, text in modules.items()}),
        limits=LIMITS,
    ) as running:
        yield running


@pytest.fixture(scope="module")
def graded(session):
    """Gives what a hand-in of a kind earns; the reference is recorded before its first one."""
    recorded = {}

    def seen(kind, hand_in, use=None):
        row, name = KINDS[kind], name_of(kind, hand_in)

        @check("answer", seed=0, **row.options)
        def made(student, rng):
            return row.asks(student, getattr(student, name) if row.place == "module" else name)

        # Some hostile ones never end. The others have time enough on any machine.
        seconds = 3 if hand_in.startswith("hostile") else 60
        with session.student(seed=0, seconds=seconds, use=use) as student:
            return made, observe(made, student), student.function_use

    def earned(kind, hand_in):
        """The share; an exception of the check's own body or of the student's code earns none."""
        if kind not in recorded:
            _, observations, use = seen(kind, "reference")
            recorded[kind] = Expected(observations, use=use)
        try:
            made, observations, _ = seen(kind, hand_in, recorded[kind].use)
        except StudentFault:
            return 0
        except PlumblineError:
            raise
        except Exception:
            return 0
        return judge(made, observations, recorded[kind]).share

    return earned


@pytest.mark.parametrize(("kind", "hand_in"), HAND_INS)
def test_a_hand_in_earns_what_it_deserves(graded, kind, hand_in):
    share = graded(kind, hand_in)
    assert (share == 1) == (hand_in == "right")
    if hand_in.startswith("hostile"):
        assert share == 0
        assert graded("number", "right") == 1  # the next check keeps its marks
