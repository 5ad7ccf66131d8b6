"""What all HTML pages have in common: templates, escaping, the style sheet, the security policy.

A page is one file that loads nothing: no script, no font, no picture. Its Content-Security-Policy
allows the one inline style sheet, by its hash, and nothing else. So even HTML that was not escaped
could do nothing.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache

import jinja2
from markupsafe import Markup

from autograder.core.language import IN_ENGLISH
from autograder.records import Outcome, Status
from autograder.render.format_numbers import number, percent, plural
from autograder.render.format_times import minute, short_hash
from autograder.render.outcome_words import NOT_ISOLATED, STATUS_WORDS, WORDS


@cache
def page_environment(*packages: str) -> jinja2.Environment:
    """The templates that every page is drawn with.

    Args:
        packages: further packages with a folder ``templates``; theirs are found first.
    """
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
        "status_word": STATUS_WORDS,
        "not_isolated": NOT_ISOLATED,
        # A page for students is drawn with these in its own language.
        "t": IN_ENGLISH,
        "lang": IN_ENGLISH.name,
    }
    environment.filters |= {
        "number": number,
        "percent": percent,
        "plural": plural,
        "minute": minute,
        "short_hash": short_hash,
    }
    return environment
