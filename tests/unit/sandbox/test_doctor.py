"""What the doctor finds installed: what only some assignments need is no fault if it is missing."""

from importlib.metadata import PackageNotFoundError

from autograder.sandbox import compile_extension, doctor


def test_what_only_pyx_files_need_is_no_fault_if_it_is_missing(monkeypatch):
    def version(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(compile_extension, "version", version)
    monkeypatch.setenv("PATH", "/nowhere")
    found = {finding.subject: finding for finding in doctor.installed()}
    for subject in ("builders of .pyx", "C compiler"):
        assert found[subject].ok is None
        assert "only .pyx files need it" in found[subject].detail
    assert "pip install cython setuptools" in found["builders of .pyx"].detail
    assert found["bubblewrap"].ok is False
