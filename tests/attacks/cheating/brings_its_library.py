# Tries: to install or to hand in what is not there: by pip, by a wheel, by a compiled file.
# Must happen: there is no network, and of what is handed in only modules and notebooks are taken.
# Score: 2
# Outcomes: slow=error
import subprocess
import sys


def slow(x):
    target = "/tmp/attack-was-here"
    pip = [sys.executable, "-m", "pip", "install", "--no-input", "--timeout=1", "--retries=0"]
    subprocess.run([*pip, "--target", target, "attack"], capture_output=True, timeout=2.5)
    sys.path += [target, "/submission/package/vault/library.whl", "/submission/package"]
    import library

    return library.cumsum(x)
