"""Reading a command's arguments, with help and errors in the student's language."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import Any, NoReturn

from ..core.language import Language


class Parser(argparse.ArgumentParser):
    """A parser that says everything in one language.

    Attributes:
        options: the group that options are added to; ``--help`` is there already.
    """

    def __init__(self, say: Language, prog: str, description: str, epilog: str = "") -> None:
        super().__init__(
            prog=prog,
            description=say(description),
            epilog=say(epilog),
            add_help=False,
            formatter_class=partial(_Formatter, say=say),
        )
        self._say = say
        self.options = self.add_argument_group(say("options"))
        about_help = say("show this help message and exit")
        self.options.add_argument("-h", "--help", action="help", help=about_help)

    def error(self, message: str) -> NoReturn:
        """Print the usage and the message, and end with exit code 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {self._say('error')}: {self._say(message)}\n")


class _Formatter(argparse.HelpFormatter):
    """Translates the word before the usage."""

    def __init__(self, *arguments: Any, say: Language, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._say = say

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, prefix or f"{self._say('usage')}: ")
