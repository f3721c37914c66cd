"""A test's process that is killed leaves nothing running."""

import os
import select
import subprocess
import sys
from pathlib import Path

STARTS_A_SERVER = """
import subprocess, sys, time
from tests import guard
def start():
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
ended, server = start(), start()
for process in (ended, server):
    guard.watch(process.pid)
ended.kill()
ended.wait()
guard.forget(ended.pid)
print(server.pid, flush=True)
time.sleep(600)
"""


def test_what_a_killed_worker_has_started_ends_with_it() -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", STARTS_A_SERVER],
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    server = os.pidfd_open(int(worker.stdout.readline()))
    worker.kill()
    worker.wait()
    # Ready to be read from when the process has ended.
    poll = select.poll()
    poll.register(server, select.POLLIN)
    try:
        assert poll.poll(60_000)
    finally:
        os.close(server)
