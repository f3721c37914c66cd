"""Pictures of every screen and state: `python -m tests.browser.screens` makes docs/screens/ anew.

    python -m tests.browser.screens                 all of them
    python -m tests.browser.screens dashboard 320   the scenes whose names begin so, at this width

Look at what changed (git shows pictures side by side) and commit what was meant to.
"""

import sys
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.conftest import ROOT, Server, launch
from tests.browser.scenes import HEIGHTS, SCENES, Scene, device, fill, shown, stage

SCREENS = ROOT / "docs/screens"
THEMES = ("dark", "light")
QUALITY = 72
COLOURS = 192
TRIES = 5
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


def main(names: Sequence[str]) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    widths = [int(name) for name in names if name.isdigit()] or list(HEIGHTS)
    starts = tuple(name for name in names if not name.isdigit())
    scenes = [scene for scene in SCENES if not starts or scene.name.startswith(starts)]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = stage(Path(folder)).start()
        browser = launch(playwright)
        try:
            cookies = fill(server)
            for scene in scenes:
                for theme in THEMES:
                    for width in widths:
                        context = device(browser, server, cookies[scene.person], theme, width)
                        _take(context, server, scene, path_of(scene.name, theme, width))
                        context.close()
                sys.stdout.write(f"{scene.name}\n")
        finally:
            browser.close()
            server.stop()


def _take(context: BrowserContext, server: Server, scene: Scene, path: Path) -> None:
    with shown(context, server, scene) as page:
        path.write_bytes(packed(picture(page), path.suffix))


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
    browser: Browser,
    server: Server,
    cookies: dict[str, str],
    wanted: Sequence[tuple[str, str, int]],
    within: float,
) -> dict[str, float]:
    """For each (scene, theme, width), how much of it differs from its picture in docs/screens/."""
    by_name = {scene.name: scene for scene in SCENES}
    found = {}
    for name, theme, width in wanted:
        scene, path = by_name[name], path_of(name, theme, width)
        context = device(browser, server, cookies[scene.person], theme, width)
        with shown(context, server, scene) as page:
            found[path.name] = _difference(page, path)
            for _ in range(TRIES):
                if found[path.name] <= within:
                    break
                # On a busy machine a font or a hover may still be on its way.
                page.wait_for_timeout(500)
                found[path.name] = _difference(page, path)
        context.close()
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
