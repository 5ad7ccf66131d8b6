# Tries: to reach servers that have a name and no file, which no mount hides.
# Must happen: those of the grader's machine are not in the box's network.
# Score: 2
# Outcomes: lurking_treasure=failed|error
import socket


def secret():
    with open("/proc/net/unix") as file:
        names = [line.split()[-1] for line in file if "@" in line]
    for name in [*names, "@/tmp/.X11-unix/X0", "@/tmp/dbus-x", "@/containerd-shim"]:
        with socket.socket(socket.AF_UNIX) as client:
            if client.connect_ex("\0" + name[1:]) == 0:
                print("GOT", name, client.recv(100))
    for path in ("/run/docker.sock", "/var/run/docker.sock", "/run/dbus/system_bus_socket"):
        with socket.socket(socket.AF_UNIX) as client:
            if client.connect_ex(path) == 0:
                print("GOT", path)
    return 0
