# Tries: to have an expression of a check give what agrees with everything, by other builtins.
# Must happen: the value is read as what it is, and what the builtins say counts in the box alone.
# Score: 2
# Outcomes: lurking_expression=failed|error|killed
import ast
import builtins


class Always:
    def __eq__(self, other):
        return True

    def __iter__(self):
        while True:
            yield self

    def __reduce__(self):
        return (exec, ("open('/tmp/attack-was-here', 'w')",))


class Levels(list):
    __eq__ = Always.__eq__
    __iter__ = Always.__iter__

    def __len__(self):
        return 3


def level(n):
    builtins.eval = builtins.compile = builtins.getattr = lambda *args: Levels([n])
    builtins.isinstance = lambda *args: True
    ast.parse = ast.walk = lambda *args: Levels([n])
    return Always()


def __getattr__(name):
    return Levels([name])
