"""The checks as a whole: their points, their names, and that they stand still on the reference."""

import ast
import copy
import importlib
import re
import tomllib
from collections import defaultdict

import numpy as np
import pytest

from autograder.core.errors import StudentError
from autograder.core.judge import judge, observe, unrecordable
from autograder.core.remote import Name
from autograder.core.student import Student
from plumb.visible_checks import cut_visible_checks
from tests.mistakes.run_checks import CHECKS, DATA, ROOT, in_place, record, recorded, share, student

POINTS = {
    "affine_forward": 3,
    "affine_backward": 3,
    "relu_forward": 2,
    "relu_backward": 2,
    "softmax_loss": 4,
    "svm_loss": 3,
    "two_layer_net": 6,
    "choice_saturation": 1,
    "choice_initial_loss": 1,
    "train_two_layer": 2,
    "best_two_layer_net": 4,
    "choice_gap": 1,
    "fully_connected_net": 5,
    "overfit_three_layers": 2,
    "overfit_five_layers": 2,
    "sgd_momentum": 2,
    "rmsprop": 2,
    "adam": 3,
    "best_fc_net": 4,
    "batchnorm_forward": 4,
    "batchnorm_backward": 3,
    "batchnorm_backward_alt": 2,
    "layernorm_forward": 2,
    "layernorm_backward": 2,
    "net_with_normalization": 2,
    "choice_preprocessing": 1,
    "dropout_forward": 3,
    "dropout_backward": 2,
    "net_with_dropout": 1,
    "conv_forward": 7,
    "conv_backward": 8,
    "max_pool_forward": 4,
    "max_pool_backward": 5,
    "three_layer_convnet": 7,
    "overfit_convnet": 2,
    "train_three_layer": 3,
    "spatial_batchnorm_forward": 2,
    "spatial_batchnorm_backward": 2,
    "spatial_groupnorm_forward": 3,
    "spatial_groupnorm_backward": 2,
    "best_convnet": 6,
    "neural_net": 6,
    "trainer_momentum": 2,
    "trainer_rmsprop": 3,
    "two_layer_convnet": 4,
}
CHOICES = {question for question in POINTS if question.startswith("choice_")}
FILES = sorted((ROOT / "assignment" / "checks").glob("*.py"))
every_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def by_question():
    checks = defaultdict(list)
    for check in CHECKS:
        checks[check.question].append(check)
    return checks


def test_the_points_of_every_question_add_up():
    assert {q: sum(c.points for c in checks) for q, checks in by_question().items()} == POINTS
    assert sum(POINTS.values()) == 140


def test_the_questions_are_those_of_the_assignment():
    assignment = tomllib.loads((ROOT / "assignment" / "assignment.toml").read_text("utf-8"))
    asked = [q["id"] for q in assignment["questions"] if q.get("kind") != "prose"]
    assert asked == list(POINTS)


def test_every_question_has_visible_and_hidden_checks():
    for question, checks in by_question().items():
        if question in CHOICES:
            continue
        checks = [check for check in checks if not check.when]
        hidden = [check for check in checks if not check.visible]
        assert len(hidden) >= (1 if any(check.training for check in hidden) else 2), question
        assert len(checks) > len(hidden), question


def test_names_and_seeds_of_hidden_checks_are_their_own():
    names = [check.name for check in CHECKS]
    assert len(names) == len(set(names))
    drawing = [check for check in CHECKS if check.question not in CHOICES]
    seeds = [check.seed for check in drawing if not check.visible]
    assert len(seeds) == len(set(seeds))
    assert not set(seeds) & {check.seed for check in CHECKS if check.visible}


@every_check
def test_a_hidden_check_has_a_hint(check):
    assert check.visible or check.question in CHOICES or check.hint.endswith((".", "?"))


@every_check
def test_a_check_needs_earlier_questions_only(check):
    order = list(POINTS)
    assert all(order.index(need) < order.index(check.question) for need in check.needs)


@pytest.mark.parametrize(
    "check",
    [
        # A release records every check, too. Here it is done twice, which takes long for training.
        pytest.param(check, id=check.id, marks=[pytest.mark.long] if check.training else [])
        for check in CHECKS
    ],
)
def test_the_reference_is_finite_and_the_same_twice(check):
    first, second = recorded(check.id), record(check)
    assert unrecordable(first.observations) is None
    assert set(check.goals) <= set(first.observations)
    assert first.trace == second.trace
    for name, value in first.observations.items():
        assert np.array_equal(value, second.observations[name]), name
    assert judge(check, second.observations, first).share == 1


