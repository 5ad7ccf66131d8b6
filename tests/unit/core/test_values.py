"""What crosses between a check and a student's code, by kind: right, wrong and hostile answers."""

import contextlib
import sys
import textwrap
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.compare import compare, compare_with_goal
from autograder.core.errors import StudentError
from autograder.core.expected import encode_expected, read_expected
from autograder.core.judge import Expected, judge, observe
from autograder.core.local import local_student
from autograder.core.remote import Handle
from autograder.core.tolerances import EXACT, FLOAT64, Tolerance
from autograder.core.values import MAX_ITEMS, MAX_VALUES, describe
from plumbline import at_least, check


@pytest.fixture
def student(tmp_path, monkeypatch):
    """A student whose package `pocket` is the given source."""

    def make(source):
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        (tmp_path / "pocket.py").write_text(textwrap.dedent(source))
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "pocket", raising=False)
        return local_student("pocket", seed=0)

    return make


@check("answer", points=1, seed=0)
def answered(student, rng):
    """What is returned."""
    return {"out": student.answer()}


def judged(student, answer, reference, prelude=""):
    """The judgement of an answer, an expression, by what the reference's gives."""
    start = f"{PRELUDE}\n{textwrap.dedent(prelude)}\ndef answer(): return "
    expected = Expected(observe(answered, student(start + reference)))
    return judge(answered, observe(answered, student(start + answer)), expected)


PRELUDE = """\
import math, collections, itertools
import numpy as np
from datetime import *
from decimal import Decimal
from fractions import Fraction
"""


