"""Folders and archives of anybody are read within limits, or refused with a reason."""

import bz2
import contextlib
import errno
import gzip
import io
import lzma
import os
import stat
import struct
import tarfile
import unicodedata
import warnings
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import SubmissionError
from autograder.submissions.archive import read_files, read_submitted
from autograder.submissions.archive_suffixes import is_zip
from tests.peak import peak_of
from tests.tiny import zipped


def put(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return path


def tarred(files=(), extra=(), mode="w:gz"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in dict(files).items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        for member in extra:
            archive.addfile(member)
    return buffer.getvalue()


def odd(name, kind, target=""):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


def refused(path, words):
    with pytest.raises(SubmissionError, match=words):
        read_files(path)


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.zip", zipped),
        ("a.tar", lambda files: tarred(files, mode="w")),
        ("a.tar.gz", tarred),
        ("a.tgz", tarred),
        ("A.TAR.GZ", tarred),
        ("a.tar.bz2", lambda files: tarred(files, mode="w:bz2")),
        ("a.tar.xz", lambda files: tarred(files, mode="w:xz")),
        ("wrong.tar.bz2", lambda files: tarred(files, mode="w:xz")),
    ],
)
def test_every_packing_gives_the_same_files(tmp_path, name, pack):
    files = {"p/layers.py": b"x = 1\n", "n.ipynb": b"{}", "data.npz": b"0", "__MACOSX/._p": b""}
    submitted = read_files(put(tmp_path, name, pack(files)))
    assert submitted.files == {"p/layers.py": b"x = 1\n", "n.ipynb": b"{}"}
    assert submitted.notes == []


