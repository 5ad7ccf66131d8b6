"""The kinds of value that cross between a check and a student's code."""

from tests.kinds import Kind

TABLES = """
import pandas as pd


class Frame(pd.DataFrame):
    columns = property(lambda self: pd.Index(["a", "b"]))
    index = shape = dtypes = property(lambda self: Always())
    def __array__(self, *args, **kwargs): raise SystemExit
    __reduce__ = to_numpy = __array__
    equals = __eq__ = lambda *args: True


class Row(pd.Series):
    name = property(lambda self: "mass", lambda self, name: None)
    index = dtype = property(lambda self: Always())
    def __array__(self, *args, **kwargs): raise SystemExit
    __reduce__ = to_numpy = __iter__ = __array__
    equals = __eq__ = lambda *args: True


def replace_pandas():
    pd.isna = lambda cells: True
    pd.DataFrame = pd.Series = pd.Index = object
    return Always()


"""

#: By the words of `values.kind`, the forms of tables, and the kinds of an array's elements.
VALUES = {
    "number": Kind(
        "np.float32(2.5)", "2.6",
        ("lying(float)(7)", "10**100_000", "float('nan')", "Claims(float)", "replace_builtins()"),
        reference="2.5",
    ),
    "complex number": Kind(
        "np.complex64(1 + 2j)", "1 - 2j",
        ("complex(1, float('nan'))", "lying(complex)(3)", "Claims(complex)"),
        reference="1 + 2j",
    ),
    "text": Kind(
        "'a' + 'b'", "'abc'",
        ("lying(str, encode=lambda *a: b'ab', __str__=lambda a: 'ab')('x')", "'a' * 10**9",
         "'\\ud800' * 1000", "Claims(str)"),
    ),
    "flag": Kind("np.True_", "False", ("Always()", "1", "'True'"), reference="True"),
    "none": Kind("print()", "0", ("Always()", "Claims(type(None))"), reference="None"),
    "bytes": Kind(
        "bytearray(b'ab')", "b'ac'",
        ("lying(bytes)(b'x')", "bytes(10**9)", "Claims(bytes)"),
        reference="b'ab'",
    ),
    "decimal": Kind(
        "Decimal('0.1')", "Decimal('0.11')",
        ("Decimal('NaN')", "Decimal('sNaN')", "Decimal('1E+999999999')", "Claims(Decimal)",
         "lying(Decimal, as_tuple=lambda a: Decimal('0.1').as_tuple())('7')"),
        reference="Decimal('0.10')",
    ),
    "fraction": Kind(
        "Fraction(2, 4)", "Fraction(1, 3)",
        ("lying(Fraction, as_integer_ratio=lambda a: (1, 2))(1, 3)", "Fraction(1, 10**5000)",
         "Claims(Fraction)"),
    ),
    "range": Kind(
        "range(0, 12, 3)", "range(10)",
        ("range(10**30)", "range(10**5000)", "Claims(range)", "Always()", "recursive",
         "type('R', (), {'__class__': range, 'start': 0, 'stop': Always(), 'step': 3})()",
         "type('R', (), {'__class__': range, 'start': 0, 'stop': 10, 'step': 0})()",
         "itertools.count(0, 3)", "replace_builtins()"),
        reference="range(0, 10, 3)",
    ),
    "date": Kind(
        "date(2024, 2, 29)", "date(2024, 3, 1)",
        ("lying(date, isoformat=lambda a: '2024-02-29')(1, 1, 1)", "Claims(date)"),
    ),
    "time": Kind(
        "time(9, 30)", "time(21, 30)",
        ("lying(time)(1)", "time(9, 30, tzinfo=Zone())", "Claims(time)"),
    ),
    "datetime": Kind(
        "np.datetime64('2024-01-01')", "datetime(2024, 1, 2)",
        ("lying(datetime)(1, 1, 1)", "datetime(2024, 1, 1, tzinfo=Zone())", "Claims(datetime)",
         "np.datetime64('NaT')", "np.datetime64(2**62, 'Y')"),
        reference="datetime(2024, 1, 1)",
    ),
    "timedelta": Kind(
        "np.timedelta64(24, 'h')", "timedelta(2)",
        ("lying(timedelta)(7)", "Claims(timedelta)", "np.timedelta64('NaT')",
         "np.timedelta64(2**62, 'Y')", "np.timedelta64(1, 'M')"),
        reference="timedelta(1)",
    ),
    "list": Kind(
        "[1.0, 2.5]", "[1, 2]",
        ("lying(list, __iter__=lambda a: iter([1, 2.5]), __len__=lambda a: 2)([3])", "recursive",
         "[recursive, 2.5]", "wide", "[Always(), Always()]", "[0] * 10**6", "Claims(list)",
         "replace_builtins()"),
        reference="[1, 2.5]",
    ),
    "tuple": Kind(
        "collections.namedtuple('P', 'x y')(1, 2)", "(1, 3)",
        ("lying(tuple, __iter__=lambda a: itertools.count(1), __len__=lambda a: 2)([3])",
         "(1, recursive)", "(Always(),) * 2", "Claims(tuple)"),
        reference="(1, 2)",
    ),
    "dictionary": Kind(
        "collections.OrderedDict(b=2, a=1)", "{'a': 1, 'c': 2}",
        ("lying(dict, items=lambda a: [('a', 1), ('b', 2)], keys=None)(c=3)",
         "{lying(str)('c'): 1, 'b': 2}", "{'a': Always(), 'b': Always()}", "{Always(): 1, 'b': 2}",
         "{k * (2**61 - 1): 0 for k in range(1, 2000)}", "Claims(dict)"),
        reference="{'a': 1, 'b': 2}",
    ),
    "set": Kind(
        "frozenset([2, 1])", "{1, 3}",
        ("lying(set, __iter__=lambda a: iter([1, 2]))([3])", "{Always()}", "Claims(set)",
         "set(range(10**6))"),
        reference="{1, 2}",
    ),
    "object": Kind(
        "type('Sample', (), {'atoms': 7})()", "type('Sample', (), {'atoms': 8})()",
        ("Always()", "type('Sample', (), {'atoms': property(lambda a: exit())})()",
         "type('Sample', (), {'atoms': Always()})()",
         "type('Sample', (), {'__getattr__': lambda a, name: a})()"),
        asks=lambda student, work: {"atoms": work.answer().atoms},
    ),
    "iterator": Kind(
        "(n * n for n in range(3))", "iter([0, 1])",
        ("itertools.count()", "(n for n in itertools.count() if n < 0)", "iter(Always, 0)",
         "map(exit, [0, 1, 4])", "Claims(collections.abc.Iterator)"),
        reference="[0, 1, 4]",
    ),
    "array of float": Kind(
        "np.array([1.5, 2.5], np.float32)", "np.array([1.5, 2.0])",
        ("np.array([9.0, 9.0]).view(lying(np.ndarray))", "np.broadcast_to(1.5, (10**9,))",
         "np.array([1.5, np.nan])", "np.array([Always(), Always()], object)", "Claims(np.ndarray)",
         "np.zeros(2, [('x', float)])", "replace_builtins()"),
        reference="np.array([1.5, 2.5])",
    ),
    "array of integer": Kind(
        "np.array([-1, 2], np.int8)", "np.array([1, 2])",
        ("np.array([2**64 - 1, 2], np.uint64)", "np.array([7, 7]).view(lying(np.ndarray))",
         "np.broadcast_to(-1, (10**10,))"),
        reference="np.array([-1, 2])",
    ),
    "array of bool": Kind(
        "np.array([1, 0]) > 0", "np.array([True, True])",
        ("np.array([1, 0])", "np.array([0, 2], np.uint8).view(bool)",
         "np.array([False, True]).view(lying(np.ndarray))"),
        reference="np.array([True, False])",
    ),
    "array of complex": Kind(
        "np.array([1j], np.complex64)", "np.array([-1j])",
        ("np.array([complex(0, np.nan)])", "np.array([7j]).view(lying(np.ndarray))"),
        reference="np.array([1j])",
    ),
    "array of string": Kind(
        "np.array(['a', 'bc'], object).astype('U9')", "np.array(['a', 'b'])",
        ("np.array(['x', 'y']).view(lying(np.ndarray))", "np.broadcast_to('a' * 1000, (10**8,))",
         "np.array(['a' * 10**8])", "np.array(['a', Always()], object)",
         "np.array(['x', 'y'], np.dtypes.StringDType())", "np.array([b'a', b'bc'])",
         "np.array([lying(str)('x'), lying(str)('y')])", "np.array(['\\ud800', 'bc'])"),
        reference="np.array(['a', 'bc'])",
    ),
    "array of bytes": Kind(
        "np.array([b'a', b'bc'], 'S9')", "np.array([b'a', b'b'])",
        ("np.array([b'x', b'y']).view(lying(np.ndarray))", "np.broadcast_to(b'a', (10**10,))",
         "np.array(['a', 'bc'])", "np.array([b'a', b'bc'], 'V2')"),
        reference="np.array([b'a', b'bc'])",
    ),
    "array of datetime": Kind(
        "np.array(['2024-01-01'], 'M8[D]')", "np.array(['2024-01-02'], 'M8[D]')",
        ("np.array(['NaT'], 'M8[M]')", "np.array([2**62], 'M8[Y]')", "np.array([2**62], 'M8[as]')",
         "np.array([1], 'M8[M]').view(lying(np.ndarray))"),
        reference="np.array(['2024-01'], 'M8[M]')",
    ),
    "array of timedelta": Kind(
        "np.array([24], 'm8[h]')", "np.array([2], 'm8[D]')",
        ("np.array(['NaT'], 'm8[D]')", "np.array([2**62], 'm8[Y]')", "np.array([2**62], 'm8[W]')",
         "np.array([1], 'm8[M]')"),
        reference="np.array([1], 'm8[D]')",
    ),
    "DataFrame": Kind(
        "pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']}).copy()",
        "pd.DataFrame({'b': ['x', 'y'], 'a': [1, 2]})",
        ("Frame({'c': [7]})", "pd.DataFrame({'a': [Always()] * 2, 'b': [Always()] * 2})",
         "pd.DataFrame({'a': [1, 2], 'b': ['x', 'y']}, index=pd.Index([Always()] * 2))",
         "pd.DataFrame(index=pd.RangeIndex(10**15))", "replace_pandas()"),
        start=TABLES,
    ),
    "Series": Kind(
        "pd.Series([1.5, 2.5], name='mass').copy()", "pd.Series([1.5, 2.5], name='weight')",
        ("Row([7.5])", "pd.Series([Always()] * 2, name='mass')",
         "pd.Series([1.5, 2.5], name=lying(str)('x'))", "pd.Series([1.5, 2.5], name=Always())",
         "pd.Series([1.5, 2.5], [0, Always()], name='mass')",
         "pd.Series(index=pd.RangeIndex(10**15))",
         "pd.Series([10**5000, 2.5], name='mass')", "replace_pandas()"),
        start=TABLES,
    ),
    "Index": Kind(
        "pd.RangeIndex(3, name='n')", "pd.Index([0, 1, 3], name='n')",
        ("pd.RangeIndex(10**15, name='n')", "pd.Index([Always()] * 3, name='n')",
         "pd.Index([0, 1, 2], name=Always())", "pd.CategoricalIndex([0, 1, 2], name='n')",
         "pd.MultiIndex.from_arrays([[0, 1, 2]] * 2, names=['n', 'n'])",
         "pd.Index([recursive, (), ()], tupleize_cols=False, name='n')", "replace_pandas()"),
        reference="pd.Index([0, 1, 2], name='n')",
        start=TABLES,
    ),
}  # fmt: skip
