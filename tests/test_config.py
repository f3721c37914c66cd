import os
import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from dashboard import config
from dashboard.config import get_settings, origin_of, prepare_data_dir, signing_secrets
from dashboard.errors import ConfigurationError

STRONG = "kV8q0Jt4mZ1uXw7cR5yB2nL9sD3fH6gA"
OTHER = "pQ2wE8rT1yU7iO3aS9dF4gH6jK0lZ5xC"


def test_without_any_setting_there_is_one_file_on_one_port(tmp_path: Path, set_env) -> None:
    # Set for all tests, so that they need not be slow.
    set_env(RATE_LIMIT_SCALE="")
    settings = get_settings()
    assert settings.database_url == f"sqlite:///{tmp_path}/data/cairn.db"
    assert settings.is_sqlite
    assert settings.port == 3000
    assert settings.workers == 1
    assert settings.public_url == "http://localhost:3000"
    assert not settings.is_https
    assert settings.hostname == "localhost"
    assert settings.redis_url is None
    assert settings.sign_up is None
    assert settings.is_local
    assert settings.rate_limit_scale == 1
    assert settings.trusted_proxy_hops == 0


def test_an_empty_variable_is_as_good_as_none(set_env) -> None:
    set_env(PORT="", DATABASE_URL="", REDIS_URL="", PUBLIC_URL="", AUTH_SECRET="", SIGN_UP="")
    assert get_settings().port == 3000
    assert get_settings().redis_url is None


def test_a_relative_data_dir_gives_an_absolute_address(
    set_env, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    set_env(DATA_DIR="here")
    assert get_settings().database_url == f"sqlite:///{tmp_path}/here/cairn.db"


def test_behind_a_proxy_nobody_else_reaches_the_port_unless_told(set_env) -> None:
    assert get_settings().bind in ("::", "0.0.0.0")  # noqa: S104
    set_env(TRUSTED_PROXY_HOPS="1")
    assert get_settings().bind == "127.0.0.1"
    set_env(BIND="::")
    assert get_settings().bind == "::"


def test_settings_cannot_be_changed_while_running() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        get_settings().port = 1


@pytest.mark.parametrize(
    ("address", "is_local"),
    [
        ("http://localhost:3000", True),
        ("http://127.0.0.1", True),
        ("http://127.8.9.10:81", True),
        ("https://[::1]", True),
        ("http://192.168.1.7:3000", False),
        ("https://tasks.example.org", False),
        ("https://localhost.example.org", False),
        ("http://cairn", False),
    ],
)
def test_an_address_of_this_machine_alone_is_local(set_env, address: str, is_local: bool) -> None:
    set_env(PUBLIC_URL=address)
    assert get_settings().is_local == is_local


def test_the_public_address_follows_the_port(set_env) -> None:
    set_env(PORT="8080")
    assert get_settings().public_url == "http://localhost:8080"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgresql://u:p@host/db", "postgresql+psycopg://u:p@host/db"),
        ("postgres://u:p@host:5433/db", "postgresql+psycopg://u:p@host:5433/db"),
        ("postgresql+psycopg://host/db", "postgresql+psycopg://host/db"),
        (
            "postgresql://u:p%40ss@[::1]:5432/db?sslmode=require",
            "postgresql+psycopg://u:p%40ss@[::1]:5432/db?sslmode=require",
        ),
        ("sqlite:////var/lib/cairn.db", "sqlite:////var/lib/cairn.db"),
    ],
)
def test_databases_that_can_be_used(set_env, given: str, used: str) -> None:
    set_env(DATABASE_URL=given)
    assert get_settings().database_url == used


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://tasks.example.org", "https://tasks.example.org"),
        ("https://Tasks.Example.ORG/", "https://tasks.example.org"),
        ("https://tasks.example.org:443", "https://tasks.example.org"),
        ("http://nas:80", "http://nas"),
        ("http://nas:3000", "http://nas:3000"),
        ("http://[2001:DB8::1]:3000", "http://[2001:db8::1]:3000"),
    ],
)
def test_the_public_address_is_written_as_browsers_write_an_origin(
    set_env, given: str, used: str
) -> None:
    set_env(PUBLIC_URL=given)
    assert get_settings().public_url == used
    assert origin_of(used) == used


