"""What someone changes of who they are here, and of how Cairn is for them."""

from pydantic import ConfigDict

from dashboard.models.task import PriorityInput
from dashboard.models.text import Id, Input, without_defaults
from dashboard.models.user import (
    DateOrder,
    LandingPage,
    PersonName,
    TimeFormat,
    Timezone,
    WeekStart,
)


class ProfileChanges(Input):
    """What someone changes of who they are here: a field that is not given stays as it is.

    What is null follows the browser again, or is as it is for most.
    """

    model_config = ConfigDict(json_schema_extra=without_defaults)

    name: PersonName = ""
    timezone: Timezone = ""
    week_start: WeekStart | None = None
    date_order: DateOrder | None = None
    time_format: TimeFormat | None = None
    landing_page: LandingPage | None = None
    default_list_id: Id | None = None
    """Where a new task lies that is made on a page of no list, or in words that name none; null is the Inbox."""
    default_priority: PriorityInput | None = None
    """What a new task has whose words say none; null is Medium."""
