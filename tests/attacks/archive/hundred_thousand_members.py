# Tries: to keep the grader busy with 100,000 empty files.
# Must happen: counting stops at the limit: unreadable, with the reason.
# Form: .tar.gz
# Status: unreadable
# Score: 0
import gzip

from tests.attacks.archive._packing import plain


def build(path, honest):
    path.write_bytes(gzip.compress(plain("vault/empty.txt").tobuf() * 100_000 + bytes(1024), 1))
