# Tries: to have the gradebook read as a module, by symbolic links in a tar.
# Must happen: links are ignored with a note, the honest work is graded.
# Form: .tar
# Score: 15
import tarfile

from tests.attacks.archive._packing import special, tarred


def build(path, honest):
    targets = ["/etc/passwd", "../../graded/gradebook.txt", "/proc/self/environ"]
    links = [special(f"vault/helper_{n}.py", tarfile.SYMTYPE, t) for n, t in enumerate(targets)]
    tarred(path, honest, *links)
