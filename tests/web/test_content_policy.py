"""Which scripts a page may run: those that the build wrote into it, and they alone."""

import base64
import hashlib
from pathlib import Path

from dashboard.config import Settings
from dashboard.web.content_policy import BUILT_PAGES, inline_scripts, page_policy, script_hashes

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


def test_the_policy_names_each_script_once_whichever_pages_it_is_in(tmp_path: Path) -> None:
    for name in ("index.html", "trash/index.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(PAGE, encoding="utf-8")
    digests = [hashlib.sha256(script.encode()).digest() for script in SCRIPTS]
    expected = {f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests}
    hashes = script_hashes(tmp_path)
    assert set(hashes) == expected
    assert len(hashes) == len(expected)
    directives = page_policy(Settings(), tmp_path).split("; ")
    assert f"script-src 'self' {' '.join(hashes)}" in directives


def test_the_policy_is_the_one_that_was_decided_on(tmp_path: Path) -> None:
    assert page_policy(Settings(public_url="https://tasks.example.org"), tmp_path) == (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self' wss://tasks.example.org; manifest-src 'self'; worker-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def test_the_pages_are_looked_for_where_they_are_built() -> None:
    project = Path(__file__).parents[2]
    assert project / ".web/build/client" == BUILT_PAGES
    assert 'STAMP = ROOT / ".web/build/' in (project / "bin/build").read_text()
