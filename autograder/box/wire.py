"""The frames in which the box and the trusted side send each other values.

A frame is a fixed prefix (magic number, length of the header, length of the body), a small typed
header in MessagePack, and a body: the raw little-endian bytes of the header's arrays, end to end.
There is no pickle and no object or structured dtype in either direction. Decoding returns nothing
but plain values, and allocates memory only for bytes that have arrived. `wire_values` has the forms
of the values that MessagePack does not know.
"""

from __future__ import annotations

import datetime
import math
import re
import struct
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
import numpy as np

from autograder.box.wire_values import Moment, Number, moment, number, pack_moment, pack_number
from autograder.core.errors import FrameTooLarge, WireError
from autograder.core.functions import FunctionRef
from autograder.core.remote import MAX_TYPE_NAME, Name, Ref
from autograder.core.tables import Table, from_parts
from autograder.core.values import MAX_DEPTH as MAX_VALUE_DEPTH
from autograder.core.values import MAX_VALUES

MAGIC = b"PLM1"
PREFIX = struct.Struct("<4sIQ")
MAX_HEADER = 4 << 20
#: A request holds values in its list of arguments; a table's cells are lists in lists.
MAX_DEPTH = MAX_VALUE_DEPTH + 6
MAX_SIDES = 32
#: A set or a dictionary that arrives has at most so many elements or keys of one hash. With many
#: more, building it would take for ever.
MAX_OF_ONE_HASH = 100
_UNITS = ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns")
_DTYPES = {
    np.dtype(code).str: np.dtype(code)
    for code in ("?", "i1", "u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8",
                 "<f2", "<f4", "<f8", "<c8", "<c16",
                 *(f"<{kind}8[{unit}]" for kind in "Mm" for unit in _UNITS), "<m8")
}  # fmt: skip
#: Strings and bytes of NumPy's, by the number of their characters.
_TEXTS = re.compile(r"<U[1-9]\d{0,6}|\|S[1-9]\d{0,6}")


class _Array(msgspec.Struct, tag="a", array_like=True, forbid_unknown_fields=True):
    dtype: str
    shape: list[int]
    scalar: bool = False  # a NumPy number, not an array of shape ()


class _ScalarType(msgspec.Struct, tag="t", array_like=True, forbid_unknown_fields=True):
    dtype: str


class _Ref(msgspec.Struct, tag="r", array_like=True, forbid_unknown_fields=True):
    number: int
    type_name: str


class _Name(msgspec.Struct, tag="n", array_like=True, forbid_unknown_fields=True):
    path: str


class _Function(msgspec.Struct, tag="f", array_like=True, forbid_unknown_fields=True):
    number: int
    path: str


class _Sequence(msgspec.Struct, tag="s", array_like=True, forbid_unknown_fields=True):
    is_tuple: bool
    items: list[_Node]


class _Mapping(msgspec.Struct, tag="m", array_like=True, forbid_unknown_fields=True):
    keys: list[_Node]
    values: list[_Node]


class _Set(msgspec.Struct, tag="e", array_like=True, forbid_unknown_fields=True):
    frozen: bool
    items: list[_Node]


class _Table(msgspec.Struct, tag="p", array_like=True, forbid_unknown_fields=True):
    parts: _Node


_Node = (
    _Array | _ScalarType | _Ref | _Name | _Function | _Sequence | _Mapping | _Set | _Table
    | Number | Moment
    | None | bool | int | float | str
)  # fmt: skip


class _Header(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    kind: str
    nonce: bytes
    content: list[_Node]


class Message(msgspec.Struct, frozen=True):
    """The content of a frame.

    Attributes:
        kind: the operation in a request, the kind of result in an answer.
        nonce: random bytes of the request, repeated in its answer.
        content: the values of `core.values`, NumPy's types of numbers (``np.float32``), `Ref`,
            `Name` and `FunctionRef`, and containers of those. Types, names and functions are in
            requests alone.
    """

    kind: str
    nonce: bytes
    content: list[Any]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Header)


