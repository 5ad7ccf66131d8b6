"""Wrong answers that checks must catch, and unusual right answers that must earn all points.

A mistake is one function or class that replaces the reference's; its docstring says what is wrong
with it. An accepted variant replaces it in the same way and must not lose points. Caches have the
reference's form, because the other half of a layer is always the reference's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Replacement:
    """Something that replaces some of the reference's answers.

    Attributes:
        name: the name of the function or class.
        description: what is special about it.
        questions: the questions whose checks are run on it.
        targets: the replacement of each target; a target is a dotted name below the package, or
            ``notebook.name`` for an answer in a notebook.
        seen: whether a visible check fails on it; no visible check catches the best mistakes.
        feature: of a right answer: it is wrong in a variant with this feature, whose text asks for
            what it does not do, and right in all others.
    """

    name: str
    description: str
    questions: tuple[str, ...]
    targets: Mapping[str, Any]
    seen: bool = False
    feature: str = ""


@dataclass(frozen=True)
class Collection:
    """The replacements of one kind, in the order of their definitions."""

    members: list[Replacement] = field(default_factory=list)

    def add(self, thing: Any, questions: tuple[str, ...], targets: dict[str, Any], **rest: Any):
        description = " ".join((thing.__doc__ or "").split())
        assert description, f"{thing.__name__} needs a docstring: what is special about it?"
        self.members.append(Replacement(thing.__name__, description, questions, targets, **rest))
        return thing


MISTAKES, VARIANTS = Collection(), Collection()


def mistake(
    question: str, target: str, *, seen: bool = False, also: Mapping[str, Any] | None = None
) -> Callable[[Any], Any]:
    """Decorates a wrong answer to `question` that replaces `target`."""
    return lambda thing: MISTAKES.add(
        thing, (question,), {target: thing, **(also or {})}, seen=seen
    )


def variant(
    *questions: str, target: str, feature: str = "", also: Mapping[str, Any] | None = None
) -> Callable[[Any], Any]:
    """Decorates a right answer that replaces `target`; the checks of `questions` use it."""
    return lambda thing: VARIANTS.add(
        thing, questions, {target: thing, **(also or {})}, feature=feature
    )
