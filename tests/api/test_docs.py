"""docs/api.md is complete: its tables are what the OpenAPI document says. A failure shows the table to paste."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from dashboard.api.app import create_api
from dashboard.api.openapi import openapi
from dashboard.services.accounts.sessions import SignedIn
from dashboard.web.problems import PROBLEM_TYPE
from tests.api.conftest import on_sqlite

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "api.md"
DOCUMENT = openapi(create_api())


_SCHEMAS = (
    *(
        "ListOut",
        "ListsOut",
        "ListOrder",
        "TaskOut",
        "TaskPageOut",
        "UserOut",
        "SessionOut",
        "SignUp",
        "SignIn",
    ),
    *(
        "TokenWish",
        "NewApiTokenOut",
        "OwnSessionOut",
        "PasswordChange",
        "PasswordIdea",
        "PasswordReset",
        "Forgotten",
        "EmailChange",
        "EmailProof",
        "VerdictOut",
    ),
    *("ProfileChanges", "ExportOut", "ExportedTaskOut"),
)


def part(name: str) -> str:
    """What the page has between the two comments of this name."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- end of {name} -->", PAGE.read_text(), re.DOTALL)
    assert found, f"docs/api.md has no part {name}"
    return found[1]


def route_table() -> str:
    lines = ["| route | what it does | answers | refuses with |", "|---|---|---|---|"]
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            statuses = list(operation["responses"])
            good = ", ".join(status for status in statuses if status < "400")
            bad = " ".join(status for status in statuses if status >= "400")
            route = f"`{method.upper()} {path}`"
            lines.append(f"| {route} | {operation['summary']} | {good} | {bad} |")
    return "\n".join(lines) + "\n"


def problem_table() -> str:
    examples = {
        code: example["value"]
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
        for response in operation["responses"].values()
        for code, example in response.get("content", {})
        .get(PROBLEM_TYPE, {})
        .get("examples", {})
        .items()
    }
    problems = sorted(examples.values(), key=lambda each: (each["status"], each["code"]))
    rows = (f"| {each['status']} | `{each['code']}` | {each['detail']} |" for each in problems)
    return "\n".join(["| status | code | says |", "|---|---|---|", *rows]) + "\n"


@pytest.mark.parametrize(("name", "table"), [("routes", route_table), ("problems", problem_table)])
def test_the_tables_of_the_page_are_those_of_the_document(name, table):
    assert part(name) == table()


def test_the_page_names_every_query_parameter_header_and_field():
    text = PAGE.read_text()
    parameters = [
        parameter["name"]
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
        for parameter in operation.get("parameters", ())
    ]
    fields = [
        field
        for schema in _SCHEMAS
        for field in DOCUMENT["components"]["schemas"][schema]["properties"]
    ]
    missing = [
        name
        for name in [*parameters, *fields]
        if f"`{name}`" not in text and f'"{name}"' not in text
    ]
    assert [name for name in missing if not name.endswith("_id")] == []


@pytest.fixture
def served(database_url: str, set_env: Callable[..., None]) -> Iterator[str]:
    """The address of the API as a server of its own has it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"
    set_env(PUBLIC_URL=address)
    granian = [sys.executable, "-m", "granian", "tests.api.served:app", "--factory"]
    options = ["--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        [*granian, *options, "--log-level", "warning"], cwd=ROOT, start_new_session=True
    )
    try:
        _await_ready(address)
        yield address
    finally:
        # With its worker, and whether or not it hears on a busy machine: it keeps nothing.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=60)


def _await_ready(address: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            httpx.get(f"{address}/healthz").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("The server did not start.")


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="needs curl and jq")
@on_sqlite
def test_what_the_page_says_of_a_programs_token_works_as_pasted(
    served: str, ana_signed_in: SignedIn, tmp_path: Path
) -> None:
    example = part("token example").removeprefix("```sh\n").removesuffix("```\n")
    (tmp_path / "cairn.cookies").write_text(
        f"localhost\tFALSE\t/\tFALSE\t0\tdashboard_session\t{ana_signed_in.token}\n"
    )
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", example.replace("http://localhost:3000", served)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made, end = json.JSONDecoder().raw_decode(done.stdout)
    assert made["title"] == "Buy oat milk"
    assert json.loads(done.stdout[end:])["items"] == [made]
