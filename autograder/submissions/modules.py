"""Chooses the modules of a submission that count: its answer files with the student's helpers.

A submission never replaces a given file, but may add to it (`given_files`). A helper that would
hide one from an import is ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath

from autograder.core.written_regions import lines_of
from autograder.harness import Harness
from autograder.submissions.candidates import MAX_FOLDERS, PackageFolder, package_folders
from autograder.submissions.given_files import GivenFiles, changed_given_files
from autograder.submissions.helper_modules import NEVER, Modules, choose_helpers
from autograder.submissions.merge_conflicts import conflict_line, conflict_sentence
from autograder.submissions.module_names import NamedModules, name_modules
from autograder.submissions.notes import LeftAside
from autograder.submissions.other_names import note_answers_elsewhere
from autograder.submissions.package_name import PackageNames, no_package_sentence, package_names
from autograder.submissions.written import (
    Written,
    apparent_names,
    is_changed,
    is_common,
    is_of_selfcheck,
    regions_of,
    written_regions,
)

#: How many ignored modules a note names.
_NAMED = 5


@dataclass(frozen=True)
class ChosenModules:
    """The modules that count.

    Attributes:
        files: the answer files and the helpers, by path relative to the package.
        package_names: what the student's code calls the package.
        given_files: what the submission adds to the given files.
        missing: the answer files in which answers are missing, and whether any is written there.
    """

    files: Modules
    package_names: PackageNames = field(default_factory=PackageNames)
    given_files: GivenFiles = field(default_factory=GivenFiles)
    missing: Mapping[str, bool] = field(default_factory=dict)


def choose_modules(
    sources: Mapping[str, bytes], harness: Harness, notes: list[str], cells: Iterable[str] = ()
) -> ChosenModules:
    """The answer files and helpers in the submission's package folder.

    Args:
        sources: every Python file of the submission.
        notes: gets a sentence for everything that was corrected or ignored.
        cells: sources of the student's notebooks, which may tell their name for the package.
    """
    # A check may define functions with the names of those that it checks.
    sources = {name: data for name, data in sources.items() if not is_of_selfcheck(name)}
    in_cells = [cell.encode("utf-8", "replace") for cell in cells]
    stubs = stubs_of(harness)
    named = _named(sources, harness, stubs)
    folders = package_folders(
        named.sources, harness.package, harness.answer_files, partial(_amount, named, stubs)
    )
    if not folders:
        lone = _lone_module(sources, harness, notes)
        if not lone:
            said = note_answers_elsewhere(stubs, {}, named.sources, named.original, notes)
            _note_elsewhere(_own_of(sources, harness) - said if stubs else (), harness, notes)
        names = _package_names(harness, "", lone, in_cells, notes)
        return ChosenModules(lone, names, missing=_missing(stubs, lone))
    folder, *others = folders
    has_package_name = _base(folder.name) == harness.package
    prefix = f"{folder.name}/" if folder.name else ""
    if not has_package_name:
        notes.append(f"{prefix or 'the top folder'} was read as the package {harness.package}")
    elsewhere = _written_elsewhere(folder, others, named, stubs)
    taken = set(elsewhere.values())
    left = [other for other in others if taken.isdisjoint(other.files.values())]
    noted = _note_other_folders(folder, left, named, harness, notes)
    inside = {n.removeprefix(prefix): d for n, d in named.sources.items() if n.startswith(prefix)}
    answers = {}
    for answer in harness.answer_files:
        if answer in folder.files:
            path = folder.files[answer]
            answers[answer] = named.sources[path]
            _note_name(answer, path, prefix, named, notes)
            if line := conflict_line(answers[answer]):
                notes.append(LeftAside(f"{answer} cannot be run: {conflict_sentence(line)}"))
    for answer, path in elsewhere.items():
        why = _why_elsewhere(answers.get(answer), stubs[answer])
        note = (
            f"{named.original.get(path, path)} was read as {answer} of "
            f"{prefix or 'the top folder'}, because {why}"
        )
        notes.append(LeftAside(note) if path in named.by_content else note)
        answers[answer] = named.sources[path]
    used = {*folder.files.values(), *taken}
    inside = {name: data for name, data in inside.items() if prefix + name not in used} | answers
    if not has_package_name and "__init__.py" not in inside:
        # In a folder that is no package, only the modules beside the answers can be helpers.
        inside = _beside(answers, inside)
    looked_at = {f"{prefix}{name}" for name in inside} | used
    for path, counts in named.left.items():
        if path.startswith(prefix) and inside.pop(path.removeprefix(prefix), None) is not None:
            notes.append(LeftAside(_why_left(path, counts, prefix, named)))
    looked_at |= {named.original[path] for path in used if path in named.original}
    by_answer = dict(folder.files) | elsewhere
    looked_at |= _note_as_written(by_answer, used, noted, prefix, named, stubs, notes)
    looked_at |= note_answers_elsewhere(stubs, by_answer, named.sources, named.original, notes)
    _note_elsewhere(sources.keys() - looked_at, harness, notes)
    names = _package_names(harness, _base(folder.name), inside, in_cells, notes)
    return ChosenModules(
        answers | choose_helpers(inside, harness, notes),
        names,
        changed_given_files(inside, harness, notes, names.own),
        _missing(stubs, answers),
    )


def stubs_of(harness: Harness) -> dict[str, bytes]:
    """The stubs of the answer files, by path below the package."""
    return {name: (harness.package_folder / name).read_bytes() for name in harness.answer_files}


def _package_names(
    harness: Harness, folder: str, inside: Modules, in_cells: Sequence[bytes], notes: list[str]
) -> PackageNames:
    """What the student's code calls the package.

    Args:
        folder: the name of the folder that was read as the package; empty if it is the top.
        inside: the modules in it.
    """
    given = {
        path.relative_to(harness.package_folder).as_posix(): path.read_bytes()
        for path in harness.package_folder.rglob("*.py")
    }
    known = {path.stem for path in harness.package_folder.iterdir()}
    known |= {PurePosixPath(name.partition("/")[0]).stem for name in inside}
    defined: dict[str, set[str]] = {}
    for name, data in (*given.items(), *inside.items()):
        defined.setdefault(PurePosixPath(name).stem, set()).update(apparent_names([data]))
    names = package_names(harness.package, folder, [*inside.values(), *in_cells], known, defined)
    notes += (LeftAside(no_package_sentence(name, harness.package)) for name in names.dotted)
    return names


def _missing(stubs: Mapping[str, bytes], answers: Mapping[str, bytes]) -> dict[str, bool]:
    """The answer files in which answers are missing, and whether any is written there."""
    written = {
        answer: written_regions(stub, answers[answer]) if answer in answers else 0
        for answer, stub in stubs.items()
    }
    return {a: n > 0 for a, n in written.items() if n < len(regions_of(stubs[a]))}


def _named(
    sources: Mapping[str, bytes], harness: Harness, stubs: Mapping[str, bytes]
) -> NamedModules:
    by_base: dict[str, list[bytes]] = {}
    for name, stub in stubs.items():
        by_base.setdefault(_base(name), []).append(stub)
    package = {path.name for path in harness.package_folder.rglob("*.py")}
    return name_modules(sources, by_base, frozenset(package - by_base.keys()))


def _amount(named: NamedModules, stubs: Mapping[str, bytes], files: Mapping[str, str]) -> Written:
    """How much is written in files, by the answer file that each counts for."""
    pairs = [(stubs[answer], named.sources[path]) for answer, path in files.items()]
    regions = sum(written_regions(stub, data) for stub, data in pairs)
    return regions, sum(is_changed(stub, data) for stub, data in pairs)


def _note_name(answer: str, path: str, prefix: str, named: NamedModules, notes: list[str]) -> None:
    """Note if an answer file was handed in under another name, or at another place."""
    original = named.original.get(path, path)
    name = original.removeprefix(prefix)
    if name == answer:
        return
    note = f"{name} was read as {answer}"
    if path in named.by_content:
        note = LeftAside(f"{note}, because all that is asked for is written in it alone")
    elif path in named.replaced:
        other = path.removeprefix(prefix)
        note = LeftAside(f"{note}, because more is written in it than in {other}")
    elif prefix + answer != path and prefix + answer in named.sources:
        note += f", because more is written in it than in the {answer} that was handed in"
    notes.append(note)


def _written_elsewhere(
    folder: PackageFolder,
    others: Iterable[PackageFolder],
    named: NamedModules,
    stubs: Mapping[str, bytes],
) -> dict[str, str]:
    """The modules of other folders that count, by the answer file that each counts for.

    A module counts if more is written in it than in that answer file of the package, and most among
    those of other folders.
    """

    def amount(files: Mapping[str, str], answer: str) -> int:
        path = files.get(answer)
        return 0 if path is None else written_regions(stubs[answer], named.sources[path])

    most = {answer: amount(folder.files, answer) for answer in stubs}
    found: dict[str, str] = {}
    for other in others:
        for answer, path in other.files.items():
            if (written := amount(other.files, answer)) > most[answer]:
                found[answer], most[answer] = path, written
    return found


def _why_elsewhere(there: bytes | None, stub: bytes) -> str:
    """Why an answer file of another folder counts.

    Args:
        there: the answer file in the package; None if there is none.
    """
    if there is None:
        return "nothing of that name lies there"
    if written_regions(stub, there) == 0:
        return "nothing is written in the one there"
    return "more is written in it than in the one there"


def _why_left(path: str, counts: str, prefix: str, named: NamedModules) -> str:
    """A note on a module with nearly the right name that does not count."""
    name, other = (n.removeprefix(prefix) for n in (path, named.original.get(counts, counts)))
    return f"ignored {name}: {other} counts; no less is written there"


def _note_other_folders(
    folder: PackageFolder,
    others: Iterable[PackageFolder],
    named: NamedModules,
    harness: Harness,
    notes: list[str],
) -> list[PackageFolder]:
    """Note which other folders may have been meant as the package, and why they do not count.

    Returns the folders that were noted.
    """
    left: list[PackageFolder] = []
    counted = {answer: named.sources[path] for answer, path in folder.files.items()}
    for other in sorted(others, key=lambda other: len(PurePosixPath(other.name).parts)):
        contents = {answer: named.sources[path] for answer, path in other.files.items()}
        is_package = not folder.name and _base(other.name) == harness.package
        if not is_package and any(_are_nested(other.name, k.name) for k in (folder, *left)):
            continue
        if contents.items() <= counted.items() or is_common(other.name):
            continue  # nothing is lost
        left.append(other)
    counts = f"{folder.name}/" if folder.name else "the top folder"
    for other in left[:_NAMED]:
        if other.written != folder.written:
            why = f"more is written in {counts}"
        elif _base(folder.name) == harness.package != _base(other.name):
            why = f"as much is written in it as in {counts}, which has the right name"
        else:
            why = (
                f"as much is written in it as in {counts}, which has more files at their "
                "places, lies nearer to the top or comes first by name"
            )
        notes.append(LeftAside(f"ignored the folder {other.name}/: {why}"))
    return left[:_NAMED]


def _note_as_written(
    counted: Mapping[str, str],
    used: Iterable[str],
    noted: Iterable[PackageFolder],
    prefix: str,
    named: NamedModules,
    stubs: Mapping[str, bytes],
    notes: list[str],
) -> set[str]:
    """Note each module in which as much of an answer file is written and that does not count as it.

    Args:
        counted: the modules that count, by answer file.
        used: these modules, and those of the package that count less.
        noted: the folders that a note names.

    Returns the modules that were noted.
    """
    in_noted = {path for folder in noted for path in folder.files.values()}
    amounts = {a: written_regions(stubs[a], named.sources[path]) for a, path in counted.items()}
    may_be = [
        (path, answer)
        for path in sorted(named.sources.keys() - used - in_noted)
        for answer, amount in amounts.items()
        if named.as_written.get(path, _base(path)) == _base(answer)
        and amount > 0
        and named.sources[path] != named.sources[counted[answer]]
        and not is_common(path)
    ]
    found = {
        path: counted[answer]
        for path, answer in may_be[:MAX_FOLDERS]
        if written_regions(stubs[answer], named.sources[path]) >= amounts[answer]
    }
    for path, counts in found.items():
        shown, other = (named.original.get(n, n).removeprefix(prefix) for n in (path, counts))
        notes.append(
            LeftAside(f"{shown} was not read as {_base(counts)}: no less is written in {other}")
        )
    return found.keys() | {named.original[path] for path in found if path in named.original}


def _are_nested(one: str, other: str) -> bool:
    """Whether one of two folders lies in the other, or is the top."""
    shorter, longer = sorted((f"{one}/", f"{other}/"), key=len)
    return longer.startswith(shorter) or "/" in (shorter, longer)


def _lone_module(sources: Mapping[str, bytes], harness: Harness, notes: list[str]) -> Modules:
    """The only module, whatever its name, if students are to write only one file."""
    if len(sources) == 1 and len(harness.answer_files) == 1:
        ((name, data),) = sources.items()
        answer = harness.answer_files[0]
        notes.append(f"{name} was read as {answer}")
        return {answer: data}
    return {}


def _beside(answers: Iterable[str], inside: Modules) -> Modules:
    """The modules that lie in a folder with an answer file."""
    folders = {PurePosixPath(name).parent for name in answers}
    return {name: data for name, data in inside.items() if PurePosixPath(name).parent in folders}


def _own_of(sources: Mapping[str, bytes], harness: Harness) -> set[str]:
    """The modules that are not as they were given."""
    given = {tuple(lines_of(path.read_bytes())) for path in harness.package_folder.rglob("*.py")}
    return {name for name, data in sources.items() if tuple(lines_of(data)) not in given}


def _note_elsewhere(names: Iterable[str], harness: Harness, notes: list[str]) -> None:
    """Note which modules outside the package were ignored, without those of all students."""
    ignored = sorted(n for n in names if _base(n) not in NEVER and not is_common(n))
    if ignored:
        more = ", …" if len(ignored) > _NAMED else ""
        names = ", ".join(ignored[:_NAMED])
        notes.append(LeftAside(f"ignored outside the package {harness.package}: {names}{more}"))


def _base(name: str) -> str:
    return PurePosixPath(name).name
