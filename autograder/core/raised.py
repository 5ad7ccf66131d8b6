"""What a call of the student's code raised, as an observation."""

from __future__ import annotations

from typing import Any

#: The kind of what a call raised that raised nothing.
NOTHING = "nothing"


class Raised(str):
    """The name of the class of an exception: ``"ValueError"``, or ``"nothing"``.

    As an observation it is this name alone. An assignment seldom says the text of an exception.

    Attributes:
        text: of the exception.
        kinds: the names of its class and of all classes above.
    """

    __slots__ = ("kinds", "text")

    text: str
    kinds: tuple[str, ...]

    def __new__(cls, kind: str, text: str = "", kinds: tuple[str, ...] = ()) -> Raised:
        made = super().__new__(cls, kind)
        made.text = text
        made.kinds = kinds or (kind,)
        return made

    @property
    def kind(self) -> str:
        """The name of the class."""
        return str(self)

    def is_a(self, kind: str) -> bool:
        """Whether it is an exception of this class, or of one derived from it."""
        return kind in self.kinds


def read_raised(answer: Any) -> Raised | None:
    """What the student's side says was raised; None if the answer is not well-formed."""
    if not isinstance(answer, list) or not answer or len(answer) > 100:
        return None
    if not all(isinstance(text, str) for text in answer):
        return None
    text, *kinds = answer
    return Raised(kinds[0], text, tuple(kinds)) if kinds else Raised(NOTHING)
