# Tries: to keep its boxes from starting, by a package with the name of the modules that run there.
# Must happen: it is read as the package and has no second name; the boxes start.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import renamed, zipped


def build(path, honest):
    zipped(path, renamed(honest, "autograder"))
