"""Time against size as a small SVG: a panel for each database, both axes logarithmic."""

import math
from pathlib import Path

_WIDTH, _HEIGHT, _LEFT, _TOP, _PANEL, _GAP = 960, 400, 52, 44, 300, 220
_SHOWN = {
    "list, newest first": "#2f6f4f",
    "list, deep page": "#7a9e3a",
    "dashboard, late ones": "#c07a1c",
    "metrics": "#1d5f8a",
    "search, a rare word": "#9a3b6b",
    "search, a common word": "#c9557f",
    "create": "#6a5acd",
    "tick": "#555555",
}
_FONT = 'font-family="sans-serif" font-size="11"'
_LEAST, _MOST = 0.1, 10_000
"""Milliseconds at the ends of the axis."""


def draw(results: dict[str, dict[str, float]], sizes: list[int], path: Path) -> None:
    """Milliseconds of some operations with as many tasks of one person as `sizes` says."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" {_FONT}>',
        "<title>Time of each operation against the number of a person's tasks</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
    ]
    for number, kind in enumerate(("SQLite", "PostgreSQL")):
        parts += _panel(results, sizes, kind, _LEFT + number * (_PANEL + _GAP - 50))
    path.write_text("\n".join([*parts, "</svg>"]) + "\n")


def _panel(
    results: dict[str, dict[str, float]], sizes: list[int], kind: str, left: int
) -> list[str]:
    parts = [
        f'<text x="{left}" y="24" font-size="14">{kind}: ms against tasks of one person</text>'
    ]
    for decade in range(int(math.log10(_LEAST)), int(math.log10(_MOST)) + 1):
        y = _y(10**decade)
        parts.append(f'<path d="M{left} {y:.0f}h{_PANEL}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{10**decade:g}</text>'
        )
    for size in sizes:
        x = _x(size, sizes, left)
        parts.append(
            f'<text x="{x:.0f}" y="{_TOP + _PANEL + 18}" text-anchor="middle">{size:,}</text>'
        )
    for row, (name, colour) in enumerate(_SHOWN.items()):
        times = results[f"{kind}: {name}"]
        points = [(_x(size, sizes, left), _y(times[f"{size:,}"])) for size in sizes]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(
            f'<text x="{left + _PANEL + 8}" y="{_TOP + 12 + row * 18}" fill="{colour}">{name}</text>'
        )
    return parts


def _x(size: int, sizes: list[int], left: int) -> float:
    span = math.log10(sizes[-1] / sizes[0]) or 1
    return left + _PANEL * math.log10(size / sizes[0]) / span


def _y(milliseconds: float) -> float:
    share = math.log10(max(milliseconds, _LEAST) / _LEAST) / math.log10(_MOST / _LEAST)
    return _TOP + _PANEL * (1 - share)
