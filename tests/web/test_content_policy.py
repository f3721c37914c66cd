"""Which scripts a page may run: those that the build wrote into it, and they alone."""

import base64
import hashlib
import re
from pathlib import Path
from uuid import UUID

from dashboard.config import Settings
from dashboard.errors import NotFound
from dashboard.web.content_policy import BUILT_PAGES, PagePolicies, inline_scripts
from dashboard.web.problems import refusal

PAGE = """<!doctype html><html><head>
<script>
if (1 < 2 && "</p>") { run("&amp;") }
</script>
<script src="/assets/app.js"></script>
<script type="module">import "/assets/app.js"; // é</script>
</head><body><p>not a script</p><SCRIPT id="x">last()</SCRIPT><noscript>none</noscript></body></html>
"""
SCRIPTS = [
    '\nif (1 < 2 && "</p>") { run("&amp;") }\n',
    'import "/assets/app.js"; // é',
    "last()",
]


def test_every_script_inside_a_page_is_found_byte_for_byte(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    assert list(inline_scripts(tmp_path / "index.html")) == SCRIPTS


def _source(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _runs(policies: PagePolicies, path: str) -> set[str]:
    (scripts,) = (each for each in policies.of(path).split("; ") if each.startswith("script-src"))
    sources = scripts.split(" ")[1:]
    assert len(sources) == len(set(sources))
    return set(sources)


def test_a_page_may_run_the_scripts_that_are_inside_it_each_named_once(tmp_path: Path) -> None:
    (tmp_path / "sign-in.html").write_text(PAGE + PAGE, encoding="utf-8")
    expected = {"'self'", *map(_source, SCRIPTS)}
    assert _runs(PagePolicies(Settings(), tmp_path), "/sign-in.html") == expected


def test_no_page_may_run_what_is_inside_another(tmp_path: Path) -> None:
    for name in ("404.html", "trash/index.html", "trash.html", "lists/one/index.html"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"<script>{name}</script>", encoding="utf-8")
    policies = PagePolicies(Settings(), tmp_path)
    for path, name in (
        ("/trash", "trash/index.html"),
        ("/trash/", "trash/index.html"),
        ("//trash/./index.html", "trash/index.html"),
        ("/trash.html", "trash.html"),
        (f"/lists/{UUID(int=1)}", "lists/one/index.html"),
        ("/no-such-page", "404.html"),
        ("/trash/no-such-page", "404.html"),
    ):
        assert _runs(policies, path) == {"'self'", _source(name)}, path


def test_the_policy_is_the_one_that_was_decided_on(tmp_path: Path) -> None:
    policies = PagePolicies(Settings(public_url="https://tasks.example.org"), tmp_path)
    assert policies.of("/sign-in") == (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self' wss://tasks.example.org; manifest-src 'self'; worker-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def test_the_page_of_an_error_runs_and_loads_nothing_but_its_icon() -> None:
    response = refusal(
        {
            "type": "http",
            "path": "/tasks/x",
            "method": "GET",
            "headers": [(b"accept", b"text/html")],
        },
        NotFound(),
    )
    (style,) = re.findall("<style>(.*?)</style>", bytes(response.body).decode(), re.DOTALL)
    assert response.headers["Content-Security-Policy"] == (
        f"default-src 'none'; style-src {_source(style)}; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def test_the_pages_are_looked_for_where_they_are_built() -> None:
    project = Path(__file__).parents[2]
    assert project / ".web/build/client" == BUILT_PAGES
    assert 'STAMP = ROOT / ".web/build/' in (project / "bin/build").read_text()
