"""Checks: made, loaded, observed, judged; whose fault it is when one breaks."""

import re
import sys
import textwrap
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.check_files import load_checks, load_folder
from autograder.core.errors import CheckError, StudentError
from autograder.core.expected import encode_expected, read_expected
from autograder.core.judge import Expected, judge, observe, structural_difference, unrecordable
from autograder.core.local import local_student
from autograder.core.student import TraceEntry
from plumbline import at_least, at_most, check


@pytest.fixture
def student(tmp_path, monkeypatch):
    """A student whose package `pocket` is the given source."""

    def make(source, package="pocket"):
        # Sources of one length and one second are one to it.
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        (tmp_path / f"{package}.py").write_text(textwrap.dedent(source))
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, package, raising=False)
        return local_student(package, seed=0)

    return make


@check("double", points=1, seed=3)
def doubled(student, rng):
    """Twice the input."""
    return {"out": student.double(rng.randn(2, 3))}


def test_a_check_is_described_by_its_function():
    assert (doubled.id, doubled.title, doubled.visible) == (
        "double.doubled",
        "Twice the input.",
        False,
    )
    assert doubled.place.file == __file__


def test_record_and_compare_take_the_same_path(student):
    expected = Expected(observe(doubled, student("def double(x): return 2 * x")))
    right = observe(doubled, student("def double(x): return x + x"))
    wrong = observe(doubled, student("def double(x): return x * x"))
    assert judge(doubled, right, expected).share == 1
    verdict = judge(doubled, wrong, expected)
    assert verdict.share == 0
    assert verdict.message.startswith("out: 6 of 6 elements differ")


def test_the_students_exception_is_data(student):
    with pytest.raises(StudentError) as info:
        observe(doubled, student("def double(x):\n    return 1 / 0\n"))
    assert info.value.kind == "ZeroDivisionError"
    assert "return 1 / 0" in info.value.traceback
    assert "objects.py" not in info.value.traceback


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("def double(x): raise SystemExit(0)", "SystemExit"),
        ("def other(x): pass", "AttributeError"),
        ("def double(x) return x", "SyntaxError"),
        ("import no_such_module", "ModuleNotFoundError"),
    ],
)
def test_whatever_their_code_raises_is_theirs(student, source, kind):
    with pytest.raises(StudentError) as info:
        observe(doubled, student(source))
    assert info.value.kind == kind


def test_an_untouched_stub_is_told_from_an_exception(student):
    with pytest.raises(StudentError) as info:
        observe(doubled, student('def double(x): raise NotImplementedError("TODO: double")'))
    assert info.value.unwritten == "double"
    assert StudentError("NotImplementedError", "later").unwritten is None


def test_a_tuple_of_the_wrong_length_is_the_students_departure(student):
    @check("pair", points=1, seed=0)
    def unpacked(student, rng):
        """Two values."""
        out, _cache = student.pair(rng.randn(3))
        return {"out": out}

    right = student("def pair(x): return x, {}")
    observe(unpacked, right)
    wrong = student("def pair(x): return x")
    with pytest.raises(ValueError, match="unpack"):
        observe(unpacked, wrong)
    words = structural_difference(wrong.trace, tuple(right.trace))
    assert words == (
        "got array of float, shape (3,) from pair, expected (array of float, shape (3,), object)"
    )
    assert structural_difference(right.trace, tuple(right.trace)) is None


def test_a_list_is_unpacked_like_a_tuple_and_named_as_it_is(student):
    told = []
    for name, made in (("a", "[x, 1]"), ("b", "(x, 1)"), ("c", "x")):
        who = student(f"def pair(x): return {made}", name)
        who.pair(np.ones(3))
        told.append(tuple(who.trace))
    as_list, as_tuple, alone = told
    assert structural_difference(as_list, as_tuple) is None
    words = structural_difference(alone, as_list)
    assert words is not None
    assert words.endswith("expected [array of float, shape (3,), number]")


@pytest.mark.parametrize("place", [0, 45, 99])
def test_a_departure_is_seen_however_far_in_a_list_it_stands(student, place):
    right = student("def losses(): return {'all': [1.0] * 100}")
    listed = f"[1.0] * {place} + ['x'] + [1.0] * {99 - place}"
    wrong = student(f"def losses(): return {{'all': {listed}}}", "purse")
    for who in (right, wrong):
        who.get(who.losses())
    words = structural_difference(wrong.trace, tuple(right.trace))
    assert words is not None
    assert "text" in words
    assert words.endswith("expected {'all': [100 times number]}")


