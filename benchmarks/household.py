"""The tasks of one person with much to do: 300 in 20 lists, with 60 sections and 40 labels, made over REST."""

from itertools import product
from typing import Any

import httpx

AREAS = ("Home", "Work", "Garden", "School", "Travel", "Health", "Money", "Car", "Club", "Books")
LISTS = [f"{area} {kind}" for kind, area in product(("now", "later"), AREAS)]
SECTIONS = ("First", "Next", "Waiting")
"""Of each list."""
LABELS = [f"{kind}-{number}" for kind in ("call", "buy", "read", "ask") for number in range(1, 11)]
TASKS_EACH = 15


def title_of(list_name: str, number: int) -> str:
    """Of a task, which nothing else is called; they are numbered from 1, five in each section."""
    return f"{list_name} task {number:02}"


def fill(client: httpx.Client) -> dict[tuple[str, str], str]:
    """Make it all for the person who is signed in. Returns the ids of sections, by the names of list and section."""
    made = 0
    sections: dict[tuple[str, str], str] = {}
    for name in LISTS:
        list_id = _post(client, "/api/lists", name=name)["id"]
        for at, section in enumerate(SECTIONS):
            section_id = _post(client, f"/api/lists/{list_id}/sections", name=section)["id"]
            sections[name, section] = section_id
            in_each = TASKS_EACH // len(SECTIONS)
            for number in range(at * in_each + 1, (at + 1) * in_each + 1):
                _post(
                    client,
                    "/api/tasks",
                    title=title_of(name, number),
                    list_id=list_id,
                    section_id=section_id,
                    labels=[LABELS[made % len(LABELS)]],
                )
                made += 1
    return sections


def _post(client: httpx.Client, address: str, **body: Any) -> Any:
    return client.post(address, json=body).raise_for_status().json()
