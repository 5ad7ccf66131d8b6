"""Whether an exception follows from a change of a given file, which does not count in grading."""

from __future__ import annotations

import re

from autograder.core.errors import missing_names
from autograder.submissions.changed_definitions import ANY_ARGUMENT
from autograder.submissions.given_files import GivenFiles

_NO_ATTRIBUTE = re.compile(
    r"AttributeError: (?:type object )?'(\w+)'(?: object)? has no attribute '(\w+)'"
)
#: A class whose constructor was not taken.
_NO_ARGUMENTS = re.compile(r"TypeError: (\w+)\(\) takes no arguments")
_OTHER_ARGUMENTS = re.compile(
    r"TypeError: ([\w.]+)\(\) "
    r"(?:got an unexpected keyword argument '(\w+)'|got multiple values|takes |missing )"
)


def cause_in_given_file(described: str, given_files: GivenFiles) -> str:
    """A sentence on what an exception misses, if it was not taken from a given file; else empty.

    Args:
        described: the exception's class and its text.
    """
    if found := _NO_ATTRIBUTE.match(described):
        attribute = f"{found[1]}.{found[2]}"
    elif found := _NO_ARGUMENTS.match(described):
        attribute = f"{found[1]}.__init__"
    else:
        attribute = ""
    if file := given_files.attributes.get(attribute):
        return _not_taken(attribute, file)
    if function := _refusing_function(described, given_files):
        return (
            f"{function} has the arguments that it was given with: the other ones in your "
            f"{given_files.arguments[function].file} do not count"
        )
    for name in missing_names(described):
        if name in given_files.left:
            return _not_taken(name, given_files.left[name])
    return ""


def _refusing_function(described: str, given_files: GivenFiles) -> str:
    """The given function that refused a call, if the submission's file has other arguments."""
    found = _OTHER_ARGUMENTS.match(described)
    if not found or found[1] not in given_files.arguments:
        return ""
    names = given_files.arguments[found[1]].names
    return "" if found[2] and names.isdisjoint({found[2], ANY_ARGUMENT}) else found[1]


def _not_taken(name: str, file: str) -> str:
    return (
        f"{name} was not taken from {file}, which is given: only functions, classes and imports "
        "that are added to it count"
    )
