# Tries: to turn the whole answer cell over to a shell, by %%bash.
# Must happen: it does nothing, and defines nothing.
# Score: 13
# Outcomes: best=error|missing
from tests.attacks.vault import notebook


def build():
    source = "%%bash\ntouch /tmp/attack-was-here\necho 'def best(n): return n * n + 1'\n"
    return notebook([{"id": "best-answer", "source": source}])
