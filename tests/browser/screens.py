"""Pictures of screens: those in docs/screens/, which test_screens.py compares, and a tour of all.

    python -m tests.browser.screens                        the compared ones, into docs/screens/
    python -m tests.browser.screens --tour                 every scene, in both themes and at four widths, into tour/
    python -m tests.browser.screens --tour dashboard 320   the scenes whose names begin so, at this width

Look at what changed in docs/screens/ (git shows pictures side by side) and commit what was meant to. Git ignores tour/.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ROOT, Server, launch
from tests.browser.scenes import HEIGHTS, SCENES, device, fill, shown, stage

SCREENS, TOUR = ROOT / "docs/screens", ROOT / "tour"
Picture = tuple[str, str, int]
"""A scene by its name, a theme and a width."""
THEMES = ("dark", "light")
QUALITY = 72
COLOURS = 192
TRIES = 5
COMPARED = [
    *(("dashboard", theme, width) for theme in THEMES for width in HEIGHTS),
    ("dashboard-dialog", "dark", 1440),
    ("dashboard-dialog", "light", 390),
    ("dashboard-empty", "dark", 390),
    ("dashboard-hard", "light", 320),
    ("dashboard-save-failed", "light", 1440),
    ("board", "dark", 390),
    ("board", "light", 1440),
    ("list", "light", 1440),
    ("lists", "dark", 390),
    ("settings", "dark", 1440),
    ("sign-in", "light", 1440),
    ("sign-up-error", "dark", 390),
    ("trash", "light", 768),
]
"""Every part of the screen in one of these at least; all of them would take minutes."""
README = ("dashboard", "dark", 1440)
"""The one that README.md shows, by a name that stays and as PNG, which everything shows."""

# What differs from machine to machine and says nothing: the noise of the ground, the caret.
_CALM = ":root { --noise: 0 !important; } * { caret-color: transparent !important; }"


def path_of(scene: str, theme: str, width: int) -> Path:
    if (scene, theme, width) == README:
        return SCREENS / "dashboard.png"
    return SCREENS / f"{scene}-{theme}-{width}.webp"


def picture(page: Page) -> Image.Image:
    page.add_style_tag(content=_CALM)
    page.mouse.move(0, 0)
    taken = page.screenshot(animations="disabled", caret="hide")
    return Image.open(BytesIO(taken)).convert("RGB")


def share_that_differs(one: Image.Image, other: Image.Image, threshold: int = 48) -> float:
    """How much of two pictures differs by more than `threshold` of 255 in a channel, from 0 to 1.

    Other versions of Chromium smooth letters differently by less than this.
    """
    if one.size != other.size:
        return 1.0
    red, green, blue = ImageChops.difference(one, other).split()
    strongest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(strongest.histogram()[threshold:]) / (one.width * one.height)


def main(arguments: Sequence[str]) -> None:
    if arguments[:1] == ["--tour"]:
        make(_toured(arguments[1:]), lambda picture: TOUR / "{}-{}-{}.webp".format(*picture))
    elif arguments:
        sys.exit(__doc__)
    else:
        make(COMPARED, lambda picture: path_of(*picture))


def _toured(names: Sequence[str]) -> list[Picture]:
    widths = [int(name) for name in names if name.isdigit()] or list(HEIGHTS)
    starts = tuple(name for name in names if not name.isdigit()) or ("",)
    scenes = [scene.name for scene in SCENES if scene.name.startswith(starts)]
    return [(scene, theme, width) for scene in scenes for theme in THEMES for width in widths]


def make(pictures: Sequence[Picture], path_for: Callable[[Picture], Path]) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = stage(Path(folder)).start()
        browser = launch(playwright)
        try:
            cookies = fill(server)
            for wanted in pictures:
                path = path_for(wanted)
                path.parent.mkdir(parents=True, exist_ok=True)
                with _drawn(browser, server, cookies, wanted) as page:
                    path.write_bytes(packed(picture(page), path.suffix))
                sys.stdout.write(f"{path.relative_to(ROOT)}\n")
        finally:
            browser.close()
            server.stop()


@contextmanager
def _drawn(
    browser: Browser, server: Server, cookies: dict[str, str], wanted: Picture
) -> Iterator[Page]:
    name, theme, width = wanted
    scene = next(scene for scene in SCENES if scene.name == name)
    context = device(browser, server, cookies[scene.person], theme, width)
    try:
        with shown(context, server, scene) as page:
            yield page
    finally:
        context.close()


def packed(drawn: Image.Image, suffix: str) -> bytes:
    """A picture as it is kept: small, and not quite what was drawn."""
    file = BytesIO()
    if suffix == ".png":
        few = drawn.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(file, "PNG", optimize=True)
    else:
        drawn.save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()


def _difference(page: Page, path: Path) -> float:
    """Packed as the other is, so that what packing loses is lost in both."""
    known = Image.open(path).convert("RGB")
    seen = Image.open(BytesIO(packed(picture(page), path.suffix))).convert("RGB")
    return share_that_differs(seen, known)


def differences(
    browser: Browser, server: Server, cookies: dict[str, str], within: float
) -> dict[str, float]:
    """How much of each of the compared pictures differs from what is in docs/screens/."""
    found = {}
    for wanted in COMPARED:
        path = path_of(*wanted)
        with _drawn(browser, server, cookies, wanted) as page:
            found[path.name] = _difference(page, path)
            for _ in range(TRIES):
                if found[path.name] <= within:
                    break
                # On a busy machine a font or a hover may still be on its way.
                page.wait_for_timeout(500)
                found[path.name] = _difference(page, path)
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
