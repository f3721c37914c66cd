"""The figures of a run: a table to read, and JSON to compare with the next one."""

import json
import os
import platform
import statistics
from pathlib import Path
from typing import Any

Results = dict[str, dict[str, float]]


def summary(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def report(results: Results, options: dict[str, Any], path: Path) -> None:
    """Print the table, and write it with what it was measured on to `path`."""
    print(_table(results))
    machine = {"python": platform.python_version(), "cpus": os.cpu_count()}
    document = {"machine": machine, "options": options, "results": results}
    path.write_text(json.dumps(document, indent=2) + "\n")


def _table(results: Results) -> str:
    columns = list(next(iter(results.values())))
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    for name, figures in results.items():
        lines.append(f"| {name} | {' | '.join(_figure(figures.get(each)) for each in columns)} |")
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
