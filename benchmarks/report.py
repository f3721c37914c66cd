"""The figures of a run: a table to read, and JSON to compare with the next one."""

import json
import os
import platform
import statistics
from pathlib import Path
from typing import Any

Results = dict[str, dict[str, float]]

MOST_LOAD = 2.0
"""Processes that want a core, in the minute before a run; with more than that its figures say nothing."""
_load = os.getloadavg()[0]
"""Read at the start, before the run itself is a load."""


def summary(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def report(results: Results, options: dict[str, Any], path: Path) -> None:
    """Print the table, and write it with what it was measured on to `path`, unless the machine was busy before."""
    print(table(results))
    print(f"\nThe load of the machine was {_load:.1f} at the start.")
    if _load > MOST_LOAD:
        print(f"That is above {MOST_LOAD:.0f}: {path.name} keeps the figures of the run before.")
        return
    machine = {"python": platform.python_version(), "cpus": os.cpu_count(), "load": round(_load, 1)}
    document = {"machine": machine, "options": options, "results": results}
    path.write_text(json.dumps(document, indent=2) + "\n")


def table(results: Results) -> str:
    columns = list(next(iter(results.values())))
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    for name, figures in results.items():
        lines.append(f"| {name} | {' | '.join(_figure(figures.get(each)) for each in columns)} |")
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
