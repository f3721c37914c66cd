"""All that a loading of a page of tasks says, read at one moment."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from dashboard.errors import InvalidInput
from dashboard.models.list import inbox_of
from dashboard.models.session import Actor
from dashboard.models.task_query import TaskQuery
from dashboard.models.user import User
from dashboard.services.accounts import sessions
from dashboard.services.lists.queries import VisibleList, list_lists
from dashboard.services.lists.sections import SectionRow, list_all_sections
from dashboard.services.tasks import commands, task_list
from dashboard.services.tasks.task_list import Groups, Metrics, TaskPage
from dashboard.state.sidebar import Sidebar, sidebar_of
from dashboard.state.task_address import NOTHING, Place, query_from


class Overview(NamedTuple):
    user: User
    lists: Sequence[VisibleList]
    sections: Sequence[SectionRow]
    sidebar: Sidebar
    query: TaskQuery
    """What was asked for, in the end."""
    page: TaskPage
    counts: Metrics
    groups: Groups
    problem: str
    """Why a query in words cannot be answered; empty when it can."""


def overview(
    session: Session,
    actor: Actor,
    place: Place,
    query: TaskQuery,
    *,
    in_groups: bool,
    by_hand: bool,
) -> Overview:
    """A page and all around it. A query that cannot be answered finds nothing, and says why."""
    listed = (
        partial(task_list.list_agenda, by_hand=by_hand)
        if in_groups
        else partial(task_list.list_tasks, counts_all=False)
    )
    user, _ = sessions.current(session, actor)
    sidebar, problem = sidebar_of(session, actor), ""
    query = _known(session, actor, place, query, sidebar)
    try:
        page = listed(session, actor, query)
    except InvalidInput as error:
        if not query.filter or query.cursor:
            raise
        query, problem = query_from(NOTHING), str(error)
        page = listed(session, actor, query)
    return Overview(
        user,
        list_lists(session, actor, with_trash=True),
        list_all_sections(session, actor),
        sidebar,
        query,
        page,
        task_list.count_metrics(session, actor),
        task_list.count_groups(session, actor, query) if in_groups else Groups(),
        problem,
    )


def _known(
    session: Session, actor: Actor, place: Place, query: TaskQuery, sidebar: Sidebar
) -> TaskQuery:
    """A query with what the person's own rows say: whose Inbox it is, where a task lies, what their filter asks for."""
    if place.kind == "inbox":
        return query.model_copy(update={"list": inbox_of(actor.id)})
    if place.kind == "tasks" and (
        list_id := commands.list_of_task(session, actor, UUID(place.key))
    ):
        return query.model_copy(update={"list": list_id})
    asked = [row.query for row in sidebar.filters if (row.id, "") == (place.key, row.problem)]
    if place.kind == "filters" and asked:
        return query.model_copy(update={"list": None, "filter": asked[0]})
    return query