def test_a_folder_gives_its_files_and_follows_no_link(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    put(outside, "secret.py", b"secret")
    top = tmp_path / "top"
    (top / "p").mkdir(parents=True)
    (top / ".git").mkdir()
    put(top / "p", "layers.py", b"1")
    put(top / ".git", "hook.py", b"1")
    (top / "p" / "stolen.py").symlink_to(outside / "secret.py")
    (top / "whole").symlink_to(outside)
    (top / ".hidden").symlink_to(outside)
    os.mkfifo(top / "pipe.py")
    submitted = read_files(top)
    assert submitted.files == {"p/layers.py": b"1"}
    assert sorted(submitted.notes) == [
        "ignored p/stolen.py: symbolic links are not followed",
        "ignored pipe.py: it is not a regular file",
        "ignored whole: symbolic links are not followed",
    ]


def test_a_link_given_as_the_submission_is_refused(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(SubmissionError, match="symbolic link"):
        read_files(tmp_path / "link")


@pytest.mark.parametrize("name", ["one.py", "one.ipynb"])
def test_a_single_file_is_a_submission(tmp_path, name):
    assert read_files(put(tmp_path, name, b"x")).files == {name: b"x"}


FILES = {"a.py": b"1", "b/c.ipynb": b"{}"}
PACKED = {
    "zip": zipped(FILES),
    "tar.gz": tarred(FILES),
    "tar": tarred(FILES, mode="w"),
    "tar.xz": tarred(FILES, mode="w:xz"),
}


@pytest.mark.parametrize("kind", PACKED)
@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar", "a.TGZ", "a.zip.txt", "a.tgz.json"])
def test_the_bytes_say_what_an_archive_is_and_not_its_name(tmp_path, kind, name):
    path = tmp_path / name
    path.write_bytes(PACKED[kind])
    assert read_files(path).files == FILES
    outer = tmp_path / "outer.zip"
    outer.write_bytes(zipped({name: PACKED[kind]}))
    assert read_submitted(outer).files == FILES


@pytest.mark.parametrize("start", [b"", b"MZ", b"#!/bin/sh"])
def test_where_the_bytes_do_not_say_it_the_name_does(start):
    assert is_zip(start, "a.zip")
    assert is_zip(start, "a.ZIP.txt")
    assert not is_zip(start, "a.tar.gz")
    assert not is_zip(start + bytes(257 - len(start)) + b"ustar\0", "a.zip")


@pytest.mark.parametrize("outer", ["zip", "tar"])
def test_of_two_archives_of_one_name_the_last_counts_and_a_note_says_so(tmp_path, outer):
    path = tmp_path / f"a.{outer}"
    members = [("w.zip", zipped({"a.py": b"1"})), ("w.zip", zipped({"a.py": b"2"}))]
    if outer == "zip":
        with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
            warnings.simplefilter("ignore")  # the name is there twice
            for name, data in members:
                archive.writestr(name, data)
    else:
        with tarfile.open(path, "w") as archive:
            for name, data in members:
                member = tarfile.TarInfo(name)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
    submitted = read_submitted(path)
    assert submitted.files == {"a.py": b"2"}
    assert "w.zip is there more than once; the last one counts" in submitted.notes


@pytest.mark.parametrize("name", ["work.rar", "work.7z", "report.pdf", "nosuffix"])
def test_other_files_are_refused_with_what_to_hand_in(tmp_path, name):
    with pytest.raises(SubmissionError, match="hand in a folder, a zip or tar archive"):
        read_files(put(tmp_path, name, b"x"))


RAR, SEVEN = b"Rar!\x1a\x07\x01\x00" + b"x" * 99, b"7z\xbc\xaf\x27\x1c" + b"x" * 99


@pytest.mark.parametrize("name", ["work.rar", "work.zip", "work.tar.gz", "work"])
@pytest.mark.parametrize(("data", "kind"), [(RAR, "RAR"), (SEVEN, "7z")])
def test_archives_that_are_not_read_are_told_by_their_content(tmp_path, name, data, kind):
    with pytest.raises(SubmissionError, match=f"a {kind} archive, which is not read; pack .* zip"):
        read_files(put(tmp_path, name, data))


def test_archives_that_are_not_read_are_named_beside_other_files(read_held):
    submitted = read_held({"own.py": b"1", "hw.rar": RAR, "hw.7z": SEVEN, "false.zip": RAR})
    assert submitted.files == {"own.py": b"1"}
    sentence = "archive, which is not read; pack the files as a zip and hand that in"
    assert sorted(submitted.notes) == [
        f"ignored false.zip: it is a RAR {sentence}",
        f"ignored hw.7z: it is a 7z {sentence}",
        f"ignored hw.rar: it is a RAR {sentence}",
    ]


def test_what_does_not_exist_or_is_closed_is_refused(tmp_path):
    with pytest.raises(SubmissionError, match="cannot be read: No such file"):
        read_files(tmp_path / "nothing.zip")


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.tar.bz2", "a.tar.xz"])
@pytest.mark.parametrize("data", [b"", b"garbage" * 200, b"PK\x03\x04", b"\x1f\x8b", b"BZh9"])
def test_garbage_is_refused(tmp_path, name, data):
    if name == "a.tar" and not data:
        return
    with pytest.raises(SubmissionError, match="damaged or no"):
        read_files(put(tmp_path, name, data))


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar"])
def test_a_truncated_archive_is_refused(tmp_path, name):
    files = {f"{n}.py": os.urandom(3000) for n in range(4)}
    data = (
        zipped(files) if name == "a.zip" else tarred(files, mode="w" if name == "a.tar" else "w:gz")
    )
    with pytest.raises(SubmissionError, match="damaged"):
        read_files(put(tmp_path, name, data[: len(data) // 2]))


@given(st.binary(max_size=400), st.sampled_from(["zip", "tar", "tar.gz"]), st.integers(0, 300))
def test_bytes_of_any_kind_are_read_or_refused(tmp_path_factory, noise, kind, where):
    good = zipped({"a.py": b"x" * 50}) if kind == "zip" else tarred({"a.py": b"x" * 50})
    data = good[:where] + noise + good[where + len(noise) :]
    path = put(tmp_path_factory.getbasetemp(), f"noise.{kind}", data)

    def read():
        with contextlib.suppress(SubmissionError):
            submitted = read_files(path)
            assert set(map(type, submitted.files.values())) <= {bytes}

    assert peak_of(read) < 4 << 20


def test_a_damaged_member_makes_the_archive_unreadable(tmp_path):
    data = bytearray(zipped({"a.py": b"x = 1\n" * 100}))
    data[40] ^= 0xFF
    with pytest.raises(SubmissionError, match="damaged"):
        read_files(put(tmp_path, "a.zip", bytes(data)))


def test_an_encrypted_archive_says_so(tmp_path):
    data = bytearray(zipped({"a.py": b"x"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(SubmissionError, match="without a password"):
        read_files(put(tmp_path, "a.zip", bytes(data)))


def test_a_rare_packing_says_so(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.py", b"\0" * 1000)
    with pytest.raises(SubmissionError, match="ordinary zip"):
        read_files(put(tmp_path, "a.zip", buffer.getvalue()))


def test_a_lying_size_is_found_out(tmp_path):
    data = bytearray(zipped({"a.py": b"x" * 5000}))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")
    with pytest.raises(SubmissionError, match="damaged"):
        read_files(put(tmp_path, "a.zip", bytes(data)))


def test_a_bomb_of_one_module_costs_nothing(tmp_path):
    bomb = zipped({"a.py": b"\0" * (64 << 20), "b.py": b"fine"})
    submitted = read_files(put(tmp_path, "a.zip", bomb))
    assert submitted.files == {"b.py": b"fine"}
    assert submitted.notes == ["ignored a.py: it is larger than 1 MiB"]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_stream_that_never_ends_is_given_up(tmp_path, pack, monkeypatch):
    monkeypatch.setattr("autograder.submissions.tars.MAX_STREAM", 8 << 20)
    bomb = pack(tarred({"data.bin": b"\0" * (32 << 20)}, mode="w"))
    with pytest.raises(SubmissionError, match="unpacked it is larger than 8 MiB"):
        read_files(put(tmp_path, "a.tar.gz", bomb))


@pytest.mark.parametrize("outer", ["zip", "tar.xz"])
def test_a_stream_of_absurd_ratio_is_given_up(tmp_path, outer):
    bomb = tarred({"data.bin": bytes(80 << 20)}, mode="w")
    data = zipped({"in.tar": bomb}) if outer == "zip" else lzma.compress(bomb, preset=0)
    with pytest.raises(SubmissionError, match="unpacked it is larger than 64 MiB"):
        read_files(put(tmp_path, f"a.{outer}", data))


def test_an_absurd_header_is_refused(tmp_path):
    member = tarfile.TarInfo("a.py")
    member.pax_headers = {"comment": "x" * 1_000_000}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(member)
    with pytest.raises(SubmissionError, match="headers of an absurd size"):
        read_files(put(tmp_path, "a.tar", buffer.getvalue()))


def pax(member, **headers):
    """A member as it stands in a tar file, with these extended headers before it."""
    member.pax_headers = headers
    return member.tobuf(tarfile.PAX_FORMAT)


def test_headers_of_many_members_do_not_add_up(tmp_path):
    # 40 MB of headers that tarfile would keep, two compressed.
    blocks = [pax(tarfile.TarInfo(f"{n}.py"), comment=str(n) * 15_000) for n in range(1000)]
    path = put(tmp_path, "a.tar.gz", gzip.compress(b"".join(blocks) + bytes(1024), 1))
    assert len(read_files(path).files) == 1000
    assert peak_of(lambda: read_files(path)) < 24 << 20


def test_headers_without_a_member_are_refused(tmp_path):
    header = tarfile.TarInfo.create_pax_global_header({"comment": "x" * 40_000})
    with pytest.raises(SubmissionError, match="headers of an absurd size"):
        read_files(put(tmp_path, "a.tar", header * 100 + bytes(1024)))


def test_a_size_below_zero_is_refused(tmp_path):
    member = tarfile.TarInfo("a.py")
    buffer = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    buffer[124:136] = b"\xff" * 11 + b"\x00"
    buffer[148:156] = b" " * 8
    buffer[148:156] = b"%06o\0 " % sum(buffer[:512])
    with pytest.raises(SubmissionError, match="damaged"):
        read_files(put(tmp_path, "a.tar", bytes(buffer) + bytes(4096)))


def test_an_xz_stream_cannot_ask_for_all_memory(tmp_path):
    greedy = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}]
    data = lzma.compress(tarred({"a.py": b"1"}, mode="w"), filters=greedy)
    with pytest.raises(SubmissionError, match="damaged"):
        read_files(put(tmp_path, "a.tar.xz", data))


def test_an_xz_file_of_several_streams_is_read_whole(tmp_path):
    whole = tarred({"a.py": b"1" * 5000, "b.py": b"2"}, mode="w")
    data = lzma.compress(whole[:700]) + bytes(8) + lzma.compress(whole[700:])
    assert set(read_files(put(tmp_path, "a.tar.xz", data)).files) == {"a.py", "b.py"}
    with pytest.raises(SubmissionError, match="damaged"):
        read_files(put(tmp_path, "a.tar.xz", data[:-40]))


def test_a_long_list_of_members_is_not_parsed(tmp_path):
    one = zipped({"x": b""})
    entry = one[one.index(b"PK\x01\x02") : -22]
    count = 200_000
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 1, 1, len(entry) * count, 0, 0)
    path = put(tmp_path, "a.zip", entry * count + end)
    assert peak_of(lambda: refused(path, "more than 50000 files")) < 24 << 20


@pytest.mark.parametrize("outer", ["a.zip", "a.tar.gz", "a.tar"])
@pytest.mark.parametrize("inner", ["work.zip", "sub/work.tar.xz"])
def test_an_archive_alone_in_an_archive_is_opened(tmp_path, outer, inner):
    files = {"p/layers.py": b"1"}
    packed = zipped(files) if inner.endswith("zip") else tarred(files, mode="w:xz")
    held = {inner: packed, "remarks.txt": b"please", "__MACOSX/._work.zip": b"0"}
    data = zipped(held) if outer.endswith("zip") else tarred(held, mode=mode_of(outer))
    submitted = read_files(put(tmp_path, outer, data))
    assert submitted.files == files
    assert submitted.notes == [f"the archive {inner} inside was opened"]


def mode_of(name):
    return "w" if name.endswith(".tar") else "w:gz"


@pytest.fixture(params=["a.zip", "a.tar", "folder"])
def read_held(request, tmp_path):
    """Reads an archive or a folder that holds these files."""

    def read_held(files):
        if request.param != "folder":
            pack = zipped if request.param == "a.zip" else lambda f: tarred(f, mode="w")
            return read_submitted(put(tmp_path, request.param, pack(files)))
        for name, data in files.items():
            path = tmp_path / "folder" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return read_submitted(tmp_path / "folder")

    return read_held


def test_archives_beside_other_files_or_archives_are_folders_of_their_names(read_held):
    submitted = read_held({"Tiny.ipynb": b"{}", "hw/tiny.zip": zipped({"ops.py": b"1"}),
                           "data.tar.gz": tarred({"a.npz": b"0"})})  # fmt: skip
    assert submitted.files == {"Tiny.ipynb": b"{}", "hw/tiny/ops.py": b"1"}
    (note,) = submitted.notes
    assert note.startswith("the archive hw/tiny.zip ")
    assert note.endswith(" was opened as the folder hw/tiny/")


def test_two_archives_in_one_are_two_folders(read_held):
    submitted = read_held({"one.zip": zipped({"p.py": b"1"}), "two.zip": zipped({"p.py": b"2"})})
    assert submitted.files == {"one/p.py": b"1", "two/p.py": b"2"}
    assert submitted.unread == {}


def test_an_archive_inside_that_was_not_opened_is_counted_as_not_read(read_held):
    submitted = read_held({"one.zip": zipped({"p.py": b"1"}), "two.zip": b"PK\x03\x04"})
    assert submitted.files == {"one/p.py": b"1"}
    assert submitted.unread == {".zip": 1}


@pytest.mark.parametrize("mark", ["\u200e", "\u202a"])
def test_an_archive_whose_name_begins_with_a_mark_of_direction_is_opened(read_held, mark):
    submitted = read_held({"Tiny.ipynb": b"{}", f"hw/{mark}tiny.zip": zipped({"ops.py": b"1"})})
    assert submitted.files == {"Tiny.ipynb": b"{}", "hw/tiny/ops.py": b"1"}
    (note,) = submitted.notes
    assert mark not in note
    assert note.endswith(" was opened as the folder hw/tiny/")


def test_beside_an_archive_alone_what_is_not_read_is_told_all_the_same(read_held):
    held = {"hw.zip": zipped({"p.py": b"1", "b.npz": b""}), "report.pdf": b"%PDF", "old.rar": RAR}
    submitted = read_held({**held, ".hw/p.py": b"1"})
    assert submitted.files == {"p.py": b"1"}
    assert submitted.documents == ["report.pdf"]
    assert submitted.unread == {".pdf": 1, ".rar": 1, ".npz": 1}
    first, *others = sorted(submitted.notes)
    assert first.startswith("ignored .hw/: hidden folders are not read")
    assert others[0].startswith("ignored old.rar: it is a RAR archive")
    assert others[1].startswith("the archive hw.zip in")
    assert len(others) == 2


def test_an_archive_never_replaces_a_file_beside_it(read_held):
    submitted = read_held({"tiny/p.py": b"1", "tiny.zip": zipped({"p.py": b"2"}),
                           "Tiny.tar": tarred({"P.py": b"3"}, mode="w")})  # fmt: skip
    assert submitted.files == {
        "tiny/p.py": b"1", "tiny.zip/p.py": b"2", "Tiny.tar/P.py": b"3"
    }  # fmt: skip


def test_a_damaged_archive_beside_other_files_is_named_and_they_count(read_held):
    submitted = read_held({"own.py": b"2", "bad.zip": b"garbage"})
    assert submitted.files == {"own.py": b"2"}
    assert submitted.notes[0].startswith("ignored bad.zip: the archive is damaged")


def test_of_many_archives_some_are_opened_and_the_others_named(read_held):
    submitted = read_held({f"{n:02}.zip": zipped({"a.py": b"%d" % n}) for n in range(21)})
    assert len(submitted.files) == 20
    assert "ignored 20.zip: more than 20 archives were handed in" in submitted.notes


def test_a_large_archive_beside_other_files_holds_data_and_is_named(read_held, monkeypatch):
    monkeypatch.setattr("autograder.submissions.archive.MAX_BESIDE", 1 << 20)
    submitted = read_held({"own.py": b"2", "data.tar": bytes(2 << 20)})
    assert submitted.files == {"own.py": b"2"}
    assert submitted.notes[0].startswith("ignored data.tar: unpacked it is larger than 1 MiB")


@pytest.mark.parametrize("outer", ["a.zip", "a.tar"])
def test_archives_are_opened_one_level_deep(tmp_path, outer):
    def pack(files):
        return zipped(files) if outer == "a.zip" else tarred(files, mode="w")

    inner = pack({"p.py": b"1"})
    name = f"in{outer[1:]}"
    submitted = read_files(put(tmp_path, outer, pack({name: pack({name: inner})})))
    assert submitted.files == {}
    assert "archives there are not opened" in submitted.notes[-1]
    assert read_files(put(tmp_path, outer, pack({f"../{name}": inner}))).files == {}


def test_archives_in_the_archives_of_one_student_are_opened_up_to_a_number(tmp_path):
    inner = zipped({"p.py": b"1"})
    held = {f"{n:02}.zip": zipped({f"{m}.zip": inner for m in range(5)}) for n in range(5)}
    (tmp_path / "folder").mkdir()
    for name, data in held.items():
        put(tmp_path / "folder", name, data)
    submitted = read_submitted(tmp_path / "folder")
    assert len(submitted.files) <= 20
    assert submitted.opened == 20
    assert any("more than 20 archives" in note for note in submitted.notes)


def test_a_bomb_in_a_bomb_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.submissions.archive.MAX_NESTED", 8 << 20)
    bomb = zipped({"in.zip": bytes(32 << 20)})
    with pytest.raises(SubmissionError, match="unpacked it is larger than 8 MiB"):
        read_files(put(tmp_path, "a.zip", bomb))


def test_a_full_disk_is_no_fault_of_the_archive(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("autograder.submissions.tars.copy_bounded", full)
    with pytest.raises(OSError, match="No space left"):
        read_files(put(tmp_path, "a.tar.gz", tarred({"a.py": b"1"})))


def test_files_of_other_kinds_are_counted(tmp_path):
    names = ["a.pth", "b.so", "data/c.NPZ", "data/d.npz", "e", "f.\u202etxt", "g.p q", ".h.so"]
    files = {"p.py": b"1"} | dict.fromkeys(names, b"0")
    submitted = read_files(put(tmp_path, "a.zip", zipped(files)))
    assert submitted.files == {"p.py": b"1"}
    assert submitted.unread == {".pth": 1, ".so": 1, ".npz": 2, "other": 2}
    many = {f"{n}.k{n}": b"" for n in range(500)}
    assert len(read_files(put(tmp_path, "a.zip", zipped(many))).unread) <= 51


def test_of_files_of_other_kinds_those_are_kept_that_may_be_python(tmp_path):
    code = b"x = 1\ndef f():\n    return 1\n"
    names = ["a.txt", "b.bak", "c.pyw", "d.csv", "e.pdf", "f"]
    files = {"p.py": b"1", "long.txt": code + bytes(1 << 20), "words.txt": b"a def"}
    packed = put(tmp_path, "a.zip", zipped(files | dict.fromkeys(names, code)))
    assert read_files(packed).texts == dict.fromkeys(["a.txt", "b.bak", "c.pyw"], code)
    assert read_files(packed, limit_of=lambda name: 9 if name == "p.py" else 0).texts == {}
    many = {f"{number}.txt": code for number in range(99)}
    assert len(read_files(put(tmp_path, "a.zip", zipped(files | many))).texts) <= 50


def test_a_damaged_text_costs_nothing(tmp_path):
    packed = bytearray(zipped({"p.py": b"1", "a.txt": b"def f(): pass\n" * 99}))
    start = packed.index(b"a.txt") + len("a.txt")
    packed[start : start + 8] = b"\xff" * 8
    submitted = read_files(put(tmp_path, "a.zip", bytes(packed)))
    assert (submitted.files, submitted.texts, submitted.unread) == ({"p.py": b"1"}, {}, {".txt": 1})


def test_members_of_other_kinds_are_ignored(tmp_path):
    kinds = {
        "link.py": tarfile.SYMTYPE, "hard.py": tarfile.LNKTYPE, "fifo.py": tarfile.FIFOTYPE,
        "device.py": tarfile.CHRTYPE, "block.py": tarfile.BLKTYPE,
    }  # fmt: skip
    members = [odd(name, kind, "/etc/passwd") for name, kind in kinds.items()]
    submitted = read_files(put(tmp_path, "a.tar.gz", tarred({"a.py": b"1"}, members)))
    assert submitted.files == {"a.py": b"1"}
    assert submitted.notes == [f"ignored {name}: it is not a regular file" for name in kinds]


def test_a_link_in_a_zip_is_ignored(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link.py")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    submitted = read_files(put(tmp_path, "a.zip", buffer.getvalue()))
    assert submitted.files == {}
    assert submitted.notes == ["ignored link.py: it is not a regular file"]


@pytest.mark.parametrize("name", ["../evil.py", "/tmp/evil.py", "C:\\evil.py", "a/../../evil.py"])
def test_names_that_lead_out_are_ignored(tmp_path, name):
    files = {name: b"evil", "p/good.py": b"1"}
    for archive in (put(tmp_path, "a.zip", zipped(files)), put(tmp_path, "a.tgz", tarred(files))):
        submitted = read_files(archive)
        assert submitted.files == {"p/good.py": b"1"}
        assert len(submitted.notes) == 1


def test_backslashes_part_folders_in_a_zip_that_knows_no_slash(tmp_path):
    data = zipped({"p\\layers.py": b"1", "p\\sub\\more.py": b"2", "..\\evil.py": b"3"})
    submitted = read_files(put(tmp_path, "a.zip", data))
    assert submitted.files == {"p/layers.py": b"1", "p/sub/more.py": b"2"}


class _Raw(zipfile.ZipInfo):
    """A member that is written under a name in bytes, without the mark for UTF-8."""

    def _encodeFilenameFlags(self):
        return self.comment, 0


def raw_zip(*names, extra=b""):
    """A zip of members with these names in bytes. The comments of the members are the names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, name in enumerate(names):
            member = _Raw(f"{number}")
            member.comment, member.extra = name, extra
            archive.writestr(member, b"%d" % number)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("utf-8", ["Größe/กิตติ.py", unicodedata.normalize("NFD", "müller.py")]),
        ("cp950", ["功課/許功蓋.py"]),
        ("cp932", ["ソース/表示.py", "課題/予測.py"]),
        ("gbk", ["作业/一号.py", "hw1_文档.py"]),
        ("gbk", ["李大华/a.py", "李大华/b.py", "李大华/c.py"]),
        ("cp949", ["김철수/ops.py", "이영희/ops.py", "박민준/ops.py"]),
        ("cp437", ["Größe.py", "müller/ops.py", "Élève/ñandú.py", "ä.py"]),
    ],
)
def test_names_in_other_encodings_are_read(tmp_path, encoding, names):
    data = raw_zip(*(name.encode(encoding) for name in names))
    submitted = read_files(put(tmp_path, "a.zip", data))
    assert submitted.files == {name: b"%d" % number for number, name in enumerate(names)}
    assert submitted.notes == []


def test_the_field_for_a_name_in_utf_8_counts_if_it_is_of_this_name(tmp_path):
    plain, name = "müller.py".encode("cp437"), "мюллер.py".encode()
    for crc, found in ((zlib.crc32(plain), "мюллер.py"), (7, "müller.py")):
        value = b"\x01" + struct.pack("<L", crc) + name
        extra = struct.pack("<HH", 0x7075, len(value)) + value
        data = raw_zip(plain, extra=extra)
        assert list(read_files(put(tmp_path, "a.zip", data)).files) == [found]


@given(st.lists(st.binary(min_size=1, max_size=12), max_size=4), st.binary(max_size=24))
def test_names_of_any_bytes_are_read_or_refused(tmp_path_factory, names, extra):
    data = raw_zip(*(name + b".py" for name in names), extra=extra)
    path = put(tmp_path_factory.getbasetemp(), "names.zip", data)
    with contextlib.suppress(SubmissionError):
        for name in read_files(path).files:
            name.encode()


def test_many_members_are_refused_soon(tmp_path):
    data = zipped({f"{n}.txt": b"" for n in range(50_001)})
    with pytest.raises(SubmissionError, match="more than 50000 files"):
        read_files(put(tmp_path, "a.zip", data))


def test_a_file_and_a_folder_of_one_name_are_both_just_names(tmp_path):
    submitted = read_files(put(tmp_path, "a.zip", zipped({"p.py": b"1", "p.py/inner.py": b"2"})))
    assert submitted.files == {"p.py": b"1", "p.py/inner.py": b"2"}
