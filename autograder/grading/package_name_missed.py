"""Whether an import found nothing because it calls the package by a name with dots."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.core.errors import missing_names
from autograder.submissions.package_name import no_package_sentence


def cause_in_package_name(described: str, dotted_names: Iterable[str], package: str) -> str:
    """A sentence on what an exception misses, if it is the student's name for the package.

    Args:
        described: the exception's class and its text.
        dotted_names: what the student's code calls the package; see `PackageNames`.
    """
    missing = missing_names(described)
    found = [name for name in dotted_names if name.partition(".")[0] in missing]
    return no_package_sentence(found[0], package) if found else ""
