# Tries: to hold whoever asks for the text of its exception, by a text and a class that never end.
# Must happen: the check runs out of time.
# Score: 2
# Outcomes: lurking_refusal=timeout
class Endless(ValueError):
    def __str__(self):
        while True:
            pass


def refuse(x):
    raise Endless("there is no square root")
