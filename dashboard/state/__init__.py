"""Reflex state: events in, services called in one transaction, rows out. No rule and no SQL lives here."""
