"""Submissions that nobody means harm by: what goes wrong in every class, handed in as it comes.

Each is a function that changes the files of an honest submission, or one that writes what is
handed in by itself and gives its path.
"""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.attacks.corpus import write_files
from tests.attacks.vault import notebook

Files = dict[str, bytes]
OPS, CALM, BOOK = "vault/ops.py", "vault/calm.py", "Vault.ipynb"


def _body(text: str) -> Callable[[Files], Files]:
    """`double` with another body, the rest as it was."""
    return lambda files: files | {OPS: files[OPS].replace(b"return 2 * x", text.encode())}


def _top(text: str) -> Callable[[Files], Files]:
    """Lines above everything else in the module."""
    return lambda files: files | {OPS: text.encode() + files[OPS]}


def _cell(source: str) -> Callable[[Files], Files]:
    """Another answer in the notebook."""
    return lambda files: files | {BOOK: notebook([{"id": "best-answer", "source": source}])}


def _without(*names: str) -> Callable[[Files], Files]:
    return lambda files: {name: data for name, data in files.items() if name not in names}


def _moved(change: Callable[[str], str]) -> Callable[[Files], Files]:
    return lambda files: {change(name): data for name, data in files.items()}


#: What is changed, by name.
CHANGED: dict[str, Callable[[Files], Files]] = {
    "syntax_error": _top("def broken(:\n"),
    "tabs_and_spaces": _top("def f():\n\tx = 1\n        return x\n"),
    "python_2": _body("print 'doubling'\n    return 2 * x"),
    "null_bytes": _top("\0\0"),
    "other_encoding": lambda files: files | {OPS: b"# f\xfcr alle\n" + files[OPS]},
    "byte_order_mark": lambda files: files | {OPS: b"\xef\xbb\xbf" + files[OPS]},
    "windows_lines": lambda files: files | {OPS: files[OPS].replace(b"\n", b"\r\n")},
    "missing_library": _top("import tensorflow as tf\n"),
    "imports_itself": _top("from vault.ops import double\n"),
    "raises_at_import": _top("assert 1 == 2\n"),
    "exits_at_import": _top("import sys\nsys.exit()\n"),
    "reads_a_file": _top("open('C:/Users/me/data.csv')\n"),
    "changes_folder": _top("import os\nos.chdir('/home/me')\n"),
    "asks": _body("return float(input('How often? ')) * x"),
    "endless_loop": _body("while True:\n        pass"),
    "endless_recursion": _body("return double(x)"),
    "returns_nothing": _body("y = 2 * x"),
    "returns_a_list": _body("return (2 * x).tolist()"),
    "changes_its_argument": _body("x *= 2\n    return None"),
    "prints_a_lot": _body("print('here\\n' * 2_000_000)\n    return 2 * x"),
    "divides_by_zero": _body("return x / 0 * 2"),
    "wants_more_arguments": lambda f: f | {OPS: f[OPS].replace(b"double(x)", b"double(x, y)")},
    "empty_module": lambda files: files | {OPS: b""},
    "one_module_missing": _without(CALM),
    "notebook_only": _without(OPS, CALM),
    "no_notebook": _without(BOOK),
    "empty_folder": lambda files: {"nothing.txt": b"see mail"},
    "other_package_name": _moved(lambda name: name.replace("vault/", "vault (1)/")),
    "deep_inside": _moved(lambda name: f"Desktop/homework/final/FINAL2/{name}"),
    "checkpoints_too": lambda files: files | {".ipynb_checkpoints/Vault-checkpoint.ipynb": b"{"},
    "notebook_is_html": lambda files: files | {BOOK: b"<!DOCTYPE html><html><body>Login"},
    "notebook_is_empty": lambda files: files | {BOOK: b""},
    "notebook_has_no_cells": lambda files: files | {BOOK: notebook([])},
    "cell_with_an_error": _cell("def best(n)\n    return n * n + 1\n"),
    "cell_downloads": _cell("!wget -q http://x/y\n\ndef best(n):\n    return n * n + 1\n"),
}


def _file(suffix: str, data: Callable[[Files], bytes]) -> Callable[[Path, Files], Path]:
    def write(path: Path, files: Files) -> Path:
        target = path.with_name(path.name + suffix)
        target.write_bytes(data(files))
        return target

    return write


def _zip(path: Path, files: Files) -> Path:
    target = path.with_name(f"{path.name}.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("/", "\\"), data)
            archive.writestr(f"__MACOSX/._{name}", b"\0")
    return target


#: What is written otherwise.
WRITTEN: dict[str, Callable[[Path, Files], Path]] = {
    "word_document_as_zip": _file(".zip", lambda files: b"\xd0\xcf\x11\xe0" + bytes(2000)),
    "empty_zip": _file(".zip", lambda files: b""),
    "single_notebook": _file(".ipynb", lambda files: files[BOOK]),
    "link_to_a_drive": _file(
        ".zip", lambda files: json.dumps({"url": "https://drive.example.org/x"}).encode()
    ),
    "zip_from_windows": _zip,
}


def hand_in(name: str, folder: Path, student: str, files: Files) -> Path:
    """Write the broken submission of that name, made of an honest one; where it lies."""
    path = folder / student
    if name in WRITTEN:
        return WRITTEN[name](path, files)
    write_files(path, CHANGED[name](files))
    return path
