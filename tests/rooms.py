"""The rooms of the code base, and which of them import which: read from the imports themselves."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: Packages with their folders; the modules of the first are rooms, the others are rooms themselves.
PACKAGES = {"autograder": ROOT / "autograder", "plumb": ROOT / "tools" / "plumb",
            "plumbline": ROOT / "tools" / "plumbline"}  # fmt: skip


def room_of(module):
    """The room of a dotted module: ``autograder.core.checks`` lies in ``core``."""
    parts = module.split(".")
    return parts[1] if parts[0] == "autograder" and len(parts) > 1 else parts[0]


def modules():
    """Every module by its dotted name, with its file."""
    for package, folder in PACKAGES.items():
        for path in sorted(folder.rglob("*.py")):
            if "templates" in path.parts:  # what an author gets, and no module of ours
                continue
            parts = [package, *path.relative_to(folder).with_suffix("").parts]
            yield ".".join(part for part in parts if part != "__init__"), path


def imported(module, path):
    """The modules of ours that a module imports, at whatever place in it."""
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            # ``from .. import core`` names a room, ``from .core import check`` a thing in one.
            names = [f"{base}.{alias.name}" if base in PACKAGES else base for alias in node.names]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] in PACKAGES)


def uses():
    """Which room uses which others, by its name."""
    found = {}
    for module, path in modules():
        room = room_of(module)
        found.setdefault(room, set()).update(map(room_of, imported(module, path)))
    return {room: others - {room, "autograder"} for room, others in found.items()}


def direct(graph):
    """The arrows of a graph without those that follow from others."""

    def reach(room):
        return {room}.union(*(reach(other) for other in graph.get(room, ())))

    return {
        (room, other)
        for room, others in graph.items()
        for other in others
        if not any(other in reach(third) for third in others - {other})
    }


def drawn(page):
    """The arrows in a page's Mermaid picture."""
    picture = re.search(r"```mermaid\n(.*?)```", page, re.DOTALL)[1]
    return set(re.findall(r"^ *(\w+) --> (\w+)$", picture, re.MULTILINE))
