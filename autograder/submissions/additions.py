"""What a submission adds to a given file: functions, classes and imports of new names.

Students keep helpers where they fit best, which may be in a file that they were given. The given
text itself never changes: the additions stand below it, and each of its names is bound again after
them. An addition that fails is left out and says so, because it must not take the given ones along.

This protects from accidents. Code that means harm can reach a given module from anywhere.
"""

from __future__ import annotations

import ast
import symtable
import warnings
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from autograder.submissions.apparent_definitions import apparent_definitions
from autograder.submissions.changed_definitions import ChangedDefinitions, changed_definitions
from autograder.submissions.texts import decoded_text

#: Additions are looked for in files of at most so many characters.
MAX_SEARCHED = 100_000
#: What begins the names that the text around the additions uses.
_OURS = "_plumbline"
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
_BEFORE = """

# What follows was added in the submission; after it the names above are bound again.
_plumbline_names = globals()
_plumbline_given = dict(_plumbline_names)
_plumbline_exec = exec
"""
#: Of ``from x import *`` the new names are taken, whatever an ``__all__`` lists.
_STAR = """
_plumbline_star = {{**_plumbline_given}}
_plumbline_exec({plain!r}, _plumbline_star)
_plumbline_names.update({{
    n: v for n, v in _plumbline_star.items()
    if n not in _plumbline_given and not n.startswith({ours!r}) and not n[:2] == "__" == n[-2:]
}})
"""
_AFTER = """
for _plumbline_name in {names!r}:
    if _plumbline_name in _plumbline_given:
        _plumbline_names[_plumbline_name] = _plumbline_given[_plumbline_name]
    else:
        _plumbline_names.pop(_plumbline_name, None)
"""


@dataclass(frozen=True)
class Additions:
    """What a submission adds to a given file.

    Attributes:
        text: the file with what is added; empty if nothing is.
        taken: the functions and classes that are added, and the imports as they are written.
        names: what these bind.
        left: the names that only the submission's file binds, and that are not taken.
        changed: whether the file holds another function, class or statement that is not given, so
            that what it does is lost.
        same: whether its statements are those of the given file.
        definitions: how the given classes and functions were changed.
    """

    text: str = ""
    taken: tuple[str, ...] = ()
    names: frozenset[str] = field(default_factory=frozenset)
    left: frozenset[str] = field(default_factory=frozenset)
    changed: bool = True
    same: bool = False
    definitions: ChangedDefinitions = field(default_factory=ChangedDefinitions)


@dataclass(frozen=True)
class Renamed:
    """A package's name, and the name that a student gave it, if any."""

    package: str = ""
    own: str = ""


def find_additions(
    file: str,
    given: bytes,
    submitted: bytes,
    reserved: Collection[str] = (),
    renamed: Renamed = Renamed(),
) -> Additions:
    """The statements of a submitted file that only add to the given one.

    A statement is taken if it is a ``def``, a ``class`` or an import and all names that it binds
    are new: the given text does not bind or use them, and Python gives them no meaning. Of
    ``from x import *`` the new names count. A statement of the given text is no addition.

    Args:
        file: its path, for messages.
        reserved: further names that are not new.
        renamed: imports by the student's name are those by the package's name.
    """
    given_text = given.decode("utf-8")
    try:
        text = decoded_text(submitted)
    except UnicodeError:
        return Additions()
    if len(text) > MAX_SEARCHED:
        return Additions()
    used = global_names(given_text)
    known = {*used, *reserved}
    tree = _parse(text)
    if tree is None:
        return Additions(left=frozenset(apparent_definitions([text])) - known)
    taken: list[str] = []
    sources: list[str] = []
    names: set[str] = set()
    changed = False
    given_tree = _parse(given_text)
    definitions = changed_definitions(given_tree or ast.Module([], []), tree)
    as_given = _dumped(given_tree)
    known_statements = frozenset(as_given)
    dumped = _dumped(_parse(text), renamed)
    for node, statement in zip(_each_import_alone(tree.body), dumped, strict=True):
        if statement and statement in known_statements:
            continue
        source = _source(file, node, known)
        if source:
            sources.append(source)
            taken.append(getattr(node, "name", "") or ast.unparse(node))
            names |= _bound_names(ast.unparse(node))
        elif not isinstance(node, (ast.Import, ast.ImportFrom)):
            changed = True
    left = frozenset(n for n in _bound_names(text) - known - names if not _is_special(n))
    head = given_text if given_text.endswith("\n") else f"{given_text}\n"
    whole = "\n".join([head + _BEFORE, *sources, _AFTER.format(names=sorted(used))])
    if not sources or not _compiles(whole):
        same = all(dumped) and dumped == as_given
        return Additions(left=left | names, same=same, definitions=definitions)
    return Additions(whole, tuple(taken), frozenset(names), left, changed, definitions=definitions)


