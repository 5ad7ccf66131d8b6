"""Values of every kind through a real box: as arguments, as results, as what is refused."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from autograder.core.compare import compare
from autograder.core.errors import StudentError
from autograder.core.judge import observe
from autograder.core.plain import plain
from autograder.core.remote import Handle
from autograder.core.tables import Table
from autograder.core.tolerances import EXACT, FLOAT64
from plumbline import check
from tests.boxes import once, session_on
from tests.unit.core.test_values import CASES, PRELUDE

MODULE = """
    import itertools
    import decimal, fractions
    import numpy as np

    def same(value): return value
    def nested(value): return {"it": [value, (value,)]}
    def forward(): return 1.5, {"x": np.ones(2)}
    def spoil(cache): cache["x"][:] = 7
    def numbers(count): return (n for n in itertools.count()) if count < 0 else iter(range(count))
    def long_integer(): return 10 ** 100_000
    def exponent(): return decimal.Decimal("1E+999999999")
    def many(): return [list(range(1000))] * 1000
    def recursive():
        found = []
        found.append(found)
        return found
    def grouped(frame): return frame.groupby("g").sum()
    def imported():
        import sys
        return "pandas" in sys.modules
    def lying():
        import pandas
        class Liar(pandas.DataFrame):
            columns = property(lambda self: pandas.Index(["right"]))
            _constructor = None
            def __array__(self, *a, **k): raise SystemExit
            def __reduce__(self): raise SystemExit
        return Liar({"wrong": [1, 2]})
"""


@pytest.fixture(scope="module")
def session():
    with session_on(MODULE) as running:
        yield running


VALUES = [
    1 + 2j, None, b"a\0b", 2**100, -(10**3999), Decimal("1.50"), Fraction(-1, 3), range(3, 10**20),
    datetime(2024, 1, 1, tzinfo=UTC), timedelta(days=-1, microseconds=5), [1, [2, None]], (1, (2,)),
    {"a": {1: (2, 3)}, (4, "b"): 5.0}, {1, "a", (2, 3)}, frozenset({b"x"}),
    np.array(["a", "bcd"]), np.array(["2024-01-01", "NaT"], "M8[D]"), np.array([1 + 1j]),
]  # fmt: skip


def test_every_kind_goes_in_and_comes_out(session):
    def act(student):
        return [(student.get(student.m.same(v)), student.m.nested(v)) for v in VALUES]

    for value, (came, nested) in zip(VALUES, once(session, act), strict=True):
        for found in (came, nested["it"][0], nested["it"][1][0]):
            if isinstance(value, np.ndarray):
                np.testing.assert_array_equal(found, value)
            else:
                assert (type(found), found) == (type(value), value)


def test_right_and_wrong_answers_of_every_kind_are_told_apart():
    answers = {
        f"{name}_{number}": answer
        for number, (reference, right, wrong, _) in enumerate(CASES)
        for name, answer in (("reference", reference), ("right", right), ("wrong", wrong))
    }
    module = PRELUDE + "".join(f"def {n}(): return {answer}\n" for n, answer in answers.items())

    @check("all", points=1, seed=0)
    def everything(student, rng):
        """All that the functions return."""
        return {name: getattr(student.m, name)() for name in answers}

    with session_on(module) as session:
        found = once(session, lambda student: observe(everything, student), seconds=60)
    for number, case in enumerate(CASES):
        expected = found[f"reference_{number}"]
        assert compare(found[f"right_{number}"], expected, FLOAT64).message == "", case
        wrong = compare(found[f"wrong_{number}"], expected, FLOAT64)
        assert wrong.share == 0, case
        assert case[3] in wrong.message, case


def test_a_dictionary_in_a_tuple_is_the_very_object(session):
    def act(student):
        out, cache = student.m.forward()
        assert isinstance(cache, Handle)
        student.m.spoil(cache)
        return out, student.get(cache)["x"].tolist()

    assert once(session, act) == (1.5, [7, 7])


def test_a_handle_is_of_no_use_when_its_check_is_over_and_the_next_check_runs(session):
    _, kept = once(session, lambda s: s.m.forward())
    with pytest.raises(StudentError, match="got an object, expected a value"):
        assert kept == {}
    assert once(session, lambda s: s.m.same(3)) == 3


def test_iterators_are_taken_when_they_are_asked_for(session):
    assert once(session, lambda s: s.get(s.m.numbers(3))) == [0, 1, 2]
    with pytest.raises(StudentError, match="more than 10000 items"):
        once(session, lambda s: s.get(s.m.numbers(-1)))


@pytest.mark.parametrize(
    ("name", "words"),
    [("long_integer", "more than 4000 digits"), ("exponent", "an exponent beyond 4000")],
)
def test_what_is_too_large_is_the_student_s_error(session, name, words):
    with pytest.raises(StudentError, match=words):
        once(session, lambda s: getattr(s.m, name)())


def test_what_is_too_much_or_endless_inside_stays_a_handle(session):
    many = once(session, lambda s: s.m.many())
    assert isinstance(many[0], Handle)
    (inner,) = once(session, lambda s: s.m.recursive())
    assert isinstance(inner, Handle)


def test_a_table_is_argument_and_result_and_pandas_is_imported_for_it_alone(session):
    frame = pd.DataFrame({"g": ["a", "b", "a"], "x": [1.0, 2.0, 4.0]})
    assert once(session, lambda s: s.m.imported()) is False
    came = once(session, lambda s: s.m.grouped(frame))
    assert type(came) is Table
    assert compare(came, plain(frame.groupby("g").sum()), EXACT).share == 1


def test_a_table_that_lies_is_read_as_what_it_is(session):
    assert once(session, lambda s: s.m.lying()).names == ["wrong"]
