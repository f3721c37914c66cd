"""What a line of words says. The rules are examples in tests/vectors/quick-add.json."""

import json
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.services.tasks.quick_add import Context, ParsedTask, parse_line, parse_lines
from dashboard.services.tasks.quick_add.pieces import Kind

VECTOR_FILES = Path(__file__).parents[2] / "vectors"
VECTORS = json.loads((VECTOR_FILES / "quick-add.json").read_text())
WEEK_STARTS = {"monday": 0, "sunday": 6}
NAMES = VECTORS["context"]

INNOCENT = """\
Watch Apollo 13 · Buy 2 l milk · Call number 555-0199 · Read 1984 · See 2001: A Space Odyssey · Fix section 3.2.1
The Sun newspaper · Mon Chéri chocolates · May I borrow the car · March of the penguins · Ask April
Call August Wilson · Dec the halls · Read Augustus · Order Weekly magazine · Every cloud has a silver lining
Everybody Hurts chords · Look in every drawer · Next door neighbours · This is important · Last Christmas lyrics
Last Monday's minutes · First aid kit · 4th wall essay · 12 angry men · Plan 50th anniversary · Update to 10.3
Python 3.12 release · Room 101 · Mix 1:2 ratio · Genesis 1:1 study · Buy 1/2 inch screws
3/4 time signature practice · 50/50 chance · At the end · In a nutshell · In time · End the subscription
Mid life crisis · Midnight in Paris · Noon prayer book · Night shift rota · Weekday planner · The day after
Year book photos · Hour glass · Two weeks notice film · 5 minutes read · for 3 weeks · The next three days film
!!! urgent · # · @ · + · xp1 · #1 · A# minor · user@host · 1+1 · times square · 6 times table · Remind Bob
remind me of this · Until dawn game · From Dusk Till Dawn · am I right · PM meeting notes · Fridays for Future
Blue Monday vinyl · Super Tuesday results · Sunny day · Tom yum soup · Today's special · 192.168.1.1 router
2026 goals · 1.5 h · 12.30 train · 9 to 5 · 7/11 store · Open 24/7 · the 1st law · in 3D · half an hour shows
each other · every now and then · every other person · Hourly rate card · file 2026-03.csv · /tmp/2026-03-11.log
Week 12 report · Q3 plan · May be late · Jan Hus biography · sun screen for kids · wed lock · meeting 3pm-4pm
Call at 17 · every 0 days · every 1001 days · in 99999 days · 24:00 · call 0am · every 30 feb · twice daily pills"""


def context(**own: str) -> Context:
    usual: dict[str, str] = VECTORS["usual"] | own
    return Context(
        datetime.fromisoformat(usual["now"]).astimezone(ZoneInfo(usual["timezone"])),
        WEEK_STARTS[usual["week_start"]],
        "mdy" if usual["date_order"] == "mdy" else "dmy",
        NAMES["people"],
        NAMES["lists"],
        NAMES["labels"],
    )


NOW = context()


def said(task: ParsedTask) -> dict[str, Any]:
    """What a task says, in the words of the vectors, without what it does not say."""
    repeat = task.repeat
    everything = {
        "title": task.title,
        "due_date": task.due_date and task.due_date.isoformat(),
        "due_time": task.due_time and task.due_time.isoformat("minutes"),
        "rrule": repeat and repeat.rule,
        "anchor": repeat and repeat.anchor,
        "until": repeat and repeat.until and repeat.until.isoformat(),
        "count": repeat and repeat.count,
        "priority": task.priority,
        "labels": list(task.labels),
        "list": task.list,
        "assignee": task.assignee,
        "reminders": [{"before_minutes": minutes} for minutes in task.reminders],
    }
    return {name: value for name, value in everything.items() if value not in (None, [])}


@pytest.mark.parametrize("row", VECTORS["lines"], ids=lambda row: row["text"][:40])
def test_a_line_says_what_its_vector_says(row: dict[str, Any]) -> None:
    own = {name: row[name] for name in VECTORS["usual"] if name in row}
    assert said(parse_line(row["text"], context(**own))) == {"title": row["text"], **row["says"]}


