"""The OpenAPI document as one readable page: no script, and nothing from elsewhere."""

import json
import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from dashboard.web.content_policy import only_style
from dashboard.web.problems import PROBLEM_TYPE

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
.status { color: var(--danger); margin-left: .75rem } .status:first-child { margin-left: 0 }
table { border-collapse: collapse; width: 100% }
th, td { border-top: 1px solid var(--line); padding: .375rem .75rem .375rem 0; text-align: left; vertical-align: top }
th { font-weight: 500; white-space: nowrap; width: 12rem } td:last-child { color: var(--ink-3) }
td:nth-child(2) { width: 15rem }
:target { border-color: var(--accent); color: var(--ink) }
ul { padding-left: 1.1rem }
"""
CONTENT_SECURITY_POLICY = only_style(_STYLE)


def reference_page(document: Json) -> str:
    """The whole page, from top to bottom."""
    info, operations = document["info"], list(_operations(document))
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · {escape(info["title"])}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>{_STYLE}</style>
</head>
<body>
<header>
<h1><img src="/favicon.svg" alt="" width="36" height="36"> {escape(info["title"])} API</h1>
<p>{_prose(info["description"])}</p>
<p>Version {escape(info["version"])} · <a href="/api/openapi.json">openapi.json</a></p>
</header>
<nav aria-label="Operations"><ul>{"".join(map(_link, operations))}</ul></nav>
<main>
{_grouped(operations, document["components"]["schemas"])}
<h2>Problems</h2>
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


def _grouped(operations: list[Json], schemas: Json) -> str:
    groups = dict.fromkeys(operation["tags"][0] for operation in operations)
    return "".join(
        f"<h2>{escape(group)}</h2>"
        + "".join(_operation(each, schemas) for each in operations if each["tags"] == [group])
        for group in groups
    )


def _operation(operation: Json, schemas: Json) -> str:
    return f"""<article id="{operation["operationId"]}">
<h3><code><span class="method">{operation["method"]}</span>{escape(operation["path"])}</code></h3>
<p><strong>{escape(operation["summary"])}</strong> {_prose(operation["description"])}
{_needs(operation)}</p>
{_parameters(operation, schemas)}
{_body(operation, schemas)}
{_answers(operation, schemas)}
</article>
"""


def _needs(operation: Json) -> str:
    ways = [name for way in operation.get("security", ()) for name in way]
    if not ways:
        return ""
    return (
        "Needs the session cookie or an API token."
        if "token" in ways
        else "Needs the session cookie."
    )


def _parameters(operation: Json, schemas: Json) -> str:
    rows = [
        _row(parameter["name"], _type(parameter["schema"], schemas), parameter)
        for parameter in operation.get("parameters", ())
    ]
    return _table("Parameters", rows)


def _body(operation: Json, schemas: Json) -> str:
    if "requestBody" not in operation:
        return ""
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    examples = "".join(f"<pre>{_json(example)}</pre>" for example in schema["examples"])
    return _table("Body", _fields(schema, schemas)) + "<h4>Examples</h4>" + examples


def _answers(operation: Json, schemas: Json) -> str:
    parts, refusals = [], []
    for status, response in operation["responses"].items():
        content = response.get("content", {})
        if PROBLEM_TYPE in content:
            refusals.append(_refusal(status, content[PROBLEM_TYPE]["examples"]))
            continue
        rows = [
            _row(name, "header", header) for name, header in response.get("headers", {}).items()
        ]
        if content:
            rows += _fields(content["application/json"]["schema"], schemas)
        parts.append(_table(f"Answer {status}", rows))
    return "".join(parts) + f"<h4>Refusals</h4><p>{''.join(refusals)}</p>"


def _refusal(status: str, examples: Json) -> str:
    codes = ", ".join(f'<a href="#{code}"><code>{code}</code></a>' for code in examples)
    return f'<span class="status">{status}</span> {codes} '


def _problems(operations: list[Json]) -> str:
    """Each kind once: the `type` of a problem document links to it."""
    kinds = {
        code: example["value"]
        for operation in operations
        for response in operation["responses"].values()
        for code, example in _examples(response)
    }
    rows = [
        f'<tr id="{kind["code"]}"><th><code>{kind["code"]}</code></th><td>{kind["status"]}</td>'
        f"<td>{escape(kind['detail'])}</td></tr>"
        for kind in sorted(kinds.values(), key=lambda kind: (kind["status"], kind["code"]))
    ]
    return _table("", rows)


def _examples(response: Json) -> Iterable[tuple[str, Json]]:
    return response.get("content", {}).get(PROBLEM_TYPE, {}).get("examples", {}).items()


def _fields(schema: Json, schemas: Json) -> list[str]:
    model = _resolved(schema, schemas)
    required = model.get("required", ())
    return [
        _row(name, _type(field, schemas) + ("" if name in required else ", optional"), field)
        for name, field in model["properties"].items()
    ]


def _resolved(schema: Json, schemas: Json) -> Json:
    return schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _type(schema: Json, schemas: Json) -> str:
    """A schema in a few words."""
    if "anyOf" in schema:
        return " or ".join(_type(each, schemas) for each in schema["anyOf"])
    if "items" in schema:
        items = schema["items"]
        return f"list of {items.get('$ref', items.get('format', 'values')).rpartition('/')[2]}"
    model = _resolved(schema, schemas)
    if "enum" in model:
        return " | ".join(model["enum"])
    word = model.get("title") if model.get("type") == "object" else None
    return f"{word or model.get('format') or model['type']}{_range(model)}"


def _range(schema: Json) -> str:
    if "maxLength" in schema:
        return f" of {schema.get('minLength', 0)} to {schema['maxLength']} characters"
    if "maximum" in schema:
        return f" from {schema['minimum']} to {schema['maximum']}"
    return ""


def _row(name: str, kind: str, about: Json) -> str:
    return (
        f"<tr><th><code>{escape(name)}</code></th><td>{escape(kind)}</td>"
        f"<td>{_prose(about.get('description', ''))}</td></tr>"
    )


def _table(title: str, rows: list[str]) -> str:
    heading = f"<h4>{title}</h4>" if title else ""
    return f"{heading}<table>{''.join(rows)}</table>" if rows or title else ""


def _prose(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _json(value: object) -> str:
    return escape(json.dumps(value, indent=2, ensure_ascii=False))
