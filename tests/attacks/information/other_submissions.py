# Tries: to read the work of other students, beside its own and wherever graders put it.
# Must happen: only its own is there.
# Score: 2
# Outcomes: lurking_treasure=failed
import glob
import os


def secret():
    own = os.path.realpath(__file__)
    places = [".", "/submission", "/tmp", "/var/tmp", "/home", "/root"]
    places += [os.path.dirname(own), "/proc/1/root/tmp", "/proc/1/cwd"]
    for place in places:
        for depth in range(5):
            for path in glob.glob(f"{place}/{'*/' * depth}ops.py"):
                if os.path.realpath(path) != own and not os.path.samefile(path, own):
                    print("GOT", path, open(path).read(100))
    print({place: os.listdir(place) for place in ("/", "/submission") if os.path.isdir(place)})
    return 0
