# Tries: to fill the grader's memory and reports by long words and long numbers.
# Must happen: what does not fit is refused, and texts in reports are cut.
# Score: 2
# Outcomes: double=error|failed|killed lurking_treasure=failed|error|killed
def double(x):
    return "x" * 50_000_000


def secret():
    return 10**100_000, "<b>" * 900_000, 1
