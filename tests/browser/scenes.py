"""Every screen of Cairn in every state, as a person may meet it: what the pictures show and axe looks at."""

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, Route, WebSocketRoute, expect

from tests.browser.conftest import PASSWORD, PATIENCE, Server

NOBODY, INES, NEWCOMER, WRITER = "nobody", "ines", "newcomer", "writer"
MOMENT = datetime(2026, 3, 10, 9, 41, tzinfo=UTC)
TODAY = MOMENT.date()
HEIGHTS = {320: 568, 390: 844, 768: 1024, 1440: 900}

# title, description, priority, days from today, time, is completed
_TASKS: list[tuple[str, str, str, int | None, str | None, bool]] = [
    ("Send the signed lease to Holloway & Finch", "Both copies, and the inventory", "High", -4, None, False),
    ("Renew passport", "Photos are in the desk drawer", "Medium", -1, None, False),
    ("Chase invoice 2041 with Northlight", "", "High", 0, "09:00", False),
    ("Review the Q1 budget draft with Priya", "Bring last year’s figures", "High", 0, "14:00", False),
    ("Call the dentist about the crown", "", "Low", 0, None, False),
    ("Draft the agenda for the April offsite", "", "Medium", 1, "17:30", False),
    ("Book the train to Leeds", "Before the fares go up", "Medium", 3, None, False),
    ("File the VAT return", "", "High", 20, None, False),
    ("Ask Marek for the studio floor plans", "", "Low", None, None, False),
    ("Learn to sharpen the kitchen knives", "The whetstone is still in its box", "Low", None, None, False),
    ("Order the shelf brackets", "", "Medium", None, None, True),
    ("Reply to Anneke about the workshop", "", "Medium", -2, None, True),
]  # fmt: skip
# name, colour, icon, and which of the tasks lie in it
_LISTS = [
    ("Home", "moss", "home", (1, 4)),
    ("Work", "sky", "briefcase", (2, 3, 5, 11)),
    ("Garden", "clay", "", ()),
]
# Of "Work": the name of each, and which of the tasks lie in it.
_SECTIONS = {"Money": (2, 3), "Offsite": ()}
_LABELS = {0: ["errand"], 2: ["phone", "money", "waiting"], 4: ["phone"]}
_COLORS = {"errand": "sand", "phone": "rose", "money": "moss"}
_FILTERS = {"High, this week": "priority:high due<7d"}
_DELETED = ("Cancel the two unused domain names", "Water the plants at number 12")
_HARD = (
    "W" * 255,
    "שלום עולם, לקנות חלב ולחם בדרך הביתה, and then some English in the middle של המשפט",
    "🪨" * 40,
    "قائمة المهام: شراء الحليب",
    "x",
    "A title that goes on and on, with words of every length, so that it has to break or be cut somewhere sensible",
)


_COUNTS = re.compile(r'"counts[^"]*":\s*\{[^}]*\}')


def _in_millions(counts: re.Match[str]) -> str:
    return re.sub(r":\s*\d+", ": 9999999", counts[0])


@dataclass(frozen=True)
class Scene:
    name: str
    person: str
    address: str
    prepare: Callable[[Page, Server], Any] = lambda page, server: None
    before: Callable[[Page], Any] = lambda page: None


# Nothing listens there: the pages look as they do where mail is sent, and none is.
_MAIL = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": "9", "SMTP_FROM": "cairn@example.org"}


def stage(folder: Path) -> Server:
    """A server on the day of the scenes; somebody has to start it."""
    return Server(folder, None, app="tests.browser.standing_clock:app", settings=_MAIL)


def fill(server: Server) -> dict[str, str]:
    """Make the people of the scenes through the API. Returns each one's cookie."""
    return {
        NOBODY: "",
        INES: _organised(server, _person(server, "Ines Okafor", _TASKS, _DELETED, _LISTS)),
        NEWCOMER: _person(server, "J", [], ()),
        WRITER: _person(
            server,
            "Wolfeschlegelsteinhausenbergerdorff " * 2 + "the Younger of Hubert Blaine",
            [(title, "d" * 10_000, "High", -1, "23:59", False) for title in _HARD],
            _HARD[:2],
        ),
    }


