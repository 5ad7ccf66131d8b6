"""Gives modules with nearly the right names the names that they are meant to have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.submissions.meant_names import WORDED, nearness
from autograder.submissions.other_names import module_of_another_name
from autograder.submissions.written import defines_answers, is_changed, written_regions

#: Of more files that are meant as one, and lie in one folder, the first ones are compared.
_COMPARED = 20
#: The stubs of the answer files with one name; they lie in different folders of the package.
Stubs = Sequence[bytes]


@dataclass
class NamedModules:
    """Modules under the names that they are meant to have.

    Attributes:
        sources: bytes by path.
        original: for each module that got another name, the path that it was handed in under.
        replaced: the same paths as in `original`, where a module of this name was handed in, too.
        by_content: the same paths as in `original`, where only what is written in the module tells
            what it is meant as, and nothing in its name.
        left: the modules with nearly the right names that do not count, and the one that does.
        as_written: the modules with more words in their names in which as much is written as in
            those with nearer names, and the name of the answer file.
    """

    sources: dict[str, bytes]
    original: dict[str, str] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    by_content: set[str] = field(default_factory=set)
    left: dict[str, str] = field(default_factory=dict)
    as_written: dict[str, str] = field(default_factory=dict)


def name_modules(
    sources: Mapping[str, bytes], stubs: Mapping[str, Stubs], given: frozenset[str]
) -> NamedModules:
    """Find the modules that are meant as answer files, and give them their names.

    In each folder, the file in which most is written counts; among equals, the one with the nearest
    name. A file with more words in its name counts only if it defines what an answer file defines,
    and only where less is written in each file with a nearer name, in whatever folder, or nothing.
    It is then kept under its own name, too, because other modules may import it. So is a file of
    quite another name, which counts as `other_names` says.

    Args:
        sources: every Python file of the submission.
        stubs: by the name of an answer file, without folders.
        given: the names of the files that students get and do not write.
    """
    named = NamedModules(dict(sources))
    for wanted, of_wanted in stubs.items():
        for folder, files in _meant_as(wanted, of_wanted, named, given.union(stubs)):
            target = f"{folder}{wanted}"
            best = min(files, key=lambda file: _rank(file, sources[file[1]], of_wanted))
            near, name = best
            named.left |= {
                other: target
                for other_near, other in files
                if other not in (name, target) and other_near != WORDED
            }
            if name == target:
                continue
            _give_name(name, target, sources, named)
            if near != WORDED:
                named.sources.pop(name, None)
        other = module_of_another_name(wanted, of_wanted, sources, given.union(stubs))
        if other:
            target = f"{other[: -len(PurePosixPath(other).name)]}{wanted}"
            _give_name(other, target, sources, named)
            named.by_content.add(target)
    return named


def _give_name(name: str, target: str, sources: Mapping[str, bytes], named: NamedModules) -> None:
    """Let a module count under another name; it keeps its own one if it can be imported by it."""
    named.original[target] = name
    if target in sources:
        named.replaced.add(target)
    named.sources[target] = sources[name]
    if not (name.endswith(".py") and PurePosixPath(name).stem.isidentifier()):
        named.sources.pop(name, None)


def _meant_as(
    wanted: str, stubs: Stubs, named: NamedModules, taken: frozenset[str]
) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """For each folder, the files in it that may be meant: how near the name is, and the path.

    Args:
        named: gets the files that are not meant though as much is written in them.
        taken: the names of files of the package. A file with such a name is meant as that one.
    """
    sources = named.sources
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    worded: list[str] = []
    for name in sorted(sources):
        folder, _, base = name.rpartition("/")
        near = nearness(base, wanted)
        if near is None or (base in taken and base != wanted):
            continue
        if near == WORDED:
            worded.append(name)
        else:
            groups[folder].append((near, name))
    if worded:
        near_ones = (name for files in groups.values() for _, name in files[:_COMPARED])
        most = max((_written(sources[name], stubs) for name in near_ones), default=0)
        for name in worded[:_COMPARED]:
            if not defines_answers(stubs, sources[name]):
                continue
            amount = _written(sources[name], stubs)
            if amount > most or most == 0:
                groups[name.rpartition("/")[0]].append((WORDED, name))
            elif amount == most:
                named.as_written[name] = wanted
    for folder, files in groups.items():
        yield f"{folder}/" if folder else "", sorted(files)[:_COMPARED]


def _rank(file: tuple[int, str], data: bytes, stubs: Stubs) -> tuple[int, bool, int, bool, str]:
    near, name = file
    changed = any(is_changed(stub, data) for stub in stubs)
    base = PurePosixPath(name).name
    return -_written(data, stubs), not changed, near, not base.endswith(".py"), base


def _written(data: bytes, stubs: Stubs) -> int:
    return max((written_regions(stub, data) for stub in stubs), default=0)
