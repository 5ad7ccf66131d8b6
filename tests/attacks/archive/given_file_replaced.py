# Tries: to replace a given module, the stubs' package itself, and names that would hide a given
#   one.
# Must happen: the given ones are laid over them, a note says so, the honest work is graded.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import zipped


def build(path, honest):
    code = b"raise SystemExit(0)"
    names = [
        "vault/fast.py",
        "vault/__init__.py",
        "vault/fast/__init__.py",
        "vault/calm/__init__.py",
    ]
    zipped(path, honest, *[(name, code) for name in names])