def _source(file: str, node: ast.stmt, known: Collection[str]) -> str:
    """An addition as source text that never raises; empty for what is no addition."""
    if not isinstance(
        node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    ):
        return ""
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        return ""
    try:
        plain = ast.unparse(node)
        if _OURS in plain:
            return ""
        names = _bound_names(plain)
        if not names.isdisjoint(known) or any(map(_is_special, names)):
            return ""
        what = getattr(node, "name", "") or plain
        guarded = ast.parse(
            f"try:\n    pass\nexcept Exception as {_OURS}_error:\n"
            f"    print({f'{file}: left out {what}:'!r}, repr({_OURS}_error))"
        )
        outer = guarded.body[0]
        assert isinstance(outer, ast.Try)
        is_star = isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        outer.body = ast.parse(_STAR.format(plain=plain, ours=_OURS)).body if is_star else [node]
        source = ast.unparse(guarded)
    except _UNREADABLE:
        return ""
    return source if _compiles(source) else ""


def _each_import_alone(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements; an import of several names as one import of each."""
    for node in body:
        if isinstance(node, ast.Import):
            yield from (ast.Import([alias]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (ast.ImportFrom(node.module, [alias], node.level) for alias in node.names)
        else:
            yield node


def _is_special(name: str) -> bool:
    """Whether a name means something to Python in a module, or is one of ours."""
    return (name.startswith("__") and name.endswith("__")) or name.startswith(_OURS)


def _bound_names(source: str) -> frozenset[str]:
    """The global names that code binds, inside functions and classes too."""
    return frozenset(
        symbol.get_name()
        for number, scope in enumerate(_scopes(source))
        for symbol in scope.get_symbols()
        if (number == 0 or symbol.is_declared_global())
        and (symbol.is_assigned() or symbol.is_imported())
    )


def global_names(source: str) -> frozenset[str]:
    """The global names that code binds or uses, those of Python itself too."""
    return frozenset(
        symbol.get_name()
        for number, scope in enumerate(_scopes(source))
        for symbol in scope.get_symbols()
        if number == 0 or symbol.is_global()
    )


def _scopes(source: str) -> list[symtable.SymbolTable]:
    """The scope of a module, then all those inside it; none if it is not Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the student's code may cause some
            scopes = [symtable.symtable(source, "module", "exec")]
    except _UNREADABLE:
        return []
    for scope in scopes:  # it grows meanwhile
        scopes += scope.get_children()
    return scopes


def _parse(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the student's code may cause some
            return ast.parse(text)
    except _UNREADABLE:
        return None


def _dumped(tree: ast.Module | None, renamed: Renamed = Renamed()) -> list[str]:
    """The statements of a module as texts that are the same however they are laid out.

    Imports by the student's name for the package are as those by its own. The text of a statement
    that is nested too deeply is empty.
    """
    if tree is None:
        return []
    if renamed.own:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                node.module = _right_name(node.module, renamed)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    alias.name = _right_name(alias.name, renamed)
    return [_dump(node) for node in _each_import_alone(tree.body)]


def _right_name(module: str, renamed: Renamed) -> str:
    first, dot, rest = module.partition(".")
    return f"{renamed.package}{dot}{rest}" if first == renamed.own else module


def _dump(node: ast.stmt) -> str:
    try:
        return ast.dump(node)
    except RecursionError:
        return ""


def _compiles(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the student's code may cause some
            compile(source, "module", "exec", dont_inherit=True)
    except _UNREADABLE:
        return False
    return True
