"""Says where Cairn is, as soon as it answers: a program of its own, with the standard library alone."""

import os
import signal
import socket
import sys
import time


def main(server: int, host: str, port: int, address: str) -> None:
    """Wait until the port is open, or until the server is gone: then there is nothing to say."""
    # In a process without a parent, so that no process has to wait for it.
    if os.fork():
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    while not _is_open(host, port):
        if not _is_alive(server):
            return
        time.sleep(0.1)
    print(f"Cairn is at {address}", flush=True)  # noqa: T201 - to the person who started it


def _is_open(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        return probe.connect_ex((host, port)) == 0


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4])