def _organised(server: Server, cookie: str) -> str:
    """Sections, labels and filters for the person of this cookie."""
    with httpx.Client(
        base_url=server.address,
        headers={"Origin": server.address},
        cookies={"dashboard_session": cookie},
    ) as client:
        by_title = {task["title"]: task["id"] for task in client.get("/api/tasks").json()["items"]}
        lists = {each["name"]: each["id"] for each in client.get("/api/lists").json()["items"]}
        for name, numbers in _SECTIONS.items():
            url = f"/api/lists/{lists['Work']}/sections"
            made = client.post(url, json={"name": name}).raise_for_status().json()
            for number in numbers:
                lies_in = {"section_id": made["id"]}
                task_id = by_title[_TASKS[number][0]]
                client.patch(f"/api/tasks/{task_id}", json=lies_in).raise_for_status()
        for number, labels in _LABELS.items():
            change = {"labels": labels}
            client.patch(
                f"/api/tasks/{by_title[_TASKS[number][0]]}", json=change
            ).raise_for_status()
        for label, color in _COLORS.items():
            client.patch(f"/api/labels/{label}", json={"color": color}).raise_for_status()
        for name, query in _FILTERS.items():
            saved = {"name": name, "query": query}
            client.post("/api/filters", json=saved).raise_for_status()
    return cookie


def _person(
    server: Server,
    name: str,
    tasks: list[Any],
    deleted: tuple[str, ...],
    lists: Sequence[tuple[str, str, str, tuple[int, ...]]] = (),
) -> str:
    with httpx.Client(base_url=server.address, headers={"Origin": server.address}) as client:
        email = f"{name.partition(' ')[0].lower()}@okafor.studio"
        signing_up = {"name": name[:100], "email": email, "password": PASSWORD, "timezone": "UTC"}
        client.post("/api/auth/sign-up", json=signing_up).raise_for_status()
        list_of: dict[int, Any] = {}
        for list_name, color, icon, numbers in lists:
            made = {"name": list_name, "color": color, "icon": icon}
            list_id = client.post("/api/lists", json=made).raise_for_status().json()["id"]
            list_of |= dict.fromkeys(numbers, list_id)
        for number, (title, description, priority, days, time, is_completed) in enumerate(tasks):
            task = {"title": title, "description": description, "priority": priority}
            if number in list_of:
                task["list_id"] = list_of[number]
            if days is not None:
                task |= {"due_date": str(TODAY + timedelta(days=days)), "due_time": time}
            made = client.post("/api/tasks", json=task).raise_for_status().json()
            if is_completed:
                change = {"is_completed": True}
                client.patch(f"/api/tasks/{made['id']}", json=change).raise_for_status()
        for title in deleted:
            made = client.post("/api/tasks", json={"title": title}).raise_for_status().json()
            client.delete(f"/api/tasks/{made['id']}").raise_for_status()
        return client.cookies["dashboard_session"]


def device(
    browser: Browser,
    server: Server,
    cookie: str,
    theme: str,
    width: int,
    **options: Any,
) -> BrowserContext:
    """A browser of this width and theme at the moment of the scenes, signed in by a cookie."""
    usual: dict[str, Any] = {
        "has_touch": width < 1024,
        "is_mobile": width < 768,
        "reduced_motion": "reduce",
    }
    context = browser.new_context(
        base_url=server.address,
        viewport={"width": width, "height": HEIGHTS.get(width, 900)},
        color_scheme="dark" if theme == "dark" else "light",
        timezone_id="UTC",
        locale="en-GB",
        **usual | options,
    )
    if cookie:
        context.add_cookies([{"name": "dashboard_session", "value": cookie, "url": server.address}])
    context.set_default_timeout(PATIENCE)
    context.clock.set_fixed_time(MOMENT)
    return context


