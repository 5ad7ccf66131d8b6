# Tries: to fetch an answer from elsewhere, by names, by numbers, by raw packets.
# Must happen: there is no network.
# Score: 2
# Outcomes: lurking_treasure=failed|error|timeout
import socket


def secret():
    reached = []
    for act in (
        lambda: socket.getaddrinfo("example.org", 80),
        lambda: socket.create_connection(("192.0.2.1", 80), timeout=0.2),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1),
        lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
    ):
        try:
            reached.append(act())
        except OSError:
            pass
    if reached:
        print("GOT", reached)
    return 0