#: By expressions: what the reference returns, a right and a wrong answer, words of the message.
CASES = [
    ("1 + 2j", "complex(1, 2 + 1e-12)", "1 - 2j", "got 1-2j, expected 1+2j"),
    ("None", "None", "0", "got a number, expected None"),
    ("b'ab'", "bytearray(b'ab')", "b'ac'", "got b'ac', expected b'ab'"),
    ("b'ab'", "b'ab'", "'ab'", "got a string, expected bytes"),
    ("2**100", "2**100", "2**99", "got 633825300114114700748351602688"),
    ("range(0, 10, 3)", "range(0, 12, 3)", "range(10)", "got range(0, 10), expected"),
    ("range(10**30)", "range(10**30)", "range(10**30 + 1)", "expected range(0, 10"),
    ("Decimal('0.10')", "Decimal('0.1')", "Decimal('0.1000001')", "got 0.1000001, expected"),
    ("Fraction(1, 3)", "Fraction(2, 6)", "Fraction(333333333, 10**9)", "expected 1/3"),
    ("Fraction(1, 3)", "Fraction(1, 3)", "1 / 3", "got a number, expected a Fraction"),
    ("date(2024, 2, 29)", "date(2024, 2, 29)", "date(2024, 3, 1)", "got 2024-03-01"),
    ("date(2024, 2, 29)", "date(2024, 2, 29)", "datetime(2024, 2, 29)", "got a datetime"),
    ("time(9, 30)", "time(9, 30)", "time(21, 30)", "got 21:30:00, expected 09:30:00"),
    ("datetime(2024, 1, 1)", "np.datetime64('2024-01-01')", "datetime(2024, 1, 2)", "01-02"),
    ("np.datetime64('2024')", "datetime(2024, 1, 1)", "np.datetime64('NaT')", "got NaT"),
    ("datetime(2024, 1, 1, tzinfo=timezone.utc)",
     "datetime(2024, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))",
     "datetime(2024, 1, 1)", "expected 2024-01-01 00:00:00+00:00"),
    ("timedelta(1)", "np.timedelta64(24, 'h')", "timedelta(2)", "got 2 days"),
    ("np.array(['a', 'bc'])", "np.array(['a', 'bc'], object).astype('U9')",
     "np.array(['a', 'b'])", "first at [1]: got 'b', expected 'bc'"),
    ("np.array(['2024-01'], 'M8[M]')", "np.array(['2024-01-01'], 'M8[D]')",
     "np.array(['2024-01-02'], 'M8[D]')", "got 2024-01-02, expected 2024-01"),
    ("np.array([b'a'])", "np.array([b'a'])", "np.array(['a'])",
     "got elements of kind string (<U1), expected bytes"),
    ("np.array([1.0, 2.0])", "np.ma.array([1.0, 2.0])", "np.ma.array([1.0, 2.0], mask=[0, 1])",
     "got an object of type MaskedArray, expected an array of float, shape (2,)"),
    ("0.0", "np.ma.array([0.0])[0]", "np.ma.masked", "got an object of type MaskedConstant"),
    ("np.arange(2)", "np.arange(2)", "np.arange(2).astype(object)",
     "got an object of type ndarray of dtype object, expected an array of integer"),
    ("np.arange(2)", "np.arange(2)", "np.zeros(2, [('a', float)])",
     "got an object of type ndarray of dtype [('a', '<f8')], expected an array of integer"),
    ("[1, 2.5]", "[1.0, 2.5 + 1e-12]", "[1, 2]", "first at [1]: got 2, expected 2.5"),
    ("[1, 2]", "[1, 2]", "(1, 2)", "got a tuple, expected a list"),
    ("(1, 2)", "(1, 2)", "[1, 2]", "got a list, expected a tuple"),
    ("[1, 2, 3]", "[1, 2, 3]", "[1, 7]",
     "got 2 elements, expected 3; the first that differs is [1]: got 7, expected 2"),
    ("[[1, 2], [3, 4]]", "[[1, 2], [3, 4]]", "[[1, 2], [3, 5]]", "first at [1][1]: got 5"),
    ("['a', None, True]", "['a', None, True]", "['a', None, 1]", "at [2]: got a number"),
    ("{'rate': [1, 2, 3], 'n': 2}", "{'n': 2, 'rate': [1, 2, 3]}",
     "{'rate': [1, 2, 4], 'n': 2}", 'first at ["rate"][2]: got 4, expected 3'),
    ("{'a': 1, 'b': 2}", "collections.OrderedDict(b=2, a=1)", "{'a': 1, 'c': 2}",
     'the key "b" is missing; the key "c" is too many'),
    ("{1: 'one', (2, 3): 'more'}", "{(2, 3): 'more', 1: 'one'}", "{'1': 'one'}",
     'the keys 1, (2, 3) are missing; the key "1" is too many'),
    ("{'x': {'y': {1, 2}}}", "{'x': {'y': {2, 1}}}", "{'x': {'y': {2, 3}}}",
     'at ["x"]["y"]: 1 is missing; 3 is too many'),
    ("{0.3, 1}", "{0.1 + 0.2, 1}", "{0.3, 2}", "1 is missing; 2 is too many"),
    ("{'a', 'b'}", "frozenset('ab')", "{'a'}", '"b" is missing'),
    ("[n * n for n in range(4)]", "(n * n for n in range(4))", "iter([0, 1, 4])",
     "got 3 elements, expected 4"),
    ("collections.Counter('aab')", "{'a': 2, 'b': 1}", "{'a': 1, 'b': 1}", 'at ["a"]: got 1'),
    ("collections.namedtuple('P', 'x y')(1, 2)", "(1, 2)", "(1, 3)", "first at [1]: got 3"),
    ("{'a': (1, [2])}", "{'a': (1, [2])}", "{'a': (1, (2,))}", 'at ["a"][1]: got a tuple'),
]  # fmt: skip


@pytest.mark.parametrize(("reference", "right", "wrong", "words"), CASES)
def test_of_each_kind_the_right_answer_passes_and_the_wrong_one_is_told(
    student, reference, right, wrong, words
):
    result = judged(student, right, reference)
    assert (result.share, result.message) == (1, "")
    result = judged(student, wrong, reference)
    assert result.share == 0
    assert words in result.message


HOSTILE = """\
class Always:
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __reduce__(self): return (exec, ("raise SystemExit",))
    def __array__(self, *a, **k): raise SystemExit
class Key(str):
    def __eq__(self, other): return True
    def __hash__(self): return hash("a")
class Pairs(dict):
    def items(self): return [("a", 1)]
    keys = __iter__ = __getitem__ = None
class Items(list):
    def __iter__(self): return iter([1, 2])
    def __len__(self): return 2
class Members(set):
    def __iter__(self): return iter([1, 2])
class Long(Fraction):
    def as_integer_ratio(self): return (1, 2)
class Day(date):
    def isoformat(self): raise SystemExit
    __str__ = isoformat
    def __eq__(self, other): return True
    __hash__ = None
recursive = []; recursive.append(recursive)
wide = [0] * 10
for _ in range(8): wide = [wide] * 10
"""


