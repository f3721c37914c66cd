"""Time against size as a small SVG: a panel for each database and kind of operation, both axes logarithmic.

Beside each line, apart from it, is a point: what the same takes for somebody who is one of many.
"""

import math
from pathlib import Path

_PANEL_WIDTH, _PANEL_HEIGHT, _LEFT, _TOP = 250, 190, 56, 40
_COLUMN, _ROW = 560, 262
_CROWD = 34
"""How far the point of somebody among many stands from the end of the line."""
_DATABASES = ("SQLite", "PostgreSQL")
_SHOWN = {
    "Lists": (
        "list, newest first",
        "list, deep page",
        "list, open by title",
        "list, High, by due date",
        "list, of a day, by creation",
        "list, late ones by creation",
        "list, trash",
        "dashboard",
        "dashboard, late ones",
        "metrics",
    ),
    "Searches": (
        "search, a rare word",
        "search, a common word",
        "search, a word of nobody",
        "search, a part of a rare word",
        "search, best match",
    ),
    "Writes": ("create", "tick", "delete and restore", "delete the account"),
    "All of it": (
        "export, all of it",
        "what it leaves: a batch at most",
        "what it leaves: all of it",
    ),
}
_COLOURS = (
    *("#2f6f4f", "#c07a1c", "#1d5f8a", "#9a3b6b", "#6a5acd"),
    *("#7a9e3a", "#c9557f", "#555555", "#0f8b8d", "#a0522d"),
)
_FONT = 'font-family="sans-serif" font-size="11"'
_LEAST, _MOST = 0.1, 100_000
"""Milliseconds at the ends of the axis."""


def draw(results: dict[str, dict[str, float]], sizes: list[int], path: Path) -> None:
    """Milliseconds of each operation with as many tasks of one person as `sizes` says, and among other people."""
    width, height = _COLUMN * len(_DATABASES), _ROW * len(_SHOWN)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {_FONT}>',
        "<title>Time of each operation against the number of a person's tasks</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for row, (kind, names) in enumerate(_SHOWN.items()):
        for column, database in enumerate(_DATABASES):
            parts.append(f'<g transform="translate({column * _COLUMN + _LEFT},{row * _ROW})">')
            parts += _panel(f"{database}: {kind.lower()}, ms", sizes)
            for place, name in enumerate(names):
                parts += _line(name, results[f"{database}: {name}"], sizes, place)
            parts.append("</g>")
    path.write_text("\n".join([*parts, "</svg>"]) + "\n")


def _panel(title: str, sizes: list[int]) -> list[str]:
    parts = [f'<text y="24" font-size="14">{title}</text>']
    for decade in range(int(math.log10(_LEAST)), int(math.log10(_MOST)) + 1):
        y = _y(10**decade)
        parts.append(f'<path d="M0 {y:.0f}h{_PANEL_WIDTH + _CROWD}" stroke="#ddd"/>')
        parts.append(f'<text x="-6" y="{y + 4:.0f}" text-anchor="end">{10**decade:,g}</text>')
    below = _TOP + _PANEL_HEIGHT + 18
    parts += [
        f'<text x="{_x(size, sizes):.0f}" y="{below}" text-anchor="middle">{size:,}</text>'
        for size in sizes
    ]
    parts.append(f'<text x="{_PANEL_WIDTH + _CROWD}" y="{below}">among many</text>')
    return parts


def _line(name: str, times: dict[str, float], sizes: list[int], place: int) -> list[str]:
    colour = _COLOURS[place]
    line = " ".join(f"{_x(size, sizes):.1f},{_y(times[f'{size:,}']):.1f}" for size in sizes)
    parts = [f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>']
    parts += [
        f'<circle cx="{_PANEL_WIDTH + _CROWD}" cy="{_y(time):.1f}" r="3" fill="{colour}"/>'
        for column, time in times.items()
        if " of " in column
    ]
    x, y = _PANEL_WIDTH + _CROWD + 14, _TOP + 8 + place * 17
    return [*parts, f'<text x="{x}" y="{y}" fill="{colour}">{name}</text>']


def _x(size: int, sizes: list[int]) -> float:
    span = math.log10(sizes[-1] / sizes[0]) or 1
    return _PANEL_WIDTH * math.log10(size / sizes[0]) / span


def _y(milliseconds: float) -> float:
    share = math.log10(max(milliseconds, _LEAST) / _LEAST) / math.log10(_MOST / _LEAST)
    return _TOP + _PANEL_HEIGHT * (1 - share)