def stub(question):
    """What stands in the place of an answer before it is written."""

    def unwritten(*_args, **_settings):
        raise NotImplementedError(f"TODO: {question}")

    return unwritten


def target(question):
    """Where the answer to a question stands."""
    places = {
        "two_layer_net": "classifiers.fc_net.TwoLayerNet",
        "fully_connected_net": "classifiers.fc_net.FullyConnectedNet",
        "net_with_normalization": "classifiers.fc_net.FullyConnectedNet",
        "net_with_dropout": "classifiers.fc_net.FullyConnectedNet",
        "three_layer_convnet": "classifiers.cnn.ThreeLayerConvNet",
        "neural_net": "classifiers.neural_net.two_layer_net",
        "two_layer_convnet": "classifiers.convnet.two_layer_convnet",
        "trainer_momentum": "classifier_trainer.ClassifierTrainer",
        "trainer_rmsprop": "classifier_trainer.ClassifierTrainer",
        "train_three_layer": "notebook.one_epoch",
    }
    if question in places:
        return places[question]
    if question.startswith(("overfit", "train_", "best_")):
        return f"notebook.{question}"
    if question in ("sgd_momentum", "rmsprop", "adam"):
        return f"optim.{question}"
    naive = "_naive" if question.startswith(("conv", "max_pool")) else ""
    return f"layers.{question}{naive}"


@every_check
def test_nothing_is_earned_before_the_answer_is_written(check):
    if check.question in CHOICES:
        pytest.skip("nothing is run for it")
    with (
        in_place({target(check.question): stub(check.question)}),
        pytest.raises(StudentError) as info,
    ):
        observe(check, student(check), DATA)
    assert info.value.unwritten == check.question


WITH_DIGITS = [
    check
    for check in CHECKS
    if {"digits_with_new_labels", "first_digits"} & set(check.body.__code__.co_names)
]


@pytest.mark.parametrize("check", WITH_DIGITS, ids=lambda check: check.id)
def test_the_digits_are_fetched_before_any_code_of_the_student_runs(check):
    """Else this code could put others in their place: of one class, so that any model is right."""

    class Asked(Exception):
        pass

    class Asking:
        def request(self, op, *operands):
            raise Asked(op, operands)

    with pytest.raises(Asked) as caught:
        check.body(Student(Asking()), np.random.RandomState(check.seed))
    op, operands = caught.value.args
    assert (op, operands[0]) == ("call", Name("data_utils.get_data"))


@pytest.mark.parametrize("check", WITH_DIGITS, ids=lambda check: check.id)
def test_other_digits_are_refused(check):
    """What a student adds to data_utils.py runs before the digits are fetched."""
    given = importlib.import_module("convnet.data_utils").get_data

    def all_of_one_class(name):
        digits = dict(given(name))
        return {k: np.zeros_like(v) if k.startswith("y_") else v for k, v in digits.items()}

    with (
        in_place({"data_utils.get_data": all_of_one_class}),
        pytest.raises(StudentError, match="gives other digits than at first"),
    ):
        observe(check, student(check), DATA)


#: Questions that others may build on: the answers in modules, without the nets themselves.
CALLED = [
    question
    for question in POINTS
    if target(question).startswith(("layers.", "classifiers.neural_net."))
    and question not in CHOICES
]


@pytest.mark.parametrize("needed", CALLED)
def test_a_check_declares_the_questions_that_it_cannot_do_without(needed):
    undeclared = []
    with in_place({target(needed): stub(needed)}):
        for check in CHECKS:
            notebook = target(check.question).startswith("notebook.")
            if check.question == needed or check.question in CHOICES or notebook:
                continue
            try:
                observe(check, student(check), DATA)
            except StudentError as error:
                if error.unwritten == needed and needed not in check.needs:
                    undeclared.append(check.name)
    assert undeclared == []


