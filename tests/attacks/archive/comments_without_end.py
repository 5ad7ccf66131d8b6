# Tries: to keep the grader itself busy for hours: a module of comments and of `pass`, of which it
#   asks, for each, whether a comment above invites an answer.
# Must happen: the module is read once, and graded as any other.
# Score: 15
# Form: .zip
from tests.attacks.archive._packing import zipped


def build(path, honest):
    text = honest["vault/ops.py"].decode()
    body = "#\n" * 200_000 + "    " + "pass;" * 80_000 + "pass\n"
    text = text.replace("def double(x):\n", f"def double(x):\n{body}", 1)
    zipped(path, honest | {"vault/ops.py": text.encode()})
