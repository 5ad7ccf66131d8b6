"""Where a variant keeps what the checks ask for: in which module, or in which notebook.

Checks name things as the reference has them, ``layers.conv_forward_naive``. A variant may lay the
package out flat, and may have some definitions written in a notebook's cells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

#: In a run folder.
_FILE = "places.json"


@dataclass(frozen=True)
class Locations:
    """Attributes:
    modules: the variant's module by the reference's, both dotted and below the package; only those
        that bear another name.
    cells: the notebook by the dotted name of what is defined in it.
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, str] = field(default_factory=dict)

    def find(self, path: str) -> tuple[str, str]:
        """The notebook, or an empty string, and the dotted name in it or below the package."""
        for name, notebook in self.cells.items():
            if path == name or path.startswith(f"{name}."):
                return notebook, path[name.rfind(".") + 1 :]
        for module, other in self.modules.items():
            if path == module or path.startswith(f"{module}."):
                return "", other + path[len(module) :]
        return "", path


def write_locations(run: Path, modules: Mapping[str, str], cells: Mapping[str, str]) -> None:
    """Lay them down in a run folder, for the box."""
    text = json.dumps({"modules": modules, "cells": cells})
    run.joinpath(_FILE).write_text(text, encoding="ascii")


def read_locations(run: Path) -> Locations:
    """Those of a run folder; none if it has no such file."""
    file = run / _FILE
    return Locations(**json.loads(file.read_text("ascii"))) if file.is_file() else Locations()
