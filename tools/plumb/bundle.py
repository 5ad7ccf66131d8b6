"""Packs built files into zips whose bytes depend on the files alone."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

_UNDATED = (1980, 1, 1, 0, 0, 0)


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files, ordered by name and without dates.

    The files are not compressed: another release of zlib would compress them to other bytes.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            member = zipfile.ZipInfo(name, _UNDATED)
            member.create_system = 3  # Unix, so that the permissions below are read
            member.external_attr = 0o100644 << 16
            archive.writestr(member, files[name])
    return buffer.getvalue()


def below(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files, with this folder above them."""
    return {f"{folder}/{name}": data for name, data in files.items()}


def manifest(current: Path, variant: str, bundles: Mapping[str, Mapping[str, bytes]]) -> bytes:
    """``MANIFEST.json``: the SHA-256 of every bundle's zip and of every file inside it.

    The entries of other variants are taken over from the file `current`.
    """
    content = json.loads(current.read_bytes()) if current.is_file() else {}
    for name, files in bundles.items():
        content[f"{variant}/{name}.zip"] = {
            "sha256": hashlib.sha256(pack(files)).hexdigest(),
            "files": {path: hashlib.sha256(files[path]).hexdigest() for path in sorted(files)},
        }
    return (json.dumps(dict(sorted(content.items())), indent=1) + "\n").encode()


def write_tree(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files below a folder, and make the folders that they need."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
