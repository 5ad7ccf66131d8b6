"""Finds what in a check's body would look at the grader, and not at the student.

A check runs in the grader. There it sees none of what the student's code prints, raises, writes or
draws: that happens in the box. The student has an operation for each.
"""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import plumbline
from autograder.cli.author_files import read_text
from autograder.core.source_line import SourceLine
from autograder.errors import CheckError
from plumb.check_files import FilesRead, values_of

_FILE = (
    'student.file("out.csv") reads a file that the student\'s code wrote, '
    'grader_data.text("name") one of grader_data/'
)
_PRINTED = "student.printed(student.function, ...) is what a call prints"
_RAISES = "student.raises(student.function, ...) is what a call raises"
_CALL = "call the student's function: student.function(...)"
_WARNS = (
    "it is issued in the sandbox; return what the call gave, or let the assignment ask for an "
    f"exception: {_RAISES}"
)
_EVAL = 'student.eval("expression") is evaluated among the student\'s names'
#: What to use instead, by the dotted name of a module or of something in it.
INSTEAD = {
    "open": _FILE, "io.open": _FILE, "io.FileIO": _FILE, "pathlib": _FILE, "tempfile": _FILE,
    "shutil": _FILE, "glob": _FILE, "os": _FILE,
    "contextlib.redirect_stdout": _PRINTED, "contextlib.redirect_stderr": _PRINTED,
    "sys.stdout": _PRINTED, "sys.stderr": _PRINTED, "sys.__stdout__": _PRINTED,
    "builtins.print": _PRINTED, "os.dup2": _PRINTED,
    "subprocess": _CALL, "multiprocessing": _CALL, "os.system": _CALL, "os.popen": _CALL,
    "runpy": _CALL, "importlib": _CALL, "__import__": _CALL, "sys.modules": _CALL,
    "input": "give the function what it needs as arguments", "sys.stdin": _CALL, "sys.argv": _CALL,
    "pytest": _RAISES, "unittest": _RAISES,
    "inspect": "student.source(student.function) is its text with its syntax tree",
    "exec": _EVAL, "eval": _EVAL, "globals": _EVAL, "locals": _EVAL,
    "matplotlib": "student.figure(student.function, ...) is what a call draws",
    "pylab": "student.figure(student.function, ...) is what a call draws",
}  # fmt: skip
#: Modules whose functions raise if values differ.
_ASSERTING = ("numpy.testing", "pandas.testing")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_BLOCKS = (*_FUNCTIONS, ast.ClassDef)


def require_bodies_of_students(files: Iterable[Path]) -> None:
    """Raise CheckError, with every place, if a check in these files would look at the grader."""
    problems = []
    for path in files:
        found = sorted(misuses(read_text(path)))
        problems += [f"{SourceLine(str(path), line)}: {text}" for line, text in found]
    if problems:
        raise CheckError("\n".join(problems))


def misuses(source: str) -> set[tuple[int, str]]:
    """The lines of a file of checks that would look at the grader, each with what to use instead.

    Looked at are the checks, and what else of the file they use, directly or not: functions,
    classes, constants.
    """
    module = ast.parse(source)
    imported = _with_aliases(module, _imported(module))
    parts: dict[str, list[ast.stmt]] = {}
    for node in module.body:
        names = [node.name] if isinstance(node, _BLOCKS) else _stored(node)
        for name in names:
            parts.setdefault(name, []).append(node)
    values = values_of(node for node in module.body if not isinstance(node, _FUNCTIONS))
    functions = [node for node in module.body if isinstance(node, _FUNCTIONS)]
    values |= {node.name: [node] for node in functions}
    todo: list[ast.stmt] = [node for node in functions if _is_check(node, imported)]
    found: set[tuple[int, str]] = set()
    seen: set[ast.AST] = set()
    while todo:
        part = todo.pop()
        if part in seen:
            continue
        seen.add(part)
        todo += [node for name in _loaded(part) for node in parts.get(name, ())]
        known = {**imported, **_imported(part)}
        own = {*parts, *_parameters(part), *_stored(part)} - known.keys()
        dotted = functools.partial(_dotted, imported=known, own=own)
        found |= set(_in_body(part, dotted))
        found |= set(_files_in(part, _is_check(part, imported), values, dotted))
    return found


def _in_body(part: ast.stmt, dotted: Callable[[ast.AST], str]) -> Iterator[tuple[int, str]]:
    """The misuses in one function or another part of a file.

    Args:
        dotted: the dotted name of something imported, or of a builtin, else nothing.
    """
    students = {"student", *_arguments(part)[:1]}
    within: set[ast.AST] = set()  # a longer name of which something was said
    for node in (inner for statement in _body(part) for inner in ast.walk(statement)):
        line = getattr(node, "lineno", 0)
        if isinstance(node, (ast.Name, ast.Attribute)):
            complaint = "" if node in within else _complaint(dotted(node))
            if complaint:
                yield line, complaint
            if complaint or node in within:
                within.add(getattr(node, "value", node))
        elif isinstance(node, ast.With) and not students.isdisjoint(_loaded(*node.body)):
            for item in node.items:
                called = getattr(item.context_expr, "func", item.context_expr)
                if dotted(called) == "warnings.catch_warnings":
                    yield node.lineno, f"no warning of the student's arrives here: {_WARNS}"
        elif isinstance(node, ast.Call) and _is_eval(node, students):
            yield line, "student.eval takes an expression that stands in the check, as one string"
        elif isinstance(node, ast.Try) and not students.isdisjoint(_loaded(*node.body)):
            for handler in node.handlers:
                for kind in _never_raised(handler):
                    text = f"no {kind} of the student's arrives here, but a StudentError"
                    yield handler.lineno, f"{text}: {_RAISES}"


