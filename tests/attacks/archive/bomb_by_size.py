# Tries: to fill the grader's memory with a module of 128 MiB, packed into an eighth of a megabyte.
# Must happen: reading stops at the limit, the module is ignored, the honest work is graded.
# Form: .zip
# Score: 15
import zipfile

from tests.attacks.archive._packing import zipped


def build(path, honest):
    zipped(path, honest)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("vault/large.py", "w", force_zip64=True) as member,
    ):
        for _ in range(128):
            member.write(b"#" * (1 << 20))
