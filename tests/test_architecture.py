"""The shape that the code keeps: which way imports go, who commits, and what names say."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SOURCES = sorted((PROJECT / "dashboard").rglob("*.py"))
EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "base",
    "misc",
}
THE_WEB = {"reflex", "reflex_base", "fastapi", "starlette", "socketio", "granian"}
BELOW_THE_WEB = {
    "services",
    "models",
    "config",
    "errors",
    "clock",
    "logging",
    "database",
    "events",
    "metrics",
    "security",
}
THOSE_WHO_COMMIT = {"database"}


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def layer_of(path: Path) -> str:
    """The first word under dashboard/: a package or a module."""
    return path.relative_to(PROJECT / "dashboard").parts[0].removesuffix(".py")


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def imported_by(path: Path) -> set[str]:
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return {name.partition(".")[0] for name in found}


def called_in(path: Path) -> set[str]:
    """The names of the methods that a module calls."""
    return {
        node.func.attr
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }


def test_imports_keep_the_contracts_of_pyproject() -> None:
    # In a process of its own: it switches off the loggers of the one that it runs in.
    lint = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    done = subprocess.run(
        [sys.executable, "-c", lint], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_there_is_something_to_look_at() -> None:
    assert {layer_of(path) for path in SOURCES} >= BELOW_THE_WEB


def has_empty_name(path: Path) -> bool:
    folders = {part.name for part in path.relative_to(PROJECT).parents}
    return bool((set(path.stem.split("_")) | folders) & EMPTY_NAMES)


def reads_the_clock(path: Path) -> bool:
    calls = {ast.unparse(node.func) for node in nodes(path) if isinstance(node, ast.Call)}
    return bool(calls & {"datetime.now", "datetime.utcnow", "date.today", "time.time"})


def test_a_module_is_named_after_what_is_in_it() -> None:
    assert [name_of(path) for path in SOURCES if has_empty_name(path)] == []


def test_only_the_database_package_begins_and_commits() -> None:
    others = [path for path in SOURCES if layer_of(path) not in THOSE_WHO_COMMIT]
    commits = {"commit", "rollback", "begin"}
    assert [name_of(path) for path in others if called_in(path) & commits] == []


def test_services_and_below_know_nothing_of_the_web() -> None:
    below = [path for path in SOURCES if layer_of(path) in BELOW_THE_WEB]
    assert [name_of(path) for path in below if imported_by(path) & THE_WEB] == []


def test_only_the_clock_reads_the_time_of_day() -> None:
    others = [path for path in SOURCES if layer_of(path) != "clock"]
    assert [name_of(path) for path in others if reads_the_clock(path)] == []


def test_the_rule_about_committing_would_notice(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("def f(session):\n    session.commit()\n")
    assert "commit" in called_in(module)


def test_the_rule_about_the_web_would_notice(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "def f():\n    import reflex.state\n    from fastapi.routing import APIRoute\n"
    )
    assert imported_by(module) == {"reflex", "fastapi"}


def test_what_the_program_imports_is_declared() -> None:
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[^\w.-]", dependency)[0] for dependency in declared}
    brought_by = packages_distributions()
    imported = {name for path in SOURCES for name in imported_by(path)}
    foreign = {name for name in imported - sys.stdlib_module_names - {"dashboard"} if name}
    assert foreign > {"reflex", "sqlalchemy"}
    undeclared = {
        name
        for name in foreign
        if not {_normal(each) for each in brought_by.get(name, [])}
        & {_normal(each) for each in names}
    }
    assert not undeclared


def _normal(distribution: str) -> str:
    return distribution.lower().replace("_", "-")