@pytest.mark.parametrize(
    ("reference", "hostile"),
    [
        ("{'a': 1}", "{Key('b'): 1}"),
        ("{'a': 1}", "Pairs(b=2)"),
        ("{'a': 1}", "{'a': Always()}"),
        ("{'a': 1}", "{Always(): 1}"),
        ("[1, 2]", "Items([3])"),
        ("[1, 2]", "recursive"),
        ("[[1], 2]", "[recursive, 2]"),
        ("[1, 2]", "wide"),
        ("[1, 2]", "Always()"),
        ("{1, 2}", "Members([3])"),
        ("{1, 2}", "{Always()}"),
        ("Fraction(1, 2)", "Long(1, 3)"),
        ("Decimal(1)", "Decimal('NaN')"),
        ("Decimal(1)", "Decimal('sNaN')"),
        ("Decimal(1)", "Decimal('Infinity')"),
        ("1 + 1j", "complex(float('nan'), 1)"),
        ("date(2024, 1, 1)", "Day(2023, 1, 1)"),
        ("b'ab'", "type('B', (bytes,), {'__eq__': lambda a, b: True})(b'x')"),
        ("None", "Always()"),
    ],
)
def test_what_an_answer_says_of_itself_gains_nothing(student, reference, hostile):
    share = 0.0
    with contextlib.suppress(StudentError):  # it may also be refused
        share = judged(student, hostile, reference, HOSTILE).share
    assert share == 0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("10**4001", "an integer of more than 4000 digits"),
        ("[-(2**100_000)]", "an integer of more than 4000 digits"),
        ("Fraction(1, 10**5000)", "an integer of more than 4000 digits"),
        ("Decimal('1E+999999')", "a Decimal with an exponent beyond 4000"),
        ("Decimal('1E-999999')", "a Decimal with an exponent beyond 4000"),
        ("Decimal(10**4100)", "a Decimal of more than 4000 digits"),
        ("itertools.count()", f"more than {MAX_ITEMS} items"),
        ("(n for n in itertools.repeat(0))", f"more than {MAX_ITEMS} items"),
    ],
)
def test_what_is_too_large_is_an_error_in_the_student_s_words(student, answer, words):
    with pytest.raises(StudentError, match=words):
        judged(student, answer, "1")


@pytest.mark.parametrize(
    "many",
    [
        "list(range(MANY))",
        "dict.fromkeys(range(MANY // 2 + 1), 0)",
        "set(range(MANY))",
        "[[0] * 1000] * (MANY // 1000)",
        "{tuple(range(MANY))}",
    ],
)
def test_more_values_than_may_be_sent_stay_a_handle_and_are_refused_when_asked_for(student, many):
    who = student(f"MANY = {MAX_VALUES}\ndef many(): return {many}\ndef pair(): return 1, {many}")
    held = who.pair()[1]
    assert isinstance(held, Handle)
    with pytest.raises(StudentError, match="more than 100000 values cannot be sent"):
        who.get(held)
    whole = who.many()
    assert isinstance(whole[0] if isinstance(whole, list) else whole, Handle)


def test_partial_credit_reaches_into_containers():
    tiers = Tolerance(((1e-6, 1.0), (1e-2, 0.5)))
    expected = {"a": [1.0, (2.0, 3.0)], "n": 1}
    found = compare({"a": [1.0, (2.0, 3.01)], "n": 1}, expected, tiers)
    assert found.share == 0.5
    assert 'first at ["a"][1][1]: got 3.01, expected 3' in found.message
    assert compare({"a": [1.0, (2.0, 4.0)], "n": 1}, expected, tiers).share == 0
    assert compare({1.005, 2.0}, {1.0, 2.0}, tiers).share == 0.5


