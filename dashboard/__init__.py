"""Cairn: a task dashboard that you host yourself."""

__version__ = "0.2.0"
