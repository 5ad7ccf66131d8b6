"""pandas' tables as values: by value without pandas, compared, and made again."""

import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograder
from autograder.core.compare import compare
from autograder.core.expected import encode_expected, read_expected
from autograder.core.judge import Expected, judge, observe, unrecordable
from autograder.core.language import language
from autograder.core.local import local_student
from autograder.core.pandas_tables import pandas_of
from autograder.core.plain import plain
from autograder.core.remote import Handle
from autograder.core.tables import Column, Table, from_parts
from autograder.core.tolerances import FLOAT64, Tolerance
from plumbline import check

FRAME = pd.DataFrame(
    {
        "whole": [3, 1, 2],
        "rate": [0.5, np.nan, 2.0],
        "name": ["x", None, "y"],
        "group": pd.Categorical(["u", "v", "u"]),
        "when": pd.to_datetime(["2020-01-01", None, "2021-01-01"]),
        "zoned": pd.to_datetime(["2020-01-01", "2020-06-01", None]).tz_localize("Europe/Berlin"),
        "maybe": pd.array([1, None, 3], dtype="Int64"),
        "flag": pd.array([True, None, False], dtype="boolean"),
        "span": pd.to_timedelta([1, 2, None], unit="D"),
        "month": pd.period_range("2020-01", periods=3, freq="M"),
        "things": [[1], {"k": 2}, "z"],
    },
    index=pd.Index(["a", "b", "c"], name="id"),
)


@pytest.mark.parametrize(
    "made",
    [
        FRAME,
        FRAME["rate"],
        FRAME.index,
        FRAME.groupby("group", observed=True).agg({"rate": ["sum", "mean"]}),
        pd.DataFrame({"a": [1.0, 2.0]}),
        pd.DataFrame([[1, 2], [3, 4]], columns=["same", "same"]),
        pd.DataFrame(),
        pd.RangeIndex(2, 10, 3, name="n"),
        pd.MultiIndex.from_product([[1, 2], ["x"]], names=["n", None]),
        pd.DatetimeIndex(["2020-01-01"], tz="Europe/Berlin"),
        pd.Series([], dtype=float),
        pd.Series([1, 2], index=[(0, 1), (2, 3)]),
    ],
    ids=lambda made: type(made).__name__,
)
def test_a_table_comes_back_as_it_was_also_from_its_record(made, tmp_path):
    table = plain(made)
    assert type(table) is Table
    for name, data in encode_expected({"q.a": Expected({"t": table})}).items():
        (tmp_path / name).write_bytes(data)
    (again,) = read_expected(tmp_path).values()
    for came in (table, from_parts(table.parts()), again.observations["t"]):
        back = pandas_of(came)
        assert type(back) is type(made)
        if isinstance(made, pd.DataFrame):
            pd.testing.assert_frame_equal(back, made)
        elif isinstance(made, pd.Series):
            pd.testing.assert_series_equal(back, made)
        else:
            pd.testing.assert_index_equal(back, made)
        assert compare(came, table, FLOAT64).share == 1


columns = st.sampled_from(
    [
        st.lists(st.integers(-(2**63), 2**63 - 1) | st.none(), min_size=3, max_size=3).map(
            lambda cells: pd.array(cells, dtype="Int64")
        ),
        st.lists(st.floats(allow_infinity=False), min_size=3, max_size=3),
        st.lists(st.text("ab", max_size=2) | st.none(), min_size=3, max_size=3),
        st.lists(st.booleans(), min_size=3, max_size=3),
    ]
).flatmap(lambda strategy: strategy)


@given(st.dictionaries(st.text(max_size=3) | st.integers(0, 9), columns, max_size=4))
def test_any_table_equals_its_own_copy(data):
    table = plain(pd.DataFrame(data))
    assert compare(from_parts(table.parts()), table, FLOAT64).share == 1
    assert compare(plain(pandas_of(table)), table, FLOAT64).share == 1


