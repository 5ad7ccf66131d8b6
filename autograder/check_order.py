"""The order of checks: the one they are listed in, and the one they are run in.

The latter follows what checks need.
"""

from __future__ import annotations

from collections.abc import Iterable

from autograder.core.checks import Check


def in_question_order(checks: Iterable[Check], questions: Iterable[str]) -> list[Check]:
    """The checks in the order of their questions' ids; those of one question stay as they are.

    Checks of a question that is not listed come last.
    """
    return _flat(_by_question(checks, questions).values())


def in_run_order(checks: Iterable[Check], questions: Iterable[str]) -> list[Check]:
    """All visible checks, then all hidden ones; both so that a question follows those it needs.

    In both, checks that train or state their own seconds come last. They may take minutes, and the
    checks of a submission have one budget: the short ones shall not wait for it in vain.

    A student reads what visible checks print and return. So no visible check may be run once the
    student's code has seen the inputs of a hidden one: the machine counts processes and time, and
    by such a count a hidden check could tell a later visible one what it was given.
    """
    ordered = _after_what_they_need(checks, questions)
    return sorted(ordered, key=lambda check: (not check.visible, _may_take_long(check)))


def needed_questions(check: Check, checks: Iterable[Check]) -> frozenset[str]:
    """The questions that a check needs by its own words, directly or through another one.

    What another check of the same question needs says nothing of this one.

    Args:
        checks: all checks of the assignment.
    """
    needs: dict[str, set[str]] = {}
    for other in checks:
        needs.setdefault(other.question, set()).update(other.needs)
    found: set[str] = set()
    pending = list(check.needs)
    while pending:
        question = pending.pop()
        if question not in found and question != check.question:
            found.add(question)
            pending += needs.get(question, ())
    return frozenset(found)


def _may_take_long(check: Check) -> bool:
    return check.training or check.seconds is not None


def _after_what_they_need(checks: Iterable[Check], questions: Iterable[str]) -> list[Check]:
    """The checks in question order, except that a question comes after those that it needs."""
    groups = _by_question(checks, questions)
    ordered: dict[str, list[Check]] = {}

    def visit(question: str, waiting: frozenset[str]) -> None:
        # Questions may need each other in a circle. It is walked once, so each check still runs.
        if question in ordered or question in waiting or question not in groups:
            return
        for check in groups[question]:
            for needed in check.needs:
                visit(needed, waiting | {question})
        ordered.setdefault(question, groups[question])

    for question in groups:
        visit(question, frozenset())
    return _flat(ordered.values())


def _by_question(checks: Iterable[Check], questions: Iterable[str]) -> dict[str, list[Check]]:
    groups: dict[str, list[Check]] = {question: [] for question in questions}
    for check in checks:
        groups.setdefault(check.question, []).append(check)
    return groups


def _flat(groups: Iterable[list[Check]]) -> list[Check]:
    return [check for group in groups for check in group]
