# Tries: to have its own code run when the package is built: setup.py, .pyx, build.rs, Makefile.
# Must happen: nothing of a submission's is ever built, the honest work is graded.
# Form: .zip
# Score: 15
from tests.attacks.archive._packing import zipped


def build(path, honest):
    code = b"open('/tmp/attack-was-here', 'w')"
    names = ["setup.py", "vault/setup.py", "vault/ops.pyx", "vault/_kernels.pyx", "Makefile"]
    zipped(path, honest, *[(name, code) for name in names])
