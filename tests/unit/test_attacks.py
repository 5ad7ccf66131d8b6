"""The corpus of attacks is complete and says what must hold; a success would not go unseen."""

import msgspec
import pytest

from autograder.records import (
    CheckResult,
    Enforcement,
    Outcome,
    QuestionResult,
    Report,
    Sandbox,
    Status,
    SubmissionRecord,
)
from tests.attacks.broken import CHANGED, WRITTEN
from tests.attacks.corpus import CLASSES, attacks, read_attack
from tests.attacks.everybody import ATTACKS, spread
from tests.attacks.judging import judge

CORPUS = attacks()


def attack(name):
    return next(one for one in CORPUS if one.name == name)


def report(attack, limits=None, **stated):
    """What the attack should get, with this text printed, raised or told in a check."""
    checks = [
        CheckResult(
            id=f"question.{name}",
            question="question",
            name=name,
            title=name,
            visible=False,
            score=0.0,
            points=1.0,
            **{"outcome": Outcome(min(allowed))} | (stated if name == "lurking_treasure" else {}),
        )
        for name, allowed in attack.outcomes.items()
    ]
    question = QuestionResult(
        id="question", title="", notebook="", score=0.0, points=1.0, checks=checks
    )
    return Report(
        assignment="vault",
        variant="vault",
        title="",
        harness_sha256="",
        student="somebody",
        submission=SubmissionRecord(name="", sha256="", files=[], notes=[]),
        status=Status(attack.status),
        score=attack.score,
        graded_points=21.0,
        points=21.0,
        questions=[question],
        sandbox=Sandbox(backend="bubblewrap", isolated=True, limits=limits or {}),
    )


def broken(attack, report, page=""):
    return " ".join(judge(attack, report, page, {"canary-1": "a word"}).broken)


def test_there_are_attacks_of_every_class_and_more_than_eighty():
    assert {one.kind for one in CORPUS} == set(CLASSES)
    assert len(CORPUS) >= 80
    assert len({one.name for one in CORPUS}) == len(CORPUS)


def test_the_class_of_200_has_some_of_every_kind():
    chosen = spread(CORPUS, ATTACKS)
    assert {one.kind for one in chosen} == set(CLASSES)
    assert len({one.name for one in chosen}) == ATTACKS == 60
    assert len(CHANGED) + len(WRITTEN) == 40


@pytest.mark.parametrize("one", CORPUS, ids=[one.name for one in CORPUS])
def test_an_attack_that_gets_what_it_should_is_held(one):
    assert broken(one, report(one)) == ""


def test_a_point_too_many_or_too_few_is_seen():
    one = attack("os_exit")
    for score in (one.score + 1, one.score - 1):
        changed = msgspec.structs.replace(report(one), score=score)
        assert "points, not 2" in broken(one, changed)


def test_an_outcome_and_a_status_that_should_not_be_are_seen():
    one = attack("os_exit")
    assert "lurking_treasure is partial" in broken(one, report(one, outcome=Outcome.PARTIAL))
    changed = msgspec.structs.replace(report(one), status=Status.UNREADABLE)
    assert "unreadable, not graded" in broken(one, changed)
    assert "no report" in broken(one, None)


@pytest.mark.parametrize("where", ["output", "traceback", "message"])
def test_a_canary_is_seen(where):
    one = attack("os_exit")
    assert "a word stands in" in broken(one, report(one, **{where: "x canary-1 y"}))


def test_a_canary_in_the_page_is_seen_escaped_or_not():
    one = attack("os_exit")
    assert "feedback page" in broken(one, report(one), "<p>canary&#45;1</p>")


def test_what_staff_are_told_of_a_wrong_answer_is_no_leak():
    one = attack("frames")
    assert broken(one, report(one, message="got 1, expected canary-1")) == ""


def test_a_trophy_is_seen_unless_the_machine_lacks_the_limit():
    one = attack("kernel_calls")
    assert one.needs == "system calls"
    caught = {"output": "GOT bpf\n"}
    filtered = {"system calls": Enforcement(True, "some; by seccomp")}
    assert "GOT bpf" in broken(one, report(one, filtered, **caught))
    open_ = {"system calls": Enforcement(False)}
    verdict = judge(one, report(one, open_, **caught), "", {})
    assert (verdict.broken, verdict.lacking) == ((), "system calls")
    assert "NO LIMIT" in verdict.line


def test_what_a_browser_or_a_terminal_would_act_upon_is_seen():
    one = attack("markup")
    for page in ("<script>fetch('//x')</script>", "\x1b[2J", "\u202e"):
        assert "stands in the page" in broken(one, report(one), page)


def test_a_head_that_says_too_little_or_nonsense_is_refused(tmp_path):
    folder = tmp_path / "forging"
    folder.mkdir()
    path = folder / "some.py"
    path.write_text("# Tries: this.\n# Score: 2\n")
    with pytest.raises(ValueError, match="Must happen"):
        read_attack(path)
    path.write_text("# Tries: x.\n# Must happen: y.\n# Score: 2\n# Outcomes: nosuch=failed\n")
    with pytest.raises(ValueError, match="nosuch"):
        read_attack(path)
