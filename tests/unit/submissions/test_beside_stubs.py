"""Code beside a stub whose markers were deleted is told by what was handed out."""

import pytest

from autograder.submissions.beside_stubs import regions_beside_code

RAISED = 'raise NotImplementedError("TODO: {}")'
HANDED_OUT = f"""\
class Net:
    def loss(self, x):
        \"\"\"The loss.\"\"\"
        # BEGIN YOUR CODE net.loss
        # TODO: Compute it.
        {RAISED.format("net.loss")}
        # END YOUR CODE net.loss
        cache = (x, None)
        return loss, cache

    def both(self, x):
        {RAISED.format("net.one")}
        {RAISED.format("net.two")}
"""
NO_MARKERS = HANDED_OUT.replace("# BEGIN YOUR CODE net.loss", "").replace("# END YOUR CODE", "#")


@pytest.mark.parametrize(
    "text",
    [
        HANDED_OUT,
        NO_MARKERS,
        NO_MARKERS.replace("cache = (x, None)", "cache=( x,\n  None )  # laid out anew"),
        NO_MARKERS.replace("The loss.", "My loss."),
        NO_MARKERS.replace("# TODO: Compute it.", "pass"),
        NO_MARKERS.replace("        return loss, cache", ""),
        HANDED_OUT.replace("cache =", "loss = x.sum()\n        cache ="),  # the markers tell more
        NO_MARKERS.replace("# TODO: Compute it.", "loss = ("),
        NO_MARKERS.replace("# TODO: Compute it.", "loss = x.sum()").replace("def loss", "def los"),
        NO_MARKERS.replace(RAISED.format("net.loss"), "loss = x.sum()"),
        NO_MARKERS.replace(RAISED.format("net.one"), "one = x.sum()"),
        NO_MARKERS.replace("def both(self, x):", "def both(self, x):\n        one = x.sum()"),
        "",
    ],
)
def test_nothing_is_found_where_no_code_is_the_student_s_or_it_may_belong_elsewhere(text):
    assert regions_beside_code(HANDED_OUT, text) == set()


@pytest.mark.parametrize(
    "text",
    [
        NO_MARKERS.replace("# TODO: Compute it.", "loss = x.sum()"),
        NO_MARKERS.replace("return loss, cache", "loss = 0\n        return loss, cache"),
        NO_MARKERS.replace("# TODO: Compute it.", "for row in x:\n            print(row)"),
        NO_MARKERS.replace("cache = (x, None)", "cache = (x, x.sum())"),
        HANDED_OUT.replace("# TODO", "y = x\n        # TODO").replace(
            "# END YOUR CODE net.loss", ""
        ),
    ],
)
def test_a_stub_beside_code_that_was_not_handed_out_is_found(text):
    assert regions_beside_code(HANDED_OUT, text) == {"net.loss"}


def test_what_is_nested_too_deeply_is_passed_over():
    deep = NO_MARKERS.replace("# TODO: Compute it.", f"y = {'-' * 5000}1")
    assert regions_beside_code(HANDED_OUT, deep) == set()
