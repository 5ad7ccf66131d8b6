"""The leaderboard's HTML page, which everybody may see."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.core.language import Language
from autograder.leaderboard.tables import PhaseTable
from autograder.render.html import page_environment


def leaderboard_page(
    title: str,
    tables: Sequence[PhaseTable],
    *,
    noun: str,
    language: Language,
    time: str,
    harness_sha256: str,
) -> str:
    """The page with the tables of all phases.

    Args:
        title: the assignment's.
        noun: what one prediction is for, such as ``image``.
        language: the variant's.
        time: when the tables were made, ISO 8601.
        harness_sha256: of the harness whose labels were used.
    """
    template = page_environment("autograder.leaderboard").get_template("leaderboard.html.j2")
    return template.render(
        title=title,
        tables=tables,
        noun=noun,
        time=time,
        harness=harness_sha256,
        t=language,
        lang=language.name,
    )
