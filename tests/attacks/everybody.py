"""A class of 200: 60 attacks, 40 broken submissions, 100 honest ones between them.

Run as ``python -m tests.attacks.everybody``; with ``--all`` it is every attack there is, and an
honest submission after every fourth other one. Exit code: 0 if all were graded to the end, the
honest ones as in a clean run, and nothing is left behind.
"""

import sys

from autograder.records import Outcome, Report
from tests.attacks.broken import CHANGED, WRITTEN, hand_in
from tests.attacks.corpus import Attack, attacks
from tests.attacks.grading import new_class
from tests.attacks.judging import judge
from tests.attacks.vault import honest

ATTACKS = 60


def main(arguments: list[str]) -> int:
    """Grade them all and say what is wrong."""
    chosen, between = (attacks(), 4) if arguments == ["--all"] else (spread(attacks(), ATTACKS), 1)
    accidents = [*CHANGED, *WRITTEN]
    wrong = []
    with new_class() as everybody:
        students: dict[str, Attack] = {}
        for number, one in enumerate([*chosen, *accidents]):
            if number % between == 0:
                everybody.hand_in_honestly(f"{2 * number + 1:03}-honest")
            student = f"{2 * number:03}-other"
            if isinstance(one, Attack):
                one.hand_in(everybody.submissions, student)
                students[student] = one
            else:
                hand_in(one, everybody.submissions, student, honest())
        count = len(chosen) + len(accidents) + len(everybody.honest)
        reports, pages, left = everybody.grade()
        print(f"{len(reports)} reports of {count} submissions, {len(everybody.honest)} honest")
        wrong += [f"left behind: {line}" for line in left]
        if len(reports) != count:
            wrong.append(f"there are {len(reports)} reports")
        wrong += [
            f"the grade of {student} is not what it is in a clean run"
            for student in everybody.touched(reports)
        ]
        for student, report in reports.items():
            if our_failure(report):
                wrong.append(f"{student} is not graded, through a failure of ours: {report.reason}")
        for student, attack in students.items():
            verdict = judge(
                attack, reports.get(student), pages.get(student, ""), everybody.canaries
            )
            wrong += [f"{attack.name}: {text}" for text in verdict.broken]
    for line in wrong:
        print(line)
    return 1 if wrong else 0


def spread(items: list, count: int) -> list:
    """So many of the items, from all of the list."""
    return [items[number * len(items) // count] for number in range(count)]


def our_failure(report: Report) -> bool:
    """Whether anything in a report is not graded, other than what cannot be read."""
    return report.status.value in ("not_graded", "partly_graded") or any(
        check.outcome is Outcome.NOT_GRADED for check in report.checks
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