def test_handles_stay_there_and_answer_calls(student):
    who = student(
        """
        class Net:
            def __init__(self): self.params, self.reg = {"W": 1.5}, 0
            def loss(self, x): return float(x.sum() * self.params["W"] + self.reg)
        """
    )
    net = who.Net()
    net.reg = 10
    net.params["W"] = 2.0
    assert net.loss(np.ones(3)) == 16
    assert net.params["W"] == 2
    assert "W" in net.params
    assert "b" not in net.params
    assert list(net.params) == ["W"]
    assert len(net.params) == 1
    with pytest.raises(TypeError, match="expected an array"):
        np.asarray(net)


def test_what_a_check_asked_for_is_known(student):
    """The names include what is not there, and what was called by a handle."""
    who = student("class Net:\n    params = {}\n    def loss(self): return 1\n")
    net = who.Net()
    net.loss()
    len(net.params)
    with pytest.raises(StudentError):
        net.train  # noqa: B018  it is not there
    with pytest.raises(StudentError):
        who.missing()
    assert who.names_used == ["Net", "….loss", "…", "….params", "….train", "missing"]


def test_put_shows_what_was_changed_in_place_and_values_are_copies(student):
    who = student("def spoil(x): x[:] = 0")
    x = np.ones(3)
    who.spoil(x)
    left = who.put(x)
    who.spoil(left)
    assert x.tolist() == [1, 1, 1]
    assert who.get(left).tolist() == [0, 0, 0]


def test_an_array_subclass_and_an_object_that_always_equals_gain_nothing(student):
    who = student(
        """
        import numpy as np
        class Sly(np.ndarray):
            def __eq__(self, other): return True
            def __sub__(self, other): return np.zeros(1)
            def __array_function__(self, *a, **k): return True
        class Yes:
            def __eq__(self, other): return True
        def double(x): return np.zeros((2, 3)).view(Sly)
        def other(x): return Yes()
        """
    )
    expected = Expected({"out": np.ones((2, 3))})
    assert type(who.double(1)) is np.ndarray
    assert judge(doubled, {"out": who.double(1)}, expected).share == 0
    assert judge(doubled, {"out": who.other(1)}, expected).share == 0


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_goals(number):
    upwards = at_least((0.3, 0.5), (0.5, 1.0))
    finite = np.isfinite(number)
    assert upwards.share(number) == (
        0 if not finite or number < 0.3 else 0.5 if number < 0.5 else 1
    )
    assert at_most(0.1).share(number) == (1 if finite and number <= 0.1 else 0)


@pytest.mark.parametrize(
    "tiers",
    [
        (),
        ((0.9, 1), (0.99, 2)),
        ((0.9, 1), (0.5, -1)),
        ((0.9, float("nan")),),
        (float("inf"),),
        ((0.9,),),
        ([0.9, 1.0],),
        ("0.9",),
    ],
)
def test_a_goal_with_other_tiers_is_refused(tiers):
    for goal in (at_least, at_most):
        with pytest.raises(ValueError, match=r"pairs of \(threshold, share of the points from 0"):
            goal(*tiers)


def test_a_better_number_never_earns_less():
    with pytest.raises(ValueError, match="a better number must not earn a smaller share"):
        at_least((0.5, 1.0), (0.9, 0.5))
    with pytest.raises(ValueError, match="a better number must not earn a smaller share"):
        at_most((0.1, 0.5), (0.2, 1.0))
    assert at_least((0.5, 1.0), (0.3, 0.5)).share(0.4) == 0.5
    assert at_most(np.float32(2)).share(1) == 1


def test_a_goal_is_told_in_words():
    assert str(at_least((0.3, 0.5), (0.5, 1.0))) == "at least 0.3 (50% of the points), at least 0.5"


def test_what_cannot_be_recorded_is_said():
    assert unrecordable({"a": np.ones(2), "b": 1.0, "c": "x", "d": True, "e": None}) is None
    assert "not finite" in unrecordable({"a": np.array([np.nan])})
    assert "return arrays" in unrecordable({"a": object()})
    assert unrecordable({"a": [1, {"x": (2, np.nan)}]}) == (
        "a[1]['x'][1] is not finite on the reference"
    )
    for value, instead in [
        (np.zeros(2, [("a", float)]), "dtype [('a', '<f8')]; return arrays of numbers, flags or"),
        (np.zeros(2, object), "dtype object; return the list of its elements, x.tolist(), or"),
        (np.ma.array([1.0], mask=[1]), "MaskedArray; return an array without masked elements"),
    ]:
        assert instead in unrecordable({"a": value})
    assert "a['x'] is an object" in unrecordable({"a": {"x": object()}})


