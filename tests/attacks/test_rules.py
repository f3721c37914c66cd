"""Mistakes that would open a way in are not in the source, and the rules that look for them would notice."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PYTHON = sorted((PROJECT / "dashboard").rglob("*.py"))
JAVASCRIPT = sorted((PROJECT / "assets").glob("*.js"))
KEPT_IN_THE_BROWSER = {"Cookie", "LocalStorage", "SessionStorage"}
RUN_IN_THE_BROWSER = {"call_script", "run_script", "call_function", "_eval"}
TAKES_MARKUP = {"html", "markdown", "dangerouslySetInnerHTML", "dangerously_set_inner_html"}
CLEANED_MARKUP = {"dashboard/components/tasks/formatted_description.py": ["html"]}
"""The one place that takes markup: the server has cleaned it."""
EVALUATED = re.compile(
    r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|"
    r"javascript:|set(Timeout|Interval)\(\s*[\"'`]|srcdoc|createContextualFragment"
)


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@cache
def table_models() -> set[str]:
    """The classes that are tables: they take a client's `id`, and check nothing."""
    return {
        node.name
        for path in (PROJECT / "dashboard" / "models").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        if any(keyword.arg == "table" for keyword in node.keywords)
    }


def handlers_without_event(tree: ast.AST) -> Iterator[str]:
    """Methods of a State that any client can call, with nobody having meant it."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef) or not any(
            "State" in ast.unparse(b) for b in node.bases
        ):
            continue
        for method in node.body:
            if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
                decorators = " ".join(map(ast.unparse, method.decorator_list))
                if not method.name.startswith("_") and not re.search(
                    r"rx\.(event|var)", decorators
                ):
                    yield f"{node.name}.{method.name}"


def attributes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.keyword):
            yield node.arg or ""
        elif isinstance(node, ast.alias):
            yield node.name


def kept_in_the_browser(tree: ast.AST) -> Iterator[str]:
    """State that any script of the page reads, and any client writes."""
    yield from (name for name in attributes(tree) if name in KEPT_IN_THE_BROWSER)


def run_in_the_browser(tree: ast.AST) -> Iterator[str]:
    """Strings that become code or markup."""
    yield from (name for name in attributes(tree) if name in RUN_IN_THE_BROWSER | TAKES_MARKUP)


def tables_as_input(tree: ast.AST) -> Iterator[str]:
    """Parameters of routes and handlers that are a table."""
    tables = table_models()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.decorator_list:
            decorators = " ".join(map(ast.unparse, node.decorator_list))
            if "router." not in decorators and "rx.event" not in decorators:
                continue
            for argument in [*node.args.args, *node.args.kwonlyargs]:
                names = set(re.findall(r"\w+", ast.unparse(argument.annotation or ast.Constant(0))))
                if names & tables:
                    yield f"{node.name}({argument.arg})"


def interpolated_scripts(tree: ast.AST) -> Iterator[str]:
    """Scripts that are put together from parts: one of the parts may be somebody's text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "script":
            for argument in node.args:
                if not isinstance(argument, ast.Constant | ast.Name):
                    yield ast.unparse(node)


RULES: dict[Callable[[ast.AST], Iterator[str]], str] = {
    handlers_without_event: "class Tab(SessionState):\n    def wipe(self): ...",
    kept_in_the_browser: "import reflex as rx\nclass S(rx.State):\n    a: str = rx.Cookie('')",
    run_in_the_browser: "import reflex as rx\ndef f(): return rx.call_script('x')",
    tables_as_input: "@router.post('/x')\nasync def f(task: Task | None): ...",
    interpolated_scripts: "import reflex as rx\ndef f(q): return rx.el.script(f'go({q})')",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_module_has(rule: Callable[[ast.AST], Iterator[str]]) -> None:
    found = {name_of(path): list(rule(ast.parse(path.read_text("utf-8")))) for path in PYTHON}
    meant = CLEANED_MARKUP if rule is run_in_the_browser else {}
    assert {path: places for path, places in found.items() if places} == meant


@pytest.mark.parametrize(
    ("rule", "source"), RULES.items(), ids=lambda each: getattr(each, "__name__", "")
)
def test_the_rule_would_notice(rule: Callable[[ast.AST], Iterator[str]], source: str) -> None:
    assert list(rule(ast.parse(source)))


def test_there_are_tables_to_look_for() -> None:
    assert {"User", "UserSession", "Task", "Account"} <= table_models()


def test_no_script_makes_code_or_markup_of_text() -> None:
    assert [name_of(path) for path in JAVASCRIPT if EVALUATED.search(path.read_text())] == []


@pytest.mark.parametrize(
    "line", ["eval(x)", "a.innerHTML = x", "setTimeout('x()', 1)", 'href = "javascript:x"']
)
def test_the_rule_about_scripts_would_notice(line: str) -> None:
    assert EVALUATED.search(line)


@pytest.mark.slow
def test_bandit_finds_nothing_of_weight() -> None:
    done = subprocess.run(
        # Statements made of text are ruff's S608, with a reason at each line or file that may.
        [
            *(sys.executable, "-m", "bandit", "-q", "-ll", "-f", "json", "--skip", "B608"),
            *("-r", "dashboard", "alembic"),
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout)
    assert found["errors"] == []
    assert found["results"] == []
    assert found["metrics"]["_totals"]["loc"] > 3000
