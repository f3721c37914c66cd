"""Lists: who is a member of one, and what members do with it."""
