"""Reading predictions that students saved as .npy files, without trusting any byte of them."""

from __future__ import annotations

import io
import warnings
from typing import Any

import numpy as np

from .errors import SubmissionError

#: The most bytes before the values of an .npy file; np.save writes 128.
MAX_HEADER = 1024


def size_limit(count: int) -> int:
    """The most bytes that a file of `count` predictions may have."""
    return MAX_HEADER + 8 * count


def too_large(count: int) -> str:
    """The message for a file that is larger than `size_limit`."""
    return (
        f"more than {count} predictions need; save one integer for each image, "
        "not its scores: scores.argmax(axis=1)"
    )


def read_predictions(data: bytes, count: int, classes: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The predictions (count,) in an .npy file, int64, each from 0 to below `classes`.

    Integers of any width and byte order are accepted. `count` is at least 1.

    Raises SubmissionError for anything else; its message says what to save instead.
    """
    if len(data) > size_limit(count):
        raise SubmissionError(f"it has {len(data)} bytes, {too_large(count)}")
    shape, dtype, start = _header(data)
    _check_kind(shape, dtype, count)
    missing = start + count * dtype.itemsize - len(data)
    if missing > 0:
        raise SubmissionError(f"it is cut off, {missing} bytes are missing; save it again")
    if missing < 0:
        raise SubmissionError(f"{-missing} bytes follow the array; save nothing else in the file")
    values = np.frombuffer(data, dtype, count, start)
    if int(values.min()) >= 0 and int(values.max()) < classes:
        return values.astype(np.int64)
    outside = np.flatnonzero((values < 0) | (values >= classes))
    hint = "; count the classes from 0" if values.min() == 1 and values.max() == classes else ""
    raise SubmissionError(
        f"prediction {outside[0]} is {int(values[outside[0]])} ({len(outside)} of {count} are "
        f"out of range); a class is a number from 0 to {classes - 1}{hint}"
    )


def _header(data: bytes) -> tuple[tuple[int, ...], np.dtype[Any], int]:
    """The shape, the dtype, and the offset of the values in bytes. Raises SubmissionError."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
    except ValueError:
        raise SubmissionError("it is no .npy file; save it with np.save") from None
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    if version not in readers:
        raise SubmissionError(
            f"it has version {version[0]}.{version[1]} of the .npy format; save a plain array "
            "of integers with np.save"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a header of Python 2, or with odd literals, warns
            shape, _, dtype = readers[version](stream, max_header_size=MAX_HEADER)
    except Exception:  # NumPy does not document what it raises for damaged bytes
        raise SubmissionError("its header is damaged or too long; save it with np.save") from None
    return shape, dtype, stream.tell()


def _check_kind(shape: tuple[int, ...], dtype: np.dtype[Any], count: int) -> None:
    """Raise SubmissionError for anything but `count` integers."""
    if dtype.hasobject:
        raise SubmissionError(
            "it holds pickled Python objects, which are never loaded; save an array of integers"
        )
    if len(shape) != 1:
        advice = "save one row of classes"
        if len(shape) == 2 and shape[0] == count:
            advice = "preds.ravel()" if shape[1] == 1 else "save classes: scores.argmax(axis=1)"
        raise SubmissionError(f"its shape is {shape}, not ({count},); {advice}")
    if dtype.kind == "f":
        raise SubmissionError(f"it holds {dtype.name} numbers; save integers: preds.astype(int)")
    if dtype.kind == "b":
        raise SubmissionError("it holds True and False; save the classes as integers")
    if dtype.kind not in "iu":
        # A dtype in full may show names that the file's author chose; `name` shows none.
        raise SubmissionError(f"it holds values of kind {dtype.name}; save the classes as integers")
    if shape[0] != count:
        raise SubmissionError(
            f"it holds {shape[0]} predictions, and there are {count} images; "
            "predict every image once, in order"
        )
