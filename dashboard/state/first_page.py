"""What a page of tasks says first, before its tab has a socket: the document brings it along."""

from urllib.parse import quote
from uuid import UUID

from reflex.utils.format import json_dumps

from dashboard.reflex_adapter import states
from dashboard.security import SESSION_HEADER
from dashboard.state.tasks import TaskListState

OF_DOCUMENT = "document"
"""The name of this loading, to which the browser adds gestures and sends none: no tab's state knows it."""


async def first_page(path: str, query: str, session_id: UUID) -> str | None:
    """The delta of the first loading of a page, as JSON that may stand in HTML; None when nothing can be read."""
    # As a browser says it: a label may have signs in it that end a path.
    said = quote(path)
    tasks = states.without_tab(TaskListState, said, query, {SESSION_HEADER: str(session_id)})
    await tasks.load()
    if not tasks.load_id:
        return None
    tasks.load_id = OF_DOCUMENT
    delta = await states.take_delta(tasks._get_root_state())
    # Nothing that a person wrote can end the script that holds it.
    return json_dumps(delta, separators=(",", ":")).replace("<", r"\u003c")
