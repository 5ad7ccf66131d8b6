# Tries: to make the grader ask for a password, or to hide what is inside.
# Must happen: unreadable: it asks for an archive without one.
# Form: .zip
# Status: unreadable
# Score: 0
from tests.attacks.archive._packing import zipped


def build(path, honest):
    zipped(path, honest)
    data = bytearray(path.read_bytes())
    for magic, flags in (
        (b"PK\3\4", 6),
        (b"PK\1\2", 8),
    ):  # where the two kinds of headers have them
        place = data.find(magic)
        while place >= 0:
            data[place + flags] |= 1
            place = data.find(magic, place + 4)
    path.write_bytes(data)
