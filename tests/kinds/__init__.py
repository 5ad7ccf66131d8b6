"""Every kind of value, and everything that a check can ask: a right, a wrong, hostile hand-ins.

A hostile hand-in wants marks that it does not deserve, or wants to stop the grader: a class that
lies, a size that no memory holds, an iteration without end, a builtin that is replaced.
"""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


def answered(student, work):
    """What the hand-in's function returns; for a check that asks for no more."""
    return {"out": work.answer()}


@dataclass(frozen=True)
class Kind:
    """One kind, as the rows of `values` and `asking` describe it.

    Attributes:
        right, wrong, hostile: the hand-ins. One without a ``def`` is the expression of a value that
            its function ``answer()`` returns.
        reference: the hand-in that is recorded; by default the right one.
        asks: the body of the check; it gets the student and where the hand-in is. In a notebook
            or an answer in words that is its name.
        options: of the check.
        place: "module", "notebook" or "words": where the hand-in stands.
        start: code before each hand-in.
    """

    right: str
    wrong: str
    hostile: tuple[str, ...]
    reference: str = ""
    asks: Callable[[Any, Any], dict[str, Any]] = answered
    options: Mapping[str, Any] = field(default_factory=dict)
    place: str = "module"
    start: str = ""

    def hand_ins(self) -> dict[str, str]:
        """The source of each hand-in by its name: reference, right, wrong, hostile_1, ..."""
        texts = {"reference": self.reference or self.right, "right": self.right}
        texts |= {"wrong": self.wrong}
        texts |= {f"hostile_{n}": text for n, text in enumerate(self.hostile, 1)}
        return {name: self._source(text) for name, text in texts.items()}

    def _source(self, text: str) -> str:
        if self.place == "words":
            return text
        if self.place == "module" and "def " not in text:
            text = f"def answer(): return {text}"
        return START + textwrap.dedent(self.start) + textwrap.dedent(text)


#: Before each hand-in in code: what lies of itself, in the words of its class.
START = '''\
import ast, builtins, collections, io, itertools, math, os, sys
import numpy as np
from datetime import *
from decimal import Decimal
from fractions import Fraction


class Always:
    """Equal to everything; whatever asks it for more is ended."""

    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __reduce__(self): return (exec, ("raise SystemExit",))
    def __array__(self, *args, **kwargs): raise SystemExit
    __float__ = __int__ = __index__ = __len__ = __iter__ = __str__ = __repr__ = __array__


class Claims(Always):
    """Of another class, as it says."""

    def __init__(self, claimed): self.claimed = claimed
    __class__ = property(lambda self: self.claimed)


def lying(base, **more):
    """A class derived from another, which is equal to everything."""
    return type("Lying", (base,), {"__eq__": lambda a, b: True, "__hash__": lambda a: 0} | more)


class Zone(tzinfo):
    """A time zone that never says which."""

    def utcoffset(self, when):
        while True:
            pass


def replace_builtins():
    """Let the words of the language mean something else, here and in what runs beside."""
    for name in ("isinstance", "len", "type", "list", "dict", "tuple", "set", "str", "range"):
        setattr(builtins, name, lambda *args, **kwargs: True)
    return Always()


recursive = []
recursive.append(recursive)
wide = [0] * 10
for _ in range(8):
    wide = [wide] * 10


'''
