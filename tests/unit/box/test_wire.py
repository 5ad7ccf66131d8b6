"""Frames: what goes in comes out, and nothing else than a frame is ever taken for one."""

import contextlib
from datetime import timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.box.wire import (
    MAGIC,
    MAX_HEADER,
    MAX_OF_ONE_HASH,
    PREFIX,
    Message,
    decode,
    encode,
    lengths,
)
from autograder.core.errors import WireError
from autograder.core.functions import FunctionRef
from autograder.core.remote import MAX_TYPE_NAME, Name, Ref
from autograder.core.tables import Column, Table
from autograder.core.values import MAX_VALUES
from tests.peak import peak_of

CAP = 1 << 20


def through(message):
    frame = encode(message)
    header, body = lengths(frame[: PREFIX.size], CAP)
    assert len(frame) == PREFIX.size + header + body
    start = PREFIX.size + header
    return decode(frame[PREFIX.size : start], frame[start:], request=True)


dtypes = st.sampled_from(
    ["?", "i1", "u1", "<i4", "<u8", "<f2", "<f4", "<f8", ">f8", "<c8", "<c16", "<U3", ">U2", "S2",
     "<M8[s]", "<M8[ns]", "<m8[D]"]
)  # fmt: skip
arrays = dtypes.flatmap(
    lambda code: hnp.arrays(code, hnp.array_shapes(min_dims=0, min_side=0, max_dims=4, max_side=4))
)
zones = st.none() | st.integers(-(10**9), 10**9).map(
    lambda micro: timezone(timedelta(microseconds=80 * micro))
)
moments = st.datetimes(timezones=zones) | st.dates() | st.times(timezones=zones) | st.timedeltas()
keys = (
    st.text("abc", max_size=3)
    | st.integers()
    | st.fractions()
    | st.decimals(allow_nan=False)
    | st.binary(max_size=3)
    | moments
    | st.tuples(st.integers(0, 9), st.text("ab", max_size=2))
)
cells = st.lists(st.none() | st.text(max_size=2) | st.integers(), min_size=2, max_size=2)
tables = st.lists(
    st.builds(
        Column,
        keys,
        st.just("any"),
        cells | hnp.arrays("<f8", 2) | hnp.arrays("<M8[s]", 2),
        st.none() | hnp.arrays("u1", 2, elements=st.integers(0, 4)),
    ),
    max_size=3,
).map(lambda columns: Table("DataFrame", tuple(columns), (Column(None, "int64", range(2)),)))
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**3000), 10**3000)
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.binary(max_size=9)
    | st.fractions()
    | st.decimals(allow_nan=False)
    | st.builds(range, st.integers(), st.integers(), st.integers(1, 2**70))
    | moments
    | tables
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.builds(Ref, st.integers(0, 1000), st.just("Net"))
    | st.builds(Name, st.text("abc._", max_size=9))
    | arrays
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.sets(keys, max_size=4)
        | st.frozensets(keys, max_size=4)
    ),
    max_leaves=12,
)


def same(a, b):
    if isinstance(a, np.ndarray):
        assert isinstance(b, np.ndarray)
        assert (a.shape, a.dtype.newbyteorder("<")) == (b.shape, b.dtype)
        np.testing.assert_array_equal(a, b)
        assert b.flags.writeable
    elif isinstance(a, Table):
        assert isinstance(b, Table)
        same(a.parts(), b.parts())
    elif isinstance(a, (list, tuple)):
        assert type(a) is type(b)
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            same(x, y)
    elif isinstance(a, dict):
        assert list(a) == list(b)
        assert [*map(type, a)] == [*map(type, b)]
        for key in a:
            same(a[key], b[key])
    else:
        assert type(a) is type(b)
        assert a == b


@given(values, st.binary(max_size=16))
def test_what_goes_in_comes_out(value, nonce):
    came = through(Message("call", nonce, [value]))
    assert (came.kind, came.nonce) == ("call", nonce)
    same([value], came.content)


def decoded_or_refused(header, body):
    """Only the documented error, and 80 bytes of memory for one of a frame, but 64 KiB.

    An empty set, five bytes of a frame, takes the most.
    """

    def attempt():
        with contextlib.suppress(WireError):
            decode(header, body, request=True)

    assert peak_of(attempt) < 80 * len(header + body) + (64 << 10)


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_random_bytes_raise_nothing_but_wire_errors(header, body):
    with contextlib.suppress(WireError):
        lengths(header[: PREFIX.size], CAP)
    decoded_or_refused(header, body)


