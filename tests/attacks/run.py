"""Runs every attack, a line each. ``make attacks``, or ``python -m tests.attacks.run [NAME ...]``.

Exit code: 0 if none succeeds, 1 if one does or anything is left behind.
"""

import sys
from collections import Counter

from tests.attacks.corpus import CLASSES, Attack, attacks
from tests.attacks.grading import new_class
from tests.attacks.judging import judge, without_times

#: One honest student for so many attacks.
BETWEEN = 8


def main(names: list[str]) -> int:
    """Grade the attacks of these names or classes, all by default, among honest students."""
    chosen = [a for a in attacks() if not names or a.name in names or a.kind in names]
    if not chosen:
        print("There is no such attack.")
        return 2
    with new_class() as everybody:
        students: dict[str, Attack] = {}
        for number, attack in enumerate(chosen):
            if number % BETWEEN == 0:
                everybody.hand_in_honestly(f"{number:03}-before-{attack.name}")
            student = f"{number:03}-{attack.name}"
            attack.hand_in(everybody.submissions, student)
            students[student] = attack
        reports, pages, left = everybody.grade()
        alone = everybody.grade_honest_alone()
        verdicts = [
            judge(attack, reports.get(student), pages.get(student, ""), everybody.canaries)
            for student, attack in students.items()
        ]
        touched = [
            f"the grade of {student} is not what it is in a clean run"
            for student in everybody.honest
            if student not in reports
            or without_times(reports[student]) != without_times(alone[student])
        ]
    for verdict in verdicts:
        print(verdict.line)
    print()
    for kind in CLASSES:
        counts = Counter(bool(v.broken) for v in verdicts if v.attack.kind == kind)
        if counts:
            print(f"{kind:<12}{counts[False]:>4} held{counts[True]:>4} succeed")
    print(f"{'all':<12}{len(verdicts):>4} attacks among {len(everybody.honest)} honest submissions")
    for line in [*left, *touched]:
        print(f"LEFT  {line}" if line in left else f"TOUCHED  {line}")
    return 1 if left or touched or any(v.broken for v in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