@contextlib.contextmanager
def shown(context: BrowserContext, server: Server, scene: Scene) -> Iterator[Page]:
    """The scene in a new tab."""
    page = context.new_page()
    try:
        scene.before(page)
        page.goto(scene.address)
        if scene.person != NOBODY and "loading" not in scene.name:
            expect(page.get_by_text(re.compile("^Loading "))).to_have_count(0)
            expect(page.locator("#first-page")).to_have_count(0)
        page.get_by_role("heading", level=1).wait_for(state="attached")
        page.evaluate("document.fonts.ready")
        scene.prepare(page, server)
        yield page
    finally:
        page.close()


# ---------- what brings a page into a state ----------


def _fill_in_wrong(page: Page, _: Server) -> None:
    # Nobody's address: at that of somebody this would be an event in their settings.
    page.get_by_role("textbox", name="Email").fill("ines@okafor.example")
    page.get_by_role("textbox", name="Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Email or password is not right.").wait_for()


def _send_empty(page: Page, _: Server) -> None:
    page.get_by_role("button", name="Create account").click()
    page.get_by_text("Enter your name.").wait_for()


def _open_task(page: Page, _: Server) -> None:
    page.get_by_role("button", name="Review the Q1 budget", exact=False).first.click()
    page.get_by_role("dialog", name="Edit task").wait_for()


def _open_repeat(page: Page, server: Server) -> None:
    page.get_by_role("button", name="More actions: Review the Q1 budget").click()
    page.get_by_role("button", name="Repeat… Review the Q1 budget").click()
    page.get_by_role("combobox", name="Unit").select_option("weeks")
    page.get_by_text("Next: ").wait_for()
    # Nothing is answered: they are seen here alone.
    line = page.get_by_role("textbox", name="Add a subtask")
    for title in ("Collect February’s invoices", "Ask Northlight for the credit note"):
        line.fill(title)
        line.press("Enter")
    page.get_by_role("list", name="Subtasks").get_by_role("listitem").nth(1).wait_for()


def _type_in_words(page: Page, _: Server) -> None:
    page.get_by_role("textbox", name="Add a task").fill("Call Ann every monday 9:15 @phone p1 #Ho")
    page.get_by_role("button", name="Priority High, remove").wait_for()
    page.get_by_role("option", name="Home").wait_for()


def _open_new(page: Page, _: Server) -> None:
    page.keyboard.press("n")
    page.get_by_role("dialog", name="New task").wait_for()
    page.get_by_role("button", name="Due: none").click()
    page.get_by_role("grid").wait_for()


def _open_list(page: Page, server: Server, view: str = "list") -> None:
    lists = page.request.get("/api/lists").json()["items"]
    (work,) = (each["id"] for each in lists if each["name"] == "Work")
    headers = {"Origin": server.address}
    assert page.request.patch(f"/api/lists/{work}", data={"view": view}, headers=headers).ok
    page.get_by_role("main").get_by_role("link", name="Work").click()
    page.get_by_role("checkbox", name="Chase invoice 2041 with Northlight").wait_for()
    page.get_by_role("button", name=view.capitalize(), exact=True, pressed=True).wait_for()


def _open_board(page: Page, server: Server) -> None:
    _open_list(page, server, "board")


def _open_list_dialog(page: Page, server: Server) -> None:
    _open_list(page, server)
    page.get_by_role("button", name="List options").click()
    page.get_by_role("button", name="Colour and icon…").click()
    page.get_by_role("dialog", name="Edit list").wait_for()


def _open_list_menu(page: Page, server: Server) -> None:
    page.get_by_role("button", name="Options for Home").click()
    page.get_by_role("button", name="Move down").wait_for()


def _open_move(page: Page, _: Server) -> None:
    page.get_by_role("listitem").filter(has_text="Renew passport").press("m")
    page.get_by_role("dialog", name="Move to").wait_for()


def _open_hard(page: Page, _: Server) -> None:
    page.get_by_role("button", name="שלום", exact=False).first.click()
    page.get_by_role("dialog", name="Edit task").wait_for()


def _open_menu(page: Page, _: Server) -> None:
    page.get_by_role("button", name="More actions: Renew passport").click()


def _press(*keys: str) -> Callable[[Page, Server], None]:
    def press(page: Page, _: Server) -> None:
        for key in keys:
            page.keyboard.press(key)

    return press


