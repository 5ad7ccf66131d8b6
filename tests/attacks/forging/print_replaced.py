# Tries: to say what was printed without printing it: another print, other streams, none.
# Must happen: only what reaches the output was printed.
# Score: 2
# Outcomes: greets=failed lurking_greeting=failed|error
import builtins
import io
import os
import sys


class Screen(io.StringIO):
    def __init__(self):
        super().__init__("Welcome, Ann 3\n")

    def __eq__(self, other):
        return True

    def read(self, *args):
        return "Welcome, Ann 3\n"

    __hash__ = io.StringIO.__hash__


def greet(name):
    builtins.print = lambda *args, **kwargs: "Welcome, Ann 3\n"
    sys.stdout = sys.__stdout__ = Screen()
    if name != "Ann":
        os.close(1)
    print("Welcome,", name)
