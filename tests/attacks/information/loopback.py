# Tries: to reach servers of the grader's machine on every port.
# Must happen: there is no network, not even the machine's own.
# Score: 2
# Outcomes: lurking_treasure=failed|error|killed|timeout
import socket


def secret():
    with socket.socket(socket.AF_INET) as client:
        for port in range(1, 65536):
            if client.connect_ex(("127.0.0.1", port)) == 0:
                print("GOT", port, client.recv(100))
                break
    return 0