def changed(**new):
    return FRAME.assign(**new)


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (FRAME[["rate", "whole"]],
         'the columns "name", "group", "when", "zoned", "maybe"'),
        (FRAME.drop(columns=["rate", "whole"]), 'the columns "whole", "rate" are missing'),
        (changed(more=1), 'the column "more" is too many'),
        (changed(more=1, other=2), 'the columns "more", "other" are too many'),
        (FRAME[FRAME.columns[::-1]], 'got the columns "things", "month"'),
        (FRAME.iloc[:2], "got 2 rows, expected 3"),
        (FRAME.iloc[:1], "got 1 row, expected 3"),
        (FRAME["rate"], "got a Series, expected a DataFrame"),
        (FRAME.reset_index(drop=True), 'the index is named None, expected "id"'),
        (FRAME.rename_axis("key"), 'the index is named "key", expected "id"'),
        (changed(whole=[3.0, 1.0, 2.0]),
         'column "whole": got elements of kind float (float64), expected integer'),
        (changed(group=["u", "v", "u"]), 'column "group": got elements of kind string'),
        (FRAME.set_axis(pd.Index(["a", "b", "x"], name="id")),
         "index: 1 of 3 cells differs\nrow 2 (index \"c\"): got 'x', expected 'c'"),
        (changed(rate=[0.5, 1.0, 2.5]),
         'column "rate": 2 of 3 cells differ\nrow 1 (index \"b\"): got 1, expected NaN\n'
         "row 2 (index \"c\"): got 2.5, expected 2"),
        (changed(rate=[0.5, np.nan, 2.5]),
         'column "rate": 1 of 3 cells differs: relative error 0.111, tolerance 1e-06\n'
         "row 2 (index \"c\"): got 2.5, expected 2"),
        (changed(maybe=pd.array([1, 2, 3], dtype="Int64")),
         "row 1 (index \"b\"): got 2, expected <NA>"),
        (changed(name=["x", "q", "y"]), "row 1 (index \"b\"): got 'q', expected"),
        (changed(when=pd.to_datetime(["2020-01-01", None, "2021-01-02"])),
         "row 2 (index \"c\"): got 2021-01-02"),
        (changed(things=pd.Series([[1], {"k": 3}, "z"], dtype=object, index=FRAME.index)),
         'row 1 (index \"b\"): at ["k"]: got 3, expected 2'),
        (changed(when=FRAME["when"].dt.tz_localize("UTC")),
         'column "when": got elements of kind datetime in UTC (datetime64['),
        (changed(zoned=FRAME["zoned"].dt.tz_convert("UTC")), "expected datetime in Europe/Berlin"),
        (changed(zoned=FRAME["zoned"].dt.tz_localize(None)), "expected datetime in Europe/Berlin"),
        (changed(month=FRAME["month"].astype(str)),
         'column "month": got elements of kind string (str), expected period[M]'),
        (changed(month=pd.period_range("2020-01", periods=3, freq="D")),
         'column "month": got elements of kind period[D], expected period[M]'),
        (changed(group=pd.Categorical([1, 2, 1])), 'column "group": 3 of 3 cells differ'),
        ({"whole": [3, 1, 2]}, "got a dictionary"),
        (np.ones((3, 11)), "expected a DataFrame of 3 rows: 'whole' (integer)"),
        (FRAME.set_index("whole", append=True), "the column \"whole\" is missing"),
    ],
)  # fmt: skip
def test_what_differs_is_told_structure_first(got, words):
    found = compare(plain(got), plain(FRAME), FLOAT64)
    assert found.share == 0
    assert words in found.message