def _crash(page: Page, _: Server) -> None:
    # As a bug would: what the page does with every change of its counts fails.
    page.evaluate(
        """Object.defineProperty(document, "title", {
            get: () => document.querySelector("title")?.textContent,
            set() { throw new Error("a bug"); },
        })"""
    )
    page.get_by_role("checkbox", name="Renew passport").click()
    page.get_by_role("heading", name="This page stopped working").wait_for()


def _ask_to_empty(page: Page, _: Server) -> None:
    page.get_by_role("button", name="Empty trash").click()
    page.get_by_role("alertdialog").wait_for()


def _compact(page: Page) -> None:
    page.add_init_script("localStorage.setItem('density', 'compact')")


def _collapsed(page: Page) -> None:
    page.add_init_script("localStorage.setItem('sidebar', 'collapsed')")


def _no_tasks_yet(page: Page) -> None:
    """Neither the document nor a socket says anything of tasks."""

    def without_tasks(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace('id="first-page"', "")
        body = re.sub(r'(<div id="first-rows"[^>]*>).*?(</div><ul hidden)', r"\1\2", body)
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    page.route("**/dashboard", without_tasks)
    page.route_web_socket("**/_event/**", lambda socket: None)


def _cut_later(page: Page) -> None:
    page.add_init_script(
        """const Socket = WebSocket, opened = [];
        let isCut = false;
        window.WebSocket = class extends Socket {
            constructor(url, ...rest) {
                super(isCut ? "ws://localhost:1/" : url, ...rest);
                opened.push(this);
            }
        };
        window.cut = () => { isCut = true; opened.forEach((socket) => socket.close()); };"""
    )


def _cut(page: Page, _: Server) -> None:
    page.get_by_role("checkbox", name="Renew passport").wait_for()
    page.evaluate("cut()")
    page.get_by_text("Reconnecting").wait_for()


def _unplug(page: Page, _: Server) -> None:
    page.get_by_role("checkbox", name="Renew passport").wait_for()
    page.context.set_offline(True)
    page.evaluate("cut()")
    page.get_by_text("You are offline.").wait_for()


def _unanswered(page: Page) -> None:
    """Gestures get no answer; all else does."""

    def carry(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(
            lambda message: None if "perform" in str(message) else server.send(message)
        )

    page.route_web_socket("**/_event/**", carry)


def _many(page: Page) -> None:
    """Millions of tasks, as far as the cards know."""

    def carry(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        server.on_message(lambda message: socket.send(_COUNTS.sub(_in_millions, str(message))))

    page.route_web_socket("**/_event/**", carry)


def _edit_in_place(page: Page, _: Server) -> None:
    page.get_by_role("listitem").filter(has_text="Renew passport").press("F2")
    page.get_by_role("form", name="Edit in place").wait_for()


def _save_in_place(page: Page, server: Server) -> None:
    _edit_in_place(page, server)
    page.get_by_role("combobox", name="Priority").select_option("Low")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saving").wait_for()


@contextlib.contextmanager
def broken_database(server: Server) -> Iterator[None]:
    """While this lasts, the server finds no tasks to read or write."""
    (path,) = server.data_dir.glob("*.db")
    _run(path, "ALTER TABLE task RENAME TO hidden_task")
    try:
        yield
    finally:
        _run(path, "ALTER TABLE hidden_task RENAME TO task")


def _run(path: Any, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(path, timeout=60)) as connection:
        connection.execute(statement)
        connection.commit()


def _fail_to_save(page: Page, server: Server) -> None:
    with broken_database(server):
        page.get_by_role("checkbox", name="Renew passport").click()
        page.get_by_role("button", name="Discard change").wait_for()


def _fail_to_load(page: Page, server: Server) -> None:
    with broken_database(server):
        page.get_by_role("navigation", name="Filter tasks").get_by_role("link").nth(1).click()
        page.get_by_role("button", name="Load again").wait_for()


def _press_button(name: str) -> Callable[[Page, Server], Any]:
    return lambda page, _: page.get_by_role("button", name=name).click()


def _think_of_a_password(page: Page, _: Server) -> None:
    page.get_by_role("button", name="Change password").click()
    page.get_by_label("New password", exact=True).fill("password12")
    page.get_by_text("easy to guess").wait_for()


SCENES = (
    Scene("sign-in", NOBODY, "/sign-in"),
    Scene("sign-in-error", NOBODY, "/sign-in", _fill_in_wrong),
    Scene("sign-in-expired", NOBODY, "/sign-in?expired=true&from=/dashboard"),
    Scene("sign-up", NOBODY, "/sign-up"),
    Scene("reset-ask", NOBODY, "/reset-password"),
    Scene("reset-choose", NOBODY, "/reset-password#secret"),
    Scene("confirm-email", NOBODY, "/confirm-email#secret"),
    Scene("confirm-email-no-link", NOBODY, "/confirm-email"),
    Scene("sign-up-error", NOBODY, "/sign-up", _send_empty),
    Scene("not-found", NOBODY, "/nowhere"),
    Scene("dashboard", INES, "/dashboard"),
    Scene("dashboard-dialog", INES, "/dashboard", _open_task),
    Scene("dashboard-repeat", INES, "/dashboard", _open_repeat, _unanswered),
    Scene("dashboard-words", INES, "/dashboard", _type_in_words),
    Scene("dashboard-new", INES, "/dashboard", _open_new),
    Scene("dashboard-menu", INES, "/dashboard", _open_menu),
    Scene("dashboard-selected", INES, "/dashboard", _press("ArrowDown", "ArrowDown")),
    Scene("dashboard-editing", INES, "/dashboard", _edit_in_place),
    Scene("dashboard-saving", INES, "/dashboard", _save_in_place, _unanswered),
    Scene("dashboard-shortcuts", INES, "/dashboard", _press("?")),
    Scene("today", INES, "/today"),
    Scene("upcoming", INES, "/upcoming"),
    Scene("dashboard-priority", INES, "/dashboard?status=pending&priority=High&sort=priority"),
    Scene("dashboard-nothing-found", INES, "/dashboard?q=lighthouse"),
    Scene("dashboard-compact", INES, "/dashboard", before=_compact),
    Scene("dashboard-many", INES, "/dashboard", before=_many),
    Scene("dashboard-collapsed", INES, "/dashboard", before=_collapsed),
    Scene("dashboard-loading", INES, "/dashboard", before=_no_tasks_yet),
    Scene("dashboard-reconnecting", INES, "/dashboard", _cut, _cut_later),
    Scene("dashboard-offline", INES, "/dashboard", _unplug, _cut_later),
    Scene("dashboard-save-failed", INES, "/dashboard", _fail_to_save),
    Scene("dashboard-load-failed", INES, "/dashboard", _fail_to_load),
    Scene("dashboard-crashed", INES, "/dashboard", _crash, _unanswered),
    Scene("dashboard-move", INES, "/dashboard", _open_move),
    Scene("list", INES, "/lists", _open_list),
    Scene("board", INES, "/lists", _open_board),
    Scene("list-dialog", INES, "/lists", _open_list_dialog),
    Scene("list-empty", NEWCOMER, "/inbox"),
    Scene("lists", INES, "/lists"),
    Scene("lists-menu", INES, "/lists", _open_list_menu),
    Scene("trash", INES, "/trash"),
    Scene("trash-question", INES, "/trash", _ask_to_empty),
    Scene("settings", INES, "/settings"),
    Scene("settings-email", INES, "/settings", _press_button("Change email")),
    Scene("settings-token", INES, "/settings", _press_button("New token")),
    Scene("settings-password", INES, "/settings", _think_of_a_password),
    Scene("settings-delete", INES, "/settings", _press_button("Delete account")),
    Scene("dashboard-empty", NEWCOMER, "/dashboard"),
    Scene("trash-empty", NEWCOMER, "/trash"),
    Scene("dashboard-hard", WRITER, "/dashboard"),
    Scene("dashboard-hard-dialog", WRITER, "/dashboard", _open_hard),
    Scene("trash-hard", WRITER, "/trash"),
    Scene("settings-hard", WRITER, "/settings"),
)
