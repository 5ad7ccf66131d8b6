"""Every known mistake loses points by a hidden check, and every accepted variant loses none."""

import importlib

import pytest

from tests.mistakes import MISTAKES, VARIANTS
from tests.mistakes.run_checks import CHECKS, ROOT, in_place, recorded, share

for path in sorted((ROOT / "tests" / "mistakes").glob("[a-z]*.py")):
    importlib.import_module(f"tests.mistakes.{path.stem}")


def losers(replacement):
    """The checks that a replacement does not pass in full."""
    checks = [check for check in CHECKS if check.question in replacement.questions]
    expected = [recorded(check.id) for check in checks]
    with in_place(replacement.targets):
        return [c for c, right in zip(checks, expected, strict=True) if share(c, right) < 1]


@pytest.mark.parametrize("wrong", MISTAKES.members, ids=lambda wrong: wrong.name)
def test_a_mistake_is_caught_by_a_hidden_check(wrong):
    lost = losers(wrong)
    assert [check.name for check in lost if not check.visible], wrong.description
    seen = [check.name for check in lost if check.visible]
    assert bool(seen) == wrong.seen, f"{wrong.description} Seen by: {seen}"


@pytest.mark.parametrize("right", VARIANTS.members, ids=lambda right: right.name)
def test_a_variant_earns_everything(right):
    assert [check.id for check in losers(right)] == [], right.description


def test_every_question_has_a_mistake_that_its_visible_checks_let_pass():
    passing = {wrong.questions[0] for wrong in MISTAKES.members if not wrong.seen}
    # The visible checks of training catch every mistake: bad settings fail with any seed, and a
    # model that was not trained does not know the new numbers of the classes.
    settings = {
        "overfit_three_layers", "overfit_five_layers", "overfit_convnet", "train_three_layer",
        "train_two_layer", "best_two_layer_net", "best_fc_net", "best_convnet",
    }  # fmt: skip
    choices = {check.question for check in CHECKS if check.question.startswith("choice_")}
    assert {check.question for check in CHECKS} - passing - choices == settings


def test_names_tell_them_apart():
    names = [one.name for one in (*MISTAKES.members, *VARIANTS.members)]
    assert len(names) == len(set(names))
