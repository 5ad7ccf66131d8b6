# Tries: to have archives in archives unpacked without end.
# Must happen: what lies too deep is not opened: unreadable, with the reason.
# Form: .zip
# Status: unreadable
# Score: 0
from tests.attacks.archive._packing import zipped


def build(path, honest):
    zipped(path, honest)
    for _ in range(30):
        data = path.read_bytes()
        zipped(path, {"inner.zip": data, "inner2.zip": data[:100]})
