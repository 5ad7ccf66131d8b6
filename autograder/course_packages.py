"""The Python packages that a course needs, by names such as ``pandas>=2`` and ``scipy``."""

from __future__ import annotations

import importlib.metadata
import shlex
import sys
from collections.abc import Iterable, Sequence

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from autograder.errors import AssignmentError, UserError


def checked_requirements(texts: Iterable[str], place: str) -> tuple[str, ...]:
    """The requirements, each once.

    Raises AssignmentError with the place for one that pip would not understand.
    """
    for text in texts:
        try:
            Requirement(text)
        except InvalidRequirement as error:
            reason = str(error).splitlines()[0]
            raise AssignmentError(
                f"{place}: python: {text!r} is no requirement: {reason}. Write a package's name as "
                'pip knows it, and a version if it matters, such as "pandas>=2"'
            ) from None
    return tuple(dict.fromkeys(texts))


def names_of(requirements: Iterable[str]) -> set[str]:
    """The names of the packages, each in the one spelling that pip compares."""
    return {str(canonicalize_name(Requirement(text).name)) for text in requirements}


def require_packages(requirements: Sequence[str], whose: str) -> None:
    """Raise UserError if a package is missing here or has another version than is needed.

    A box has the Python environment of the grader. So what is missing here is missing there, and a
    student cannot help it.

    Args:
        whose: names the assignment.
    """
    lacking = {text: reason for text in requirements if (reason := _why_not(Requirement(text)))}
    if not lacking:
        return
    reasons = ", ".join(f"{text} ({reason})" for text, reason in lacking.items())
    command = shlex.join([sys.executable, "-m", "pip", "install", *lacking])
    raise UserError(
        f"{whose} needs Python packages that are not here: {reasons}. Nothing was run, because "
        f"students would lose points by it. Install them with\n    {command}"
    )


def _why_not(requirement: Requirement) -> str:
    """Why a requirement is not met here; empty if it is, or if it is not for this machine."""
    if requirement.marker is not None and not requirement.marker.evaluate():
        return ""
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
    if requirement.specifier.contains(version, prereleases=True):
        return ""
    return f"version {version} is installed"
