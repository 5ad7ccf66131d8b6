# Tries: to have its package imported in the place of a given module, whose name it bears.
# Must happen: it is read as the package and has no second name; a note says why.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import renamed, zipped


def build(path, honest):
    zipped(path, renamed(honest, "fast"))
