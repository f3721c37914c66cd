"""What bin/bundle makes is all of Cairn: it serves where there is no checkout, no Node and no other program."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message
from pathlib import Path

import pytest

from dashboard import __version__
from dashboard.places import PROJECT
from tests.browser.conftest import Device, Server, add, sign_up
from tests.browser.test_journeys import box
from tests.migrations.test_upgrades import REVISIONS, columns_of, fill, hashes

PROGRAM = "from dashboard.cli import main; raise SystemExit(main())"


def bundle(folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*command, folder], cwd=PROJECT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as files:
        (name,) = (name for name in files.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_string(files.read(name).decode())


@dataclass
class Installed(Server):
    """Cairn as it is installed from a wheel, in a folder that nobody writes to."""

    site: Path = Path()

    def cairn(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = self.environment | {"PYTHONPATH": str(self.site), "PATH": "/nonexistent"}
        # `serve` says by itself what the server needs.
        for name in list(environment):
            if "REFLEX" in name:
                del environment[name]
        with (self.data_dir.parent / "server.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-B", "-c", PROGRAM, *arguments],
                cwd=self.data_dir.parent,
                env=environment | {"DATA_DIR": self.data_dir.name, "PYTHONDONTWRITEBYTECODE": "1"},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start(self) -> "Installed":
        self.process = self.cairn("serve")
        self._await_ready()
        return self

    def log(self) -> str:
        return (self.data_dir.parent / "server.log").read_text()


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Iterator[Installed]:
    with zipfile.ZipFile(wheel) as files:
        files.extractall(tmp_path / "site")
    server = Installed(tmp_path / "data", None, site=tmp_path / "site").start()
    yield server
    server.stop()


@pytest.fixture
def older(wheel: Path, tmp_path: Path) -> Installed:
    """Cairn from a wheel that knows the first schema alone."""
    site = tmp_path / "older"
    with zipfile.ZipFile(wheel) as files:
        files.extractall(site)
    for later in REVISIONS[1:]:
        (migration,) = site.glob(f"dashboard/bundle/alembic/versions/{later}_*.py")
        migration.unlink()
    return Installed(tmp_path / "data", None, site=site)


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_someone_signs_up_and_keeps_a_task_on_a_server_from_the_wheel(
    installed: Installed, new_device: Callable[..., Device]
) -> None:
    before = files_in(installed.site)
    device = new_device(installed)
    sign_up(device.page)
    add(device.page, "Milk")
    assert device.complaints == []
    assert installed.cairn("backup", "kept.backup").wait(60) == 0

    installed.stop()
    assert f"Cairn is at {installed.address}\n" in installed.log()
    installed.start()
    device.page.reload()
    box(device.page, "Milk").wait_for()
    # What is relative is so to where one stands; beside that nothing is written.
    assert {path.name for path in installed.data_dir.parent.iterdir()} == {
        *("data", "kept.backup", "server.log", "site"),
    }
    assert files_in(installed.site) == before


def test_a_wheel_brings_the_data_of_an_older_one_to_its_own_schema_which_the_older_one_refuses(
    older: Installed, wheel: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{older.data_dir}/cairn.db"
    assert older.cairn("check").wait(60) == 0
    fill(url, REVISIONS[0])
    columns = columns_of(url)
    before = hashes(url, columns)

    with zipfile.ZipFile(wheel) as files:
        files.extractall(tmp_path / "site")
    newer = Installed(older.data_dir, None, site=tmp_path / "site").start()
    newer.stop()
    (copy,) = older.data_dir.glob("cairn.db.before-*")
    assert re.search(
        rf"The database was brought from schema {REVISIONS[0]} to {REVISIONS[-1]} in \d+\.\d s\. "
        rf"A copy of it as it was before is in \S+/{copy.name}\.",
        newer.log(),
    )
    assert hashes(url, columns) == before == hashes(f"sqlite:///{copy}", columns)

    assert older.cairn("serve").wait(60) == 1
    assert (
        f"The database has schema {REVISIONS[-1]}, and this Cairn is older and knows {REVISIONS[0]} at most: "
        "start the newer Cairn, or put back "
    ) in newer.log()
    assert hashes(url, columns) == before


def test_the_wheel_is_the_same_byte_for_byte_when_it_is_made_again(
    wheel: Path, tmp_path: Path
) -> None:
    again = bundle(tmp_path)
    assert again.name == wheel.name == f"cairn_tasks-{__version__}-py3-none-any.whl"
    assert again.read_bytes() == wheel.read_bytes()


def test_the_wheel_does_not_say_when_it_was_built(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as files:
        scripts = [name for name in files.namelist() if name.endswith(".js")]
        assert scripts
        assert not [name for name in scripts if b"last_reflex_run" in files.read(name)]


def test_the_wheel_asks_for_what_the_lock_names_and_for_no_node(metadata: Message) -> None:
    asked = set(metadata.get_all("Requires-Dist", []))
    pins = re.findall(
        r"^([\w.-]+(?:\[\w+\])?==\S+)", (PROJECT / "requirements.lock").read_text(), re.MULTILINE
    )
    assert len(pins) > 40
    assert set(pins) <= {pin.partition(";")[0].strip() for pin in asked}
    assert not any("nodejs" in each or "hatchling" in each for each in asked)


def test_the_wheel_brings_the_command_and_nobody_elses_files(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as files:
        names = files.namelist()
        (entry,) = (name for name in names if name.endswith("entry_points.txt"))
        assert "cairn = dashboard.cli:main" in files.read(entry).decode()
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"dashboard", f"cairn_tasks-{__version__}.dist-info"}
    assert not [name for name in names if "__pycache__" in name or "/external/" in name]
