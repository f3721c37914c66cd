"""What bin/setup, bin/build and bin/serve say when something is in their way: one sentence, and exit 1."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

ROOT = Path(__file__).parents[1]
IS_ROOT = os.geteuid() == 0
TEMPORARY = Path(tempfile.gettempdir())
NOBODY = 65534
LOCK = f"nothing-of-that-name==1.0 --hash=sha256:{'0' * 64}\n"
NOBODY_LISTENS = "127.0.0.1:9"
SAYS_WHAT_IT_DOES = ("Installing", "Building", "The folder .venv was made for another")


def said(folder: Path, *command: str, user: int | None = None, **environment: str) -> str:
    """The one sentence that a command says when it fails, beside what it says it is about to do."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": f"{folder}/stubs:/usr/local/bin:/usr/bin:/bin", "HOME": str(folder)}
        | {"PIP_CONFIG_FILE": os.devnull, "PIP_DEFAULT_TIMEOUT": "5"}
        | environment,
        capture_output=True,
        text=True,
        user=user,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    lines = (done.stdout + done.stderr).splitlines()
    assert "Traceback" not in done.stderr
    (sentence,) = [line for line in lines if not line.startswith(SAYS_WHAT_IT_DOES)]
    assert sentence.endswith((".", "setup.log."))
    return sentence


def checkout(folder: Path) -> Path:
    """As much of a checkout as setting it up needs, with a lock of one package that is nowhere."""
    shutil.copytree(ROOT / "bin", folder / "bin")
    for lock in ("requirements.lock", "requirements-build.lock", "requirements-dev.lock"):
        (folder / lock).write_text(LOCK)
    stubs = folder / "stubs"
    stubs.mkdir()
    (stubs / "python3").symlink_to(sys.base_prefix + "/bin/python3")
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with a .venv that nothing is installed in yet, without a network."""
    folder = checkout(tmp_path_factory.mktemp("begun"))
    assert "cannot be reached" in said(
        folder, "bin/setup", PIP_INDEX_URL=f"http://{NOBODY_LISTENS}"
    )
    return folder


@pytest.mark.slow
def test_without_a_network_the_set_up_says_so_soon_and_goes_on_later(begun: Path) -> None:
    sentence = said(begun, "bin/setup", PIP_INDEX_URL=f"http://{NOBODY_LISTENS}")
    assert sentence.startswith("The package index cannot be reached: check the network")
    assert (begun / ".venv/bin/python").exists()


@pytest.mark.slow
def test_a_proxy_in_the_way_is_named(begun: Path) -> None:
    proxy = f"http://{NOBODY_LISTENS}"
    sentence = said(begun, "bin/setup", PIP_INDEX_URL="https://127.0.0.1:1", HTTPS_PROXY=proxy)
    assert sentence.startswith("The proxy that HTTPS_PROXY names")


@contextmanager
def somebody_elses_certificate() -> Iterator[str]:
    """The address of a server whose certificate nobody here trusts."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(tls)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    peer, _ = server.accept()
                    tls.wrap_socket(peer, server_side=True).close()
                except ssl.SSLError:
                    continue
                except OSError:
                    return

        threading.Thread(target=answer, daemon=True).start()
        yield f"https://localhost:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.slow
def test_a_certificate_in_the_way_is_named(begun: Path) -> None:
    with somebody_elses_certificate() as address:
        sentence = said(begun, "bin/setup", PIP_INDEX_URL=address)
    assert sentence.startswith("The certificate of the package index is not trusted here")


