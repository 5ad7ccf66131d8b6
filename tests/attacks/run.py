"""Runs attacks, a line each. ``make attacks``, or ``python -m tests.attacks.run [NAME ...]``.

Exit code: 0 if none succeeds, 1 if one does or anything is left behind.
"""

import sys

from tests.attacks.corpus import CLASSES, Attack, attacks
from tests.attacks.grading import new_class
from tests.attacks.judging import Verdict, judge

#: One honest student for so many attacks.
BETWEEN = 8


def main(names: list[str]) -> int:
    """Grade the attacks of these names or classes, all by default, among honest students."""
    chosen = [a for a in attacks() if not names or a.name in names or a.kind in names]
    if not chosen:
        print("There is no such attack.")
        return 2
    with new_class() as everyone:
        students: dict[str, Attack] = {}
        for number, attack in enumerate(chosen):
            if number % BETWEEN == 0:
                everyone.hand_in_honestly(f"{number:03}-before-{attack.name}")
            student = f"{number:03}-{attack.name}"
            attack.hand_in(everyone.submissions, student)
            students[student] = attack
        reports, pages, left = everyone.grade()
        touched = everyone.touched(reports)
        verdicts = [
            judge(attack, reports.get(student), pages.get(student, ""), everyone.canaries)
            for student, attack in students.items()
        ]
    for verdict in verdicts:
        print(verdict.line)
    print()
    for kind in CLASSES:
        own = [verdict for verdict in verdicts if verdict.attack.kind == kind]
        if own:
            print(f"{kind:<12} {summary(own)}")
    print(f"{'all':<12} {summary(verdicts)}; {len(everyone.honest)} honest submissions among them")
    for line in left:
        print(f"LEFT BEHIND  {line}")
    for student in touched:
        print(f"TOUCHED  the grade of {student} is not what it is in a clean run")
    return 1 if left or touched or any(v.broken for v in verdicts) else 0


def summary(verdicts: list[Verdict]) -> str:
    """``27 attacks, 0 succeed, 3 lack a limit here``."""
    broken = sum(bool(verdict.broken) for verdict in verdicts)
    lacking = sum(bool(verdict.lacking and not verdict.broken) for verdict in verdicts)
    more = f", {lacking} not stopped: no limit is enforced here" if lacking else ""
    return f"{len(verdicts):>4} attacks, {broken} succeed{more}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
