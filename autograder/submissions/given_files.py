"""What a submission adds to the given files of its package, file by file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.core.written_regions import lines_of
from autograder.harness import Harness
from autograder.submissions.additions import Renamed, find_additions
from autograder.submissions.notes import LeftAside
from autograder.submissions.written import apparent_names

#: How many additions to one file a note names.
_NAMED = 5


@dataclass(frozen=True)
class OtherArguments:
    """The arguments of a given function as a submission's file has them.

    Attributes:
        file: the path of the given file below the package.
        names: what the function may be called with there; see `ChangedDefinitions`.
    """

    file: str
    names: frozenset[str]


@dataclass
class GivenFiles:
    """The given files that a submission has changed.

    Attributes:
        additions: the bytes of given files with what is added to them, by path below the package.
        names: of what is added to each of these.
        left: by each name that only the submission's file binds, and that was not taken from it,
            the path of that file.
        attributes: by each attribute of a given class that only the submission's file has, as
            ``Class.name``, the path of that file.
        arguments: by each given function or method that has other arguments in the submission's
            file, what it has there. Neither names what another file of the submission defines.
    """

    additions: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, frozenset[str]] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    arguments: dict[str, OtherArguments] = field(default_factory=dict)


def changed_given_files(
    modules: Mapping[str, bytes], harness: Harness, notes: list[str], own_name: str = ""
) -> GivenFiles:
    """Find what a submission adds to given files.

    Args:
        modules: bytes by path below the package.
        notes: gets a sentence for each given file of which a statement was changed.
        own_name: the student's own name for the package; empty if they have none.
    """
    changed = GivenFiles()
    for name, data in sorted(modules.items()):
        original = harness.package_folder / name
        if name in harness.answer_files or not original.is_file():
            continue
        given = original.read_bytes()
        if lines_of(given) == lines_of(data):
            continue
        # A package has its modules as names, too.
        is_package = PurePosixPath(name).name == "__init__.py"
        modules_in_it = [path.stem for path in original.parent.iterdir()] if is_package else []
        renamed = Renamed(harness.package, own_name)
        found = find_additions(name, given, data, modules_in_it, renamed)
        if found.same:
            continue
        changed.left |= dict.fromkeys(found.left - changed.left.keys(), name)
        elsewhere = apparent_names(data for other, data in modules.items() if other != name)
        for attribute in found.definitions.attributes:
            if attribute.partition(".")[0] not in elsewhere:
                changed.attributes[attribute] = name
        for function, names in found.definitions.arguments.items():
            if function.partition(".")[0] not in elsewhere:
                changed.arguments[function] = OtherArguments(name, names)
        if not found.text:
            notes.append(LeftAside(f"ignored {name}: it is given, and was changed"))
            continue
        changed.additions[name] = found.text.encode()
        changed.names[name] = found.names
        taken = ", ".join(found.taken[:_NAMED])
        more = ", …" if len(found.taken) > _NAMED else ""
        note = (
            f"{name} is given; what was added to it counts ({taken}{more}), "
            "and nothing else that was changed in it"
        )
        notes.append(LeftAside(note) if found.left or found.changed else note)
    return changed