@pytest.mark.parametrize("title", INNOCENT.replace("\n", " · ").split(" · "))
def test_an_innocent_title_stays_whole(title: str) -> None:
    assert said(parse_line(title, NOW)) == {"title": title}


def test_names_numbers_and_other_languages_stay_whole() -> None:
    titles = (VECTOR_FILES / "innocent_titles.txt").read_text().splitlines()
    changed = [
        said(task) for task in parse_lines("\n".join(titles), NOW) if set(said(task)) > {"title"}
    ]
    assert len(titles) > 200
    assert changed == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("call mum at 9 tomorrow", {"title": "call mum", "due_date": "2026-03-12", "due_time": "09:00"}),
        ("Dinner friday the 27th", {"title": "Dinner", "due_date": "2026-03-27"}),
        ("Party monday 16 march", {"title": "Party", "due_date": "2026-03-16"}),
        ("submit 12/24/26", {"title": "submit", "due_date": "2026-12-24"}),
        ("call (tomorrow)", {"title": "call", "due_date": "2026-03-12"}),
        ("breakfast tomorrow in the morning", {"title": "breakfast", "due_date": "2026-03-12", "due_time": "09:00"}),
        ("call the day after tomorrow at 9", {"title": "call", "due_date": "2026-03-13", "due_time": "09:00"}),
        ("finish by end of tomorrow", {"title": "finish", "due_date": "2026-03-12"}),
        ("pay by the end of the month", {"title": "pay", "due_date": "2026-03-31"}),
        ("meet tomorrow 9:00 - 10:00", {"title": "meet 9:00 - 10:00", "due_date": "2026-03-12"}),
        ("pay a week from now", {"title": "pay", "due_date": "2026-03-18"}),
        ("pay two weeks from friday", {"title": "pay", "due_date": "2026-03-27"}),
        ("dinner 7.30pm", {"title": "dinner", "due_date": "2026-03-11", "due_time": "19:30"}),
        ("night shift friday night", {"title": "night shift", "due_date": "2026-03-13", "due_time": "22:00"}),
    ],
)  # fmt: skip
def test_pieces_beside_each_other_are_read_together(line: str, says: dict[str, str]) -> None:
    assert said(parse_line(line, NOW)) == says


