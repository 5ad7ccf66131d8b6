"""Finds files that a notebook shows or links and that students would not get."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from plumb.sources import SourceCell

#: Code in a text: what looks like a link there is none.
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(
    r"""\]\(\s*<?(?P<markdown>[^)\s>]+)|<img\b[^>]*?\bsrc\s*=\s*["'](?P<html>[^"']+)"""
)
#: ``IPython.display.Image`` in a code cell.
_IMAGE = re.compile(r"""\bImage\(\s*(?:filename\s*=\s*)?["'](?P<code>[^"']+)["']""")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/#]")


def links_to_missing(cells: Iterable[SourceCell], given: Collection[str]) -> Iterator[str]:
    """A sentence for each file that a cell shows or links, that the author has, and no student.

    Args:
        given: the paths of the files that students get beside the notebooks.
    """
    for cell in cells:
        text = cell.text
        if cell.kind == "markdown":
            text = _CODE.sub(lambda found: "\n" * found[0].count("\n"), text)
        for link in (_IMAGE if cell.kind == "code" else _LINK).finditer(text):
            written = next(filter(None, link.groups()))
            name = posixpath.normpath(unquote(re.split("[#?]", written)[0]))
            is_here = not _ELSEWHERE.match(written) and (Path(cell.file).parent / name).is_file()
            if is_here and name not in given:
                line = cell.line + text.count("\n", 0, link.start())
                base = posixpath.basename(name)
                inside = base if name.startswith("../") else name
                yield (
                    f"{cell.file}:{line}: students would not get {name}; put it into handout/, so "
                    f"that they get handout/{inside} as {inside}, or into data/, and write "
                    f"data/{base} here"
                )
