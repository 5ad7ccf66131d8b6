"""Right work in a renamed package, with helpers in a given file, earns everything."""

import sys

import msgspec
import pytest

from autograder.core.judge import judge, observe
from autograder.core.local import local_student
from autograder.core.package_alias import package_alias
from autograder.harness import Harness
from autograder.sandbox.compile_extension import Compiled
from autograder.sandbox.run_folder import lay_out
from autograder.submissions.submission import read_submission
from plumb.bundle import write_tree
from plumb.reference import answer_files, reference_files
from plumb.strip import solve, strip
from tests.accepted.whole_packages import ADDED_TO_LAYER_UTILS, FC_NET
from tests.mistakes.run_checks import CHECKS, recorded
from tests.real_assignment import real_assignment

QUESTIONS = (
    "two_layer_net", "fully_connected_net", "net_with_normalization", "net_with_dropout",
    "affine_forward", "batchnorm_forward", "adam",
)  # fmt: skip
ASKED = [c for c in CHECKS if c.question in QUESTIONS and not c.when and not c.training]


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    """What a grader of ``cs231n`` reads a submission by: the stubs, the given files; no checks."""
    folder = tmp_path_factory.mktemp("harness")
    assignment = real_assignment("cs231n")
    sources = [s for s in reference_files(assignment) if s.path.startswith("cs231n/")]
    stubs = {s.path: strip(s.data.decode()).encode() if s.regions else s.data for s in sources}
    write_tree({f"package/{path}": data for path, data in stubs.items()}, folder)
    manifest = msgspec.structs.replace(
        assignment.manifest, answer_files=answer_files(assignment, sources), notebooks=()
    )
    return Harness(folder, "", manifest, (), {})


def hand_in(folder, package):
    """Write the reference as a student would have it who has rebuilt the package."""
    assignment = real_assignment("cs231n")
    files = {}
    for source in reference_files(assignment):
        if source.path.startswith("cs231n/") and source.path.endswith(".py"):
            text = source.data.decode()
            text = solve(text) if source.regions else text
            name = source.path.replace("cs231n/", f"{package}/", 1)
            files[name] = text.replace("from cs231n", f"from {package}")
    files[f"{package}/layer_utils.py"] += ADDED_TO_LAYER_UTILS.format(package=package)
    files[f"{package}/classifiers/fc_net.py"] = FC_NET.format(package=package)
    write_tree({name: text.encode() for name, text in files.items()}, folder)
    return folder


@pytest.fixture(scope="module", params=["cs682", "deeplearning", "cs231n"])
def rebuilt(request, harness, tmp_path_factory):
    """The package as it is graded, importable here, with its second name."""
    folder = hand_in(tmp_path_factory.mktemp("student") / "alice", request.param)
    submission = read_submission(folder, harness)
    assert submission.given_files.additions.keys() == {"layer_utils.py"}, submission.notes
    alias = submission.package_name
    assert alias == ("" if request.param == "cs231n" else request.param)
    with (
        lay_out(harness, submission, Compiled()) as run,
        package_alias(alias, "cs231n"),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.syspath_prepend(run / "package")
        yield "cs231n"
    for name in [n for n in sys.modules if n.partition(".")[0] in ("cs231n", request.param)]:
        del sys.modules[name]


@pytest.mark.parametrize("check", ASKED, ids=lambda check: check.id)
def test_it_earns_everything(rebuilt, check):
    student = local_student(rebuilt, check.seed)
    assert judge(check, observe(check, student), recorded(check.id)).share == 1.0
