"""Paths in a student's text, cut to the part that the student knows."""

from __future__ import annotations

import re

#: An absolute path of two parts or more, up to its last slash.
_FOLDERS = re.compile(r"(?<![\w/.~<-])(?:/[^\s/\"'<>:,;]+)+/(?=[^\s/])")
#: The part of a path behind one of these folders is the student's or a library's. It is kept.
_ROOTS = re.compile(r".*/(?:package|notebooks|submission|site-packages|lib/python3\.\d+)/")


def without_paths(text: str) -> str:
    """The text with absolute paths cut to the part that a student knows.

    ``/submission/package/convnet/layers.py`` becomes ``convnet/layers.py``. Students are not shown
    where the grader keeps its folders.
    """

    def meaningful(folders: re.Match[str]) -> str:
        root = _ROOTS.match(folders[0])
        return folders[0][root.end() :] if root else ""

    return _FOLDERS.sub(meaningful, text)
