"""What a browser shows in place of a page that was refused or failed. It needs nothing else: no script, no file."""

from html import escape

from starlette.types import Scope

from dashboard.errors import DashboardError, Unavailable
from dashboard.web.content_policy import only_style

_STYLE = """
:root { color-scheme: dark; --page: #0c0a09; --ink: #f5f5f4; --ink-2: #d6d3d1; --card: #191614;
  --line: rgb(255 255 255 / .1); --accent: #f59e0b; --on-accent: #1a0f02 }
@media (prefers-color-scheme: light) { :root { color-scheme: light; --page: #fafaf9; --ink: #1c1917;
  --ink-2: #44403c; --card: #fff; --line: rgb(41 33 26 / .11); --accent: #b45309; --on-accent: #fff } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; padding: 2rem 1rem;
  background: var(--page); color: var(--ink-2); font: 400 .9375rem/1.45 Inter, ui-sans-serif, system-ui, sans-serif }
main { width: 100%; max-width: 25.5rem; padding: 2rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 12px }
h1 { margin: 0 0 .5rem; color: var(--ink); font: 500 1.625rem/1.2 "Playfair Display", Georgia, ui-serif, serif }
p { margin: 0 0 1.5rem }
nav { display: flex; flex-wrap: wrap; gap: .5rem }
a { display: inline-flex; align-items: center; min-height: 44px; padding: 0 .875rem; border-radius: 8px;
  border: 1px solid var(--line); color: var(--ink); font-weight: 500; text-decoration: none }
a:first-child { background: var(--accent); border-color: transparent; color: var(--on-accent); font-weight: 600 }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
"""
CONTENT_SECURITY_POLICY = only_style(_STYLE)


def wants_page(scope: Scope) -> bool:
    """Whether a person is on the way to a page, rather than a program to an answer."""
    accepted = b",".join(value for name, value in scope["headers"] if name == b"accept")
    return scope["method"] in ("GET", "HEAD") and b"text/html" in accepted


def error_page(error: DashboardError) -> str:
    """The whole page: what happened, what was kept, and what to do."""
    title = _title(error)
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Cairn</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{escape(str(error))} What you were writing is kept in this browser.</p>
<nav aria-label="Ways out"><a href="">Try again</a> <a href="/dashboard">Open the dashboard</a></nav>
</main>
</body>
</html>
"""


def _title(error: DashboardError) -> str:
    if isinstance(error, Unavailable):
        return "Out of reach for a moment"
    return "Something went wrong" if error.status >= 500 else "This page cannot be shown"