@pytest.mark.parametrize(
    ("line", "title", "rule"),
    [
        ("pay on the 15th of every month", "pay", "FREQ=MONTHLY;BYMONTHDAY=15"),
        ("club first monday of every month", "club", "FREQ=MONTHLY;BYDAY=1MO"),
        ("report last friday of each month", "report", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("report the last day of every month", "report", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("stand-up every monday to friday", "stand-up", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("nights every fri-mon", "nights", "FREQ=WEEKLY;BYDAY=MO,FR,SA,SU"),
        ("plan every monday to do list", "plan to do list", "FREQ=WEEKLY;BYDAY=MO"),
    ],
)
def test_a_repeat_can_be_said_in_other_ways(line: str, title: str, rule: str) -> None:
    task = parse_line(line, NOW)
    assert task.repeat is not None
    assert (task.title, task.repeat.rule) == (title, rule)


def test_spans_are_where_the_pieces_stand() -> None:
    line = "  Fix tap p1, #Home @errand tomorrow at 9:30!"
    spans = parse_line(line, NOW).spans
    assert [(line[start:end], kind) for start, end, kind in spans] == [
        ("p1", Kind.PRIORITY),
        ("#Home", Kind.LIST),
        ("@errand", Kind.LABEL),
        ("tomorrow", Kind.DATE),
        ("at 9:30", Kind.TIME),
    ]


def test_what_is_not_understood_yet_stays_whole_and_is_no_single_date() -> None:
    kinds = {Kind.DATE, Kind.TIME, Kind.PRIORITY}
    assert said(parse_line("Bins every monday #Home p1", NOW, kinds)) == {
        "title": "Bins every monday #Home",
        "priority": "High",
    }
    assert said(parse_line("Dentist tomorrow 9:30 remind 30m before", NOW, kinds)) == {
        "title": "Dentist remind 30m before",
        "due_date": "2026-03-12",
        "due_time": "09:30",
    }


def test_a_name_that_no_list_can_have_stays_text() -> None:
    assert said(parse_line(f"Paint #{'x' * 81}", NOW)) == {"title": f"Paint #{'x' * 81}"}
    assert parse_line("Paint #home", NOW).is_new_list is False
    assert parse_line("Paint #Garden", NOW).is_new_list is True


def test_a_repeat_that_ends_before_it_starts_keeps_those_words() -> None:
    task = parse_line("Pills every day until 2020-01-01", NOW)
    assert said(task)["title"] == "Pills until 2020-01-01"
    assert "until" not in said(task)


def test_what_was_dismissed_stays_text_and_the_rest_is_read() -> None:
    line = "Ask about friday tomorrow p1"
    assert said(parse_line(line, NOW, as_text=["tomorrow"])) == {
        "title": "Ask about tomorrow",
        "due_date": "2026-03-13",
        "priority": "High",
    }
    assert said(parse_line(line, NOW, as_text=["tomorrow", "friday", "p1", "gone"])) == {
        "title": line
    }


def test_a_paste_becomes_a_task_a_line() -> None:
    tasks = parse_lines("Trip tomorrow\n  - [x] tickets p1\n\n  - [ ] hotel\n* maps\n", NOW)
    assert [(task.title, task.is_completed, task.depth) for task in tasks] == [
        ("Trip", False, 0),
        ("tickets", True, 1),
        ("hotel", False, 1),
        ("maps", False, 0),
    ]
    (span,) = tasks[1].spans
    assert "  - [x] tickets p1"[span.start : span.end] == "p1"


def test_two_hundred_lines_are_read_as_one() -> None:
    line = parse_line("Call mum tomorrow", NOW)
    tasks = parse_lines("Call mum tomorrow\n" * 200, NOW)
    assert tasks == [replace(line)] * 200


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["every ", '"', "every mon, ", "jan 1 ", "1/2 ", "@a ", "the ", "in 1 ", "at on by ", "mon fri "]
)  # fmt: skip
def test_time_grows_with_the_length_and_not_faster(piece: str) -> None:
    def processor_time(times: int) -> float:
        line = piece * times
        runs: list[float] = []
        for _ in range(3):
            start = time.thread_time()
            parse_line(line, NOW)
            runs.append(time.thread_time() - start)
        return min(runs)

    processor_time(100)
    # Quadratic time would be a hundred times as much.
    assert processor_time(4_000) < 40 * processor_time(400)


def example(row: dict[str, Any]) -> str:
    """A line of the table in docs/quick-add.md."""
    says = {"title": row["text"], **row["says"]}
    due = " ".join(says[name] for name in ("due_date", "due_time") if name in says)
    end = (
        f", until {says['until']}"
        if "until" in says
        else f", {says['count']} times"
        if "count" in says
        else ""
    )
    start = ", from completion" if says.get("anchor") == "completion" else ""
    repeats = f"`{says['rrule']}`{start}{end}" if "rrule" in says else ""
    other = [
        *([says["priority"]] if "priority" in says else []),
        *([f"list {says['list']}"] if "list" in says else []),
        *(f"label {label}" for label in says.get("labels", ())),
        *([f"for {says['assignee']}"] if "assignee" in says else []),
        *(f"reminder {each['before_minutes']} min before" for each in says.get("reminders", ())),
    ]
    return f"| `{row['text'].strip()}` | {says['title']} | {due} | {repeats} | {', '.join(other)} |"


def test_the_documentation_shows_every_form() -> None:
    rows = [
        row
        for row in VECTORS["lines"]
        if set(row["says"]) - {"title"}
        and not set(row) & set(VECTORS["usual"])
        and "`" not in row["text"]
    ]
    table = ["| line | title | due | repeat | else |", "|---|---|---|---|---|", *map(example, rows)]
    expected = "\n".join(table)
    page = (Path(__file__).parents[3] / "docs/quick-add.md").read_text()
    shown = page.partition("<!-- examples -->\n")[2].partition("\n<!-- end of examples -->")[0]
    assert shown == expected, f"Put this between the marks in docs/quick-add.md:\n{expected}"
