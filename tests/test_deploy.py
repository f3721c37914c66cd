"""The examples in deploy/: read by the programs that they are for, where these are here, and true to the code."""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml

from dashboard.cli.serve import LONGEST_STOP
from dashboard.config import Settings
from dashboard.database import backup_file
from dashboard.database.transactions import Database
from dashboard.web.problems import HEALTH
from tests import nginx

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
SETTINGS = {name.upper() for name in Settings.model_fields}

COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
UNIT = (DEPLOY / "cairn.service").read_text()
NIGHTLY = (DEPLOY / "cairn-backup.service").read_text()
UNITS = ("cairn.service", "cairn-backup.service", "cairn-backup.timer")
PROXIES = [(DEPLOY / name).read_text() for name in ("nginx.conf", "Caddyfile")]


@pytest.mark.skipif(nginx.PROGRAM is None, reason="nginx is not installed")
def test_nginx_understands_its_example(tmp_path: Path) -> None:
    certificate = trustme.CA().issue_cert("tasks.example.org")
    certificate.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    example = re.sub(
        r"/etc/ssl/\S+\.(pem|key);",
        f"{tmp_path}/both.pem;",
        nginx.EXAMPLE.replace("443", "8443").replace("80;", "8080;"),
    )
    file = nginx.configure(tmp_path, example)
    done = subprocess.run(
        [str(nginx.PROGRAM), "-t", "-q", "-p", tmp_path, "-c", file, "-e", "stderr"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("example", PROXIES, ids=["nginx", "Caddy"])
def test_a_proxy_asks_cairn_at_its_port_and_hides_its_metrics(example: str) -> None:
    assert f"127.0.0.1:{Settings.model_fields['port'].default}" in example
    assert re.search(r"/metrics\b.*\b404", example, re.DOTALL)


def test_caddy_asks_an_address_that_is_there_whether_cairn_can_work() -> None:
    (asked,) = re.findall(r"health_uri (\S+)", PROXIES[1])
    assert asked in HEALTH


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_its_units(tmp_path: Path) -> None:
    units = [tmp_path / name for name in UNITS]
    for unit in units:
        # It looks whether the program is there.
        unit.write_text((DEPLOY / unit.name).read_text().replace("/opt/cairn", str(ROOT)))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_unit_starts_a_program_that_is_there_and_waits_for_its_end() -> None:
    assert (ROOT / "bin/serve").stat().st_mode & 0o111
    assert "ExecStart=/opt/cairn/bin/serve\n" in UNIT
    (systemds,) = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    (composes,) = re.findall(r"^(\d+)s$", COMPOSE["services"]["cairn"]["stop_grace_period"])
    assert min(int(systemds), int(composes)) > LONGEST_STOP


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_nightly_backup_is_one_that_can_be_put_back(database: Database, tmp_path: Path) -> None:
    (command, _) = re.findall(r"^ExecStart=-?(.+)$", NIGHTLY, re.MULTILINE)
    # As systemd reads it: a doubled sign stands for one.
    words = shlex.split(command.replace("$$", "$").replace("%%", "%"))
    script = words[-1].replace(".venv/bin/python", sys.executable)
    script = script.replace("/var/lib/cairn-backups", str(tmp_path))
    subprocess.run([*words[:-1], script], cwd=ROOT, check=True, capture_output=True)
    (file,) = tmp_path.glob("cairn-[1-7].backup")
    assert backup_file.is_backup(file)


def test_backups_have_the_settings_of_the_server_and_a_folder_of_their_own() -> None:
    for line in re.findall(r"^(?:User|WorkingDirectory|Environment).+$", UNIT, re.MULTILINE):
        assert f"\n{line}\n" in NIGHTLY
    assert "\nStateDirectory=cairn cairn-backups\n" in NIGHTLY


def test_the_image_is_made_of_the_wheel_and_runs_as_nobody_special() -> None:
    bundle, install, run = DOCKERFILE.split("\nFROM ")[1:]
    assert "RUN bin/setup --runtime\n" in bundle
    assert "RUN bin/bundle\n" in bundle
    assert "pip install --no-deps --require-hashes --requirement requirements.lock" in install
    assert 'CMD ["cairn", "serve"]' in run
    assert "USER cairn\n" in run
    assert f'127.0.0.1:{{os.environ[\\"PORT\\"]}}{HEALTH[0]}' in run
    versions = set(re.findall(r"FROM \S+/python:(\S+)", DOCKERFILE))
    assert len(versions) == 1, "what is installed by one Python is of no use to another"


def test_the_image_is_built_from_all_that_the_wheel_is_made_of_and_nothing_else() -> None:
    kept = re.findall(r"^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    for name in kept:
        assert (ROOT / name).exists(), name
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    bundled = {name.partition("/")[0] for name in (*wheel["packages"], *wheel["force-include"])}
    sources = re.findall(r"^SOURCES = \((.+)\)$", (ROOT / "bin/build").read_text(), re.MULTILINE)
    needed = {
        *re.findall(r'"([^"]+)"', sources[0]),
        *bundled - {".web"},
        project["project"]["readme"],
    }
    assert {*needed, "bin", "bunfig.toml", "pyproject.toml", "requirements.lock"} <= set(kept)
    assert not {"data", ".git", ".venv", "tests"} & set(kept)


def test_compose_starts_cairn_and_its_backups_and_the_rest_when_asked() -> None:
    services = COMPOSE["services"]
    assert {name for name in services if "profiles" not in services[name]} == {"cairn", "backup"}
    for name, needed in services["cairn"]["depends_on"].items():
        assert services[name]["profiles"] == ["postgres"]
        assert needed == {"condition": "service_healthy", "required": False}
        assert "healthcheck" in services[name]
    build = services["cairn"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()
    (data,) = re.findall(r"DATA_DIR=(\S+)", DOCKERFILE)
    for name in ("cairn", "backup"):
        assert services[name]["read_only"] is True
        assert f"cairn:{data}" in services[name]["volumes"]


def test_compose_hands_on_every_setting_that_the_image_does_not_decide() -> None:
    told = COMPOSE["services"]["cairn"]["environment"]
    assert told == COMPOSE["services"]["backup"]["environment"]
    assert set(told) == SETTINGS - set(re.findall(r"\b(DATA_DIR|PORT|BIND)=", DOCKERFILE))
    for name in set(told) - {"DATABASE_URL", "REDIS_URL"}:
        assert re.fullmatch(rf"\$\{{{name}:-[^}}]*}}", told[name]), name


def test_cairn_takes_what_compose_tells_it_when_nobody_sets_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in COMPOSE["services"]["cairn"]["environment"].items():
        monkeypatch.setenv(name, interpolated(value, {}))
    settings = Settings()
    assert (settings.workers, settings.trusted_proxy_hops) == (1, 1)
    assert (settings.is_sqlite, settings.redis_url) == (True, None)
    assert settings.sign_up == Settings.model_fields["sign_up"].default


def test_a_cairn_that_grows_without_end_is_ended_before_its_machine_is() -> None:
    assert re.search(r"^MemoryMax=\d+G$", UNIT, re.MULTILINE)
    assert "mem_limit" in COMPOSE["services"]["cairn"]


def test_cairn_finds_postgresql_and_redis_by_the_passwords_that_compose_gives_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    passwords = {"POSTGRES_PASSWORD": "one", "REDIS_PASSWORD": "two", "WORKERS": "2"}
    for name, value in COMPOSE["services"]["cairn"]["environment"].items():
        monkeypatch.setenv(name, interpolated(value, passwords))
    settings = Settings()
    assert settings.database_url == "postgresql+psycopg://cairn:one@postgres/cairn"
    assert (settings.redis_url, settings.workers) == ("redis://:two@redis", 2)


def interpolated(value: str, environment: dict[str, str]) -> str:
    """As compose does it: `${NAME:-otherwise}` and `${NAME:+if so}`, which may hold one `${NAME}`."""

    def instead(match: re.Match[str]) -> str:
        name, sign, words = match.groups()
        given = environment.get(name, "")
        if sign == "-":
            return given or words
        return words.replace(f"${{{name}}}", given) if given else ""

    return re.sub(r"\$\{(\w+):([-+])((?:[^${}]|\$\{\w+})*)}", instead, value)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_backup_of_compose_is_made_each_night(database: Database, tmp_path: Path) -> None:
    _, _, script = COMPOSE["services"]["backup"]["command"]
    programs = {
        # The night comes once, and never again.
        "sleep": f'test "$1" -gt 0 && test "$1" -le 86400 && mkdir "{tmp_path}/night"',
        "cairn": f'exec {sys.executable} -m dashboard "$@"',
    }
    (tmp_path / "bin").mkdir()
    for name, words in programs.items():
        program = tmp_path / "bin" / name
        program.write_text(f"#!/bin/sh\n{words}\n")
        program.chmod(0o755)
    subprocess.run(
        ["sh", "-c", script.replace("$$", "$").replace("/backups", str(tmp_path))],
        cwd=ROOT,
        env=os.environ | {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}"},
        capture_output=True,
        check=True,
    )
    (file,) = tmp_path.glob("cairn-[1-7].backup")
    assert backup_file.is_backup(file)


def test_compose_says_at_its_top_what_has_to_be_set() -> None:
    top, _, below = (DEPLOY / "compose.yaml").read_text().partition("\nname: cairn\n")
    for name in set(re.findall(r"\$\{(\w+):\+", below)) | {"PUBLIC_URL", "COMPOSE_PROFILES"}:
        assert f"\n#   {name} " in top


def test_compose_makes_nobody_guess_a_password() -> None:
    for name in ("postgres", "redis"):
        assert "ports" not in COMPOSE["services"][name]
    # The image of PostgreSQL does not start without a password, and this stops the other one.
    assert "${REDISCLI_AUTH:?" in COMPOSE["services"]["redis"]["command"][-1]
