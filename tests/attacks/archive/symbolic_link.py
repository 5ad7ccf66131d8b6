# Tries: to have files of the grader's machine read as answers, by symbolic links in a zip.
# Must happen: links are ignored with a note; the module that is a link counts as not handed in.
# Form: .zip
# Score: 4
# Outcomes: double=missing secret=missing recall=missing slow=missing train=missing half=passed
import stat
import zipfile

from tests.attacks.archive._packing import zipped


def build(path, honest):
    del honest["vault/ops.py"]
    more = []
    for name, target in {
        "vault/ops.py": "/etc/passwd",
        "vault/deep.py": "../../answers.txt",
    }.items():
        link = zipfile.ZipInfo(name)
        link.create_system = 3
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        more.append((link, target))
    zipped(path, honest, *more)
