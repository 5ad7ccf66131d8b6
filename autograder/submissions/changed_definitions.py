"""How the classes and functions of a given file were changed in a submission, which is not run.

An exception that follows from it speaks of an attribute or of an argument that is not there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

Function = ast.FunctionDef | ast.AsyncFunctionDef
#: Stands for every keyword argument, where a function takes any.
ANY_ARGUMENT = "**"


@dataclass(frozen=True)
class ChangedDefinitions:
    """What only the submission's file has, of classes and functions that are given.

    Attributes:
        attributes: of classes, as ``Class.name``: methods, variables, and what methods set.
        arguments: by the function, or the method as ``Class.name``, whose arguments are others: the
            names that it may be called with.
    """

    attributes: frozenset[str] = frozenset()
    arguments: dict[str, frozenset[str]] = field(default_factory=dict)


def changed_definitions(given: ast.Module, submitted: ast.Module) -> ChangedDefinitions:
    """Compare the classes and functions at the top of two modules that have the same names."""
    known, own = _classes(given), _classes(submitted)
    before, after = dict(_functions(given)), dict(_functions(submitted))
    return ChangedDefinitions(
        frozenset(
            f"{name}.{attribute}"
            for name in known.keys() & own.keys()
            for attribute in _attributes(own[name]) - _attributes(known[name])
        ),
        {
            name: _names(after[name].args)
            for name in before.keys() & after.keys()
            if _signature(before[name].args) != _signature(after[name].args)
        },
    )


def _classes(module: ast.Module) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}


def _functions(module: ast.Module) -> Iterator[tuple[str, Function]]:
    """The functions and methods, as an exception names them."""
    for node in module.body:
        if isinstance(node, Function):
            yield node.name, node
    for name, class_ in _classes(module).items():
        for node in class_.body:
            if isinstance(node, Function):
                yield f"{name}.{node.name}", node


def _attributes(class_: ast.ClassDef) -> set[str]:
    found = set()
    for node in class_.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        else:
            names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
            found |= {name.id for name in names if isinstance(name.ctx, ast.Store)}
        if isinstance(node, Function) and node.args.args:
            found |= set(_set_by(node, node.args.args[0].arg))
    return found


def _set_by(method: Function, this: str) -> Iterator[str]:
    """The attributes that a method sets of its first argument."""
    for node in ast.walk(method):
        match node:
            case ast.Attribute(value=ast.Name(id=name), ctx=ast.Store()) if name == this:
                yield node.attr


def _signature(arguments: ast.arguments) -> tuple[object, ...]:
    """What decides which calls are refused; defaults count by their number alone."""
    groups = (arguments.posonlyargs, arguments.args, arguments.kwonlyargs)
    optional = [default is not None for default in arguments.kw_defaults]
    return (
        *([argument.arg for argument in group] for group in groups),
        len(arguments.defaults),
        optional,
        arguments.vararg is None,
        arguments.kwarg is None,
    )


def _names(arguments: ast.arguments) -> frozenset[str]:
    names = {argument.arg for argument in (*arguments.args, *arguments.kwonlyargs)}
    return frozenset(names | ({ANY_ARGUMENT} if arguments.kwarg else set()))