nodes = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=4)
    | st.tuples(st.just("a"), st.sampled_from(["<f8", "|b1", "<c16", "O", ""]),
                st.lists(st.integers(-2, 2**63) | st.integers(0, 3), max_size=40))
    | st.tuples(st.sampled_from("tn"), st.sampled_from(["<f8", "x.y", "?"]))
    | st.tuples(st.just("r"), st.integers(-2, 2**64 - 1), st.just("Net"))
    | st.tuples(st.just("i"), st.sampled_from(["int", "fraction", "range"]),
                st.lists(st.binary(max_size=9), max_size=3))
    | st.tuples(st.just("c"), st.floats(), st.floats())
    | st.tuples(st.just("d"), st.text("0123456789E+-.NaNInfinitys", max_size=8))
    | st.tuples(st.just("b"), st.binary(max_size=4))
    | st.tuples(st.just("w"), st.sampled_from(["date", "time", "datetime", "timedelta"]),
                st.lists(st.integers(-2, 13) | st.integers(), max_size=7)
                .map(lambda numbers: [max(-(2**63), min(n, 2**63)) for n in numbers])),
    lambda inner: (
        st.tuples(st.just("s"), st.booleans(), st.lists(inner, max_size=4))
        | st.tuples(st.just("m"), st.lists(inner, max_size=3), st.lists(inner, max_size=3))
        | st.tuples(st.just("e"), st.booleans(), st.lists(inner, max_size=3))
        | st.tuples(st.just("p"), inner)
    ),
    max_leaves=20,
)  # fmt: skip


@given(nodes, st.binary(max_size=64))
def test_well_formed_nonsense_raises_nothing_but_wire_errors(node, body):
    decoded_or_refused(header_of(node), body)


