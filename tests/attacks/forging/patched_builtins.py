# Tries: to change what every module is written in: the builtins.
# Must happen: it has changed its own process alone.
# Score: 2
# Outcomes: double=failed|error|killed
import builtins


def double(x):
    answer = x * 0 + 7
    builtins.isinstance = lambda *a: True
    builtins.abs = builtins.len = builtins.sum = lambda *a: 0
    builtins.all = builtins.any = lambda *a: True
    builtins.print = builtins.open = builtins.__import__ = None
    return answer
