"""The instant list as Python sees it: what to draw, as vars, and what a gesture does, as event handlers.

The work is done in the browser: assets/tasks.js brings together its parts (drawing.js, commands.js, dialog.js …), and
assets/optimistic_list.js is the merge. Handlers are plain functions there, not Reflex events, so that they run at once
while the socket is down.
"""

from dataclasses import dataclass, make_dataclass
from functools import partial
from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import ArrayVar, BooleanVar, NumberVar, ObjectVar, StringVar, VarData

from dashboard.components.shell.js_handler import handler, handler_of
from dashboard.models.task_fields import ROW_FIELDS, TASK_FIELDS
from dashboard.reflex_adapter.elements import dispatch, has_connection_errors
from dashboard.services.tasks.task_list import Groups, Metrics
from dashboard.state.gestures import Gesture
from dashboard.state.tasks import FOLLOW, TaskListState

LIBRARY = "$/public/tasks.js"


# What the server's row holds, by the names and types of the table of fields.
_Row: type[object] = make_dataclass("_Row", [(f.name, type(f.kind.blank)) for f in ROW_FIELDS])
_Errors: type[object] = make_dataclass("_Errors", [(f.name, str) for f in TASK_FIELDS if f.label])


@dataclass
class Editor(_Row):
    """The fields of a row that is edited in place, as they stand."""

    error: str
    wrong: str
    """The name of the field that the error is about."""


@dataclass
class TaskView(_Row):
    """A task as it is drawn: the row of the server with this person's gestures over it."""

    due_words: str
    due_kind: str
    """overdue, today, plain or none."""
    pending: bool
    error: str
    """Why the last gesture was not saved; empty when nothing failed."""
    lost: str
    """What another editor wrote over this person's words, unseen: a sentence with both values, else empty."""
    editor: Editor
    """Null unless the row is edited in place."""
    is_leaving: str
    """completed or removed just now, and seen to leave its place; else empty."""
    label_colors: str
    """Those of its labels, in their order."""
    repeat_words: str
    """How it goes on, with its time; empty when it does not."""
    is_paused: bool
    """Its series is paused."""
    deleted_words: str
    """When it was deleted and how long it stays in the trash; empty outside."""
    list_id: str
    list_name: str
    """Where a list is to be named: on the pages of all tasks, and not for the Inbox; empty elsewhere."""
    list_color: str
    is_locked: bool
    """Its list can only be read."""
    is_open: bool
    """It is open beside the list, or over it."""
    is_part: bool
    """It is drawn below the task that it is a part of."""
    is_folded: bool
    """Its subtasks are put away."""
    is_movable: bool
    """It can be put in order by hand."""
    is_dated: bool
    """It can be taken to another day."""
    is_lifted: bool
    """It is in the hand."""
    line_of: str
    """The id of the task to which the line below it adds; empty where there is none."""


@dataclass
class GroupSection:
    """The section that a group is of."""

    id: str
    list_id: str
    name: str
    is_folded: bool
    is_new: bool
    """The server is yet to make it."""


@dataclass
class GroupDay:
    """The day that a group is of, where days are places."""

    date: str
    name: str
    """`Today`, `Tomorrow`, `Saturday`."""
    words: str
    """The date beside it: `28 November`."""
    title: str
    """All of it: `Saturday 28 November`."""
    is_today: bool
    is_free: bool
    """Nothing is due then."""


@dataclass
class Part:
    """Some of the tasks of a group, one after the other."""

    key: str
    tasks: list[TaskView]
    is_fresh: bool
    """Only of rows that were loaded after others."""


@dataclass
class Group:
    """Tasks under one heading; the label is empty when the list is in no groups."""

    key: str
    label: str
    count: int
    has_count: bool
    """False while some of its tasks are not loaded yet."""
    tasks: list[TaskView]
    parts: list[Part]
    """The same tasks, cut where a long list is drawn in several."""
    section: GroupSection
    """Null where the heading is none of the person's own."""
    day: GroupDay
    """Null where the heading is no day that is a place."""
    is_put_away: bool
    """It is folded at first."""
    is_naming: bool
    """Its name is being changed."""
    is_named_above: bool
    """A new section is being named above it."""
    is_named_below: bool
    has_line: bool
    """A line at its end adds to it."""
    is_movable: bool
    """Its tasks can be put in order by hand."""


@dataclass
class Notice:
    key: str
    """The plain text."""
    text: Any
    """As `Sentence` takes it."""
    canUndo: bool  # noqa: N815 (a name of the JavaScript side)
    more: str
    """The button that does something else, which can be undone for itself; empty where there is none."""
    show: str
    """The id of a new task that is not in sight; null otherwise."""


@dataclass
class Draft:
    """What was half-typed when this page was last left."""

    title: str


@dataclass
class Zones:
    """The time zones of the account and of this device, which differ."""

    account: str
    here: str


@dataclass
class Theirs:
    """A field in which this person and someone else were writing at once."""

    name: str
    label: str
    value: str


@dataclass
class Errors(_Errors):
    """What is wrong with a field of the dialog, in a sentence; empty where nothing is."""

    subtask: str


