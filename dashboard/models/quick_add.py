"""What someone gives to quick add: lines of words."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, model_validator

from dashboard.models.label import Labels
from dashboard.models.task import PriorityInput, TaskDraft
from dashboard.models.text import Day, Id, Input, Moment, StorableText, is_blank, length_shown
from dashboard.models.user import DateOrder, Timezone, WeekStart

MOST_LINES, MOST_CHARACTERS, MOST_PEOPLE, MOST_AS_TEXT = 200, 60_000, 100, 20


def _lines(text: str) -> str:
    if is_blank(text):
        raise ValueError("Write what there is to do.")
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"Use at most {MOST_CHARACTERS:,} characters at a time.")
    if sum(1 for line in text.splitlines() if line.strip()) > MOST_LINES:
        raise ValueError(f"Add at most {MOST_LINES} tasks at a time.")
    return text


class Customs(Input):
    """How words are read: where they say nothing of it, as your settings say, else from Monday on and the day first."""

    week_start: WeekStart | None = None
    date_order: DateOrder | None = None


class AsOf(Customs):
    """The moment and the customs that a preview is read with, instead of yours."""

    now: Moment | None = None
    timezone: Timezone | None = None
    people: list[StorableText] | None = Field(default=None, max_length=MOST_PEOPLE)
    """Whom `+name` can mean: you alone, when it is not given."""


class QuickAdd(Input):
    """Lines of words; each becomes a task."""

    text: Annotated[StorableText, AfterValidator(_lines), length_shown(1, MOST_CHARACTERS)]
    list_id: Id | None = None
    """Where the tasks go whose lines name no list: when it is not given, where your settings say, else the Inbox."""
    dry_run: StrictBool = False
    """Only say what the words mean; nothing is made."""
    as_of: AsOf | None = None

    @model_validator(mode="after")
    def _only_previews_choose_their_moment(self) -> Self:
        if self.as_of is not None and not self.dry_run:
            raise ValueError("Only a preview (dry_run) takes as_of.")
        return self


class GivenByPage(Input):
    """What a new task has because of the page that it is made on, and by its maker's settings."""

    due_date: Day | None = None
    labels: Labels = ()
    priority: PriorityInput | None = None


class LineInWords(TaskDraft):
    """A task whose title is a line of words. What else is given counts more than what the words say."""

    in_words: Literal[True]
    as_text: list[StorableText] = Field(default_factory=list, max_length=MOST_AS_TEXT)
    """Passages of the line that are not to be read."""
    typed_at: Annotated[int, Field(ge=0, le=2**53)]
    """When it was typed, in microseconds since 1970: its "tomorrow" is the day after, however late it comes."""
    by_page: GivenByPage = GivenByPage()
    """What it has besides: a day and a priority only where the words say none."""
    customs: Customs = Customs()
    """Those of the browser where it was typed."""
