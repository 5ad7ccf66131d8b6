# Tries: to become root or another user, by system calls, capabilities and set-uid programs.
# Must happen: it stays who it is.
# Score: 2
# Outcomes: lurking_treasure=failed|error|killed|timeout
import glob
import os
import stat
import subprocess


def secret():
    before = os.getresuid()
    for act in (os.setuid, os.setgid, os.seteuid, lambda n: os.setgroups([n])):
        for number in (0, 1000):
            try:
                act(number)
            except OSError:
                pass
    for path in glob.glob("/usr/bin/*"):
        if os.stat(path).st_mode & stat.S_ISUID:
            said = subprocess.run([path, "-c", "id -u"], capture_output=True, input=b"", timeout=1)
            if said.stdout.strip() == b"0":
                print("GOT root by", path)
    with open("/proc/self/status") as file:
        capable = [line for line in file if line.startswith("CapEff") and int(line.split()[1], 16)]
    if capable or before != os.getresuid():
        print("GOT", capable, os.getresuid())
    return 0
