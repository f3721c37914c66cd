"""What a browser may run and load of an answer: its Content-Security-Policy."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from posixpath import normpath

from dashboard.config import Settings
from dashboard.places import BUILT_PAGES
from dashboard.web.document import file_of

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""For whatever is no page."""
_OF_OTHERS = "404.html"
"""The document at addresses that have none of their own."""


class PagePolicies:
    """For each page: our own files, and of the scripts inside it exactly those that the build wrote there."""

    def __init__(self, settings: Settings, built: Path = BUILT_PAGES) -> None:
        self._settings = settings
        self._pages = {
            _name(page.relative_to(built).as_posix()): page for page in built.rglob("*.html")
        }
        self._policies: dict[str, str] = {}

    def of(self, path: str) -> str:
        """The policy of what is shown at a path."""
        name = _name(normpath(file_of(path)))
        if name not in self._pages:
            name = _OF_OTHERS
        # Reading a page takes 10 ms, so each is read when it is first asked for.
        if name not in self._policies:
            self._policies[name] = _page_policy(self._settings, self._pages.get(name))
        return self._policies[name]


def only_style(style: str) -> str:
    """The policy of a page that has this one style, and no script."""
    directives = {"default-src": "'none'", "style-src": _source(style), "img-src": "'self'"}
    return f"{_written(directives)}; {NOTHING.partition('; ')[2]}"


def _name(path: str) -> str:
    """The same for a document as for the folder that has it as its index."""
    return path.strip("/").removesuffix("index.html").rstrip("/")


def _page_policy(settings: Settings, page: Path | None) -> str:
    """Of a built page; of none in development, where nothing is built."""
    scripts = sorted({_source(script) for script in inline_scripts(page)}) if page else ()
    socket = settings.public_url.replace("http", "ws", 1)
    directives = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *scripts]),
        # React and the browser's own widgets set styles of single elements.
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        # Named as well, because to an older Safari a socket is not 'self'.
        "connect-src": f"'self' {socket}",
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return _written(directives)


def _written(directives: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def inline_scripts(page: Path) -> Iterator[str]:
    """The text of each script inside a page, as the browser hashes it."""
    reader = _ScriptReader()
    reader.feed(page.read_text(encoding="utf-8"))
    reader.close()
    yield from reader.scripts


def _source(written: str) -> str:
    digest = hashlib.sha256(written.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


class _ScriptReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_inside = tag == "script" and "src" not in dict(attrs)
        if self._is_inside:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = False

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.scripts[-1] += data
