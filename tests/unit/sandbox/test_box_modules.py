"""Our modules in a box: their bytecode is that of the box's own files."""

import importlib.util
import marshal
from pathlib import Path
from types import CodeType

import autograder
from autograder.sandbox.box_modules import BOX_MODULES, copy_box_modules


def filenames(code):
    yield code.co_filename
    for held in code.co_consts:
        if isinstance(held, CodeType):
            yield from filenames(held)


def test_the_bytecode_in_a_box_belongs_to_its_source_and_names_the_file_in_the_box(tmp_path):
    copy_box_modules(tmp_path)
    top = tmp_path / BOX_MODULES
    sources = sorted(top.rglob("*.py"))
    assert top / "autograder" / "box" / "runner.py" in sources
    for source in sources:
        inside = source.relative_to(top)
        compiled = Path(importlib.util.cache_from_source(str(source))).read_bytes()
        assert compiled[:4] == importlib.util.MAGIC_NUMBER
        assert compiled[8:16] == importlib.util.source_hash(source.read_bytes())
        found = set(filenames(marshal.loads(compiled[16:])))
        assert found == {f"/submission/{BOX_MODULES}/{inside}"}
    assert not any(autograder.__file__.encode() in path.read_bytes() for path in top.rglob("*.pyc"))