def test_decimals_and_fractions_have_a_tolerance_only_if_the_check_states_one():
    tiers = Tolerance(((1e-3, 1.0),))
    assert compare(Decimal("1.0001"), Decimal(1), tiers).share == 1
    assert compare(Fraction(10001, 10000), Fraction(1), tiers).share == 1
    assert compare(Fraction(10001, 10000), Fraction(1), FLOAT64).share == 0
    assert compare(Fraction(1, 2), 0.5, FLOAT64).share == 1  # a number is asked for


def test_long_integers_are_compared_exactly_where_that_is_asked_for():
    assert compare(2**60 + 1, 2**60, EXACT).share == 0
    assert compare(10**1000 + 1, 10**1000, EXACT).share == 0
    assert compare(10**1000, 10**1000, EXACT).share == 1
    assert compare(2.0**60, 2**60, EXACT).share == 1


def test_a_goal_takes_real_numbers_however_large():
    goal = at_least(2)
    for number in (Decimal("2.5"), Fraction(5, 2), 3, np.float32(3)):
        assert compare_with_goal(number, goal).share == 1
    for number in (10**2000, Fraction(10**2000), Decimal("1E+3999")):
        assert compare_with_goal(number, goal).share == 0  # not finite, as a float
    assert "a complex number" in compare_with_goal(3 + 0j, goal).message
    assert "[number]" in compare_with_goal([3], goal).message


@pytest.mark.parametrize(
    ("observed", "expected", "message"),
    [
        ([1, 2], None, "got a list [number, number], expected None"),
        ({"a": 1}, [1], "got a dictionary {'a': number}, expected a list [number]"),
        ({1}, "x", "got a set of number, expected a string"),
        (set(), 1, "got an empty set, expected a number"),
        (b"a", {}, "got bytes, expected a dictionary {}"),
        (set(), {1}, "1 is missing"),
        ({3}, {1, 2}, "1, 2 are missing; 3 is too many"),
        ([], [1], "got 0 elements, expected 1"),
    ],
)
def test_a_difference_of_kind_is_a_sentence(observed, expected, message):
    assert compare(observed, expected, FLOAT64).message == message


def test_only_the_first_differences_are_told_and_the_others_counted():
    found = compare(["x"] * 9, list("abcdefghi"), FLOAT64)
    assert found.message.splitlines() == [
        "at [0]: got 'x', expected 'a'",
        "at [1]: got 'x', expected 'b'",
        "at [2]: got 'x', expected 'c'",
        "more elements differ",
    ]


def test_long_texts_are_cut_in_a_message():
    assert len(compare("x" * 10**6, "y", FLOAT64).message) < 300


def test_a_description_of_many_elements_is_cut():
    assert describe([1, "a"] * 50_000).endswith("number, text, …]")
    assert describe({1, "a"}) == "set of number, text"
    assert describe({"a": {1: (2, {3: {4: 5}})}}) == "{'a': {'1': (number, object)}}"


# --- by value, or as a handle ---------------------------------------------------------------------

SHAPES = """\
import numpy as np
class Net:
    def __init__(self): self.params, self.sizes = {"W": np.zeros(2)}, [1, 2]
def counts(): return {"the": 2, 3: [1]}
def nested(): return [[1, 2], {3}]
def mixed(): return {"net": Net()}
def nets(): return [Net(), 1]
def forward(): return 1.5, (np.ones(2), {"mode": "train"})
def backward(cache): cache[0][:] += 1; return cache[0]
def ask(value): return type(value).__name__, value
rate, table = 0.5, {"a": [1, 2]}
"""


def test_a_container_that_a_call_returns_comes_by_value(student):
    who = student(SHAPES)
    assert who.counts() == {"the": 2, 3: [1]}
    assert who.nested() == [[1, 2], {3}]


def test_what_holds_an_object_does_not_come_by_value(student):
    who = student(SHAPES)
    assert isinstance(who.mixed(), Handle)
    assert list(who.mixed()["net"].sizes) == [1, 2]
    net, one = who.nets()
    assert isinstance(net, Handle)
    assert one == 1


