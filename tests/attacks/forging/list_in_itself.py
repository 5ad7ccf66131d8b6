# Tries: to have the grader follow a list that holds itself, and one of a billion values in a few
#   bytes.
# Must happen: depth and number of values are limited.
# Score: 2
# Outcomes: double=failed|error lurking_treasure=failed|error
def double(x):
    itself = []
    itself.append(itself)
    return itself


def secret():
    many = [0.0] * 1000
    for _ in range(3):
        many = [many] * 1000
    return many, {"word": many}, (many, many)
