# Tries: to have reports written as it likes, by json, msgspec, struct and hashlib of its own.
# Must happen: reports are written elsewhere; the check fails.
# Score: 2
# Outcomes: double=failed|error|killed
import hashlib
import json
import struct

import msgspec

json.dumps = json.dump = lambda *a, **k: '{"score": 21}'
msgspec.json.encode = msgspec.msgpack.encode = lambda *a, **k: b'{"score": 21}'
struct.pack = lambda *a: b""
hashlib.sha256 = lambda *a: None


def double(x):
    return x * 0 + 7
