"""Accounts: signing up and in, sessions, passwords, addresses, API tokens, and deletion."""
