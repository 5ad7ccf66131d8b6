"""Expected outputs as two files: arrays in ``expected.npz``, all else in ``expected.json``."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .judge import Expected
from .values import ARRAY, NUMBER, kind


def encode_expected(expected: Mapping[str, Expected]) -> dict[str, bytes]:
    """The two files' contents by name; the same values give the same bytes."""
    arrays: dict[str, Any] = {}

    def entry(value: Any) -> Any:
        what = kind(value)
        if what == ARRAY:
            key = f"a{len(arrays)}"
            arrays[key] = np.asarray(value)
            return {"array": key}
        if what == NUMBER:
            return {"number": np.asarray(value).item()}
        return {"value": value}

    index = {
        check: {
            "observations": {name: entry(v) for name, v in one.observations.items()},
            "trace": list(one.trace),
        }
        for check, one in expected.items()
    }
    text = json.dumps(index, indent=1, allow_nan=False, sort_keys=False)
    return {"expected.json": text.encode(), "expected.npz": _npz(arrays)}


def _npz(arrays: Mapping[str, Any]) -> bytes:
    """An uncompressed .npz whose bytes depend on the arrays alone: no dates of its making."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(array), allow_pickle=False)
            undated = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            archive.writestr(undated, member.getvalue())
    return buffer.getvalue()


def read_expected(folder: Path) -> dict[str, Expected]:
    """Read both files from a folder. Raises OSError, ValueError or KeyError if they are damaged."""
    index = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    with np.load(folder / "expected.npz", allow_pickle=False) as arrays:

        def value(entry: dict[str, Any]) -> Any:
            if "array" in entry:
                return arrays[entry["array"]]
            return entry["number"] if "number" in entry else entry["value"]

        return {
            check: Expected(
                {name: value(entry) for name, entry in one["observations"].items()},
                tuple(one["trace"]),
            )
            for check, one in index.items()
        }