@every_file
def test_a_file_of_checks_imports_nothing_but_numpy_digests_and_the_core(path):
    imported = {
        ast.unparse(node).partition(" import ")[0].removeprefix("from ")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert imported <= {"import hashlib", "import numpy as np", "plumbline"}


def test_no_hidden_check_is_named_in_what_students_receive():
    visible = [check.name for check in CHECKS if check.visible]
    hidden = {check.name for check in CHECKS if not check.visible}
    shown = [cut_visible_checks(path.read_text("utf-8"), visible) or "" for path in FILES]
    for folder in ("solutions", "assignment/notebooks", "assignment/handout", "autograder/core"):
        shown += [
            path.read_text("utf-8")
            for path in (ROOT / folder).rglob("*")
            if path.suffix in (".py", ".pyx", ".h", ".md", ".j2")
        ]
    assert hidden & set(re.findall(r"\w+", "\n".join(shown))) == set()


@every_file
def test_the_visible_part_of_a_file_runs_by_itself(path):
    source = path.read_text("utf-8")
    visible = {check.name for check in CHECKS if check.visible and path.name in check.place.file}
    if not visible:
        return  # nothing of it is given to students
    scope = {"__name__": "visible"}
    exec(compile(cut_visible_checks(source, visible), str(path), "exec"), scope)
    for name in visible:
        check = scope[name]
        with in_place({}):
            assert observe(check, student(check))


class Silent:
    """A network whose parameters or answers are `value`, whatever is asked."""

    value = None

    def __init__(self, *_args, **_settings):
        self.params = self.value

    def loss(self, *_args):
        return self.value


NONSENSE = {
    "nothing": None,
    "a number": 4.0,
    "a string": "out",
    "an array": np.zeros(3),
    "nothing twice": (None, None),
    "three numbers": (1.0, 2.0, 3.0),
    "a number and a dictionary": (1.0, {}),
    "a number and a list": (1.0, [[1.0], [2.0]]),
    "two arrays": (np.ones((2, 2)), np.ones((2, 2))),
    "three arrays": (np.zeros((1, 1)), np.ones((2, 3)), np.full(4, np.nan)),
    "a dictionary": {},
    "parameters of odd kinds": {"W1": None, "b1": "b", "W2": 1.0, "W3": [[1.0]], "gamma1": {}},
}


@pytest.mark.parametrize("value", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("question", [q for q in POINTS if q not in CHOICES])
def test_nonsense_earns_nothing_and_breaks_no_check(question, value):
    where = target(question)
    net = where.startswith("classifiers")
    answer = type("Net", (Silent,), {"value": value}) if net else lambda *_args: value
    checks = [check for check in CHECKS if check.question == question]
    expected = [recorded(check.id) for check in checks]
    with in_place({where: answer}):
        earned = [share(check, right) for check, right in zip(checks, expected, strict=True)]
    assert max(earned) == 0


#: Questions whose answers are functions of arrays.
FUNCTIONS = [*CALLED, "sgd_momentum", "rmsprop", "adam", "two_layer_convnet"]


def emptied(value):
    """The value with zeros for all numbers."""
    if isinstance(value, tuple):
        return tuple(emptied(item) for item in value)
    if isinstance(value, dict):
        return {name: emptied(item) for name, item in value.items()}
    return np.zeros_like(value) if isinstance(value, np.ndarray) else value * 0


def doing_nothing(question, first):
    """An answer whose values have the right shapes and dtypes: all 0, or the first the input.

    What the other half of a layer needs is right.
    """
    module, _, name = target(question).rpartition(".")
    reference = getattr(importlib.import_module(f"convnet.{module}"), name)

    def answer(*inputs, **settings):
        right = reference(*copy.deepcopy(inputs), **settings)
        if question.endswith("forward"):
            return inputs[0] if first else emptied(right[0]), right[1]
        if not first:
            return emptied(right)
        return (inputs[0], *right[1:]) if isinstance(right, tuple) else inputs[0]

    return answer


@pytest.mark.parametrize("first", [False, True], ids=["zeros", "the input"])
@pytest.mark.parametrize("question", FUNCTIONS)
def test_an_answer_that_does_nothing_earns_nothing_for_its_dtype_or_for_sparing(question, first):
    checks = [check for check in CHECKS if check.question == question]
    expected = [recorded(check.id) for check in checks]
    with in_place({target(question): doing_nothing(question, first)}):
        earned = [c.name for c, right in zip(checks, expected, strict=True) if share(c, right)]
    # In test mode, dropout does nothing.
    assert all(first and "dropout" in name and "test_mode" in name for name in earned), earned


@pytest.mark.parametrize(
    "question", ["two_layer_net", "fully_connected_net", "three_layer_convnet"]
)
def test_a_net_that_computes_zeros_earns_nothing_but_for_its_first_parameters(question):
    module, _, name = target(question).rpartition(".")
    net = getattr(importlib.import_module(f"convnet.{module}"), name)

    class Zeros(net):
        def loss(self, X, y=None):
            return emptied(super().loss(X, y))

    checks = [check for check in CHECKS if check.question == question]
    expected = [recorded(check.id) for check in checks]
    with in_place({target(question): Zeros}):
        earned = [c for c, right in zip(checks, expected, strict=True) if share(c, right)]
    assert earned
    assert all("initial" in check.name or "begun" in check.name for check in earned)