def encode(message: Message) -> bytes:
    """A message as one frame. Raises WireError for a value that cannot be sent."""
    packer = _Packer()
    try:
        content = [packer.pack(value, 0) for value in message.content]
        header = _encoder.encode(_Header(message.kind, message.nonce, content))
    except (OverflowError, RecursionError, UnicodeEncodeError) as error:
        raise WireError(f"a value that does not fit into a frame ({error})") from None
    if len(header) > MAX_HEADER:
        raise WireError(f"{len(header)} bytes of values other than arrays; {MAX_HEADER} at most")
    return b"".join(
        [PREFIX.pack(MAGIC, len(header), sum(map(len, packer.body))), header, *packer.body]
    )


def lengths(prefix: bytes, max_body: int) -> tuple[int, int]:
    """The lengths of header and body, in bytes, that a frame's prefix announces.

    Raises WireError if it is not a prefix, FrameTooLarge if it announces more than is allowed.
    """
    try:
        magic, header, body = PREFIX.unpack(prefix)
    except struct.error as error:
        raise WireError(str(error)) from None
    if magic != MAGIC:
        raise WireError("not a frame")
    if header > MAX_HEADER or body > max_body:
        raise FrameTooLarge(
            f"a frame of {header} + {body} bytes; {MAX_HEADER} + {max_body} at most"
        )
    return header, body


def decode(header: bytes, body: bytes, *, request: bool = False) -> Message:
    """The message of a frame. Raises WireError if the frame is not well-formed.

    Args:
        request: whether it is a request. In an answer there is no name, no type, no function.
    """
    try:
        parsed = _decoder.decode(header)
        reader = _Body(body, request)
        content = [reader.unpack(node, 0) for node in parsed.content]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise WireError(f"header: {error}") from None
    if reader.position != len(body):
        raise WireError("more bytes than the arrays have")
    return Message(parsed.kind, parsed.nonce, content)


class _Packer:
    """Makes a header's nodes of values, and the body of their arrays."""

    def __init__(self) -> None:
        self.body: list[bytes] = []
        self._values = 0

    def pack(self, value: Any, depth: int) -> Any:
        """The node that stands for a value."""
        if depth > MAX_DEPTH:
            raise WireError(f"values nested more than {MAX_DEPTH} deep")
        self._values += 1
        if self._values > MAX_VALUES:
            raise WireError(f"more than {MAX_VALUES} values")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return str.encode(value, "utf-8", "backslashreplace").decode()
        if isinstance(value, (np.ndarray, np.generic)):
            return self._array(np.asarray(value), isinstance(value, np.generic))
        # A subclass is sent as its base class, without calling any of the subclass's methods.
        if isinstance(value, (int, float, complex, Decimal, Fraction, range, bytes, bytearray)):
            return pack_number(value)
        if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
            return pack_moment(value)
        if isinstance(value, type) and issubclass(value, np.generic):
            return _ScalarType(_code(np.dtype(value)))
        if isinstance(value, Ref):
            return _Ref(value.number, self.pack(value.type_name, depth))
        if isinstance(value, Name):
            return _Name(value.path)
        if isinstance(value, FunctionRef):
            return _Function(value.number, value.path)
        if isinstance(value, (list, tuple)):
            return _Sequence(isinstance(value, tuple), self._all(value, depth))
        if isinstance(value, (set, frozenset)):
            return _Set(isinstance(value, frozenset), self._all(value, depth))
        if isinstance(value, dict):
            return _Mapping(self._all(value, depth), self._all(value.values(), depth))
        if isinstance(value, Table):
            return _Table(self.pack(value.parts(), depth))
        raise WireError(f"a value of type {type(value).__name__}")

    def _all(self, values: Iterable[Any], depth: int) -> list[Any]:
        return [self.pack(value, depth + 1) for value in values]

    def _array(self, array: np.ndarray[Any, Any], scalar: bool) -> _Array:
        code = _code(array.dtype)
        if code[1] == "U" and _is_no_text(array):
            raise WireError("an array with half a character (a surrogate)")
        self.body.append(np.asarray(array, code).tobytes())
        return _Array(code, list(array.shape), scalar)


def _code(dtype: np.dtype[Any]) -> str:
    code = dtype.newbyteorder("<").str
    code = {"<U0": "<U1", "|S0": "|S1"}.get(code, code)
    if code not in _DTYPES and not _TEXTS.fullmatch(code):
        raise WireError(f"an array of {dtype}")
    return code


