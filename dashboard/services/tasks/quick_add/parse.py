"""A line becomes a task: which of the pieces in it count, and what they say together."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Any, NamedTuple

from dashboard.models.repeat import Due, Repeat
from dashboard.models.task import Priority
from dashboard.services.tasks import recurrence
from dashboard.services.tasks.quick_add import english as words_of
from dashboard.services.tasks.quick_add.dates import find_date, find_time, later, low
from dashboard.services.tasks.quick_add.pieces import Context, Kind, Needs, Piece, When
from dashboard.services.tasks.quick_add.repeats import Frequency, find_limit, find_repeat
from dashboard.services.tasks.quick_add.tokens import find_reminder, find_token
from dashboard.services.tasks.quick_add.words import Word, Words, split, unquoted

EVERYTHING = frozenset(Kind) - {Kind.TEXT}
OF_A_REPEAT = frozenset({Kind.REPEAT, Kind.START, Kind.UNTIL, Kind.TIMES, Kind.LASTING})
NOT_OF_SUBTASKS = OF_A_REPEAT | {Kind.LIST}
_TOKENS = (Kind.LIST, Kind.LABEL, Kind.ASSIGNEE, Kind.PRIORITY)
_LIMITS = (Kind.START, Kind.UNTIL, Kind.TIMES, Kind.LASTING)
_DAYS = (Kind.DATE, Kind.REPEAT, Kind.START)
_FIRST_COUNTS = (Kind.LIST, Kind.PRIORITY, Kind.ASSIGNEE)
_EVERY_ONE_COUNTS = (Kind.LABEL, Kind.REMINDER)
_FINDERS = (find_token, find_reminder, find_repeat, find_limit, find_date, find_time)
_FINDERS_OF_NUMBERS = (find_limit, find_date, find_time)
"""Of what a number alone can begin."""
_DASHES = frozenset("-–—:")
_BOX = re.compile(r"\s*[-*+]\s+\[(?P<tick>[ xX])\]\s+(?=\S)")
_BULLET = re.compile(r"\s*[-*•]\s+(?=\S)")


class Span(NamedTuple):
    """Where in the line something was understood: code points from `start` up to, but without, `end`."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class ParsedTask:
    """What a line says. What it does not say is None or empty."""

    title: str
    due_date: date | None = None
    due_time: time | None = None
    repeat: Repeat | None = None
    priority: Priority | None = None
    labels: tuple[str, ...] = ()
    list: str | None = None
    is_new_list: bool = False
    """Whether the person has no such list yet."""
    assignee: str | None = None
    reminders: tuple[int, ...] = ()
    """Minutes before it is due."""
    spans: tuple[Span, ...] = ()
    is_completed: bool = False
    depth: int = 0
    """How far it is indented under the task before it: 0 or 1."""


def parse_line(
    line: str,
    context: Context,
    understood: Collection[Kind] = EVERYTHING,
    as_text: Collection[str] = (),
) -> ParsedTask:
    """The task that a line describes. What is of a kind that is not `understood` stays as text, whole.

    So does what stands in `as_text`, word for word.
    """
    if (literal := unquoted(line)) is not None:
        return ParsedTask(" ".join(literal.split()))
    words = _with_text(split(line), line, as_text)
    pieces = _chosen(_accepted(words, _found(words, context)), understood)
    said = _Said.of(pieces)
    due, repeat, unused = _due(said, context)
    pieces = [piece for piece in pieces if piece not in unused]
    named: str | None = said.value(Kind.LIST)
    return ParsedTask(
        title=_title(words, pieces),
        due_date=due.day if due else None,
        due_time=due.at if due else None,
        repeat=repeat,
        priority=said.value(Kind.PRIORITY),
        labels=_once(said.values(Kind.LABEL)),
        list=named,
        is_new_list=named is not None and named not in context.lists,
        assignee=said.value(Kind.ASSIGNEE),
        reminders=tuple(minutes for each in said.values(Kind.REMINDER) for minutes in each),
        spans=tuple(_spans(words, pieces)),
    )


def _with_text(words: Words, line: str, as_text: Collection[str]) -> Words:
    """The words, of which those in a passage that is to stay as text are literal."""
    for passage in filter(None, as_text):
        start = line.find(passage)
        end = start + len(passage)
        words = Words(
            word._replace(is_literal=True) if word.start < end and word.end > start >= 0 else word
            for word in words
        )
    return words


