# Tries: to pass by a dictionary, a list and a set that say of themselves what is asked of them.
# Must happen: each is read as what it is, without its own methods.
# Score: 2
# Outcomes: double=failed|error lurking_treasure=failed|error
class Always:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __array__(self, *args, **kwargs):
        raise SystemExit(0)

    def __reduce__(self):
        return (exec, ("open('/tmp/attack-was-here', 'w')",))


class Word(dict):
    def items(self):
        return [("word", Always())]

    __iter__ = keys = values = items

    def __eq__(self, other):
        return True

    __hash__ = None


class Rows(list):
    def __iter__(self):
        while True:
            yield Always()

    def __len__(self):
        return 2

    shape = (2, 3)


def double(x):
    return Rows([Always()])


def secret():
    return Rows([{Always()}]), Word(a=Always()), {Always(): 1}
