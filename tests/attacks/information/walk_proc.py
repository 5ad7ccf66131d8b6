# Tries: to see other processes, their open files and where the grader keeps its own.
# Must happen: only the box's own processes are there, and no path of the grader's shows.
# Score: 2
# Outcomes: lurking_treasure=failed
import os


def secret():
    for number in filter(str.isdigit, os.listdir("/proc")):
        folder = f"/proc/{number}"
        try:
            with open(f"{folder}/stat") as file:
                print(file.read()[:60])
            for what in ("root", "cwd", "exe"):
                print(what, os.readlink(f"{folder}/{what}"))
            for name in os.listdir(f"{folder}/fd"):
                print(name, os.readlink(f"{folder}/fd/{name}"))
            if os.listdir(f"{folder}/root/home"):
                print("GOT the root of", number)
        except OSError:
            pass
    with open("/proc/self/mountinfo") as file:
        places = [line.split()[3] for line in file]
    for place in places:
        if any(word in place for word in ("gradebook", "class/", "graded", "information")):
            print("GOT a path of the grader's:", place)
    return 0
