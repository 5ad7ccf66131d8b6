"""Wrong answers that every check is tried on, and right ones that look unusual.

A mistake is one function or class put in the place of the reference's; its docstring says what is
wrong with it. An accepted variant stands beside it in the same way, and must lose nothing. The
caches are the reference's, since the other half of a layer is always the reference's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Replacement:
    """Something to put in the place of the reference's answers.

    Attributes:
        questions: whose checks are run on it.
        targets: what replaces what; a key is a dotted name below the package, or
            ``notebook.name`` for an answer in a notebook.
        seen: a visible check sees that it is wrong; the interesting mistakes are seen by none.
    """

    name: str
    what: str
    questions: tuple[str, ...]
    targets: Mapping[str, Any]
    seen: bool = False


@dataclass(frozen=True)
class Collection:
    """The replacements of one kind, in the order they were written."""

    members: list[Replacement] = field(default_factory=list)

    def add(self, thing: Any, questions: tuple[str, ...], targets: dict[str, Any], **rest: Any):
        what = " ".join((thing.__doc__ or "").split())
        assert what, f"{thing.__name__} needs a docstring: what is special about it?"
        self.members.append(Replacement(thing.__name__, what, questions, targets, **rest))
        return thing


MISTAKES, VARIANTS = Collection(), Collection()


def mistake(
    question: str, target: str, *, seen: bool = False, also: Mapping[str, Any] | None = None
) -> Callable[[Any], Any]:
    """What is decorated is a wrong answer to `question` in the place of `target`."""
    return lambda thing: MISTAKES.add(
        thing, (question,), {target: thing, **(also or {})}, seen=seen
    )


def variant(*questions: str, target: str) -> Callable[[Any], Any]:
    """What is decorated is a right answer in the place of `target`; `questions` all rest on it."""
    return lambda thing: VARIANTS.add(thing, questions, {target: thing})
