"""The course of `tests/courses/numerics`, and what its class of six hands in.

`tests/courses/numerics_class` has a file for each student: by week the answers, the score, and the
checks that lose points, each with its outcome and how its message begins.
"""

import json
import shutil
import tomllib
from pathlib import Path

from tests.hand_ins import hand_in

COURSES = Path(__file__).parent / "courses"
WEEKS = ("week1", "week2", "week3")
#: By name what is known of each student.
CLASS = {
    path.stem: tomllib.loads(path.read_text("utf-8"))
    for path in sorted((COURSES / "numerics_class").glob("*.toml"))
}


def lay_out_course(folder: Path) -> None:
    """Copy the course into a folder."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(COURSES / "numerics", folder, dirs_exist_ok=True, ignore=ignored)


def hand_in_week(course: Path, week: str, students=tuple(CLASS)) -> Path:
    """Hand in the answers of students to a released week; the folder with them."""
    handed_in = course / "handed_in" / week
    for name in students:
        if week in CLASS[name]:
            release = course / "release" / week / "student.zip"
            hand_in(release, handed_in / name, CLASS[name][week]["answers"])
    return handed_in


def wrong_verdicts(course: Path, week: str, students=tuple(CLASS)) -> dict[str, object]:
    """By student, what of their report differs from what is known."""
    found = {}
    for name in students:
        path = course / "grades" / week / "reports" / f"{name}.json"
        report = json.loads(path.read_text("utf-8"))
        checks = [check for question in report["questions"] for check in question["checks"]]
        lost = {
            check["id"]: f"{check['outcome']}: {check['message']}"
            for check in checks
            if check["score"] < check["points"]
        }
        known = CLASS[name].get(week)
        if known is None:
            if report["status"] != "absent":
                found[name] = report["status"]
            continue
        reasons = known.get("lost", {})
        score = sum(check["score"] for check in checks)
        as_known = lost.keys() == reasons.keys() and all(
            lost[id_].startswith(reason) for id_, reason in reasons.items()
        )
        if not as_known or score != known["score"]:
            found[name] = (score, lost)
    return found
