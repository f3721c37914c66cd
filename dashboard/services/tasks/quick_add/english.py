"""The words of English that quick add knows. Another language is another module with these names."""

from datetime import time

WEEKDAYS = {
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip
SHORT_WEEKDAYS = {
    "mon": 0, "tue": 1, "tues": 1, "wed": 2, "weds": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6,
}  # fmt: skip
PLURAL_WEEKDAYS = {f"{name}s": number for name, number in WEEKDAYS.items()}
"""Only after "every": "Tuesdays with Morrie" is a title."""

MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
    "september": 9, "october": 10, "november": 11, "december": 12,
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
AMBIGUOUS_MONTHS = frozenset({"may", "march"})
"""Words and names of other things: a day beside one counts in the middle of a line no more than a capital does."""

NAMED_DAYS_BEFORE = frozenset(
    {
        "black", "good", "ash", "cyber", "palm", "holy", "easter", "shrove", "super", "fat", "maundy", "whit", "bloody",
        "giving", "casual", "taco", "stormy", "pancake", "freaky", "manic", "blue", "ruby", "spy", "mothering",
        "stir-up", "clean", "passion",
    }
)  # fmt: skip
"""What makes a weekday the name of something: Black Friday, Ash Wednesday."""
NAMED_DAYS = frozenset(
    {
        "Sunday Times", "Sunday Telegraph", "Sunday Mirror", "Sunday Express", "Sunday Post", "Sunday Herald",
        "Wednesday Addams", "Saturday Night Live", "Saturday Night Fever", "Friday Night Lights",
        "Friday Night Dinner", "Monday Night Football", "Thursday Night Football", "Sunday Night Football",
        "Thursday Murder Club", "Man Friday", "Girl Friday", "Saturday Evening Post", "Saturday Kitchen",
        "Sunday Bloody Sunday", "Any Given Sunday", "Sheffield Wednesday", "Friday Harbor", "Tuesday Weld",
        "Tonight Show", "Last Week Tonight", "Today Show", "Today programme",
    }
)  # fmt: skip
"""Names that hold a day, as they are written: a small letter makes a day of it again."""

NUMBERED = frozenset(
    {
        "version", "chapter", "chapters", "verse", "page", "pages", "section", "part", "parts", "episode", "season",
        "ratio", "score", "scale", "odds", "figure", "volume", "size", "level", "signature",
        "genesis", "exodus", "leviticus", "deuteronomy", "psalm", "psalms", "proverbs", "ecclesiastes", "isaiah",
        "jeremiah", "ezekiel", "romans", "corinthians", "galatians", "ephesians", "philippians", "colossians",
        "thessalonians", "hebrews", "revelation", "surah",
    }
)  # fmt: skip
"""What the figures behind it count: chapter 3/4 is no day, and Psalm 23:4 no time."""

TODAY = frozenset({"today"})
TOMORROW = frozenset({"tomorrow"})
SHORT_TODAY = frozenset({"tod"})
SHORT_TOMORROW = frozenset({"tom", "tmr", "tmrw"})
TONIGHT = "tonight"
LAST, THIS, NEXT, OTHER, LATER, END, MIDDLE = "last", "this", "next", "other", "later", "end", "mid"
OF, THE, IN, AND, AFTER, FOR, BEFORE, ME, FROM, NOW, HALF = (
    "of", "the", "in", "and", "after", "for", "before", "me", "from", "now", "half",
)  # fmt: skip
ANDS = frozenset({"and", "&"})
RANGES = frozenset({"to", "through"})

DAY, WEEK, MONTH, YEAR, HOUR, MINUTE, QUARTER, FORTNIGHT = (
    "day", "week", "month", "year", "hour", "minute", "quarter", "fortnight",
)  # fmt: skip
UNITS = {
    "day": DAY, "days": DAY, "week": WEEK, "weeks": WEEK, "month": MONTH, "months": MONTH, "year": YEAR, "years": YEAR,
    "hour": HOUR, "hours": HOUR, "hr": HOUR, "hrs": HOUR, "minute": MINUTE, "minutes": MINUTE, "min": MINUTE,
    "mins": MINUTE, "fortnight": FORTNIGHT, "fortnights": FORTNIGHT, "quarter": QUARTER, "quarters": QUARTER,
}  # fmt: skip
UNIT_LETTERS = {
    "d": DAY,
    "w": WEEK,
    "h": HOUR,
    "hr": HOUR,
    "hrs": HOUR,
    "m": MINUTE,
    "min": MINUTE,
    "mins": MINUTE,
}
"""Written together with a number: 30m, 2h."""

WEEKEND = frozenset({"weekend"})
WORKDAYS = frozenset({"weekday", "workday", "weekdays", "workdays"})
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
}  # fmt: skip

PERIODS = {
    "morning": time(9), "afternoon": time(12), "evening": time(19), "night": time(22),
}  # fmt: skip
TONIGHT_AT = time(21)
CLOCK_WORDS = {"noon": time(12), "midday": time(12), "midnight": time(0)}
"""Times that count beside a day or after "at"."""
AM_PM = {"am": 0, "a.m": 0, "pm": 12, "p.m": 12}

DATE_PREPOSITIONS = frozenset({"on", "at", "by", "due", "for"})
ORDINAL_PREPOSITIONS = frozenset({"on", "by", "due"})
TIME_PREPOSITIONS = frozenset({"at", "@", "by"})
HOUR_PREPOSITIONS = frozenset({"at", "@"})

EVERY = frozenset({"every", "ev", "each"})
ADVERBS = {
    "daily": (1, DAY), "weekly": (1, WEEK), "monthly": (1, MONTH), "yearly": (1, YEAR), "annually": (1, YEAR),
    "quarterly": (3, MONTH), "fortnightly": (2, WEEK), "biweekly": (2, WEEK), "biannually": (6, MONTH),
    "biennially": (2, YEAR), "hourly": (1, HOUR),
}  # fmt: skip
COMPLETION = frozenset({"completion", "completing", "completed"})
STARTING = frozenset({"starting", "from", "beginning"})
UNTIL = frozenset({"until", "till", "ending"})
TIMES = frozenset({"times"})
REMIND = "remind"

PRIORITIES = {"high": "High", "medium": "Medium", "low": "Low"}
ROUND_THE_CLOCK = "24/7"
"""A saying, not 24 July."""