BAD_SETTINGS = [
    ("DATABASE_URL", "mysql://u:tell-nobody@h/d", "it must start with postgresql:// or sqlite:///"),
    ("DATABASE_URL", "sqlite://", "it must start with postgresql:// or sqlite:///"),
    ("DATABASE_URL", "sqlite:///", "it must name a file"),
    ("DATABASE_URL", "sqlite:///:memory:", "it must name a file"),
    (
        "DATABASE_URL",
        "postgresql://u:tell-nobody@host:port/db",
        "it is not the address of a database",
    ),
    ("DATABASE_URL", "postgresql://u:tell@nobody@host/db", "write an @ in its password as %40"),
    ("BIND", "tell-nobody.example.org", "it must be an address"),
    ("BIND", "127.0.0.1:3000", "it must be an address"),
    ("REDIS_URL", "http://:tell-nobody@host", "it must start with redis://, rediss:// or unix://"),
    ("PUBLIC_URL", "tasks.example.org", "it must look like https://tasks.example.org"),
    ("PUBLIC_URL", "ftp://tasks.example.org", "it must look like https://tasks.example.org"),
    ("PUBLIC_URL", "https://", "it must look like https://tasks.example.org"),
    ("PUBLIC_URL", "https://example.org/tasks", "it must be an origin alone, without a path"),
    ("PUBLIC_URL", "https://example.org/?a=b", "it must be an origin alone, without a path"),
    (
        "PUBLIC_URL",
        "https://ana:tell-nobody@example.org",
        "it must be an origin alone, without a path",
    ),
    ("PUBLIC_URL", "https://bücher.example", "write its host the way that browsers send it"),
    ("PUBLIC_URL", "http://[::1", "invalid IPv6 URL"),
    ("PUBLIC_URL", "http://host:99999", "port out of range"),
    ("PORT", "http", "input should be a valid integer"),
    ("PORT", "0", "it must be between 1 and 65535"),
    ("PORT", "65536", "it must be between 1 and 65535"),
    ("WORKERS", "0", "it must be a whole number from 1 to 64"),
    ("WORKERS", "-1", "it must be a whole number from 1 to 64"),
    ("WORKERS", "65", "it must be a whole number from 1 to 64"),
    ("WORKERS", "2.0", "it must be a whole number from 1 to 64"),
    ("WORKERS", " 2", "it must be a whole number from 1 to 64"),
    ("WORKERS", "tell-nobody", "it must be a whole number from 1 to 64"),
    ("AUTH_SECRET", "tell-nobody", "each secret needs at least 32 bytes"),
    ("AUTH_SECRET", f"{STRONG},tell-nobody", "each secret needs at least 32 bytes"),
    ("AUTH_SECRET", "changeme-changeme-changeme-changeme-tell-nobody", "it is a sample"),
    ("AUTH_SECRET", "ab" * 20, "it is a sample"),
    ("AUTH_SECRET", " , ", "it holds no secret"),
    ("SIGN_UP", "maybe", "input should be 'open', 'invitation' or 'closed'"),
    ("METRICS_TOKEN", "tell-nobody", "it needs at least 16 letters and digits"),
    ("METRICS_TOKEN", "tell nobody that it has spaces", "it needs at least 16 letters and digits"),
    ("LOG_LEVEL", "loud", "input should be 'warning' or 'info'"),
    ("LOG_FORMAT", "xml", "input should be 'text' or 'json'"),
    ("RATE_LIMIT_SCALE", "-1", "it must be 0 or more"),
    ("RATE_LIMIT_SCALE", "nan", "it must be 0 or more"),
    ("RATE_LIMIT_SCALE", "fast", "input should be a valid number"),
    ("TRUSTED_PROXY_HOPS", "-1", "it must be 0 or more"),
    ("TRUSTED_PROXY_HOPS", "1.5", "input should be a valid integer"),
]


