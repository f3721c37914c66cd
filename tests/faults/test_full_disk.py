"""The disk is full: nothing more is saved and Cairn says so, what was saved is shown, and room is all that it needs."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Device, Server, add, quick_add, sign_up
from tests.browser.test_journeys import box, edit, settled
from tests.faults.conftest import Person, until
from tests.faults.test_kill import assert_file_is_whole

SIZE = 8 << 20
NO_ROOM = "The server has no room to save anything right now."


class Disk:
    """A small disk of its own, which a test may fill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        full = pytest.raises(OSError, match="No space left on device")
        with self._filler.open("ab", buffering=0) as filler, full:
            while True:
                filler.write(bytes(4096))

    def make_room(self) -> None:
        self._filler.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip(
            "Only root mounts a disk; try: unshare -rm bin/test tests/faults/test_full_disk.py"
        )
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def server(disk: Disk) -> Iterator[Server]:
    data = disk.folder / "data"
    data.mkdir(mode=0o700)
    running = Server(data, None).start()
    yield running
    running.stop()


@pytest.fixture
def ana(server: Server) -> Person:
    person = Person(server)
    person.sign_up()
    return person


def create(person: Person, title: str) -> httpx.Response:
    wish = {"title": title, "description": "and more " * 1000}
    return person.post("/api/tasks", json=wish, headers={"Idempotency-Key": title})


def write_until_refused(person: Person) -> tuple[list[str], httpx.Response]:
    """The titles that were saved, and why there are no more."""
    saved: list[str] = []
    while (answer := create(person, f"Task {len(saved)}")).is_success:
        saved.append(f"Task {len(saved)}")
    return saved, answer


def test_writes_are_refused_in_a_sentence_and_reads_go_on_until_there_is_room(
    disk: Disk, server: Server, ana: Person
) -> None:
    create(ana, "Before")
    disk.fill()
    saved, refused = write_until_refused(ana)
    assert refused.status_code == 503
    assert refused.headers["content-type"] == "application/problem+json"
    assert int(refused.headers["retry-after"]) > 0
    assert refused.json()["detail"].startswith(NO_ROOM)
    again = create(ana, f"Task {len(saved)}")
    assert again.status_code == 503

    tasks = ana.tasks()
    assert [task["title"] for task in tasks] == ["Before", *saved]
    assert ana.get("/api/tasks/metrics").json()["total"] == len(tasks)
    assert ana.get("/healthz").status_code == 200
    assert ana.get("/readyz").status_code == 200
    assert Person(server).get("/sign-in").status_code == 200
    assert_file_is_whole(server)

    disk.make_room()
    until(lambda: create(ana, f"Task {len(saved)}").is_success)
    address = f"/api/tasks/{tasks[0]['id']}"
    assert ana.patch(address, json={"is_completed": True}).json()["is_completed"]
    assert [task["title"] for task in ana.tasks()] == ["Before", *saved, f"Task {len(saved)}"]
    assert_file_is_whole(server)


def test_a_server_killed_on_a_full_disk_has_everything_when_there_is_room_again(
    disk: Disk, server: Server, ana: Person, capfd: pytest.CaptureFixture[str]
) -> None:
    create(ana, "Before")
    disk.fill()
    saved, _ = write_until_refused(ana)
    server.kill()
    with pytest.raises(subprocess.CalledProcessError):
        server.command("check")
    assert "No space left on device" in capfd.readouterr().err
    disk.make_room()
    server.start()
    assert [task["title"] for task in ana.tasks()] == ["Before", *saved]
    assert create(ana, "After").is_success
    assert_file_is_whole(server)


def test_a_page_says_at_the_task_that_there_is_no_room_and_keeps_what_was_typed(
    disk: Disk, server: Server, new_device: Callable[..., Device]
) -> None:
    page = new_device(server).page
    script = Person(server)
    email = sign_up(page)
    script.sign_in(email)
    add(page, "Milk")
    settled(page)
    disk.fill()
    write_until_refused(script)

    add(page, "Bread")
    edit(page, "Milk", Title="Two pints of milk")
    refused = page.get_by_role("alert").filter(has_text=NO_ROOM)
    expect(refused).to_have_count(2)
    quick_add(page).fill("Half a th")

    disk.make_room()
    for title in ("Bread", "Milk"):
        row = page.get_by_role("listitem").filter(has=box(page, title))
        row.get_by_role("button", name="Retry").click()
    expect(refused).to_have_count(0)
    settled(page)
    assert {"Bread", "Two pints of milk"} <= {task["title"] for task in script.tasks()}
    expect(quick_add(page)).to_have_value("Half a th")
