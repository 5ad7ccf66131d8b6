# Tries: to make the sweeping up after a check take for ever: deep folders, odd rights, many links.
# Must happen: it is swept or the box is thrown away; the next check passes.
# Score: 2
# Outcomes: lurking_treasure=failed|error|timeout|killed
import os


def secret():
    os.chdir("/tmp")
    for number in range(3000):
        os.mkdir("attack-was-here")
        os.symlink("/", f"link{number}")
        os.chdir("attack-was-here")
    os.chmod("/tmp", 0)
    return 0
