# Tries: to fill the grader's disk with a gigabyte and a half of zeros, a thousandth as large
#   packed.
# Must happen: unpacking stops at the limit: unreadable, with the reason.
# Form: .tar.gz
# Status: unreadable
# Score: 0
import gzip

from tests.attacks.archive._packing import plain


def build(path, honest):
    head = plain("vault/data.bin", 1536 << 20).tobuf()
    zeros = gzip.compress(bytes(16 << 20), 6)
    path.write_bytes(gzip.compress(head) + zeros * 96)