def test_one_row_and_one_level_are_told_in_the_singular():
    two_levels = plain(FRAME.set_index("whole", append=True))
    got = plain(FRAME.drop(columns="whole"))
    assert compare(got, two_levels, FLOAT64).message == "got an index of 1 level, expected 2"
    assert "DataFrame of 1 row: " in got.__class__.describe(plain(FRAME.iloc[:1]))


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("got 1 row, expected 3", "得到 1 行，应为 3"),
        ("got 2 rows, expected 3", "得到 2 行，应为 3"),
        ("got an index of 1 level, expected 2", "得到的索引有 1 层，应为 2 层"),
        ('the columns "a", "b" are missing; the column "c" is too many',
         '缺少列 "a", "b"；多出列 "c"'),
        ("the keys 1, 2 are missing", "缺少键 1，2"),
        ("got a DataFrame of 1 row: 'a' (integer), expected None",
         "得到一个 DataFrame，1 行：'a' (integer)，应为 None"),
        ("index: 1 of 3 cells differs: relative error 0.1, tolerance 1e-06",
         "index：3 个单元格中有 1 个不同：相对误差 0.1，容差 1e-06"),
        ("1 of 6 elements differs: relative error 0.1, tolerance 1e-06",
         "6 个元素中有 1 个不同：相对误差 0.1，容差 1e-06"),
        ("1 of 3 elements is not finite, at [1]: got nan, expected 1",
         "3 个元素中有 1 个不是有限的数，在 [1]：得到 nan，应为 1"),
    ],
)  # fmt: skip
def test_the_singular_and_the_plural_are_translated(english, chinese):
    assert language("zh")(english) == chinese


@pytest.mark.parametrize(
    "same",
    [
        changed(rate=[0.5, np.nan, 2.0 + 1e-12]),
        changed(whole=np.array([3, 1, 2], np.int16)),
        changed(name=pd.Series(["x", np.nan, "y"], dtype=object, index=FRAME.index)),
        changed(when=FRAME["when"].astype("datetime64[s]")),
    ],
)
def test_what_makes_no_difference_is_right(same):
    assert compare(plain(same), plain(FRAME), FLOAT64).message == ""


def test_a_text_is_no_interval_and_an_interval_goes_along():
    spans = pd.Series(pd.interval_range(0, 2))
    found = compare(plain(spans.astype(str)), plain(spans), FLOAT64)
    assert found.message == "values: got elements of kind string (str), expected interval"
    assert list(pandas_of(plain(spans))) == ["(0, 1]", "(1, 2]"]


def test_a_range_and_the_same_numbers_are_one_index():
    frame = pd.DataFrame({"a": [1.0, 2.0]})
    assert compare(plain(frame.set_axis([0, 1])), plain(frame), FLOAT64).share == 1
    assert compare(plain(frame.set_axis([0, 2])), plain(frame), FLOAT64).share == 0


def test_tiers_and_infinities():
    tiers = Tolerance(((1e-6, 1.0), (1e-2, 0.5)))
    expected = plain(pd.Series([1.0, np.inf]))
    assert compare(plain(pd.Series([1.005, np.inf])), expected, tiers).share == 0.5
    assert compare(plain(pd.Series([1.0, -np.inf])), expected, tiers).share == 0
    assert unrecordable({"t": expected}) is None


def test_a_check_reads_a_table_by_column():
    table = plain(FRAME)
    assert table["whole"].tolist() == [3, 1, 2]
    assert table["name"].tolist() == ["x", "", "y"]
    assert table["things"] == [[1], {"k": 2}, "z"]
    assert table.names == list(FRAME.columns)
    assert (table.shape, len(table)) == ((3, 11), 3)
    with pytest.raises(KeyError):
        table["gone"]


@pytest.mark.parametrize(
    "parts",
    [
        ["Frame", [], [["i", "int64", range(1), None]]],
        ["DataFrame", [["a", "int64", np.zeros(2), None]], [["i", "int64", range(1), None]]],
        ["DataFrame", [["a", "int64", np.zeros((2, 2)), None]], [["i", "int64", range(2), None]]],
        ["DataFrame", [["a", "x", [1], np.array([9], np.uint8)]], [["i", "x", range(1), None]]],
        ["DataFrame", [["a", "x", [1], np.array([0])]], [["i", "x", range(1), None]]],
        ["DataFrame", [["a", 1, [1], None]], [["i", "x", range(1), None]]],
        ["DataFrame", [[[], "x", [1], None]], [["i", "x", range(1), None]]],
        ["DataFrame", [["a", "x", [1]]], [["i", "x", range(2**70), None]]],
        ["Index", [], []],
        ["Series", [], [["i", "x", range(1), None]]],
        ["DataFrame", [], []],
        ["DataFrame", None, 3],
        None,
        [[]],
    ],
    ids=repr,
)
def test_a_table_whose_parts_do_not_fit_is_refused(parts):
    with pytest.raises(ValueError, match="do not fit together"):
        from_parts(parts)


