"""Hints on exceptions that code for Python 2 raises in Python 3."""

from __future__ import annotations

import re

from .errors import undefined_name

#: Names of Python 2, and what Python 3 has instead.
_NAMES = {
    "basestring": "str", "long": "int", "raw_input": "input", "reduce": "functools.reduce",
    "unichr": "chr", "unicode": "str", "xrange": "range",
}  # fmt: skip
_METHODS = {
    "has_key": "the operator `in`", "iteritems": "items", "iterkeys": "keys",
    "itervalues": "values",
}  # fmt: skip
_MODULES = {
    "cPickle": "pickle", "ConfigParser": "configparser", "Queue": "queue", "StringIO": "io",
    "cStringIO": "io", "urllib2": "urllib.request", "Tkinter": "tkinter",
}  # fmt: skip
_METHOD = re.compile(r"'dict' object has no attribute '(\w+)'")
_MODULE = re.compile(r"No module named '(\w+)'")
#: What Python and NumPy say of a float in the place of an integer.
_FLOAT = re.compile(
    r"""
    '(?:numpy\.)?float\d*'\ object\ cannot\ be\ interpreted\ as\ an
    | slice\ indices\ must\ be\ integers
    | \w+\ indices\ must\ be\ integers.*\ not\ '?(?:numpy\.)?float
    | can't\ multiply\ sequence\ by\ non-int\ of\ type\ '(?:numpy\.)?float
    | only\ integers,\ slices\ \(`:`\)
    | expected\ a\ sequence\ of\ integers\ or\ a\ single\ integer
    """,
    re.VERBOSE,
)
_DIVISION = (
    "is it a float? In Python 3, / gives a float even for two integers; write // for an integer"
)


def python_2_hint(kind: type[BaseException], message: str) -> str:
    """What code for Python 2 has to change, if that may be the cause of an exception; else empty.

    Args:
        kind: the exception's class; a student's own class is never meant.
        message: its text.
    """
    if kind in (TypeError, IndexError) and _FLOAT.match(message):
        return _DIVISION
    instead = None
    if kind is NameError:
        instead = _NAMES.get(undefined_name(message) or "")
    elif kind is AttributeError and (found := _METHOD.match(message)):
        instead = _METHODS.get(found[1])
    elif kind is ModuleNotFoundError and (found := _MODULE.match(message)):
        instead = _MODULES.get(found[1])
    return f"that was Python 2; Python 3 has {instead}" if instead else ""