@dataclass
class Step:
    """Something that this person did to the task."""

    id: str
    at: str
    words: Any
    """As `Sentence` takes it."""
    when: str


@dataclass
class Activity:
    steps: list[Step]
    has_more: bool
    problem: str
    """Why it could not be loaded; empty where it could."""


@dataclass
class Stage:
    """A list or a section on the way to a task."""

    name: str
    address: str


@dataclass
class Dialog:
    """The task dialog. `task` is as it is by now; the fields follow it where nothing is typed."""

    mode: str
    """edit or new."""
    errors: Errors
    failed: Errors
    """Why a field was not saved; empty where it was."""
    saving: str
    """Saving, Saved for a moment, or empty."""
    is_ready: bool
    """False while the rest of a long description is on its way."""
    formatted: str
    """HTML: the description as it reads; empty while it is text, or written in."""
    news: str
    """What happened to the task elsewhere since the dialog opened; empty when nothing did."""
    is_gone: bool
    """The task was moved to the trash elsewhere."""
    is_erased: bool
    """It was deleted forever elsewhere."""
    theirs: list[Theirs]
    today: str
    path: list[Stage]
    """Its list and section; empty for a new one."""
    is_locked: bool
    task: TaskView
    parent: TaskView
    """The task that it is a part of; null for one of its own."""
    parts: list[TaskView]
    """Its subtasks."""
    steps: str
    """How many of them are completed, as `2/5`; empty where there are none."""
    done: int
    all: int
    """The same in numbers."""
    activity: Activity
    """What this person did to it, once that was asked for."""
    previous: TaskView
    """The one before it in the list; null where there is none."""
    next: TaskView


@dataclass
class Question:
    """What is asked before something that cannot be undone; `verb` is the button that does it."""

    title: str
    text: Any
    """As `Sentence` takes it."""
    verb: str
    other: str
    """The button that does something else instead; null where there is only one thing to do."""


def drawn(name: str, of_type: Any) -> Any:
    """A part of the screen as assets/drawing.js makes it."""
    hook = "use" + "".join(word.capitalize() for word in name.split("_"))
    data = VarData(
        imports={LIBRARY: [ImportVar(tag=hook)]}, hooks={f"const {name} = {hook}();": None}
    )
    return rx.Var(name, _var_type=of_type, _var_data=data).guess_type()


groups: ArrayVar[list[Group]] = drawn("groups", list[Group])
is_long: BooleanVar = drawn("is_long", bool)
"""Whether there are so many rows that those out of sight are not laid out."""
today: StringVar = drawn("today", str)
"""The day that it is, as `Thursday 26 November`."""
found: StringVar = drawn("found", str)
"""How many tasks the list holds, those that are not loaded yet included: `12`, or `1,000+`."""
metrics: Any = drawn(
    "metrics", make_dataclass("Metrics", [(name, int) for name in Metrics._fields])
)
"""The counts of the cards, by name."""
held: Any = drawn("held", make_dataclass("Held", [(name, int) for name in Groups._fields]))
"""How many tasks the page holds under each heading of the agenda, those that are not loaded yet included."""
phase: StringVar = drawn("phase", str)
"""loading, ready, empty (the server said so), failed (nothing was ever loaded), or gone: the list, label
or filter of the page is none of theirs."""
is_drawn: BooleanVar = drawn("is_drawn", bool)
"""Whether the document brought the first rows: the list takes their place, and is not seen to come."""
connection: StringVar = drawn("connection", str)
"""online, reconnecting, or offline: then this device has no network at all."""
waiting: NumberVar = drawn("waiting", int)
"""How many gestures the server has not answered."""
notice: ObjectVar[Notice] = drawn("notice", Notice)
"""Null when there is nothing to say."""
is_kept: BooleanVar = drawn("is_kept", bool)
"""Whether the browser keeps them when the tab is closed."""
draft: ObjectVar[Draft] = drawn("draft", Draft)
"""Null when nothing was left half-typed."""
zones: ObjectVar[Zones] = drawn("zones", Zones)
"""Null unless the person is to choose between them."""
quick_add_error: StringVar = drawn("quick_add_error", str)
dialog: ObjectVar[Dialog] = drawn("dialog", Dialog)
"""The one that was open last, too, until it has left; null when there was none."""
row_menu: ObjectVar[TaskView] = drawn("row_menu", TaskView)
"""The task that the menu of a row was opened for last; null before."""
is_dialog_open: BooleanVar = drawn("is_dialog_open", bool)
question: ObjectVar[Question] = drawn("question", Question)
"""What was asked last, too; null when nothing was."""
is_question_open: BooleanVar = drawn("is_question_open", bool)


_handler = partial(handler, LIBRARY)
_of = partial(handler_of, LIBRARY)

