"""What students hand in: a released package with answers in the place of its stubs.

Notebooks are built by the release, so that none of them stands in the repository.
"""

import json
import re
import textwrap
import zipfile
from pathlib import Path

#: A region of a student's, with the markers of a course's own; group 1 is its indentation.
_REGION = (
    r"^([ \t]*)((?:# |<!-- )BEGIN YOUR (?:CODE|ANSWER) {id}\b[^\n]*\n).*?"
    r"^([ \t]*(?:# |<!-- )END YOUR (?:CODE|ANSWER) {id}\b)"
)


def hand_in(student_zip: Path, folder: Path, answers: dict[str, str]) -> None:
    """Unpack a students' package into a folder, and write the answers into their regions."""
    with zipfile.ZipFile(student_zip) as archive:
        archive.extractall(folder)
    left = set(answers)
    for path in sorted(folder.rglob("*")):
        if "selfcheck" in path.relative_to(folder).parts or not path.is_file():
            continue
        if path.suffix == ".ipynb":
            notebook = json.loads(path.read_text("utf-8"))
            for cell in notebook["cells"]:
                cell["source"] = _answered("".join(cell["source"]), answers, left)
            path.write_text(json.dumps(notebook), "utf-8")
        elif path.suffix == ".py":
            path.write_text(_answered(path.read_text("utf-8"), answers, left), "utf-8")
    assert not left, f"{student_zip} has no region for {sorted(left)}"


def _answered(text: str, answers: dict[str, str], left: set[str]) -> str:
    """A text with answers in its regions; what is found is taken out of `left`."""
    for region, answer in answers.items():
        pattern = re.compile(_REGION.format(id=re.escape(region)), re.DOTALL | re.MULTILINE)
        if match := pattern.search(text):
            left.discard(region)
            body = textwrap.indent(textwrap.dedent(answer).strip("\n"), match[1])
            text = f"{text[: match.start()]}{match[1]}{match[2]}{body}\n{text[match.start(3) :]}"
    return text
