"""Expected outputs as two files: arrays in ``expected.npz``, the rest in ``expected.json``."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .functions import NEVER_CALLED, FunctionUse
from .judge import Expected
from .student import TraceEntry
from .values import ARRAY, NUMBER, kind


def encode_expected(expected: Mapping[str, Expected]) -> dict[str, bytes]:
    """The contents of the two files by name; the same values give the same bytes."""
    arrays: dict[str, Any] = {}

    def entry(value: Any) -> Any:
        if kind(value) == ARRAY:
            key = f"a{len(arrays)}"
            arrays[key] = np.asarray(value)
            return {"array": key}
        if kind(value) == NUMBER:
            return {"number": np.asarray(value).item()}
        return {"value": value}

    index = {
        check: {
            "observations": {name: entry(v) for name, v in recorded.observations.items()},
            "trace": [[step.subject, step.structure] for step in recorded.trace],
            **_use_entry(recorded.use),
        }
        for check, recorded in expected.items()
    }
    text = json.dumps(index, indent=1, allow_nan=False, sort_keys=False)
    return {"expected.json": text.encode(), "expected.npz": _npz(arrays)}


def _use_entry(use: FunctionUse) -> dict[str, Any]:
    """How functions were called, for a check that has any."""
    return {} if use == NEVER_CALLED else {"use": [use.calls, dict(use.sizes)]}


def _npz(arrays: Mapping[str, Any]) -> bytes:
    """An uncompressed .npz without dates, so that its bytes depend on the arrays alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            undated = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            archive.writestr(undated, member.getvalue())
    return buffer.getvalue()


def read_expected(folder: Path) -> dict[str, Expected]:
    """Read both files from a folder.

    Raises OSError, ValueError, KeyError or TypeError if they are damaged.
    """
    index = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    with np.load(folder / "expected.npz", allow_pickle=False) as arrays:

        def value(entry: dict[str, Any]) -> Any:
            if "array" in entry:
                return arrays[entry["array"]]
            return entry["number"] if "number" in entry else entry["value"]

        return {
            check: Expected(
                {name: value(entry) for name, entry in recorded["observations"].items()},
                tuple(TraceEntry(*pair) for pair in recorded["trace"]),
                FunctionUse(*recorded.get("use", ())),
            )
            for check, recorded in index.items()
        }
