"""The frames in which the box and the trusted side send each other values.

A frame is a fixed prefix (magic number, length of the header, length of the body), a small typed
header in MessagePack, and a body: the raw little-endian bytes of the header's arrays, end to end.
There is no pickle and no object or structured dtype in either direction. Decoding returns nothing
but plain values, and allocates memory only for bytes that have arrived.
"""

from __future__ import annotations

import math
import struct
from typing import Any

import msgspec
import numpy as np

from autograder.core.errors import FrameTooLarge, WireError
from autograder.core.functions import FunctionRef
from autograder.core.student import MAX_TYPE_NAME, Name, Ref

MAGIC = b"PLM1"
PREFIX = struct.Struct("<4sIQ")
MAX_HEADER = 4 << 20
MAX_DEPTH = 12
MAX_SIDES = 32
#: The most values in one frame, an array counting as one; a small header could hold very many.
MAX_VALUES = 100_000
_DTYPES = {
    np.dtype(code).str: np.dtype(code)
    for code in ("?", "i1", "u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8",
                 "<f2", "<f4", "<f8", "<c8", "<c16")
}  # fmt: skip


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
    keys: list[str | int]
    values: list[_Node]


_Node = (
    _Array | _ScalarType | _Ref | _Name | _Function | _Sequence | _Mapping
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
        content: values: None, flags, numbers, strings, arrays, NumPy's numbers and their types
            (``np.float32``), `Ref`, `Name`, `FunctionRef`, and lists, tuples and dictionaries of
            those. Types, names and functions are in requests alone.
    """

    kind: str
    nonce: bytes
    content: list[Any]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Header)


def encode(message: Message) -> bytes:
    """A message as one frame. Raises WireError for a value that cannot be sent."""
    body: list[bytes] = []
    try:
        content = [_pack(value, body, 0) for value in message.content]
        header = _encoder.encode(_Header(message.kind, message.nonce, content))
    except (OverflowError, RecursionError, UnicodeEncodeError) as error:
        raise WireError(f"a value that does not fit into a frame ({error})") from None
    if len(header) > MAX_HEADER:
        raise WireError(f"{len(header)} bytes of values other than arrays; {MAX_HEADER} at most")
    return b"".join([PREFIX.pack(MAGIC, len(header), sum(map(len, body))), header, *body])


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


def _pack(value: Any, body: list[bytes], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise WireError(f"values nested more than {MAX_DEPTH} deep")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.encode(value, "utf-8", "backslashreplace").decode()
    if isinstance(value, (np.ndarray, np.generic)):
        return _pack_array(np.asarray(value), body, isinstance(value, np.generic))
    # A subclass is sent as its base class, without calling any of the subclass's methods.
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, type) and issubclass(value, np.generic):
        return _ScalarType(_code(np.dtype(value)))
    if isinstance(value, Ref):
        return _Ref(value.number, _pack(value.type_name, body, depth))
    if isinstance(value, Name):
        return _Name(value.path)
    if isinstance(value, FunctionRef):
        return _Function(value.number, value.path)
    if isinstance(value, (list, tuple)):
        items = [_pack(item, body, depth + 1) for item in value]
        return _Sequence(isinstance(value, tuple), items)
    if isinstance(value, dict):
        if not all(type(key) in (str, int) for key in value):
            raise WireError("a dictionary whose keys are not all strings or integers")
        keys = [_pack(key, body, depth) for key in value]
        return _Mapping(keys, [_pack(item, body, depth + 1) for item in value.values()])
    raise WireError(f"a value of type {type(value).__name__}")


def _pack_array(array: np.ndarray[Any, Any], body: list[bytes], scalar: bool) -> _Array:
    code = _code(array.dtype)
    body.append(np.asarray(array, code).tobytes())
    return _Array(code, list(array.shape), scalar)


def _code(dtype: np.dtype[Any]) -> str:
    code = dtype.newbyteorder("<").str
    if code not in _DTYPES:
        raise WireError(f"an array of {dtype}")
    return code


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
            if len(node.keys) != len(node.values) or len(set(node.keys)) != len(node.keys):
                raise WireError("a mapping whose keys are not one for each value")
            values = [self.unpack(value, depth + 1) for value in node.values]
            return dict(zip(node.keys, values, strict=True))
        return node

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
        return array[()] if node.scalar else array


def _known(code: str) -> np.dtype[Any]:
    if code not in _DTYPES:
        raise WireError(f"dtype {code[:20]!r}")
    return _DTYPES[code]