@pytest.mark.parametrize(
    "node",
    [
        None,
        "a",
        1.5,
        ["s", False, []],
        ["m", [], []],
        ["a", "<f8", [0]],
        ["t", "<f8"],
        ["r", 0, ""],
        ["i", "int", [b""]],
        ["c", 0.0, 0.0],
        ["d", "0"],
        ["w", "date", [1, 1, 1]],
        ["e", False, []],
        ["p", None],
    ],
    ids=repr,
)
def test_a_large_header_is_no_bomb(node):
    """A 64th of the largest: what the values of one take grows with it, and the bound too."""
    one = msgspec.msgpack.encode(node)
    start = b"\x93\xa5value\xc4\x00\xdd"
    count = (MAX_HEADER // 64 - len(start) - 4) // len(one)
    decoded_or_refused(start + count.to_bytes(4, "big") + count * one, b"")


@given(values, st.data())
def test_a_damaged_frame_raises_nothing_but_wire_errors(value, data):
    frame = bytearray(encode(Message("value", b"n", [value])))
    where = data.draw(st.integers(0, len(frame) - 1))
    frame[where] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(WireError):
        header, body = lengths(bytes(frame[: PREFIX.size]), CAP)
        start = PREFIX.size + header
        decoded_or_refused(bytes(frame[PREFIX.size : start]), bytes(frame[start : start + body]))


def header_of(node):
    return msgspec.msgpack.encode(["value", b"", [node]])


@pytest.mark.parametrize(
    ("node", "body"),
    [
        (["a", "<f8", [2]], b"\0" * 8),
        (["a", "<f8", [2]], b"\0" * 24),
        (["a", "<f8", [-1]], b"\0" * 8),
        (["a", "<f8", [1 << 62, 0]], b""),
        (["a", "<f8", [1 << 40, 1 << 40]], b""),
        (["a", "<f8", [1] * 40], b"\0" * 8),
        (["a", "|O", [1]], b"\0" * 8),
        (["a", "V8", [1]], b"\0" * 8),
        (["a", "<U0", [1]], b""),
        (["a", "<U2", [1]], b"\0\0\x11\0" * 2),
        (["a", "<U1", [1]], b"\0\xd8\0\0"),
        (["a", "<M8[fs]", [1]], b"\0" * 8),
        (["a", "<M8", [1]], b"\0" * 8),
        (["a", "|b1", [1]], b"\2"),
        (["a", "<f8", ["1"]], b"\0" * 8),
        (["a", "<f8", [1], "more"], b"\0" * 8),
        (["z", 1], b""),
        (["m", ["k", "k"], [1, 2]], b""),
        (["m", ["k"], []], b""),
        (["m", [["s", False, []]], [1]], b""),
        (["m", [1, 1.0], [1, 2]], b""),
        (["e", False, [1, 1]], b""),
        (["e", False, [["e", False, []]]], b""),
        (["i", "int", [b"\1" * 2000]], b""),
        (["i", "int", []], b""),
        (["i", "float", [b"\1"]], b""),
        (["i", "fraction", [b"\1", b"\0"]], b""),
        (["i", "range", [b"\1", b"\2", b"\0"]], b""),
        (["d", "1E+99999"], b""),
        (["d", "1E+99999999999"], b""),
        (["d", "9" * 4001], b""),
        (["d", "١"], b""),
        (["d", "one"], b""),
        (["w", "date", [2020, 13, 1]], b""),
        (["w", "date", [2020, 1]], b""),
        (["w", "timedelta", [10**10, 0, 0]], b""),
        (["w", "time", [0, 0, 0, 0], 10**12], b""),
        (["w", "year", [2020]], b""),
        (["p", None], b""),
        (["p", ["s", False, ["DataFrame", 1, 2]]], b""),
        ("text", b"unclaimed"),
    ],
    ids=repr,
)
def test_a_malformed_frame_is_refused(node, body):
    for request in (False, True):
        with pytest.raises(WireError):
            decode(header_of(node), body, request=request)


@pytest.mark.parametrize(
    "value",
    [
        Name("ops.double"),
        np.float32,
        [Name("ops")],
        {"a": np.int8},
        FunctionRef(0),
        [FunctionRef(-1, "numpy.sin")],
    ],
)
def test_an_answer_holds_no_name_no_type_and_no_function(value):
    through(Message("call", b"", [value]))
    frame = encode(Message("value", b"", [value]))
    with pytest.raises(WireError, match="a name, a type or a function in an answer"):
        decode(frame[PREFIX.size :], b"")


def test_a_type_s_name_is_cut_so_that_it_fits_into_any_request():
    (came,) = decode(header_of(["r", 3, "x" * (MAX_HEADER - 40)]), b"").content
    assert came == Ref(3, "x" * MAX_TYPE_NAME)
    assert len(encode(Message("attribute", b"", [came]))) < 2 * MAX_TYPE_NAME


def test_deep_nesting_is_refused_on_both_sides():
    value = []
    for _ in range(50):
        value = [value]
    with pytest.raises(WireError, match="deep"):
        encode(Message("value", b"", [value]))
    node = ["s", False, []]
    for _ in range(2000):
        node = ["s", False, [node]]
    with pytest.raises((WireError, RecursionError)):
        decode(header_of(node), b"")


@pytest.mark.parametrize(
    "prefix",
    [b"", b"short", PREFIX.pack(b"HTTP", 1, 1), PREFIX.pack(MAGIC, 1 << 31, 0),
     PREFIX.pack(MAGIC, 1, 1 << 60)],
)  # fmt: skip
def test_no_prefix_is_believed_beyond_the_cap(prefix):
    with pytest.raises(WireError):
        lengths(prefix, CAP)


@pytest.mark.parametrize(
    "value",
    [object(), {object(): 2}, 10**4001, Decimal("1E+4001"), Decimal(10**4000 + 1),
     Fraction(1, 10**4001), np.array([None]), np.array(["\ud800"]), np.zeros(1, "i4,f4"),
     [0] * MAX_VALUES],
    ids=["object", "keys", "integer", "exponent", "digits", "fraction", "objects", "surrogate",
         "structure", "many"],
)  # fmt: skip
def test_what_is_no_plain_value_is_not_sent(value):
    with pytest.raises(WireError):
        encode(Message("value", b"", [value]))


def test_keys_of_one_hash_are_refused_before_a_dictionary_is_built_of_them():
    """Each would be compared with all before it."""
    period = 2**61 - 1  # of the hashes of integers
    for build in (set, dict.fromkeys):
        few = [period * k for k in range(1, MAX_OF_ONE_HASH + 1)]
        assert through(Message("value", b"", [build(few)])).content == [build(few)]
        frame = encode(Message("value", b"", [build([*few, 2**200 * period])]))
        header, _ = lengths(frame[: PREFIX.size], CAP)
        with pytest.raises(WireError, match="keys of one hash"):
            decode(frame[PREFIX.size : PREFIX.size + header], b"")


def test_a_subclass_is_sent_as_its_base_class():
    class Sly(Decimal):
        def as_tuple(self):
            raise SystemExit(0)

        __str__ = __eq__ = as_tuple
        __hash__ = Decimal.__hash__

    (came,) = through(Message("value", b"", [Sly("1.50")])).content
    assert (type(came), str(came)) == (Decimal, "1.50")


@pytest.mark.parametrize("text", ["NaN", "-NaN12", "sNaN3", "-Infinity", "-0", "0E+7", "1.50"])
def test_every_decimal_arrives(text):
    (came,) = through(Message("value", b"", [Decimal(text)])).content
    assert str(came) == (text.rstrip("123") if "NaN" in text else text)


def test_a_lone_surrogate_is_spelled_out():
    assert through(Message("value", b"", ["\ud800x"])).content == ["\\ud800x"]
