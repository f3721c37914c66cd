"""The OpenAPI document as one readable page: no script, and nothing from elsewhere."""

import base64
import hashlib
import json
from collections.abc import Iterator
from html import escape
from typing import Any

from dashboard.api.problems import PROBLEM_TYPE

Json = dict[str, Any]

_STYLE = """
:root { color-scheme: dark; --page: #0c0a09; --ink: #f5f5f4; --ink-2: #d6d3d1; --ink-3: #a8a29e;
  --card: #191614; --line: rgb(255 255 255 / .1); --accent: #f59e0b; --danger: #f48a7c }
@media (prefers-color-scheme: light) { :root { color-scheme: light; --page: #fafaf9; --ink: #1c1917;
  --ink-2: #44403c; --ink-3: #5f5953; --card: #fff; --line: rgb(41 33 26 / .11); --accent: #a04a06;
  --danger: #a83224 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 5rem; background: var(--page);
  color: var(--ink-2); font: 400 .875rem/1.45 Inter, ui-sans-serif, system-ui, sans-serif }
h1, h2 { color: var(--ink); font-family: "Playfair Display", ui-serif, Georgia, serif; font-weight: 500 }
h1 { font-size: 2rem; display: flex; gap: .75rem; align-items: center }
h2 { font-size: 1.375rem; margin: 3rem 0 .5rem }
h3 { color: var(--ink); font-size: 1rem; margin: 0; overflow-wrap: anywhere }
h4 { color: var(--ink-3); font-size: .75rem; font-weight: 600; margin: 1.25rem 0 .25rem }
article { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  margin: .75rem 0; padding: 1rem 1.25rem; scroll-margin-top: 1rem }
a { color: var(--accent) } a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
code, pre { font: .8125rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace }
pre { border: 1px solid var(--line); border-radius: 8px; margin: .25rem 0; overflow-x: auto; padding: .75rem }
.method { color: var(--accent); display: inline-block; min-width: 4.5rem }
.refused { color: var(--danger) }
table { border-collapse: collapse; width: 100% }
th, td { border-top: 1px solid var(--line); padding: .375rem .75rem .375rem 0; text-align: left; vertical-align: top }
th { font-weight: 500; white-space: nowrap } td:last-child { color: var(--ink-3) }
:target { border-color: var(--accent); color: var(--ink) }
ul { padding-left: 1.1rem }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def reference_page(document: Json) -> str:
    """The whole page, from top to bottom."""
    operations = list(_operations(document))
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · {escape(document["info"]["title"])}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>{_STYLE}</style>
</head>
<body>
<header>
<h1><img src="/favicon.svg" alt="" width="36" height="36"> {escape(document["info"]["title"])} API</h1>
<p>{escape(document["info"]["description"])}</p>
<p>Version {escape(document["info"]["version"])} · <a href="/api/openapi.json">openapi.json</a></p>
</header>
<nav aria-label="Operations"><ul>{"".join(map(_link, operations))}</ul></nav>
<main>
{_grouped(operations, document)}
<h2 id="problems">Problems</h2>
{_problems(operations)}
</main>
</body>
</html>
"""


def _operations(document: Json) -> Iterator[Json]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield {"path": path, "method": method.upper(), **operation}


def _link(operation: Json) -> str:
    return (
        f'<li><a href="#{operation["operationId"]}">{escape(operation["summary"])}</a> '
        f"<code>{operation['method']} {escape(operation['path'])}</code></li>"
    )


def _grouped(operations: list[Json], document: Json) -> str:
    groups = dict.fromkeys(operation["tags"][0] for operation in operations)
    return "".join(
        f"<h2>{escape(group)}</h2>"
        + "".join(_operation(o, document) for o in operations if o["tags"][0] == group)
        for group in groups
    )


def _operation(operation: Json, document: Json) -> str:
    return f"""<article id="{operation["operationId"]}">
<h3><code><span class="method">{operation["method"]}</span>{escape(operation["path"])}</code></h3>
<p>{escape(operation["summary"])}. {escape(operation.get("description", ""))}</p>
{"<p>Needs the session cookie.</p>" if operation.get("security") else ""}
{_parameters(operation)}
{_body(operation, document)}
{_responses(operation, document)}
</article>
"""


def _parameters(operation: Json) -> str:
    rows = [
        _row(parameter["name"], f"{parameter['in']}, {_type(parameter['schema'])}", parameter)
        for parameter in operation.get("parameters", ())
    ]
    return _table("Parameters", rows)


def _body(operation: Json, document: Json) -> str:
    if "requestBody" not in operation:
        return ""
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    examples = "".join(f"<pre>{_json(e)}</pre>" for e in schema.get("examples", ()))
    return _table("Body", _fields(schema, document)) + "<h4>Examples</h4>" + examples


def _responses(operation: Json, document: Json) -> str:
    parts = []
    for status, response in sorted(operation["responses"].items()):
        content = response.get("content", {})
        if status >= "400":
            parts.append(_refusal(status, content[PROBLEM_TYPE]["examples"]))
            continue
        headers = "".join(
            f"<p><code>{escape(name)}</code></p>" for name in response.get("headers", ())
        )
        schema = content.get("application/json", {}).get("schema")
        fields = _table("", _fields(schema, document)) if schema else ""
        parts.append(f"<h4>Answer {status}</h4>{headers}{fields}")
    return "".join(parts)


def _refusal(status: str, examples: Json) -> str:
    codes = ", ".join(f'<a href="#{code}"><code>{code}</code></a>' for code in examples)
    return f'<p><span class="refused">{status}</span> {codes}</p>'


def _problems(operations: list[Json]) -> str:
    """Each kind once: `type` of a problem document links to it."""
    examples = {
        code: example["value"]
        for operation in operations
        for response in operation["responses"].values()
        for code, example in response.get("content", {})
        .get(PROBLEM_TYPE, {})
        .get("examples", {})
        .items()
    }
    kinds = sorted(examples.values(), key=lambda problem: (problem["status"], problem["code"]))
    rows = [
        f'<tr id="{kind["code"]}"><th><code>{kind["code"]}</code></th><td>{kind["status"]}</td>'
        f"<td>{escape(kind['detail'])}</td></tr>"
        for kind in kinds
    ]
    return f"<table>{''.join(rows)}</table>"


def _fields(schema: Json, document: Json) -> list[str]:
    model = _resolved(schema, document)
    required = model.get("required", ())
    return [
        _row(name, _type(field) + ("" if name in required else ", optional"), field)
        for name, field in model.get("properties", {}).items()
    ]


def _resolved(schema: Json, document: Json) -> Json:
    if "$ref" not in schema:
        return schema
    return document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]


def _type(schema: Json) -> str:
    """A schema in a word or two."""
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    if "items" in schema:
        return f"list of {_type(schema['items'])}"
    return schema.get("format") or schema.get("type", "any")


def _row(name: str, kind: str, about: Json) -> str:
    return (
        f"<tr><th><code>{escape(name)}</code></th><td>{escape(kind)}</td>"
        f"<td>{escape(about.get('description', ''))}</td></tr>"
    )


def _table(title: str, rows: list[str]) -> str:
    heading = f"<h4>{title}</h4>" if title else ""
    return f"{heading}<table>{''.join(rows)}</table>" if rows else ""


def _json(value: object) -> str:
    return escape(json.dumps(value, indent=2, ensure_ascii=False))
