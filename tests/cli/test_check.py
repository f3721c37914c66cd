"""`python -m dashboard check`: silent when all is well, else one sentence and exit 1, never a traceback."""

import os
import resource
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import make_url

from dashboard.cli import main
from dashboard.database import migrations
from tests.conftest import RedisServer
from tests.test_config import BAD_SETTINGS


@pytest.fixture(autouse=True)
def free_port(set_env) -> int:
    """The port that `check` is asked about, free unless a test takes it."""
    with closing(socket.create_server(("", 0))) as server:
        port = server.getsockname()[1]
    set_env(PORT=str(port))
    return port


@pytest.fixture
def sentence(capsys: pytest.CaptureFixture[str]):
    """The one sentence that a failing `check` says."""

    def check() -> str:
        assert main(["check"]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1, said.err
        assert said.err.endswith(".\n")
        return said.err

    return check


# When all is well


def test_all_is_well_on_a_new_machine_and_again(set_env, tmp_path: Path, capsys) -> None:
    set_env(DATA_DIR=str(tmp_path / "new"))
    assert main(["check"]) == 0
    assert main(["check"]) == 0
    assert capsys.readouterr() == ("", "")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["auth_secret", "cairn.db"]
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_all_is_well_on_either_database(empty_database_url: str, set_env) -> None:
    set_env(DATABASE_URL=empty_database_url)
    assert main(["check"]) == 0
    assert "task" in inspect(create_engine(empty_database_url)).get_table_names()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_only_looks_leaves_an_older_database_as_it_is(database_url: str, capsys) -> None:
    file = make_url(database_url).database or ""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    before = Path(file).read_bytes()
    assert main(["check", "--only-look"]) == 0
    assert (Path(file).read_bytes(), capsys.readouterr()) == (before, ("", ""))


def test_who_only_looks_is_told_what_is_in_the_way(set_env, tmp_path: Path, capsys) -> None:
    (tmp_path / "cairn.db").write_text("no database")
    set_env(DATABASE_URL=f"sqlite:///{tmp_path}/cairn.db")
    assert main(["check", "--only-look"]) == 1
    assert "cannot be used" in capsys.readouterr().err


def test_the_database_is_its_owners_alone_in_an_open_folder_too_which_is_said(
    set_env, tmp_path: Path, capsys
) -> None:
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    set_env(DATA_DIR=str(folder))
    for path in (folder / "cairn.db", folder / "cairn.db-wal"):
        path.touch()
        path.chmod(0o644)
    assert main(["check"]) == 0
    assert capsys.readouterr().err == f"{folder} is open to others: chmod go= {folder}\n"
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


@pytest.mark.slow
def test_the_command_line_works_from_any_folder(set_env, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "check"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(migrations.PROJECT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "data" / "cairn.db").exists()


@pytest.mark.parametrize("arguments", [[], ["fly"], ["check", "twice"]])
def test_a_command_that_is_not_there_is_explained(arguments: list[str], capsys) -> None:
    assert main(arguments) == 2
    assert "Usage: python -m dashboard" in capsys.readouterr().err


# Settings


@pytest.mark.parametrize(("name", "value", "reason"), BAD_SETTINGS)
def test_a_bad_setting_is_one_sentence(
    set_env, sentence, name: str, value: str, reason: str
) -> None:
    set_env(**{name: value})
    said = sentence()
    assert said.startswith(f"{name} cannot be used: ")
    assert reason in said


def test_an_address_that_this_machine_has_not_is_one_sentence(set_env, sentence) -> None:
    set_env(BIND="192.0.2.77")
    assert sentence() == "BIND 192.0.2.77 cannot be used: this machine has no such address.\n"


# The disk


@pytest.fixture
def read_only_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that nobody writes to, root included, whom a mode does not stop."""
    if os.geteuid() == 0:
        yield Path("/proc/self")
    else:
        folder = tmp_path / "read-only"
        folder.mkdir(mode=0o500)
        yield folder
        folder.chmod(0o700)


def test_a_read_only_data_dir_is_one_sentence(set_env, sentence, read_only_folder: Path) -> None:
    set_env(DATA_DIR=str(read_only_folder))
    assert sentence().startswith(f"DATA_DIR cannot be written: {read_only_folder} (")


def test_a_data_dir_that_cannot_be_made_is_one_sentence(
    set_env, sentence, read_only_folder: Path
) -> None:
    set_env(DATA_DIR=str(read_only_folder / "data"))
    assert sentence().startswith(f"DATA_DIR cannot be written: {read_only_folder}/data (")


def test_a_read_only_database_is_one_sentence(database_url: str, set_env, sentence) -> None:
    if database_url.startswith("sqlite"):
        set_env(
            DATABASE_URL=database_url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true"
        )
        assert "attempt to write a readonly database" in sentence()
    else:
        set_env(DATABASE_URL=database_url + "&options=-c%20default_transaction_read_only%3Don")
        assert "read-only transaction" in sentence()


FULL = """
import resource, signal, sys
# As on a full disk, no file may grow beyond this many bytes.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), -1))
from dashboard.cli import main
sys.exit(main(["check"]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("room", "reason"),
    [
        (0, "DATA_DIR cannot be written"),
        (5000, "The database "),
        (60_000, "The database "),
    ],
)
def test_a_disk_that_fills_up_is_one_sentence(room: int, reason: str, tmp_path: Path) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    done = subprocess.run(
        [sys.executable, "-B", "-c", FULL.replace("-1", str(hard)), str(room)],
        cwd=migrations.PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(reason), done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(
    os.geteuid() != 0, reason="only root may mount a small disk; the test above does without"
)
def test_a_really_full_disk_is_one_sentence(set_env, sentence, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)], check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this machine does not let root mount; the test above does without")
    try:
        set_env(DATA_DIR=str(disk))
        assert "database or disk is full" in sentence()
        (disk / "filler").write_bytes(bytes(40_000))
        with suppress(OSError), (disk / "filler").open("ab", 0) as filler:
            while True:
                filler.write(bytes(4096))
        assert sentence() == f"DATA_DIR cannot be written: {disk} (No space left on device).\n"
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# What it needs from elsewhere


def test_an_unreachable_postgresql_is_one_sentence_without_its_password(set_env, sentence) -> None:
    set_env(DATABASE_URL="postgresql://ana:tell-nobody@127.0.0.1:1/cairn")
    said = sentence()
    assert said.startswith("The database cairn of PostgreSQL cannot be used (")
    assert "Connection refused" in said
    assert "tell-nobody" not in said


@pytest.mark.parametrize("address", ["127.0.0.1", "", "::1"])
def test_a_port_in_use_is_one_sentence(sentence, free_port: int, address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with closing(socket.create_server((address, free_port), family=family)):
        assert sentence().startswith(f"PORT {free_port} cannot be used (Address already in use)")
    assert main(["check"]) == 0


def test_where_the_port_or_redis_is_in_the_way_nothing_is_made_or_migrated(
    set_env, sentence, free_port: int, tmp_path: Path
) -> None:
    """Who starts a new version while the old one still runs must not change the database under it."""
    set_env(DATA_DIR=str(tmp_path / "new"))
    with closing(socket.create_server(("127.0.0.1", free_port))):
        assert sentence().startswith(f"PORT {free_port}")
    set_env(REDIS_URL="redis://127.0.0.1:1/0")
    assert sentence().startswith("Redis at REDIS_URL")
    assert not (tmp_path / "new").exists()


def test_a_port_that_was_just_left_can_be_used_again(free_port: int) -> None:
    with closing(socket.create_server(("127.0.0.1", free_port))) as server:
        client = socket.create_connection(("127.0.0.1", free_port))
        served, _ = server.accept()
        served.close()  # The server closes first, so its side of the connection lingers.
        client.close()
    assert main(["check"]) == 0


class FakeRedis:
    """Speaks as much of Redis as a handshake and a ping."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://:tell-nobody@127.0.0.1:{self.server.getsockname()[1]}/0"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        try:
            while True:
                connection, _ = self.server.accept()
                with connection:
                    while received := connection.recv(4096):
                        commands = received.count(b"\r\nPING\r\n") or received.count(b"*") or 1
                        connection.sendall(self.answer * commands)
        except OSError:
            return


def test_a_redis_that_answers_is_fine(set_env) -> None:
    redis = FakeRedis(b"+OK\r\n")
    with closing(redis.server):
        set_env(REDIS_URL=redis.url)
        assert main(["check"]) == 0


def test_a_redis_that_refuses_the_password_is_one_sentence(set_env, sentence) -> None:
    redis = FakeRedis(b"-WRONGPASS invalid username-password pair\r\n")
    with closing(redis.server):
        set_env(REDIS_URL=redis.url)
        said = sentence()
    assert said.startswith("Redis at REDIS_URL cannot be used (")
    assert "tell-nobody" not in said


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
        b"220 mail.example.org ESMTP\r\n",
        b"-READONLY You can't write against a read only replica.\r\n",
        b"-NOAUTH Authentication required.\r\n",
        b"",
    ],
    ids=["a web server", "a mail server", "a replica", "one with a password", "one that is silent"],
)
def test_something_else_in_place_of_redis_is_one_sentence(
    set_env, sentence, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["dashboard.cli.check"], "REDIS_SECONDS", 0.2)
    redis = FakeRedis(answer)
    with closing(redis.server):
        set_env(REDIS_URL=redis.url, WORKERS="2")
        assert sentence().startswith("Redis at REDIS_URL cannot be used (")


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (("REPLICAOF", "127.0.0.1", "1"), "read only replica"),
        (("CONFIG", "SET", "maxmemory", "1"), "maxmemory"),
        (("ACL", "SETUSER", "default", "-set"), "no permissions"),
    ],
)
def test_a_redis_that_keeps_nothing_is_one_sentence(
    set_env, sentence, redis_server: RedisServer, command: tuple[str, ...], reason: str
) -> None:
    with Redis.from_url(redis_server.url) as redis:
        redis.execute_command(*command)
    set_env(REDIS_URL=redis_server.url)
    assert reason in sentence()


def test_a_redis_without_that_many_databases_is_one_sentence(
    set_env, sentence, redis_server: RedisServer
) -> None:
    set_env(REDIS_URL=f"{redis_server.url}?db=99")
    assert "out of range" in sentence()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nowhere.invalid", "127.0.0.1:tell-nobody"])
def test_an_unreachable_redis_is_one_sentence_without_its_password(
    set_env, sentence, address: str
) -> None:
    set_env(REDIS_URL=f"redis://:tell-nobody@{address}/0")
    said = sentence()
    assert "REDIS_URL cannot be used" in said
    assert "tell-nobody" not in said
