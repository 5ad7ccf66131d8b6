"""The tree of exceptions, as `autograder.errors` draws it, is the tree of the classes."""

import builtins
import importlib
import pkgutil
import re

import autograder
import plumb
import plumbline
from autograder import errors
from autograder.core import errors as core_errors

#: A line of the drawing: its branches, the name, a star for those in core, the exit code.
LINE = re.compile(
    r"    (?P<branches>[│├└─ ]*)(?P<name>\w+)(?P<core> \*)? *(?P<code>\d+|-)?(?:  .*)?"
)


def drawn():
    """By name: the parent's name, whether core holds it, the exit code."""
    tree, above = {}, {}
    for line in errors.__doc__.partition("::\n\n")[2].partition("\n\n")[0].splitlines():
        found = LINE.fullmatch(line)
        assert found, line
        depth = len(found["branches"]) // 4
        above[depth] = found["name"]
        if hasattr(builtins, found["name"]):
            continue
        code = int(found["code"]) if found["code"].isdigit() else None
        parent = above[depth - 1] if depth else "Exception"
        tree[found["name"]] = (parent, bool(found["core"]), code)
    return tree


def defined():
    """The same of every exception class in any of our modules."""
    tree = {}
    for package in (autograder, plumb, plumbline):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("__main__"):
                continue
            for value in vars(importlib.import_module(module.name)).values():
                if not isinstance(value, type) or not issubclass(value, BaseException):
                    continue
                if value.__module__.split(".")[0] in ("autograder", "plumb", "plumbline"):
                    (parent,) = value.__bases__
                    core = value.__module__ == core_errors.__name__
                    assert core or value.__module__ == errors.__name__, value
                    tree[value.__name__] = (parent.__name__, core, value.exit_code)
    return tree


def test_every_exception_is_drawn_with_its_parent_its_place_and_its_exit_code():
    assert drawn() == defined()


def test_every_exception_can_be_imported_from_errors():
    assert set(drawn()) <= set(errors.__all__)
    assert all(hasattr(errors, name) for name in errors.__all__)


def test_a_failure_of_the_box_says_what_to_do():
    assert "`plumb doctor`" in errors.BoxError("no box").sentence
    assert errors.UserError("a.zip is damaged").sentence == "a.zip is damaged"