@pytest.mark.slow
def test_a_folder_that_was_moved_gets_a_venv_again(begun: Path) -> None:
    moved = begun.rename(begun.with_name("moved"))
    try:
        done = subprocess.run(
            ["bin/setup"],
            cwd=moved,
            env={"PATH": f"{moved}/stubs:/usr/bin:/bin", "PIP_CONFIG_FILE": os.devnull}
            | {"PIP_INDEX_URL": f"http://{NOBODY_LISTENS}"},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        moved.rename(begun)
    first, *_, last = done.stderr.splitlines()
    assert (
        first == "The folder .venv was made for another place, Python or machine: it is made again."
    )
    assert last.startswith("The package index cannot be reached")


def test_where_venv_is_missing_every_try_says_what_to_install(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    python = folder / "stubs/python3"
    real = python.readlink()
    python.unlink()
    # As Debian's without python3-venv: it makes the half of it, and then says that ensurepip is not there.
    python.write_text(
        f'#!/bin/sh\n[ "$1 $2" = "-m venv" ] || exec {real} "$@"\n'
        f"{real} -m venv --without-pip .venv\necho ensurepip is not available; exit 1\n"
    )
    python.chmod(0o755)
    for _ in range(2):
        sentence = said(folder, "bin/setup")
        assert sentence.startswith(
            "Cairn needs the venv module of Python: install it (Debian: apt-get"
        )
        assert all(name in sentence for name in ("Fedora", "Alpine", "macOS"))


def test_without_a_python_that_is_new_enough_it_says_how_to_get_one(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        (folder / "stubs" / name).unlink(missing_ok=True)
        (folder / "stubs" / name).write_text("#!/bin/sh\nexit 1\n")
        (folder / "stubs" / name).chmod(0o755)
    assert said(folder, "bin/setup").startswith("Cairn needs Python 3.11 or newer: install it")


@contextmanager
def not_writable(folder: Path) -> Iterator[int | None]:
    """Run what is in here as the user that is given."""
    # Root may write wherever it likes.
    for parent in (folder, *folder.parents):
        if IS_ROOT and TEMPORARY in parent.parents:
            parent.chmod(0o755)
    folder.chmod(0o555)
    yield NOBODY if IS_ROOT else None
    folder.chmod(0o755)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    with not_writable(folder) as user:
        sentence = said(folder, "bin/setup", user=user)
    assert f"may not write to {folder}" in sentence


def test_what_is_not_set_up_is_not_served(tmp_path: Path) -> None:
    assert said(checkout(tmp_path), "bin/serve").startswith(f"Cairn is not set up in {tmp_path}")


def test_what_is_not_set_up_is_not_built(tmp_path: Path) -> None:
    sentence = said(checkout(tmp_path), sys.executable, "bin/build")
    assert sentence.startswith(f"Cairn is not set up in {tmp_path}")


def test_a_python_that_a_service_may_not_run_is_named(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    hidden = folder / "home/python"
    hidden.parent.mkdir(mode=0o000)
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/python").symlink_to(hidden)
    with not_writable(folder) as user:
        sentence = said(folder, "bin/serve", user=user)
    hidden.parent.chmod(0o700)
    assert f"cannot run the Python of .venv, which is {hidden}" in sentence


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if not IS_ROOT or subprocess.run(mount, check=False).returncode:
        pytest.skip("a small disk is mounted by root alone")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_is_named(full_disk: Path) -> None:
    assert said(checkout(full_disk), "bin/setup").startswith("There is no room left on the disk")


@pytest.mark.slow
def test_without_a_network_the_build_says_so_soon(tmp_path: Path) -> None:
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "bin", folder / "bin")
    for name in ("dashboard", "assets", "reflex.lock", "alembic"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("rxconfig.py", "requirements-build.lock", ".npmrc", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    # The packages of this one, with a log and a lock of its own.
    (folder / ".venv").mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (folder / ".venv" / name).symlink_to(ROOT / ".venv" / name)
    sentence = said(
        folder,
        *(f"{folder}/.venv/bin/python", "bin/build"),
        PATH=f"{folder}/.venv/bin:/usr/bin:/bin",
        npm_config_registry=f"http://{NOBODY_LISTENS}",
        npm_config_cache=str(tmp_path / "cache"),
    )
    assert sentence.startswith("The package host of npm cannot be reached")


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize(
    ("broken", "content"),
    [("broken.js", "const = 1;"), ("tests/a.test.mjs", "throw new Error();")],
    ids=["a script that cannot be read", "a test that fails"],
)
def test_the_javascript_step_of_bin_check_fails(tmp_path: Path, broken: str, content: str) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    (tmp_path / "tests").mkdir()
    (tmp_path / "a.js").write_text("const a = 1;")
    (tmp_path / "tests/b.test.mjs").write_text("const b = 1;")
    (tmp_path / "z.js").write_text("const z = 1;")
    check = (ROOT / "bin/check").read_text()
    # As a condition, which is how a step is run.
    start, end = check.index("javascript() {"), check.index("step format")
    script = (
        f"set -euo pipefail\n{check[start:end]}if javascript; then echo fine; else echo wrong; fi"
    )
    environment = os.environ | {"PATH": f"{ROOT}/.venv/bin:{os.environ['PATH']}"}
    for expected in ("fine", "wrong"):
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.splitlines()[-1] == expected, done.stdout + done.stderr
        (tmp_path / broken).write_text(content)
