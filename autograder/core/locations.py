"""Where a variant keeps the definitions that checks use: in which module, or in which notebook.

Checks use the reference's names, such as ``layers.conv_forward_naive``. A variant may lay out the
package flat, and may have some definitions written in a notebook's cells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

#: The file in a run folder.
_FILE = "locations.json"


@dataclass(frozen=True)
class Locations:
    """The definitions that a variant has elsewhere than the reference.

    Attributes:
        modules: the variant's module by the reference's, both dotted names below the package; only
            those that differ.
        cells: the notebook by the dotted name of the definition that is written in it.
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)

    def find(self, path: str) -> tuple[str, str]:
        """Where the variant has what the reference has at `path`, a dotted name below the package.

        Returns the notebook, or an empty string if it is in a module, and the dotted name in the
        notebook or below the package.
        """
        for name, notebook in self.cells.items():
            if path == name or path.startswith(f"{name}."):
                return notebook, path[name.rfind(".") + 1 :]
        for module, other in self.modules.items():
            if path == module or path.startswith(f"{module}."):
                return "", other + path[len(module) :]
        return "", path


def write_locations(run: Path, modules: Mapping[str, str], cells: Mapping[str, str]) -> None:
    """Write a variant's locations into a run folder, for the box."""
    text = json.dumps({"modules": modules, "cells": cells})
    run.joinpath(_FILE).write_text(text, encoding="ascii")


def read_locations(run: Path) -> Locations:
    """Read the locations in a run folder; empty ones if there is no such file."""
    file = run / _FILE
    return Locations(**json.loads(file.read_text("ascii"))) if file.is_file() else Locations()
