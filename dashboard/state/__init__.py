"""Reflex state: events in, one service call, rows out. No rule, no query and no database object lives here."""
