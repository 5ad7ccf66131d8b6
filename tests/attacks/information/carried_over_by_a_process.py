# Tries: to leave a process behind that keeps what one check showed and tells it to the next.
# Must happen: it ends with its check, whatever session it is in.
# Score: 4
# Outcomes: looks=passed lurking_look=passed lurking_recall=error|failed
import os
import signal
import socket
import time

import numpy as np

NAME = "\0attack-was-here"


def look(values):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, signal.NSIG))
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(NAME)
                server.listen()
                while True:
                    client, _ = server.accept()
                    client.sendall(values.tobytes())
                    client.close()
        os._exit(0)
    time.sleep(0.1)
    return float(sum(values))


def recall():
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(NAME)
        return np.frombuffer(client.recv(1000))
