# Tries: to have the grader follow real symbolic links out of a folder that was handed in.
# Must happen: they are ignored with a note, the honest work is graded.
# Score: 15
from tests.attacks.corpus import write_files


def build(path, honest):
    write_files(path, honest)
    (path / "vault" / "helper.py").symlink_to("../../../answers.txt")
    (path / "vault" / "more").symlink_to("../..")
    (path / "Other.ipynb").symlink_to("/etc/passwd")