def parse_lines(
    text: str,
    context: Context,
    understood: Collection[Kind] = EVERYTHING,
    as_text: Collection[str] = (),
) -> list[ParsedTask]:
    """A task for each line that is not empty, without its bullet and box; an indented line is a subtask.

    What a subtask cannot have stays in its title: it does not repeat, and lies in the list of its parent.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return []
    margin = min(_margin(line) for line in lines)
    tasks: list[ParsedTask] = []
    for line in lines:
        box = _BOX.match(line) or (_BULLET.match(line) if len(lines) > 1 else None)
        depth = 1 if tasks and _margin(line) > margin else 0
        kinds = set(understood) - NOT_OF_SUBTASKS if depth else understood
        task = parse_line(line[box.end() :] if box else line, context, kinds, as_text)
        shift = box.end() if box else 0
        tasks.append(
            replace(
                task,
                spans=tuple(
                    Span(start + shift, end + shift, kind) for start, end, kind in task.spans
                ),
                is_completed=bool(box and box.groupdict().get("tick", " ").strip()),
                depth=depth,
            )
        )
    return tasks


def _margin(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


# What is found


def _found(words: Words, context: Context) -> list[Piece]:
    """Every piece that may count, from left to right, none over another."""
    pieces: list[Piece] = []
    at = 0
    while at < len(words):
        piece = None if words[at].is_literal else _piece(words, at, context)
        if piece is None:
            at += 1
        else:
            pieces.append(piece)
            at = piece.last
    return pieces


def _piece(words: Words, at: int, context: Context) -> Piece | None:
    for find in _FINDERS_OF_NUMBERS if words[at].low.isdigit() else _FINDERS:
        if piece := find(words, at, context):
            return piece
    return None


# What counts


def _accepted(words: Words, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that stand where they have to, each from the prepositions before it on."""
    repeats_at_all = any(piece.kind is Kind.REPEAT for piece in pieces)
    by_first = {piece.first: piece for piece in pieces}
    accepted: dict[int, Piece] = {}
    times: list[Piece] = []
    for piece in reversed(pieces):
        if piece.kind is Kind.TEXT or (piece.needs is Needs.REPEAT and not repeats_at_all):
            continue
        if piece.kind is Kind.TIME:
            times.append(piece)
        elif _stands(words, piece, by_first, accepted):
            accepted[piece.first] = piece
    behind = {piece.last: piece for piece in accepted.values()}
    ranges = _ranges(words, times)
    for piece in times:
        if piece.first not in ranges and _is_time(words, piece, accepted, behind):
            accepted[piece.first] = piece
            behind[piece.last] = piece
    return [_with_prepositions(words, accepted[first]) for first in sorted(accepted)]


def _stands(
    words: Words, piece: Piece, found: dict[int, Piece], accepted: dict[int, Piece]
) -> bool:
    if piece.needs not in (Needs.TAIL, Needs.EDGE):
        return True
    if piece.needs is Needs.EDGE and low(words, piece.first - 1) in words_of.ORDINAL_PREPOSITIONS:
        return True
    following = _skip_prepositions(words, piece.last)
    if following >= len(words):
        return True
    after = accepted.get(following) or found.get(following)
    return after is not None and (after.first in accepted or after.kind is Kind.TIME)


def _ranges(words: Words, times: Sequence[Piece]) -> set[int]:
    """Where times begin that have a dash between them: a range is no due time, with spaces or without."""
    firsts = {piece.first for piece in times}
    return {
        first
        for piece in times
        if piece.last < len(words) and _is_of_dashes(words[piece.last]) and piece.last + 1 in firsts
        for first in (piece.first, piece.last + 1)
    }


def _is_time(
    words: Words, piece: Piece, accepted: dict[int, Piece], behind: dict[int, Piece]
) -> bool:
    before, first = low(words, piece.first - 1), _before_prepositions(words, piece.first)
    is_at = before in words_of.HOUR_PREPOSITIONS or words[piece.first].text.startswith("@")
    left, right = behind.get(first), accepted.get(_skip_prepositions(words, piece.last))
    is_beside = any(each is not None and each.kind in _DAYS for each in (left, right))
    if before in words_of.NUMBERED and piece.needs in (Needs.CLOCK, Needs.HOUR):
        return False
    match piece.needs:
        case Needs.DAY:
            return left is not None and left.kind in _DAYS
        case Needs.HOUR:
            return is_at and is_beside
        case Needs.NAMED_CLOCK:
            return is_beside or before in words_of.TIME_PREPOSITIONS
        case Needs.CLOCK:
            ends = piece.last >= len(words) or (
                right is not None and right.kind in (*_TOKENS, Kind.REMINDER)
            )
            return is_at or is_beside or piece.first == 0 or ends
        case _:
            return True


def _with_prepositions(words: Words, piece: Piece) -> Piece:
    if piece.kind not in (Kind.DATE, Kind.TIME):
        return piece
    first = _before_prepositions(words, piece.first)
    return Piece(first, piece.last, piece.kind, piece.value, piece.needs)


def _before_prepositions(words: Words, at: int) -> int:
    while at > 0 and (
        low(words, at - 1) in words_of.DATE_PREPOSITIONS or words[at - 1].text == "@"
    ):
        at -= 1
    return at


def _skip_prepositions(words: Words, at: int) -> int:
    while at < len(words) and (
        low(words, at) in words_of.DATE_PREPOSITIONS or words[at].text == "@"
    ):
        at += 1
    return at