def test_a_column_of_a_length_that_no_memory_holds_is_compared_by_its_numbers():
    huge, other = (Table("Index", (Column(None, "int64", range(n)),)) for n in (2**61, 2**61 + 1))
    assert compare(huge, huge, FLOAT64).share == 1
    assert compare(other, huge, FLOAT64).share == 0
    frame = plain(pd.DataFrame(index=pd.RangeIndex(10**12)))
    assert pandas_of(frame).shape == (10**12, 0)
    assert compare(frame, frame, FLOAT64).share == 1


# --- through a student ----------------------------------------------------------------------------


@pytest.fixture
def student(tmp_path, monkeypatch):
    def make(source):
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        (tmp_path / "pocket.py").write_text("import pandas as pd\n" + textwrap.dedent(source))
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "pocket", raising=False)
        return local_student("pocket", seed=0)

    return make


@check("means", points=1, seed=0)
def means(student, rng):
    """The means of two groups."""
    frame = pd.DataFrame({"g": ["a", "b", "a"], "x": rng.randn(3)})
    return {"table": student.means(frame)}


RIGHT = "def means(frame): return frame.groupby('g').mean()"


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        (RIGHT, 1),
        ("def means(t): return t.pivot_table(index='g', values='x')", 1),
        ("def means(frame): return frame.groupby('g').sum()", 0),
        ("""
         class Liar(pd.DataFrame):
             columns = pd.Index(["x"])
             __len__ = lambda self: 2
             __eq__ = equals = lambda *a: True
             __array__ = __reduce__ = to_numpy = lambda *a, **k: exit()
         def means(frame): return Liar({"y": [1.0, 2.0]}, index=pd.Index(["a", "b"], name="g"))
         """, 0),
        ("""
         class Yes:
             __eq__ = lambda *a: True
             __hash__ = lambda self: 0
         def means(frame):
             return pd.DataFrame({"x": [Yes(), Yes()]}, index=pd.Index(["a", "b"], name="g"))
         """, 0),
        ("def means(frame): return 'a'", 0),
    ],
)  # fmt: skip
def test_a_table_is_argument_and_result(student, answer, share):
    expected = Expected(observe(means, student(RIGHT)))
    assert judge(means, observe(means, student(answer)), expected).share == share


def test_a_table_comes_by_value_and_can_be_given_back(student):
    who = student(
        """
        def make(): return pd.DataFrame({"a": [1, 2]}), 3
        def kind(x): return f"{type(x).__name__} {list(x['a'])}"
        def odd(): return pd.DataFrame({"a": [object()]})
        """
    )
    table, three = who.make()
    assert three == 3
    assert type(table) is Table
    assert who.kind(table) == "DataFrame [1, 2]"
    assert isinstance(who.odd(), Handle)


def test_a_check_s_own_table_with_a_cell_that_is_no_value_is_named(student):
    odd = pd.DataFrame({"a": [object()]})
    with pytest.raises(TypeError, match=r"DataFrame is no value .* it has a cell that is none"):
        student("def f(x): return 1").f(odd)

    @check("odd", points=1, seed=0)
    def returned(student, rng):
        """A table of its own."""
        return {"t": odd}

    with pytest.raises(TypeError, match="DataFrame is no value"):
        observe(returned, student(""))


def test_nothing_here_needs_pandas_or_imports_it():
    """Not the core, nor a check that reads a table."""
    program = """
        import sys
        sys.modules["pandas"] = None
        import numpy as np
        import autograder.core, autograder.core.expected, autograder.box.wire
        from autograder.core.compare import compare
        from autograder.core.plain import plain
        from autograder.core.tables import Column, Table
        from autograder.core.tolerances import FLOAT64
        table = plain(Table("DataFrame", (Column("a", "x", [1]),), (Column(None, "x", range(1)),)))
        assert compare(table, plain(table), FLOAT64).share == 1
        assert sys.modules["pandas"] is None
    """
    root = Path(autograder.__file__).parents[1]
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True, cwd=root)
