"""What a browser says of itself, in words that its owner knows it by."""

import re
from typing import Literal, NamedTuple

Kind = Literal["computer", "phone", "tablet", "program"]

# The first that is found names it: each calls itself what came before it, too.
_BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera|OPT/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Vivaldi", r"Vivaldi/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Version/[\d.]+.* Safari/"),
)
_SYSTEMS: tuple[tuple[str, Kind, str], ...] = (
    ("iPhone", "phone", r"iPhone|iPod"),
    ("iPad", "tablet", r"iPad"),
    ("Android", "phone", r"Android.*Mobile"),
    ("Android tablet", "tablet", r"Android"),
    ("ChromeOS", "computer", r"CrOS"),
    ("Windows", "computer", r"Windows"),
    ("Mac", "computer", r"Macintosh|Mac OS X"),
    ("Linux", "computer", r"Linux|X11"),
)
_PROGRAM = re.compile(r"(?!Mozilla/)[A-Za-z][\w.+-]{0,39}", re.ASCII)


class Device(NamedTuple):
    """Browser (or the program's name) and system are empty when they are not known."""

    browser: str
    system: str
    kind: Kind

    @property
    def name(self) -> str:
        """`Firefox on Linux`, or as much of it as is known."""
        if self.browser and self.system:
            return f"{self.browser} on {self.system}"
        return self.browser or self.system or "Unknown device"


def describe(user_agent: str) -> Device:
    """The device that a User-Agent header speaks of; whatever it says, the words are ours or plain."""
    program = _PROGRAM.match(user_agent)
    if program:
        return Device(program[0], "", "program")
    browser = next((name for name, signs in _BROWSERS if re.search(signs, user_agent)), "")
    for system, kind, signs in _SYSTEMS:
        if re.search(signs, user_agent):
            return Device(browser, system, kind)
    return Device(browser, "", "computer")