def _chosen(pieces: Sequence[Piece], understood: Collection[Kind]) -> list[Piece]:
    """The first list, priority and person, every label, and the last of all else: the others stay as text."""
    repeats_at_all = any(piece.kind is Kind.REPEAT for piece in pieces)
    if repeats_at_all and Kind.REPEAT not in understood:
        # The day of "every monday" is not the one day that is left when it cannot repeat.
        understood = set(understood) - {Kind.DATE, Kind.TIME, *_LIMITS}
    last = {piece.kind: piece for piece in pieces}
    first = {piece.kind: piece for piece in reversed(pieces)}
    return [
        piece
        for piece in pieces
        if piece.kind in understood
        and (
            piece.kind in _EVERY_ONE_COUNTS
            or piece is (first if piece.kind in _FIRST_COUNTS else last)[piece.kind]
        )
    ]


# What it says


@dataclass(frozen=True, slots=True)
class _Said:
    pieces: dict[Kind, list[Piece]] = field(default_factory=dict)

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> "_Said":
        by_kind: dict[Kind, list[Piece]] = {}
        for piece in pieces:
            by_kind.setdefault(piece.kind, []).append(piece)
        return cls(by_kind)

    def value(self, kind: Kind) -> Any:
        found = self.pieces.get(kind)
        return found[0].value if found else None

    def values(self, kind: Kind) -> list[Any]:
        return [piece.value for piece in self.pieces.get(kind, ())]


def _due(said: _Said, context: Context) -> tuple[Due | None, Repeat | None, list[Piece]]:
    """When it is due, how it repeats, and the pieces that say nothing after all."""
    frequency: Frequency | None = said.value(Kind.REPEAT)
    when = _when(said)
    if frequency is None:
        return _single(when, context), None, []
    return _repeating(said, frequency, when, context)


def _when(said: _Said) -> When:
    start, day, clock = (said.value(kind) or When() for kind in (Kind.START, Kind.DATE, Kind.TIME))
    frequency: Frequency | None = said.value(Kind.REPEAT)
    implied = frequency.at.at if frequency else None
    return When(start.day or day.day, clock.at or start.at or day.at or implied)


def _single(when: When, context: Context) -> Due | None:
    if when.day is not None:
        return Due(when.day, when.at)
    if when.at is None:
        return None
    is_ahead = when.at > context.wall.time()
    return Due(context.today if is_ahead else context.today + timedelta(days=1), when.at)


def _repeating(
    said: _Said, frequency: Frequency, when: When, context: Context
) -> tuple[Due | None, Repeat | None, list[Piece]]:
    anchor = "completion" if frequency.from_completion else "due"
    start = Due(when.day or context.today, when.at)
    if when.at is None and frequency.rule.startswith("FREQ=HOURLY"):
        soon = recurrence.next_due(Repeat(frequency.rule, "completion"), start, context.wall)
        start = soon[0] if soon else start
    due = recurrence.first(frequency.rule, context.wall, start)
    if due is None:
        return None, None, said.pieces[Kind.REPEAT]
    rule = recurrence.normalise(frequency.rule, due, anchor=anchor)
    until, count, unused = _limits(said, due)
    return due, Repeat(rule, anchor, until, count), unused


def _limits(said: _Said, due: Due) -> tuple[date | None, int | None, list[Piece]]:
    """The last day, the number of times, and what is left of these: a repeat has one end, and not before it begins."""
    until: date | None = None
    ends = [
        piece
        for kind in (Kind.UNTIL, Kind.LASTING, Kind.TIMES)
        for piece in said.pieces.get(kind, ())
    ]
    for piece in ends:
        if piece.kind is Kind.TIMES:
            return None, piece.value, [each for each in ends if each is not piece]
        until = later(due.day, *piece.value) if piece.kind is Kind.LASTING else piece.value.day
        if until is not None and until >= due.day:
            return until, None, [each for each in ends if each is not piece]
    return None, None, ends


def _once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple({name.casefold(): name for name in reversed(names)}.values())[::-1]


# What is left


def _title(words: Words, pieces: Sequence[Piece]) -> str:
    """The words that are in no piece, without the commas and dashes that set the pieces apart; else the whole line."""
    taken = {at for piece in pieces for at in range(piece.first, piece.last)}
    kept = [at for at in range(len(words)) if at not in taken and not _is_dash(words, at, taken)]
    texts = [words[at].text for at in kept]
    if kept and kept[-1] + 1 in taken:
        texts[-1] = texts[-1].rstrip(",;:") or texts[-1]
    return " ".join(texts or [word.text for word in words])


def _is_dash(words: Words, at: int, taken: set[int]) -> bool:
    return _is_of_dashes(words[at]) and (at + 1 in taken or at - 1 in taken)


def _is_of_dashes(word: Word) -> bool:
    return all(character in _DASHES for character in word.text)


def _spans(words: Words, pieces: Sequence[Piece]) -> Iterator[Span]:
    for piece in pieces:
        yield Span(words[piece.first].start, words[piece.last - 1].core_end, piece.kind)
