"""Says where Cairn is, as soon as it answers: a program of its own, with the standard library alone."""

import os
import signal
import socket
import sys
import time


def main(server: int, port: int, address: str) -> None:
    """Wait until the port is open, or until the server is gone: then there is nothing to say."""
    # In a process that is nobody's child, so that nobody has to wait for it.
    if os.fork():
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    while not _is_open(port):
        if not _is_alive(server):
            return
        time.sleep(0.1)
    print(f"Cairn is at {address}", flush=True)  # noqa: T201 - to the person who started it


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