def test_a_check_must_return_observations(student):
    @check("q", points=1, seed=0)
    def nothing(student, rng):
        """Nothing."""

    with pytest.raises(CheckError, match=r"test_judge\.py:\d+: q.nothing returned no dictionary"):
        observe(nothing, student(""))


def test_expected_outputs_survive_a_round_trip(tmp_path):
    expected = {
        "q.a": Expected(
            {
                "x": np.arange(6, dtype=np.float32).reshape(2, 3),
                "n": 0.1,
                "s": "å",
                "f": False,
                "i": np.int64(3),
                "none": None,
            },
            (TraceEntry("f", "number"),),
        )
    }
    files = encode_expected(expected)
    assert files == encode_expected(expected)
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (again,) = read_expected(tmp_path).values()
    assert again.trace == (TraceEntry("f", "number"),)
    assert again.observations["x"].dtype == np.float32
    assert np.array_equal(again.observations["x"], expected["q.a"].observations["x"])
    rest = {name: value for name, value in again.observations.items() if name != "x"}
    assert rest == {"n": 0.1, "s": "å", "f": False, "i": 3, "none": None}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("1 / 0", r"^{path}:3: ZeroDivisionError"),
        ("def f(:", r"^{path}:3: SyntaxError: invalid syntax$"),
        ("x = 1\nimport worse", r"^.*/worse\.py:2: SyntaxError"),
        ('@check("q", points=0, seed=0)\ndef f(s, r):\n    "x"', "more than 0 points"),
        ('@check("Q!", points=1, seed=0)\ndef f(s, r):\n    "x"', "not the id of a question"),
    ],
)
@pytest.mark.parametrize("relative", ["", "bad.py", "./x/../bad.py"])
def test_a_broken_file_of_checks_is_named_with_place_and_reason(
    tmp_path, monkeypatch, body, words, relative
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "x").mkdir()
    (tmp_path / "worse.py").write_text("x = 1\ndef f(:\n")
    (tmp_path / "bad.py").write_text(f"from plumbline import check\n\n{body}\n")
    path = Path(relative or tmp_path / "bad.py")
    with pytest.raises(CheckError, match=words.replace("{path}", re.escape(str(path)))):
        load_checks(path)


def test_a_check_that_a_later_one_replaces_is_refused(tmp_path):
    one = '@check("{}", points=1, seed=0)\ndef f(s, r):\n    "x"\n'
    path = tmp_path / "a.py"
    path.write_text("from plumbline import check\n" + one.format("p") + one.format("q"))
    with pytest.raises(CheckError, match=r"a\.py:6: a second check named f, .* that of line 3;"):
        load_checks(path)


def test_a_check_needs_no_more_than_its_question():
    @check("q")
    def twice_the_rate(student, rng): ...

    assert (twice_the_rate.points, twice_the_rate.title) == (1, "twice the rate")
    assert twice_the_rate.seed == 2789103033 == zlib.crc32(b"q.twice_the_rate")


def test_a_name_of_the_students_is_observed_by_its_value(student):
    @check("q")
    def fetched(student, rng):
        return {"rate": student.rate, "table": student.inner.table}

    found = observe(fetched, student("rate = 2\nclass inner:\n    table = [1.5, 2]"))
    assert found["rate"] == 2
    assert found["table"] == [1.5, 2]


def test_a_name_that_is_not_defined_is_the_students_to_write(student):
    @check("q")
    def fetched(student, rng):
        return {"rate": student.rate}

    with pytest.raises(StudentError, match="pocket does not define rate"):
        observe(fetched, student("x = 2"))
    with pytest.raises(StudentError, match="NameError: rate is not defined"):
        observe(fetched, local_student("no_such_package", seed=0))


def test_two_checks_of_one_name_are_refused(tmp_path):
    text = 'from plumbline import check\n@check("q", points=1, seed=0)\ndef f(s, r):\n    "x"\n'
    (tmp_path / "a.py").write_text(text)
    (tmp_path / "b.py").write_text(text)
    with pytest.raises(CheckError, match=r"b\.py:2: a second check named q\.f"):
        load_folder(tmp_path)
