"""A line of an instructor's file, for messages that send somebody there."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class SourceLine:
    """A line of a Python file; as text it is ``file:line``."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    def reached_by(self, error: BaseException) -> SourceLine:
        """The line of the same file where an exception came from: that of the last frame in it.

        The line itself if no frame of the exception is in the file.
        """
        line, frames = self.line, error.__traceback__
        # A frame's path is absolute; the file may be named by a relative one.
        file = os.path.abspath(self.file)
        while frames is not None:
            if os.path.abspath(frames.tb_frame.f_code.co_filename) == file:
                line = frames.tb_lineno
            frames = frames.tb_next
        return SourceLine(self.file, line)
