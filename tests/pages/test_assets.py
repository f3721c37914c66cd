"""What the pages ask for exists, and its colours can be read."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from dashboard.components.shell.html_head import head

ASSETS = Path(__file__).parents[2] / "assets"
PYTHON = ASSETS.parent / "dashboard/components"
STYLES = (ASSETS / "styles.css").read_text()
WORST_GROUND = {"dark": "#1e1610", "light": "#f4ede3"}
"""The page where the dark vignette is brightest and the light one warmest: contrast is lowest there."""


def tokens(theme: str) -> dict[str, str]:
    selectors = [r":root \{\s*/\* Midnight Stone"] + [r":root\.light \{"] * (theme == "light")
    found = {}
    for selector in selectors:
        start = re.search(selector, STYLES)
        assert start
        block = STYLES[start.end() : STYLES.index("}", start.end())]
        found |= dict(re.findall(r"--([\w-]+): ([^;]+);", block))
    return found


def rgba(colour: str) -> tuple[float, float, float, float]:
    if colour.startswith("#"):
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return red, green, blue, 1.0
    red, green, blue, alpha = re.findall(r"[\d.]+", colour)
    return float(red), float(green), float(blue), float(alpha)


def over(colour: str, ground: tuple[float, ...]) -> tuple[float, ...]:
    *channels, alpha = rgba(colour)
    return tuple(c * alpha + g * (1 - alpha) for c, g in zip(channels, ground, strict=False))


def luminance(channels: tuple[float, ...]) -> float:
    linear = [
        c / 255 / 12.92 if c / 255 <= 0.03928 else ((c / 255 + 0.055) / 1.055) ** 2.4
        for c in channels[:3]
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def surfaces(theme: str) -> dict[str, tuple[float, ...]]:
    token = tokens(theme)
    ground = rgba(WORST_GROUND[theme])[:3]
    glass = over(token["glass"], ground)
    return {
        "page": ground,
        "glass": glass,
        "hovered": over(token["glass-hover"], glass),
        "dialog": over(token["raised"], ground),
        "solid": rgba(token["solid"])[:3],
    }


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("name", ["ink", "ink-2", "ink-3", "danger", "ok", "info", "accent-ink"])
def test_text_can_be_read_on_every_surface(theme, name):
    text = rgba(tokens(theme)[name])
    for surface, ground in surfaces(theme).items():
        assert contrast(text, ground) >= 4.5, surface


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_controls_and_the_primary_button_can_be_seen(theme):
    token = tokens(theme)
    assert contrast(rgba(token["on-accent"]), rgba(token["accent"])) >= 4.5
    for surface, ground in surfaces(theme).items():
        line = token["field-line-strong" if surface == "hovered" else "field-line"]
        assert contrast(rgba(line), ground) >= 3, surface
        assert contrast(rgba(token["accent"]), ground) >= 3, surface


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_without_backdrop_filter_nothing_shines_through_what_floats(theme):
    start = STYLES.index("@supports not (backdrop-filter")
    fallback = STYLES[start : STYLES.index("}\n}", start)]
    selector = {"dark": ":root {", "light": ":root.light {"}[theme]
    block = fallback[fallback.index(selector) :]
    raised = rgba(re.findall(r"--raised: ([^;]+);", block)[0])
    assert raised[3] == 1.0
    for name in ("ink", "ink-2", "ink-3", "danger"):
        assert contrast(rgba(tokens(theme)[name]), raised) >= 4.5, name


def test_both_themes_have_the_same_tokens():
    dark = tokens("dark")
    only_sizes = {
        "sidebar",
        "control",
        "row",
        "instant",
        "quick",
        "base",
        "slow",
        "stagger",
    }
    light_block = STYLES[STYLES.index(":root.light {") :]
    light = set(re.findall(r"--([\w-]+):", light_block[: light_block.index("}")]))
    assert set(dark) - light == only_sizes | {"out", "in", "spring"}


@pytest.mark.parametrize("font", sorted(ASSETS.glob("fonts/*.woff2")), ids=lambda path: path.name)
def test_a_font_is_named_after_its_content_so_that_it_may_be_kept_for_ever(font):
    digest = hashlib.sha256(font.read_bytes()).hexdigest()
    assert font.stem.endswith(digest[:8])
    assert f'url("/fonts/{font.name}")' in STYLES


def test_each_character_is_in_one_file_of_a_family():
    ranges = re.findall(r'font-family: "([^"]+)"[^}]*unicode-range: ([^;]+);', STYLES)
    assert len(ranges) >= len([*ASSETS.glob("fonts/*.woff2")])
    seen: dict[str, set[int]] = {}
    for family, listed in ranges:
        for each in listed.split(", "):
            first, _, last = each.removeprefix("U+").partition("-")
            codes = set(range(int(first, 16), int(last or first, 16) + 1))
            assert not codes & seen.setdefault(family, set()), (family, each)
            seen[family] |= codes


def test_what_the_head_and_the_manifest_name_exists():
    links = re.findall(r'href:"(/[^"]+)"', str([component.render() for component in head()]))
    manifest = json.loads((ASSETS / "manifest.webmanifest").read_text())
    named = [*links, *(icon["src"] for icon in manifest["icons"])]
    assert len(named) >= 8
    for address in named:
        assert (ASSETS / address.lstrip("/")).is_file(), address


def with_has(styles: str) -> list[tuple[str, str]]:
    """What stands before each `:has(…)`, and what stands after it, in the selectors of these styles."""
    found = []
    for at in re.finditer(r":has\(", styles):
        end, depth = at.end(), 1
        while depth:
            depth += {"(": 1, ")": -1}.get(styles[end], 0)
            end += 1
        before = re.split(r"[{};]", styles[: at.start()])[-1].strip()
        # The rest of the same element may follow: what it is not, and pseudo-classes.
        after = re.match(r"(?:\)|[\w:-]|\[[^\]]*\]|\([^()]*\))*\s*([^,{]*)", styles[end:])
        found.append((before, after[1].strip() if after else ""))
    return found


def test_no_change_in_a_long_list_asks_every_row_what_the_page_has() -> None:
    """Browsers look through all of an element for its `:has()`, and then at all that stands behind it in any rule."""
    found = with_has(re.sub(r"/\*.*?\*/", "", STYLES, flags=re.DOTALL))
    assert len(found) > 5
    assert not [before for before, _ in found if before.split()[-1:] in (["html"], ["body"], [])]
    assert not [(before, after) for before, after in found if after]
    classes = "".join(path.read_text() for path in PYTHON.rglob("*.py"))
    assert "has-[" in classes
    assert not re.findall(r"has-\[[^\]]*\]:\[&[^\s\"]*", classes)