def _is_no_text(array: np.ndarray[Any, Any]) -> bool:
    """Whether an array of strings has a code that is no character."""
    flat = np.ascontiguousarray(array)
    codes = flat.reshape(-1).astype(flat.dtype.newbyteorder("<")).view("<u4")
    return bool(np.any((codes > 0x10FFFF) | ((codes >= 0xD800) & (codes < 0xE000))))


class _Body:
    """The body of a frame, from which a header's nodes take their arrays in order."""

    def __init__(self, data: bytes, request: bool) -> None:
        self._data = data
        self._request = request
        self._values = 0
        self.position = 0

    def unpack(self, node: Any, depth: int) -> Any:
        """The value that a node of the header stands for."""
        if depth > MAX_DEPTH:
            raise WireError(f"values nested more than {MAX_DEPTH} deep")
        self._values += 1
        if self._values > MAX_VALUES:
            raise WireError(f"more than {MAX_VALUES} values")
        if isinstance(node, _Array):
            return self._array(node)
        if isinstance(node, _Ref):
            return Ref(node.number, node.type_name[:MAX_TYPE_NAME])
        if isinstance(node, (_Name, _ScalarType, _Function)):
            if not self._request:
                raise WireError("a name, a type or a function in an answer")
            if isinstance(node, _Function):
                return FunctionRef(node.number, node.path)
            return Name(node.path) if isinstance(node, _Name) else _known(node.dtype).type
        if isinstance(node, _Sequence):
            items = [self.unpack(item, depth + 1) for item in node.items]
            return tuple(items) if node.is_tuple else items
        if isinstance(node, _Mapping):
            keys = self._keys(node.keys, depth)
            if len(node.keys) != len(node.values):
                raise WireError("a mapping whose keys are not one for each value")
            values = [self.unpack(value, depth + 1) for value in node.values]
            return dict(zip(keys, values, strict=True))
        if isinstance(node, _Set):
            items = self._keys(node.items, depth)
            return frozenset(items) if node.frozen else set(items)
        if isinstance(node, _Table):
            try:
                return from_parts(self.unpack(node.parts, depth))
            except ValueError as error:
                raise WireError(str(error)) from None
        if isinstance(node, Number):
            return number(node)
        return moment(node) if isinstance(node, Moment) else node

    def _keys(self, nodes: list[Any], depth: int) -> list[Any]:
        """The keys of a dictionary or the elements of a set, each another one."""
        keys = [self.unpack(node, depth + 1) for node in nodes]
        try:
            hashes = Counter(map(hash, keys))
        except TypeError:
            raise WireError("a key that cannot be one") from None
        if hashes and max(hashes.values()) > MAX_OF_ONE_HASH:
            raise WireError(f"more than {MAX_OF_ONE_HASH} keys of one hash")
        if len(set(keys)) != len(keys):
            raise WireError("a key that is there twice")
        return keys

    def _array(self, node: _Array) -> Any:
        dtype = _known(node.dtype)
        if len(node.shape) > MAX_SIDES or any(side < 0 for side in node.shape):
            raise WireError("an impossible shape")
        end = self.position + math.prod(node.shape) * dtype.itemsize
        if end > len(self._data):
            raise WireError("a shape that needs more bytes than there are")
        raw = self._data[self.position : end]
        self.position = end
        if dtype.kind == "b" and raw.strip(b"\0\1"):
            raise WireError("a bool that is neither 0 nor 1")
        if node.scalar and node.shape:
            raise WireError("a number with a shape")
        try:
            array = np.frombuffer(raw, dtype).reshape(node.shape).copy()
        except (ValueError, OverflowError) as error:  # no elements, but huge sides
            raise WireError(f"an impossible shape: {error}") from None
        if dtype.kind == "U" and _is_no_text(array):
            raise WireError("a string that is none")
        return array[()] if node.scalar else array


def _known(code: str) -> np.dtype[Any]:
    if code in _DTYPES:
        return _DTYPES[code]
    if _TEXTS.fullmatch(code):
        return np.dtype(code)
    raise WireError(f"dtype {code[:20]!r}")
