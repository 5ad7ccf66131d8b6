"""Reading predictions that students saved as .npy files, without trusting any byte of them."""

from __future__ import annotations

import io
import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import SubmissionError

#: The most bytes before the values of an .npy file; np.save writes 128.
MAX_HEADER = 1024
Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class PredictionForm:
    """What predictions are: classes, or numbers, in an array of this shape.

    Attributes:
        shape: (N,) of classes, (N, ...) of numbers; no axis has length 0.
        classes: how many there are; 0 if numbers are predicted.
    """

    shape: tuple[int, ...]
    classes: int = 0

    @property
    def max_bytes(self) -> int:
        """The most bytes that a file of these predictions may have."""
        return MAX_HEADER + 8 * math.prod(self.shape)

    @property
    def too_large(self) -> str:
        """The message for a file of more than `max_bytes`."""
        if not self.classes:
            return f"more than numbers of shape {self.shape} need; save them alone, as float64"
        return (
            f"more than {self.shape[0]} predictions need; save one integer for each example, "
            "not its scores: scores.argmax(axis=1)"
        )


def read_predictions(data: bytes, form: PredictionForm) -> Array:
    """The predictions in an .npy file: int64, each from 0 to below `form.classes`; or float64.

    For classes, integers of any width and byte order are accepted; for numbers, floats too. Numbers
    are finite.

    Raises SubmissionError for anything else; its message says what to save instead.
    """
    if len(data) > form.max_bytes:
        raise SubmissionError(f"it has {len(data)} bytes, {form.too_large}")
    shape, fortran_order, dtype, start = _header(data)
    if dtype.hasobject:
        raise SubmissionError(
            "it holds pickled Python objects, which are never loaded; save an array of numbers"
        )
    if form.classes:
        _check_classes(shape, dtype, form.shape[0])
    else:
        _check_numbers(shape, dtype, form.shape)
    count = math.prod(form.shape)
    missing = start + count * dtype.itemsize - len(data)
    if missing > 0:
        raise SubmissionError(f"it is cut off, {missing} bytes are missing; save it again")
    if missing < 0:
        raise SubmissionError(f"{-missing} bytes follow the array; save nothing else in the file")
    values = np.frombuffer(data, dtype, count, start)
    if form.classes:
        return _classes(values, form.classes)
    return _numbers(values.reshape(form.shape, order="F" if fortran_order else "C"))


def _classes(values: Array, classes: int) -> Array:
    """The classes as int64. Raises SubmissionError if there is none of such a number."""
    if int(values.min()) >= 0 and int(values.max()) < classes:
        return values.astype(np.int64)
    outside = np.flatnonzero((values < 0) | (values >= classes))
    hint = "; count the classes from 0" if values.min() == 1 and values.max() == classes else ""
    raise SubmissionError(
        f"prediction {outside[0]} is {int(values[outside[0]])} ({len(outside)} of {len(values)} "
        f"are out of range); a class is a number from 0 to {classes - 1}{hint}"
    )


def _numbers(values: Array) -> Array:
    """The numbers as float64. Raises SubmissionError if one is not finite."""
    with np.errstate(all="ignore"):  # a long double may be too large, which makes it infinite
        numbers = values.astype(np.float64)
    finite = np.isfinite(numbers).reshape(len(numbers), -1).all(axis=1)
    if finite.all():
        return numbers
    others = np.flatnonzero(~finite)
    raise SubmissionError(
        f"prediction {others[0]} is not finite ({len(others)} of {len(numbers)} are not); "
        "save finite numbers alone"
    )


def _header(data: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    """The shape, whether it is in Fortran's order, the dtype, and the offset of the values.

    Raises SubmissionError.
    """
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
            "of numbers with np.save"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a header of Python 2, or with odd literals, warns
            shape, fortran_order, dtype = readers[version](stream, max_header_size=MAX_HEADER)
    except Exception:  # NumPy does not document what it raises for damaged bytes
        raise SubmissionError("its header is damaged or too long; save it with np.save") from None
    return shape, fortran_order, dtype, stream.tell()


def _check_classes(shape: tuple[int, ...], dtype: np.dtype[Any], count: int) -> None:
    """Raise SubmissionError for anything but `count` integers."""
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
            f"it holds {shape[0]} predictions, and there are {count} examples; "
            "predict every example once, in order"
        )


def _check_numbers(shape: tuple[int, ...], dtype: np.dtype[Any], expected: tuple[int, ...]) -> None:
    """Raise SubmissionError for anything but floats or integers of the expected shape."""
    if dtype.kind not in "iuf":
        raise SubmissionError(f"it holds values of kind {dtype.name}; save the numbers as floats")
    if shape != expected:
        advice = "predict every example once, in order"
        if [n for n in shape if n != 1] == [n for n in expected if n != 1]:
            advice = f"preds.reshape{expected}"
        raise SubmissionError(f"its shape is {shape}, not {expected}; {advice}")
