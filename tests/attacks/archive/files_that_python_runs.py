# Tries: to be run by the interpreter itself: .pth, sitecustomize, .so, dotfiles, compiled files.
# Must happen: none of them is taken, the honest work is graded.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import zipped


def build(path, honest):
    code = b"import os; os._exit(0)"
    names = [
        "evil.pth", "vault/evil.pth", "sitecustomize.py", "vault/sitecustomize.py",
        "usercustomize.py", "conftest.py", "vault/conftest.py", "vault/ops.so",
        "vault/calm.cpython-311-x86_64-linux-gnu.so", ".profile", "vault/.hidden.py",
        "vault/__pycache__/ops.cpython-311.pyc", "pyvenv.cfg", "setup.cfg", "pyproject.toml",
    ]  # fmt: skip
    zipped(path, honest, *[(name, code) for name in names])
