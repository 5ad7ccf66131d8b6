"""Folders and archives that nobody has vouched for."""

import bz2
import contextlib
import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.archive import read_contents
from autograder.errors import SubmissionError
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
    contents = read_contents(put(tmp_path, name, pack(files)))
    assert contents.files == {"p/layers.py": b"x = 1\n", "n.ipynb": b"{}"}
    assert contents.notes == []


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
    contents = read_contents(top)
    assert contents.files == {"p/layers.py": b"1"}
    assert sorted(contents.notes) == [
        "ignored p/stolen.py: symbolic links are not followed",
        "ignored pipe.py: it is not a regular file",
        "ignored whole: symbolic links are not followed",
    ]


def test_a_link_given_as_the_submission_is_refused(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(SubmissionError, match="symbolic link"):
        read_contents(tmp_path / "link")


@pytest.mark.parametrize("name", ["one.py", "one.ipynb"])
def test_a_single_file_is_a_submission(tmp_path, name):
    assert read_contents(put(tmp_path, name, b"x")).files == {name: b"x"}


@pytest.mark.parametrize("name", ["work.rar", "work.7z", "report.pdf", "nosuffix"])
def test_other_files_are_refused_with_what_to_hand_in(tmp_path, name):
    with pytest.raises(SubmissionError, match="hand in a folder, a zip or tar archive"):
        read_contents(put(tmp_path, name, b"x"))


def test_what_does_not_exist_or_is_closed_is_refused(tmp_path):
    with pytest.raises(SubmissionError, match="cannot be read: No such file"):
        read_contents(tmp_path / "nothing.zip")


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.tar.bz2", "a.tar.xz"])
@pytest.mark.parametrize("data", [b"", b"garbage" * 200, b"PK\x03\x04", b"\x1f\x8b", b"BZh9"])
def test_garbage_is_refused(tmp_path, name, data):
    if name == "a.tar" and not data:
        return
    with pytest.raises(SubmissionError, match="damaged or no"):
        read_contents(put(tmp_path, name, data))


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tar"])
def test_a_truncated_archive_is_refused(tmp_path, name):
    files = {f"{n}.py": os.urandom(3000) for n in range(4)}
    data = (
        zipped(files) if name == "a.zip" else tarred(files, mode="w" if name == "a.tar" else "w:gz")
    )
    with pytest.raises(SubmissionError, match="damaged"):
        read_contents(put(tmp_path, name, data[: len(data) // 2]))


@given(st.binary(max_size=400), st.sampled_from(["zip", "tar", "tar.gz"]), st.integers(0, 300))
def test_bytes_of_any_kind_are_read_or_refused(tmp_path_factory, noise, kind, where):
    good = zipped({"a.py": b"x" * 50}) if kind == "zip" else tarred({"a.py": b"x" * 50})
    data = good[:where] + noise + good[where + len(noise) :]
    path = put(tmp_path_factory.getbasetemp(), f"noise.{kind}", data)
    with contextlib.suppress(SubmissionError):
        contents = read_contents(path)
        assert set(map(type, contents.files.values())) <= {bytes}


def test_a_damaged_member_makes_the_archive_unreadable(tmp_path):
    data = bytearray(zipped({"a.py": b"x = 1\n" * 100}))
    data[40] ^= 0xFF
    with pytest.raises(SubmissionError, match="damaged"):
        read_contents(put(tmp_path, "a.zip", bytes(data)))


def test_an_encrypted_archive_says_so(tmp_path):
    data = bytearray(zipped({"a.py": b"x"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(SubmissionError, match="without a password"):
        read_contents(put(tmp_path, "a.zip", bytes(data)))


def test_a_rare_packing_says_so(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.py", b"\0" * 1000)
    with pytest.raises(SubmissionError, match="ordinary zip"):
        read_contents(put(tmp_path, "a.zip", buffer.getvalue()))


def test_a_lying_size_is_found_out(tmp_path):
    data = bytearray(zipped({"a.py": b"x" * 5000}))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")
    with pytest.raises(SubmissionError, match="damaged"):
        read_contents(put(tmp_path, "a.zip", bytes(data)))


def test_a_bomb_of_one_module_costs_nothing(tmp_path):
    bomb = zipped({"a.py": b"\0" * (64 << 20), "b.py": b"fine"})
    contents = read_contents(put(tmp_path, "a.zip", bomb))
    assert contents.files == {"b.py": b"fine"}
    assert contents.notes == ["ignored a.py: it is larger than 1 MiB"]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_stream_that_never_ends_is_given_up(tmp_path, pack, monkeypatch):
    monkeypatch.setattr("autograder.archive.MAX_STREAM", 8 << 20)
    bomb = pack(tarred({"data.bin": b"\0" * (32 << 20)}, mode="w"))
    with pytest.raises(SubmissionError, match="unpacked it is larger than 8 MiB"):
        read_contents(put(tmp_path, "a.tar.gz", bomb))


def test_an_absurd_header_is_refused(tmp_path):
    member = tarfile.TarInfo("a.py")
    member.pax_headers = {"comment": "x" * 1_000_000}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(member)
    with pytest.raises(SubmissionError, match="headers of an absurd size"):
        read_contents(put(tmp_path, "a.tar", buffer.getvalue()))


def test_members_of_other_kinds_are_ignored(tmp_path):
    kinds = {
        "link.py": tarfile.SYMTYPE, "hard.py": tarfile.LNKTYPE, "fifo.py": tarfile.FIFOTYPE,
        "device.py": tarfile.CHRTYPE, "block.py": tarfile.BLKTYPE,
    }  # fmt: skip
    members = [odd(name, kind, "/etc/passwd") for name, kind in kinds.items()]
    contents = read_contents(put(tmp_path, "a.tar.gz", tarred({"a.py": b"1"}, members)))
    assert contents.files == {"a.py": b"1"}
    assert contents.notes == [f"ignored {name}: it is not a regular file" for name in kinds]


def test_a_link_in_a_zip_is_ignored(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link.py")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    contents = read_contents(put(tmp_path, "a.zip", buffer.getvalue()))
    assert contents.files == {}
    assert contents.notes == ["ignored link.py: it is not a regular file"]


@pytest.mark.parametrize("name", ["../evil.py", "/tmp/evil.py", "C:\\evil.py", "a/../../evil.py"])
def test_names_that_lead_out_are_ignored(tmp_path, name):
    files = {name: b"evil", "p/good.py": b"1"}
    for archive in (put(tmp_path, "a.zip", zipped(files)), put(tmp_path, "a.tgz", tarred(files))):
        contents = read_contents(archive)
        assert contents.files == {"p/good.py": b"1"}
        assert len(contents.notes) == 1


def test_backslashes_part_folders_in_a_zip_that_knows_no_slash(tmp_path):
    data = zipped({"p\\layers.py": b"1", "p\\sub\\more.py": b"2", "..\\evil.py": b"3"})
    contents = read_contents(put(tmp_path, "a.zip", data))
    assert contents.files == {"p/layers.py": b"1", "p/sub/more.py": b"2"}


def test_many_members_are_refused_soon(tmp_path):
    data = zipped({f"{n}.txt": b"" for n in range(50_001)})
    with pytest.raises(SubmissionError, match="more than 50000 files"):
        read_contents(put(tmp_path, "a.zip", data))


def test_a_file_and_a_folder_of_one_name_are_both_just_names(tmp_path):
    contents = read_contents(put(tmp_path, "a.zip", zipped({"p.py": b"1", "p.py/inner.py": b"2"})))
    assert contents.files == {"p.py": b"1", "p.py/inner.py": b"2"}
