"""The leaderboard's HTML page, which everybody may see."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.leaderboard.tables import PhaseTable
from autograder.render.html import page_environment


def leaderboard_page(title: str, tables: Sequence[PhaseTable]) -> str:
    """The page with the tables of all phases; `title` is the assignment's."""
    template = page_environment("autograder.leaderboard").get_template("leaderboard.html.j2")
    return template.render(title=title, tables=tables)
