"""How repeats read."""

from datetime import date, time

import pytest

from dashboard.models.repeat_words import in_words
from dashboard.services.tasks import recurrence
from dashboard.services.tasks.recurrence import Due

TUESDAY = Due(date(2026, 3, 31), time(9, 15))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days"),
        ("FREQ=HOURLY;INTERVAL=12", "every 12 hours"),
        ("FREQ=WEEKLY", "every Tuesday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
        ("FREQ=WEEKLY;BYDAY=SU,MO,TU,WE,TH,FR,SA", "every day"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "every 2 weeks on Tuesday and Thursday"),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "every Monday, Wednesday and Friday"),
        ("FREQ=MONTHLY", "every month on the 31st, or the last day of a shorter month"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "every month on the 1st"),
        ("FREQ=MONTHLY;BYMONTHDAY=15,30", "every month on the 15th and 30th, or the last day of a shorter month"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "every month on the second to last day"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=2MO", "every 3 months on the second Monday"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last weekday"),
        ("FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1", "every month on the first Saturday or Sunday"),
        ("FREQ=MONTHLY;BYDAY=FR", "every month on every Friday"),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=9", "every year on 9 November"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "every year on 29 February, or the last day of a shorter month"),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=5;BYDAY=2SU", "every 2 years on the second Sunday in May"),
        ("FREQ=DAILY;BYMONTH=6,7", "every day in June and July"),
    ],
)  # fmt: skip
def test_a_rule_reads_as_people_say_it(rule: str, words: str) -> None:
    assert in_words(recurrence.parse(rule, TUESDAY)) == words


def test_a_repeat_reads_with_its_time_its_anchor_and_its_end() -> None:
    weekly = recurrence.parse("FREQ=WEEKLY;BYDAY=MO", TUESDAY)
    assert in_words(weekly, time(9, 5)) == "every Monday, 9:05"
    six_weeks = recurrence.parse("FREQ=WEEKLY;INTERVAL=6;COUNT=4", TUESDAY, anchor="completion")
    assert in_words(six_weeks, time(18)) == "every 6 weeks after completion, 18:00, 4 times"
    until = recurrence.parse("FREQ=DAILY;UNTIL=20260630", TUESDAY)
    assert in_words(until) == "every day, until 30 June 2026"
    assert in_words(recurrence.parse("FREQ=DAILY;COUNT=1", TUESDAY)) == "every day, once"
