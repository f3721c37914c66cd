"""A process that stays when this one is killed, and then stops what it has started.

A time limit, or the kernel when memory is short, ends a test's process without a word: nothing in it can clean up.
"""

import json
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from signal import SIGKILL

_PROGRAM = """
import json, os, shutil, sys, time
from contextlib import suppress
watched = {}
for line in sys.stdin:
    number, told = json.loads(line)
    watched[number] = told
left = [(number, told) for number, told in watched.items() if told]
for number, (signal, _) in left:
    with suppress(ProcessLookupError):
        (os.killpg if os.getpgid(number) == number else os.kill)(number, signal)
folders = [folder for _, (_, folder) in left if folder]
if folders:
    time.sleep(3)
for folder in folders:
    shutil.rmtree(folder, ignore_errors=True)
"""


def watch(number: int, signal: int = SIGKILL, folder: Path | str = "") -> None:
    """From now on a process, with the group that it leads, gets this signal when ours is gone; then a folder goes."""
    _tell([number, [signal, str(folder)]])


def forget(number: int) -> None:
    """It has ended, or somebody else looks after it."""
    _tell([number, None])


@lru_cache(maxsize=1)
def _guard() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        start_new_session=True,
        text=True,
        bufsize=1,
    )


def _tell(told: object) -> None:
    stdin = _guard().stdin
    assert stdin is not None
    stdin.write(json.dumps(told) + "\n")
    stdin.flush()