tick = _of("tick", "event.target.checked")
"""For a checkbox's change."""
trash = _of("trash")
skip = _of("skip")
"""Move a task that repeats on to its next date."""
pause = _of("pause")
"""Take the date of a task that repeats away until its series goes on."""
resume = _of("resume")
complete_for_good = _of("completeForGood")
"""Complete a task that repeats, and let nothing follow."""
restore = _of("restore")
ask_to_erase = _of("askToErase")
"""Ask whether to delete a task in the trash forever."""
retry = _of("retry")
discard = _of("discard")
keep_mine = _of("keepMine")
"""Write again what was lost."""
take_theirs = _of("takeTheirs")
take_field = _of("takeField")
"""Put the other editor's value into the dialog's field."""
keep_field = _of("keepField")
"""Save one's own value of the dialog's field over the other editor's."""
bring_back = _handler("bringBack")
"""Take the open task, which was deleted elsewhere, out of the trash, or make it a new one."""
retry_opened = _handler("retryOpened", "undefined")
discard_field = _of("discardField")
"""Have a field of the dialog hold again what is saved."""
open_task = _of("open")
"""Open the dialog on a task."""
open_labels = _of("openAt", '"labels"')
"""Open the dialog on a task, at its labels."""
open_repeat = _of("openRepeat")
"""Open the dialog on a task, where it says how it repeats."""
open_title = _of("openTitle", "event")
"""Open the dialog on a task whose title was clicked, unless some of the title was selected."""
edit_in_place = _of("editInPlace")
"""Open fields in the row of a task."""
save_in_place = _handler("saveInPlace")
"""For the submit of the form in a row: title, priority, due_date, due_time."""
cancel_in_place = _handler("cancelInPlace")
open_new = _handler("openNew")
copy_link = _handler("copyLink")
"""Copy the address of the task that is open."""
duplicate_opened = _handler("duplicateOpened")
close = _handler("close")
ask_to_empty = _handler("askToEmpty")
say_yes = _handler("sayYes")
say_no = _handler("sayNo")
say_other = _handler("sayOther")
undo = _handler("undo")
do_more = _handler("doMore")
dismiss = _handler("dismiss")
show_task = _handler("showTask")
"""Lead to the task that the notice is about."""
take_zone = _handler("takeZone")
keep_zone = _handler("keepZone", "undefined")
"""Leave the account in its zone."""
restore_draft = _handler("restoreDraft")
discard_draft = _handler("discardDraft")
add = _handler("add")
"""For the submit of a form with a field named title."""
save = _handler("save")
"""For the submit of the dialog's form: makes the new task; of one that is open, saves what is typed and closes."""
open_at_title = _of("openAt", '"title"')
"""Open the dialog on a task, at its title."""
open_in_turn = _of("openInTurn", "event")
"""For the button that opens the task before or after the open one, whose name says which."""
unfold_activity = _handler("unfoldActivity")
"""For the toggle of what holds the activity."""
more_activity = _handler("moreActivity")
add_by_enter = _handler("addByEnter")
"""For the keys in the line that adds a subtask."""
paste_subtasks = _handler("pasteSubtasks")
move_subtask = _of("moveSubtask", "event")
"""For the keys at a subtask."""
raise_subtask = _of("raiseSubtask")
lower_subtask = _of("lowerSubtask")
promote = _of("promote")
"""Make a subtask a task of its own."""
remove_subtask = _of("removeSubtask")
trash_opened = _handler("trashOpened")
write_description = _handler("writeDescription")


class Modal(rx.Component):
    """A native modal dialog: focus stays in it, Escape and a click beside it call `on_dismiss`.

    With `beside` it stands beside the page where there is room, as a part of the page of this name.
    """

    library = LIBRARY
    tag = "Modal"

    is_open: rx.Var[bool]
    beside: rx.Var[str]
    on_dismiss: rx.EventHandler[rx.event.no_args_event_spec]


class OverPage(rx.Component):
    """What is drawn where the dialog of a task covers the page, and not where it stands beside that."""

    library = LIBRARY
    tag = "OverPage"


class Sentence(rx.Component):
    """A text, or parts of one, in which people's own words are isolated (assets/notices.js)."""

    library = LIBRARY
    tag = "Sentence"

    parts: rx.Var[Any]


class TaskFeed(rx.Component):
    """Tells the browser's half what the server says; draws nothing. Once on each page that shows tasks."""

    library = LIBRARY
    tag = "TaskFeed"

    said: rx.Var[dict[str, Any]]
    dispatch: rx.Var[dict[str, Any]]
    is_online: rx.Var[bool]
    on_gesture: rx.EventHandler[rx.event.passthrough_event_spec(Gesture)]
    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_reload: rx.EventHandler[rx.event.no_args_event_spec]


SAID = (
    *(
        "load_id",
        "page",
        "rows",
        "changes",
        "count",
        "is_counted",
        "counts",
        "groups",
        "now",
        "status",
        "sort",
        "order",
        "timezone",
        "customs",
    ),
    *("list_id", "lists", "sections", "open_counts", "place", "labels", "filters"),
    *("user_id", "email", "load_error", "failures", "next_cursor", "opened", "leave_to"),
)


def task_feed() -> rx.Component:
    return TaskFeed.create(
        said=rx.Var.create({name: getattr(TaskListState, name) for name in SAID}),
        dispatch=dispatch,
        is_online=~has_connection_errors,
        on_gesture=TaskListState.perform,
        on_open=TaskListState.open_task,
        on_reload=FOLLOW,
    )
