# Tries: to make the check fail by itself: where it expects a handle, the answer is a name as only
#     the grader's requests have one.
# Must happen: such an answer breaks the protocol; the check is never "not graded".
# Score: 2
# Outcomes: train=error
from autograder.core.objects import Objects
from autograder.core.remote import Name


def train(data):
    Objects._export_one = lambda self, result: Name("ops.train")