def test_a_container_in_a_tuple_stays_and_is_the_very_object_when_it_is_given_back(student):
    who = student(SHAPES)
    out, cache = who.forward()
    assert out == 1.5
    assert isinstance(cache, Handle)
    who.backward(cache)
    assert who.backward(cache).tolist() == [3, 3]
    array, settings = who.get(cache)
    assert array.tolist() == [3, 3]
    assert settings == {"mode": "train"}


def test_a_dictionary_that_is_an_attribute_stays_so_that_it_can_be_changed(student):
    who = student(SHAPES)
    net = who.Net()
    net.params["W"] = np.ones(2)
    assert net.params["W"].tolist() == [1, 1]
    assert who.get(net.params)["W"].tolist() == [1, 1]


def test_a_handle_equals_what_it_is_by_value(student):
    who = student(SHAPES + "def pair(): return 1, {'n': 2}\n")
    _, settings = who.pair()
    assert settings == {"n": 2}
    assert settings != {"n": 3}
    net = who.Net()
    assert net != {"n": 2}
    assert net == net
    assert net != who.Net()
    assert len({net, settings, net}) == 2


def test_an_observation_is_fetched_by_value_whatever_it_is_held_by(student):
    @check("all", points=1, seed=0)
    def observed(student, rng):
        """All ways."""
        return {
            "variable": student.rate, "dictionary": student.table, "tuple": student.forward(),
            "attribute": student.Net().params, "nested": {"a": [student.Net().params, 1]},
            "object": student.Net(),
        }  # fmt: skip

    found = observe(observed, student(SHAPES))
    assert found["variable"] == 0.5
    assert found["dictionary"] == {"a": [1, 2]}
    assert describe(found["tuple"]) == "(number, (array of float, shape (2,), {'mode': text}))"
    assert describe(found["attribute"]) == "{'W': array of float, shape (2,)}"
    assert describe(found["nested"]) == "{'a': [{'W': array of float, shape (2,)}, number]}"
    assert isinstance(found["object"], Handle)


ARGUMENTS = [
    1 + 2j, None, b"ab", 2**100, Decimal("1.5"), Fraction(1, 3), range(3), date(2024, 1, 1),
    time(1, 2, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=2))),
    timedelta(3), [1, [2]], (1, (2,)), {"a": {1: 2}}, {1, 2}, frozenset({3}),
    np.datetime64("2024-01-01", "D"),
]  # fmt: skip


@pytest.mark.parametrize("value", ARGUMENTS, ids=repr)
def test_every_kind_can_be_an_argument(student, value):
    who = student(SHAPES)
    name, came = who.ask(value)
    assert name == type(value).__name__
    came = who.get(came)  # a container in a tuple is a handle
    assert (type(came), came) == (type(value), value)


# --- recorded -------------------------------------------------------------------------------------

keys = (
    st.text(max_size=3) | st.integers() | st.booleans() | st.none() | st.fractions()
    | st.dates() | st.tuples(st.integers(), st.text(max_size=1))
)  # fmt: skip
values = st.recursive(
    keys
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.complex_numbers(allow_nan=False, allow_infinity=False)
    | st.binary(max_size=5)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.datetimes(timezones=st.none() | st.just(UTC))
    | st.times()
    | st.timedeltas()
    | st.builds(range, st.integers(), st.integers(), st.integers(1, 2**70))
    | st.integers(-(10**3000), 10**3000),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.sets(keys, max_size=4)
        | st.frozensets(keys, max_size=4)
    ),
    max_leaves=10,
)


@given(values)
def test_what_is_recorded_is_read_again(tmp_path_factory, value):
    folder = tmp_path_factory.mktemp("expected")
    files = encode_expected({"q.a": Expected({"x": value})})
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (again,) = read_expected(folder).values()
    came = again.observations["x"]
    assert (type(came), repr(type(came)), came) == (type(value), repr(type(value)), value)
    assert compare(came, value, EXACT).share == 1


def test_arrays_in_containers_are_recorded_too(tmp_path):
    value = {"a": [np.arange(3.0), np.array(["x"])], "t": np.datetime64("2024-01-01", "D")}
    files = encode_expected({"q.a": Expected({"x": value})})
    assert files == encode_expected({"q.a": Expected({"x": value})})
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (again,) = read_expected(tmp_path).values()
    assert compare(again.observations["x"], value, EXACT).share == 1
