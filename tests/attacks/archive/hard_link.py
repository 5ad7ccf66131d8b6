# Tries: to have a file of the grader's machine linked into the submission, by hard links in a tar.
# Must happen: links are ignored with a note, the honest work is graded.
# Form: .tar.xz
# Score: 15
import tarfile

from tests.attacks.archive._packing import special, tarred


def build(path, honest):
    targets = ["/etc/passwd", "../answers.txt", "vault/ops.py"]
    links = [special(f"vault/helper_{n}.py", tarfile.LNKTYPE, t) for n, t in enumerate(targets)]
    tarred(path, honest, *links, mode="w:xz")
