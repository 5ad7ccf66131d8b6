# Tries: to end the process with success before anything is compared.
# Must happen: a check whose process ended has not passed.
# Score: 2
# Outcomes: double=error lurking_treasure=error
import os


def double(x):
    os._exit(0)


def secret():
    os._exit(0)
