"""The JSON Schema of a report, published as ``report.schema.json`` beside the records.

``python -m autograder.render.schema`` prints what that file must hold.
"""

from __future__ import annotations

import json
from pathlib import Path

from autograder.records import schema

PUBLISHED = Path(__file__).parent.parent / "report.schema.json"


def schema_text() -> str:
    """The JSON Schema of a report, as text that ends in a newline."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Plumbline report",
    }
    return json.dumps(head | schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")
