"""Finds out the names of members of a zip that does not say in which encoding it wrote them.

Since 2006 a zip can mark a name as UTF-8. Many tools write UTF-8 without the mark, and older ones
write the code page of the system that they run on. `zipfile` takes such names for code page 437.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Sequence

_UTF8_FLAG = 0x800
#: Info-ZIP's field for a name in UTF-8: a version, the CRC-32 of the plain name, the name.
_UNICODE_PATH = 0x7075
#: A word in a name, as bytes: letters of ASCII and bytes of any code page.
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")

#: For each double-byte code page, whether a pair of bytes is one of its common characters.
_COMMON: dict[str, Callable[[int, int], bool]] = {
    "gbk": lambda lead, trail: 0xB0 <= lead <= 0xD7 and trail >= 0xA1,
    "cp950": lambda lead, trail: 0xA4 <= lead <= 0xC6 and (trail <= 0x7E or trail >= 0xA1),
    "cp932": lambda lead, trail: lead in (0x81, 0x82, 0x83) or 0x88 <= lead <= 0x97,
    "cp949": lambda lead, trail: 0xB0 <= lead <= 0xC8 and trail >= 0xA1,
}

#: So many different characters tell Korean from Chinese. The bytes of common Korean ones are those
#: of common Chinese ones, too, but almost half of the common Chinese ones have others.
_ENOUGH = 8


def decoded_names(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The names of a zip's members, as its tool meant them.

    A name without the UTF-8 mark is read as UTF-8 if it is valid UTF-8; else as its field for UTF-8
    says; else in the double-byte code page that fits all such names of the zip best; else, and if
    they look like words with accents, in code page 437.
    """
    names = [member.orig_filename for member in members]
    unclear: dict[int, bytes] = {}
    for number, (name, member) in enumerate(zip(names, members, strict=True)):
        if name.isascii() or member.flag_bits & _UTF8_FLAG:
            continue
        raw = name.encode("cp437")
        found = _utf8(raw) or _from_field(raw, member.extra)
        if found:
            names[number] = found
        else:
            unclear[number] = raw
    page = _code_page(list(unclear.values()))
    for number, raw in unclear.items():
        names[number] = raw.decode(page)
    return names


def _utf8(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _from_field(raw: bytes, extra: bytes) -> str:
    """The name in the field for UTF-8; empty if there is none, or if it is of another name."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        value, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(value) > 5 and value[0] == 1:
            (crc,) = struct.unpack_from("<L", value, 1)
            return _utf8(value[5:]) if crc == zlib.crc32(raw) else ""
    return ""


def _code_page(names: Sequence[bytes]) -> str:
    """The code page that fits these names best."""
    words = [word for name in names for word in _WORD.findall(name) if not word.isascii()]
    accented = sum(2 * sum(byte >= 0x80 for byte in word) < len(word) for word in words)
    if 2 * accented > len(words):
        return "cp437"
    fits = {page: _fit(names, page) for page in _COMMON}
    best = max(fits, key=lambda page: fits[page], default="cp437")
    if 0 < fits["cp949"] == fits[best]:
        characters = {c for name in names for c in name.decode("cp949") if not c.isascii()}
        best = "cp949" if len(characters) >= _ENOUGH else best
    return best if words and fits[best] > 0 else "cp437"


def _fit(names: Sequence[bytes], page: str) -> float:
    """The share of common characters among those of two bytes; 0 for a page that does not fit."""
    common = pairs = 0
    for name in names:
        try:
            text = name.decode(page)
        except UnicodeDecodeError:
            return 0
        for char in text:
            if char.isascii():
                continue
            code = char.encode(page)
            pairs += 1
            letter = unicodedata.category(char)[0] == "L"
            common += len(code) == 2 and letter and _COMMON[page](code[0], code[1])
    return common / pairs if pairs else 0
