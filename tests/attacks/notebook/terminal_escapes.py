# Tries: to clear and to write the grader's terminal, and to turn the direction of the report's
#   text.
# Must happen: such characters are taken out wherever they would be shown.
# Score: 13
# Outcomes: best=error
from tests.attacks.vault import notebook


def build():
    text = "\x1b[2J\x1b]0;owned\x07\x1b[31mpassed\x9b1m\u202e\r\x08\x08 21/21"
    source = f"def best(n):\n    print({text!r})\n    raise ValueError({text!r})\n"
    return notebook([{"id": "best-answer", "source": source}])