def _files_in(
    part: ast.stmt,
    is_check: bool,
    values: Mapping[str, Sequence[ast.AST]],
    dotted: Callable[[ast.AST], str],
) -> Iterator[tuple[int, str]]:
    """What NumPy and pandas are to read in one part of a file that the grader does not hold."""
    # A check's first arguments tell no file of the grader's; a helper's arguments may.
    strangers = {"student", *(_arguments(part)[:2] if is_check else ())}
    held = _parameters(part) - strangers
    files = FilesRead({**values, **values_of(_body(part))}, held, dotted)
    return files.in_body(_body(part))


def _body(part: ast.stmt) -> list[ast.stmt]:
    """The statements of a function or class, without its decorators; any other statement itself."""
    return part.body if isinstance(part, _BLOCKS) else [part]


def _arguments(part: ast.stmt) -> list[str]:
    """The arguments of a function, in order; of anything else none."""
    if not isinstance(part, _FUNCTIONS):
        return []
    every = part.args
    return [one.arg for one in (*every.posonlyargs, *every.args, *every.kwonlyargs)]


def _parameters(part: ast.stmt) -> set[str]:
    """The arguments of all functions in a part of a file."""
    return {node.arg for node in ast.walk(part) if isinstance(node, ast.arg)}


def _complaint(name: str) -> str:
    """What is wrong with a dotted name in a check; empty if nothing is."""
    if advice := INSTEAD.get(name) or INSTEAD.get(name.partition(".")[0]):
        return f"{name} looks at the grader and not at the student: {advice}"
    if f"{name}.".startswith(tuple(f"{module}." for module in _ASSERTING)):
        return f"{name} compares in the check itself: return the values, and they are compared"
    return ""


def _is_check(function: ast.AST, imported: Mapping[str, str]) -> bool:
    """Whether a function is decorated with ``@check(...)``."""
    decorators = getattr(function, "decorator_list", [])
    calls = (d.func for d in decorators if isinstance(d, ast.Call))
    return any(_dotted(call, imported, ()) == "plumbline.check" for call in calls)


def _imported(tree: ast.AST) -> dict[str, str]:
    """The dotted names that imports anywhere in a tree bind, by the names that they bind."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                found[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            public = plumbline.__all__ if node.module == "plumbline" else ()
            found |= {name: f"plumbline.{name}" for name in public}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return found


def _with_aliases(module: ast.Module, imported: Mapping[str, str]) -> dict[str, str]:
    """The names that imports bind, and those that a file binds to the same things.

    Such as ``check = pl.check``, and ``check = functools.partial(pl.check, visible=True)``.
    """
    found = dict(imported)
    for node in module.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = node.value
            if isinstance(value, ast.Call) and value.args:
                partial = _dotted(value.func, found, ()) == "functools.partial"
                value = value.args[0] if partial else value
            if name := _dotted(value, found, ()):
                found[node.targets[0].id] = name
    return found


def _dotted(node: ast.AST, imported: Mapping[str, str], own: Collection[str]) -> str:
    """The dotted name that an expression stands for; empty if it is no import and no builtin."""
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value, imported, own)
        return f"{before}.{node.attr}" if before else ""
    if not isinstance(node, ast.Name) or node.id in own:
        return ""
    return imported.get(node.id) or (node.id if hasattr(builtins, node.id) else "")


def _is_eval(call: ast.Call, students: Collection[str]) -> bool:
    """Whether it is ``student.eval`` of anything but one string that is written there."""
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="eval"), args=arguments):
            first = getattr(arguments[0], "value", None) if arguments else None
            return name in students and not isinstance(first, str)
    return False


def _never_raised(handler: ast.ExceptHandler) -> Iterator[str]:
    """The exceptions of Python's that a handler is for. A student's one is a StudentError."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    for kind in kinds:
        if isinstance(kind, ast.Name) and kind.id not in ("Exception", "BaseException"):
            known = getattr(builtins, kind.id, None)
            if isinstance(known, type) and issubclass(known, BaseException):
                yield kind.id


def _loaded(*trees: ast.AST) -> set[str]:
    return set(_names(trees, ast.Load))


def _stored(tree: ast.AST) -> set[str]:
    return set(_names([tree], ast.Store))


def _names(trees: Iterable[ast.AST], context: type[ast.expr_context]) -> Iterator[str]:
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, context):
                yield node.id
