"""The pages over reports: a student's feedback, the instructor's overview.

A page is one file that loads nothing: no script, no font, no picture. Its Content-Security-Policy
allows the one inline style sheet, by hash; whatever got past the escaping could do nothing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from functools import cache

import jinja2
from markupsafe import Markup

from autograder.records import Outcome, Report, Status
from autograder.render.feedback import feedback
from autograder.render.numbers import number, percent, plural
from autograder.render.overview import overview
from autograder.render.sentences import NOT_ISOLATED, STATUS_WORDS, WORDS, enforcement


def feedback_page(report: Report) -> str:
    """The page that a student may see."""
    return page_environment().get_template("feedback.html.j2").render(page=feedback(report))


def index_page(reports: Iterable[Report]) -> str:
    """The instructor's page over all reports; it links to ``feedback/`` and ``reports/``."""
    return page_environment().get_template("index.html.j2").render(page=overview(reports))


@cache
def page_environment(*packages: str) -> jinja2.Environment:
    """What every page is drawn with; templates are found in these packages too."""
    folders = [jinja2.PackageLoader(name) for name in (*packages, "autograder.render")]
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(folders),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    loader = environment.loader
    assert loader is not None
    style = loader.get_source(environment, "style.css")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment.globals |= {
        "style": Markup(style),
        "policy": f"default-src 'none'; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'",
        "Outcome": Outcome,
        "Status": Status,
        "word": WORDS,
        "told_by_word": (Outcome.PASSED, Outcome.PARTIAL, Outcome.FAILED, Outcome.MISSING),
        "status_word": STATUS_WORDS,
        "not_isolated": NOT_ISOLATED,
    }
    environment.filters |= {
        "number": number,
        "percent": percent,
        "plural": plural,
        "enforcement": enforcement,
    }
    return environment
