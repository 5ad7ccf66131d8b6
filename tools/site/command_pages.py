"""A hook of MkDocs: the page of the commands, made from their help while the site is built."""

from __future__ import annotations

import re

import typer
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from typer.cli import get_docs_for_click
from typer.main import get_command

from plumb.cli.app import make_app

PAGE = "commands.md"

#: The head of the examples in a command's help, and the calls below it.
_EXAMPLES = re.compile(r"\[bold\](Examples?)\[/\]\n((?:\nplumb .+\n)+)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the page to those of the site."""
    files.append(File.generated(config, PAGE, content=commands_page()))
    return files


def commands_page() -> str:
    """The page: every command with its help, arguments, options and examples, as Markdown."""
    command = get_command(make_app())
    for each in getattr(command, "commands", {}).values():
        each.short_help = (each.help or "").partition("\n")[0]  # in full, not cut for a terminal
    context = typer.Context(command, info_name="plumb")
    page = get_docs_for_click(obj=command, ctx=context, name="plumb", title="The command line")
    page = _EXAMPLES.sub(_as_code, page)
    if "[bold]" in page:  # a help text of another form, which would be shown as it stands
        raise PluginError(f"{PAGE}: markup of the terminal is left in it")
    return page


def _as_code(examples: re.Match[str]) -> str:
    calls = "\n".join(line for line in examples[2].split("\n") if line)
    return f"**{examples[1]}**:\n\n```console\n{calls}\n```\n"
