"""What comes from outside of a repeat: a rule, what it counts from, and its end."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt

from dashboard.models.text import Day, Input, Moment, StorableText, TimeOfDay, length_shown
from dashboard.models.user import Timezone

RULE_LENGTH = 500
MOST_PREVIEWED = 100

Anchor = Literal["due", "completion"]


def _rule(rule: str) -> str:
    if len(rule) > RULE_LENGTH:
        raise ValueError(f"The rule of a repeat has at most {RULE_LENGTH} characters.")
    return rule


def _anchor(value: Any) -> Any:
    if value not in ("due", "completion"):
        raise ValueError("A repeat counts from due or from completion.")
    return value


def _previewed(count: int) -> int:
    if not 1 <= count <= MOST_PREVIEWED:
        raise ValueError(f"Ask for 1 to {MOST_PREVIEWED} dates.")
    return count


Rule = Annotated[StorableText, AfterValidator(_rule), length_shown(1, RULE_LENGTH)]
"""As RFC 5545 writes it: FREQ=WEEKLY;BYDAY=MO."""
AnchorInput = Annotated[
    Anchor, BeforeValidator(_anchor, json_schema_input_type=Anchor), Field(alias="from")
]


class RepeatPreview(Input):
    """A repeat that is thought about: its rule, and a task that is due then."""

    rule: Rule
    anchor: AnchorInput
    due_date: Day
    due_time: TimeOfDay | None = None
    timezone: Timezone | None = None
    """Yours, when it is not given."""
    completed_at: Moment | None = None
    """When the task is completed; when it is due, if this is not given."""
    n: Annotated[StrictInt, AfterValidator(_previewed)] = 5
    """How many dates to list."""
