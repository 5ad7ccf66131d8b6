"""Bundles: the same files give the same bytes, in any order, on any day."""

import io
import json
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from plumb import bundle

names = st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8}){0,2}\.py", fullmatch=True)
trees = st.dictionaries(names, st.binary(max_size=50), max_size=6)


@given(trees)
def test_packing_is_reproducible_and_loses_nothing(files):
    data = bundle.pack(files)
    assert data == bundle.pack(dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {m.filename: archive.read(m) for m in archive.infolist()} == files


def test_the_manifest_of_other_variants_is_kept(tmp_path):
    path = tmp_path / "MANIFEST.json"
    path.write_bytes(bundle.manifest(path, "one", {"student": {"a.py": b"1"}}))
    path.write_bytes(bundle.manifest(path, "two", {"student": {"a.py": b"2"}}))
    content = json.loads(path.read_text())
    assert list(content) == ["one/student.zip", "two/student.zip"]
    assert content["one/student.zip"]["files"]["a.py"].startswith("6b86b273ff34fce1")