@pytest.mark.parametrize(("name", "value", "reason"), BAD_SETTINGS)
def test_a_bad_value_is_refused_in_one_sentence_that_names_it(
    set_env, name: str, value: str, reason: str
) -> None:
    set_env(**{name: value})
    with pytest.raises(ConfigurationError) as caught:
        get_settings()
    sentence = str(caught.value)
    assert sentence.startswith(f"{name} cannot be used: ")
    assert reason in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "tell" not in sentence
    assert caught.value.__suppress_context__, "the value is not in a traceback either"


def test_several_workers_without_a_redis_are_refused(set_env) -> None:
    set_env(WORKERS="2")
    with pytest.raises(
        ConfigurationError, match=r"^The settings cannot be used: WORKERS above 1 needs REDIS_URL"
    ):
        get_settings()
    set_env(REDIS_URL="redis://localhost")
    assert get_settings().workers == 2


# The folder


def test_the_folder_is_made_for_nobody_else(set_env, tmp_path: Path) -> None:
    set_env(DATA_DIR=str(tmp_path / "above" / "new"))
    settings = get_settings()
    prepare_data_dir(settings)
    prepare_data_dir(settings)
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700
    assert list(settings.data_dir.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_one_sentence(set_env, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    set_env(DATA_DIR=str(tmp_path / "file"))
    with pytest.raises(
        ConfigurationError, match=r"^DATA_DIR cannot be written: .*/file \(File exists\)\.$"
    ):
        prepare_data_dir(get_settings())


def test_a_full_disk_is_one_sentence_and_leaves_nothing_behind(monkeypatch) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", no_room)
    with pytest.raises(ConfigurationError, match="No space left on device"):
        prepare_data_dir(get_settings())
    assert list(get_settings().data_dir.iterdir()) == []


# The secret


def test_a_given_ring_is_used_in_its_order(set_env) -> None:
    set_env(AUTH_SECRET=f" {STRONG} , {OTHER},")
    assert signing_secrets(get_settings()) == (STRONG.encode(), OTHER.encode())


def test_a_secret_is_made_once_and_kept_for_nobody_else() -> None:
    settings = get_settings()
    prepare_data_dir(settings)
    (secret,) = signing_secrets(settings)
    assert signing_secrets(settings) == (secret,)
    assert len(secret) == 64
    assert [path.name for path in settings.data_dir.iterdir()] == ["auth_secret"]
    assert stat.S_IMODE((settings.data_dir / "auth_secret").stat().st_mode) == 0o600


def test_of_two_that_start_at_once_both_use_the_secret_of_the_first(monkeypatch) -> None:
    settings = get_settings()
    prepare_data_dir(settings)
    link = os.link

    def another_was_first(draft: Path, path: Path) -> None:
        path.write_text(OTHER)
        link(draft, path)

    monkeypatch.setattr(os, "link", another_was_first)
    assert signing_secrets(settings) == (OTHER.encode(),)
    assert [path.name for path in settings.data_dir.iterdir()] == ["auth_secret"]


def test_a_secret_that_cannot_be_kept_is_one_sentence(set_env, tmp_path: Path) -> None:
    set_env(DATA_DIR=str(tmp_path / "nowhere"))
    with pytest.raises(
        ConfigurationError, match=r"The secret in .*auth_secret cannot be read or made"
    ):
        signing_secrets(get_settings())


def test_a_kept_secret_that_was_cut_short_is_one_sentence() -> None:
    settings = get_settings()
    prepare_data_dir(settings)
    (settings.data_dir / "auth_secret").write_text("short")
    with pytest.raises(ConfigurationError, match="is shorter than 32 bytes"):
        signing_secrets(settings)


def test_settings_are_read_once() -> None:
    assert get_settings() is get_settings()
    assert config.get_settings.cache_info().misses == 1
