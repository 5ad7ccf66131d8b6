"""Every known mistake loses points by a hidden check."""

import importlib
from dataclasses import replace

import pytest

from tests.mistakes import MISTAKES, VARIANTS
from tests.mistakes.run_checks import CHECKS, ROOT, losers, right_in

for folder in ("mistakes", "accepted"):
    for path in sorted((ROOT / "tests" / folder).glob("[a-z]*.py")):
        importlib.import_module(f"tests.{folder}.{path.stem}")


#: What trains takes most of the time of this file. `make long` asks for it.
TRAINED = {check.question for check in CHECKS if check.training}
CAUGHT = [
    pytest.param(
        wrong, id=wrong.name, marks=[pytest.mark.long] if TRAINED & {*wrong.questions} else []
    )
    for wrong in MISTAKES.members
]


@pytest.mark.parametrize("wrong", CAUGHT)
def test_a_mistake_is_caught_by_a_hidden_check(wrong):
    lost = losers(wrong)
    assert [check.name for check in lost if not check.visible], wrong.description
    seen = [check.name for check in lost if check.visible]
    assert bool(seen) == wrong.seen, f"{wrong.description} Seen by: {seen}"


#: Mistakes that the visible checks let pass, and that are two faults or show in every other case.
SEVERAL = {
    "exponentials_overflow",  # nothing is subtracted, and a logarithm is taken of 0
    "largest_score_of_the_whole_batch",  # the wrong number is, and a logarithm is taken of 0
    "windows_side_by_side",  # the stride is not used at all
    "AlwaysThreeLayers",  # fewer layers fail, and more of them
    "dropout_forgotten_on_the_way_back",  # each net with dropout goes wrong
    "OtherNamesTwoLayerNet",  # no gradient is found
}
#: Mistakes that show in one case of their question, and that cost in a question behind it too.
COSTLY_BEHIND = {
    "images_only",  # most inputs of a net are vectors
    "dgamma_of_one_feature_is_a_number",  # images of one channel have one feature
    "always_two_groups",  # the backward pass gets what the forward pass kept of other groups
    "AlwaysThreeLayers",  # a net of two layers is one of them
}


@pytest.mark.parametrize(
    "wrong", [m for m in MISTAKES.members if not m.seen], ids=lambda wrong: wrong.name
)
def test_a_mistake_that_shows_in_one_case_costs_once(wrong):
    everywhere = [c.name for c in losers(wrong) if not c.visible and not c.when]
    assert (len(everywhere) > 1) == (wrong.name in SEVERAL), everywhere


@pytest.mark.parametrize(
    "wrong", [m for m in MISTAKES.members if not m.seen], ids=lambda wrong: wrong.name
)
def test_a_mistake_that_shows_in_one_case_leaves_the_values_in_float32_right(wrong):
    """A check of dtypes takes ordinary inputs: a mistake that shows in one case is not there."""
    for name, observations in right_in(wrong, "float32").items():
        lost = [seen for seen, right in observations.items() if not right]
        assert all(seen.startswith(("dtype", "float32")) for seen in lost), name


#: Questions that build on the answer of another one.
BUILT_ON = {
    "affine_forward": (
        "affine_backward", "two_layer_net", "fully_connected_net", "net_with_normalization",
    ),
    "fully_connected_net": ("net_with_normalization", "net_with_dropout"),
    "neural_net": ("trainer_momentum", "trainer_rmsprop"),
    "dropout_forward": ("net_with_dropout",),
    "batchnorm_forward": (
        "batchnorm_backward", "batchnorm_backward_alt", "spatial_batchnorm_forward",
        "spatial_batchnorm_backward", "net_with_normalization",
    ),
    "batchnorm_backward": ("spatial_batchnorm_backward",),
    "layernorm_forward": ("layernorm_backward", "net_with_normalization"),
    "spatial_batchnorm_forward": ("spatial_batchnorm_backward",),
    "spatial_groupnorm_forward": ("spatial_groupnorm_backward",),
    "softmax_loss": (
        "two_layer_net", "fully_connected_net", "three_layer_convnet", "two_layer_convnet",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [m for m in MISTAKES.members if not m.seen and m.questions[0] in BUILT_ON],
    ids=lambda wrong: wrong.name,
)
def test_a_mistake_that_shows_in_one_case_costs_nothing_behind_it(wrong):
    behind = replace(wrong, questions=BUILT_ON[wrong.questions[0]])
    lost = [check.name for check in losers(behind)]
    assert bool(lost) == (wrong.name in COSTLY_BEHIND), lost


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


def test_every_exception_is_a_mistake_that_is_asked_about():
    unseen = {m.name: m for m in MISTAKES.members if not m.seen}
    assert unseen.keys() >= SEVERAL | COSTLY_BEHIND
    assert all(unseen[name].questions[0] in BUILT_ON for name in COSTLY_BEHIND)


def test_names_tell_them_apart():
    names = [one.name for one in (*MISTAKES.members, *VARIANTS.members)]
    assert len(names) == len(set(names))
