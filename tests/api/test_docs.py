"""docs/api.md is complete: its tables are what the OpenAPI document says. A failure shows the table to paste."""

import re
from pathlib import Path

import pytest

from dashboard.api.app import create_api
from dashboard.api.document import openapi
from dashboard.api.problems import PROBLEM_TYPE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
DOCUMENT = openapi(create_api())


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
        for schema in ("TaskOut", "TaskPageOut", "UserOut", "SessionOut", "SignUp", "SignIn")
        for field in DOCUMENT["components"]["schemas"][schema]["properties"]
    ]
    missing = [
        name
        for name in [*parameters, *fields]
        if f"`{name}`" not in text and f'"{name}"' not in text
    ]
    assert missing == ["task_id"] * parameters.count("task_id")
